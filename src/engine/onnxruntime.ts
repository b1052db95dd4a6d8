/** ONNX Runtime: where its Node binding lies, and its one loading in a process. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type * as OnnxRuntime from "onnxruntime-common";
import { GanEvalError } from "../errors.ts";
import { packageRoot } from "../package-root.ts";

/** onnxruntime-node: the interface that ONNX Runtime's packages have in common, and what this one has besides. */
export type Ort = typeof OnnxRuntime & {
  listSupportedBackends(): readonly { readonly name: string; readonly bundled: boolean }[];
};

interface Binding {
  readonly folder: string;
  readonly version: string;
}

const require = createRequire(import.meta.url);

const folderToBinding = (folder: string): Binding => {
  const { version } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
    version: string;
  };
  return { folder, version };
};

/** An onnxruntime-node that the user installed beside this package. */
function installedBinding(): Binding | undefined {
  try {
    return folderToBinding(path.dirname(require.resolve("onnxruntime-node/package.json")));
  } catch {
    return undefined;
  }
}

/**
 * The binding to use: our own copy (scripts/onnxruntime), or an installed onnxruntime-node of the same version. That one
 * has CUDA where its install script could download it, and one process loads ONNX Runtime once.
 * @throws GanEvalError `unavailable.engine` where our copy is missing
 */
export function findBinding(): Binding {
  const folder = path.join(packageRoot, "vendor/onnxruntime-node");
  if (!existsSync(path.join(folder, "package.json")))
    throw new GanEvalError("unavailable.engine", `expected ONNX Runtime in ${folder}, got nothing there`, {
      hint: "In a checkout, `npm run build` fetches it; elsewhere install gan-eval again.",
    });
  const own = folderToBinding(folder);
  const installed = installedBinding();
  return installed?.version === own.version ? installed : own;
}

/** The version of an installed onnxruntime-node that is not used, since it is not ours. */
export function unusedVersion(): string | undefined {
  const installed = installedBinding();
  return installed && installed.version !== findBinding().version ? installed.version : undefined;
}

/** The file to `require`, on this thread or another. @throws GanEvalError `unavailable.engine` for a platform without files */
export function bindingToEntry({ folder }: Binding): string {
  const platform = `${process.platform}/${process.arch}`;
  if (!existsSync(path.join(folder, "bin/napi-v6", platform)))
    throw new GanEvalError(
      "unavailable.engine",
      `expected ONNX Runtime for ${platform}, got none in ${folder}`,
      {
        hint: "ONNX Runtime exists for Linux and Windows on x64 and arm64, and for macOS on arm64. A package made with `npm pack --ignore-scripts` contains the files of only one platform.",
      },
    );
  return path.join(folder, "dist/index.js");
}

let loading: Ort | undefined;

/** ONNX Runtime, loaded at the first use (50 ms), its own log on stderr limited to what ends the process. */
export async function loadOnnxRuntime(): Promise<Ort> {
  if (loading === undefined) {
    loading = require(bindingToEntry(findBinding())) as Ort;
    loading.env.logLevel = "fatal";
  }
  return loading;
}
