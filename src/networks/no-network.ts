/** The error where the file of a network is neither installed nor to be had. */
import { GanEvalError, isCode } from "../errors.ts";
import { locationToShell, wordToShell } from "../shell-word.ts";
import { cacheFolder, networkFolder } from "./cache-folder.ts";
import { OTHER_FILE } from "./download/download-from-any.ts";
import { readInstalledNetwork } from "./installed.ts";
import { nameToOtherId } from "./manifest.ts";
import type { NetworkSource } from "./table.ts";

/** @param why what kept it from being downloaded */
export async function noNetwork(
  name: string,
  { file }: NetworkSource,
  cacheDir: string | undefined,
  why: string,
  cause?: unknown,
): Promise<GanEvalError> {
  const folder = networkFolder(cacheFolder(cacheDir), name);
  const other = await readInstalledNetwork(nameToOtherId(name), cacheDir).catch(() => undefined);
  const [from] = file.urls;
  const size = `${Math.round(file.bytes / 2 ** 20)} MiB`;
  return new GanEvalError(
    "unavailable.network",
    `expected the network ${name} in ${folder}, got nothing there (${why})`,
    {
      cause,
      hint: [
        "Get it in one of three ways:",
        `  gan-eval network download ${wordToShell(name)}` + `      (${size} from ${new URL(from).host})`,
        `  gan-eval network import ${wordToShell(name)} FILE` +
          `   (${file.name} from another machine: ${from})`,
        "  GAN_EVAL_CACHE=DIR, --cache-dir DIR or --weights PATH   (if you already have it)",
        ...(cause instanceof GanEvalError && isCode(cause.cause, "input.download-checksum")
          ? [OTHER_FILE]
          : []),
        ...(other === undefined
          ? []
          : [
              `A file with other weights is used only if you name it: --weights ${locationToShell(other.location)}`,
            ]),
      ].join("\n"),
    },
  );
}
