/** tensorflow.js's own backends: what each is called, and how it is found and started in Node. */
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import type { DeviceName, EngineName } from "./engine.ts";
import { registerGradients, type Tensorflow } from "./tensorflow.ts";

export interface EagerBackend {
  /** Its name in tensorflow.js, too. */
  readonly engine: Exclude<EngineName, "onnx">;
  readonly device: DeviceName;
  readonly threads: number;
  /** The npm package it comes from. */
  readonly packageName: string;
  readonly version: string;
}

const require = createRequire(import.meta.url);

const versionOf = (packageName: string): string =>
  (require(`${packageName}/package.json`) as { version: string }).version;

const findCpu = async (): Promise<string> => "@tensorflow/tfjs-backend-cpu";

async function findWasm(tf: Tensorflow): Promise<string> {
  const packageName = "@tensorflow/tfjs-backend-wasm";
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  // In Node the binaries lie beside the library's entry point; it would look in the working directory otherwise.
  const folder = path.dirname(require.resolve(packageName));
  if (tf.engine().registry.wasm === undefined) wasm.setWasmPaths(folder + path.sep);
  return packageName;
}

/** In order of preference. They are not dependencies of this package: who wants one installs it beside. */
const TENSORFLOW_PACKAGES = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];

async function findTensorflow(): Promise<string> {
  const reasons: string[] = [];
  for (const packageName of TENSORFLOW_PACKAGES) {
    try {
      await import(packageName);
      return packageName;
    } catch (error) {
      reasons.push(whyNotImported(packageName, error));
    }
  }
  throw new GanEvalError(
    "unavailable.engine",
    `expected engine tensorflow, got none: ${reasons.join("; ")}`,
    {
      hint: "Install one with `npm install @tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu` (each downloads libtensorflow), or leave the engine out.",
    },
  );
}

function whyNotImported(packageName: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const absent = code === "ERR_MODULE_NOT_FOUND" && message.includes(packageName);
  return `${packageName} ${absent ? "is not installed" : `does not load (${message.split("\n")[0]})`}`;
}

/** Imports what registers the backend, and says which package that is. */
const FIND: Readonly<Record<EagerBackend["engine"], (tf: Tensorflow) => Promise<string>>> = {
  cpu: findCpu,
  wasm: findWasm,
  tensorflow: findTensorflow,
};

/** libtensorflow takes the CPU where it finds no GPU, and says so here only. */
const usesGpu = (tf: Tensorflow): boolean =>
  (tf.backend() as unknown as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;

/**
 * Starts a backend and leaves the current one current.
 * @throws GanEvalError `unavailable.engine` if it is not installed or does not start
 */
export async function openBackend(engine: EagerBackend["engine"], tf: Tensorflow): Promise<EagerBackend> {
  const before = tf.getBackend();
  try {
    const packageName = await FIND[engine](tf);
    // tfjs-node brings the package @tensorflow/tfjs, which registers its own gradients over ours.
    await registerGradients(tf);
    if (!(await tf.setBackend(engine))) throw new Error("tensorflow.js could not start it");
    return {
      engine,
      device: usesGpu(tf) ? "cuda" : "cpu",
      threads: engine === "tensorflow" ? availableParallelism() : 1,
      packageName,
      version: versionOf(packageName),
    };
  } catch (error) {
    if (error instanceof GanEvalError) throw error;
    const [line] = (error as Error).message.split("\n");
    throw new GanEvalError("unavailable.engine", `expected engine ${engine}, got an error: ${line}`, {
      cause: error,
    });
  } finally {
    // tfjs-node makes itself current when it is imported.
    await tf.setBackend(before);
  }
}
