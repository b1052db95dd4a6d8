/** Installs the file of a network from another place on this machine. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import type { Progress } from "../progress.ts";
import { isPinned } from "./download/places.ts";
import { installFile } from "./install-file.ts";
import type { InstalledNetwork } from "./installed.ts";
import { nameToOtherId } from "./manifest.ts";
import type { NetworkSource } from "./table.ts";

export interface ImportNetworkOptions {
  readonly cacheDir?: string | undefined;
  /** Takes a file that is not the pinned one too, under an id of its own. */
  readonly otherWeights?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

const cannotRead = (file: string, why: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.cannot-read", `cannot read ${file}: ${why}`, {
    hint: "Check that the path exists, is a file, and that you may read it.",
    cause,
  });

const notPinned = (name: string, { file }: NetworkSource, given: string, got: string): GanEvalError =>
  new GanEvalError(
    "input.network-pin",
    `expected ${file.name} of ${file.bytes} bytes and sha256 ${file.sha256} as the network ${name}, got ${given} of ${got}`,
    {
      hint: [
        `Nothing was installed. The official file: ${file.urls[0]}`,
        `If you mean other weights, for example fine-tuned ones, add --other-weights: they are kept as ${nameToOtherId(name)}, and are used only if you name them.`,
      ].join("\n"),
    },
  );

/** Names that a manifest takes; a file that is called like the manifest is not written over it. */
const toKeptName = (file: string): string =>
  `weights-${path.basename(file).replaceAll(/[^A-Za-z0-9_.-]/g, "_")}`;

/** Copies a file and hashes it on the way. @throws GanEvalError `input.cannot-read` */
async function copy(
  file: string,
  to: string,
  total: number,
  { signal, onProgress }: ImportNetworkOptions,
): Promise<string> {
  const hash = createHash("sha256");
  const target = await open(to, "wx");
  try {
    let done = 0;
    const chunks = createReadStream(file, { highWaterMark: 2 ** 20 });
    chunks.on("error", () => undefined);
    const pieces = chunks[Symbol.asyncIterator]();
    for (;;) {
      const piece = await pieces.next().catch((cause) => {
        throw cannotRead(file, cause.message, cause);
      });
      if (piece.done) break;
      signal?.throwIfAborted();
      hash.update(piece.value);
      await target.writeFile(piece.value);
      done += piece.value.length;
      onProgress?.({ stage: "import", done, total, unit: "bytes" });
    }
    await target.sync();
    return hash.digest("hex");
  } finally {
    await target.close();
  }
}

/**
 * Installs a copy of a file as the network, held to the pinned hash while it is copied.
 * @throws GanEvalError `input.network-pin` where it is another file and other weights were not asked for;
 *   `input.cannot-read`, `input.cannot-write`
 */
export async function importNetwork(
  name: string,
  row: NetworkSource,
  file: string,
  options: ImportNetworkOptions = {},
): Promise<InstalledNetwork> {
  const { cacheDir, otherWeights = false, signal } = options;
  const found = await stat(file).catch((cause) => {
    throw cannotRead(file, cause.message, cause);
  });
  if (!found.isFile()) throw cannotRead(file, "it is no file");
  // A size that is another is seen at once; a hash only after the whole.
  const official = found.size === row.file.bytes;
  if (!official && !otherWeights) throw notPinned(name, row, file, `${found.size} bytes`);
  const source = { kind: "import", from: path.basename(file) } as const;
  const bring = (id: string, isOfficial: boolean) =>
    installFile(
      { id, official: isOfficial, name: isOfficial ? row.file.name : toKeptName(file), source },
      async (to) => {
        const sha256 = await copy(file, to, found.size, options);
        if (isOfficial && !isPinned(row.file, sha256)) throw notPinned(name, row, file, `sha256 ${sha256}`);
        return sha256;
      },
      { cacheDir, signal },
    );
  if (official)
    try {
      return await bring(name, true);
    } catch (error) {
      const isOther = error instanceof GanEvalError && error.code === "input.network-pin";
      if (!isOther || !otherWeights) throw error;
    }
  return bring(nameToOtherId(name), false);
}
