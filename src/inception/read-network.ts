/** A network from any kind of file that holds it; the kind is seen from the content, not the name. */
import { open, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { unlessForbidden } from "../files/forbidden.ts";
import { bytesToSafetensors } from "../formats/safetensors.ts";
import { readTarMember } from "../formats/tar.ts";
import { readTorch } from "../formats/torch.ts";
import { bytesToChecksums, type FileChecksums, fileToChecksums } from "../networks/download/checksums.ts";
import type { InceptionWeights } from "./architecture.ts";
import { isOfficial } from "./checksums.ts";
import { bytesToGraphDef } from "./graphdef.ts";
import { graphDefToWeights } from "./graphdef-to-model.ts";
import { MANIFEST, type SourceKind } from "./manifest.ts";
import { safetensorsToWeights } from "./safetensors-weights.ts";
import {
  MODEL,
  type NetworkModel,
  readFolderWeights,
  readModelFolder,
  weightsToModel,
} from "./tfjs-model.ts";
import { stateDictToWeights } from "./torch-names.ts";

export interface ReadNetworkOptions {
  /** Left out, it is seen from the content. */
  readonly kind?: SourceKind;
  /** Makes what a safetensors file lacks from a seed; for tests and benchmarks. The network's id says so. */
  readonly fillGaps?: { readonly seed: number };
}

/** The graph inside the official archive. */
const GRAPH_NAME = "classify_image_graph_def.pb";

/** Larger than any file of this network by far. */
const MAX_FILE = 512 * 1024 * 1024;

const cannotRead = (location: string, cause: unknown): GanEvalError =>
  new GanEvalError("input.cannot-read", `cannot read ${location}: ${(cause as Error).message}`, {
    hint: "Check that the path exists and that you may read it.",
    cause,
  });

const KINDS_HINT =
  "Give inception-2015-12-05.tgz, classify_image_graph_def.pb, pytorch-fid's .pth, a .safetensors file or a tensorflow.js folder.";

interface Weights {
  readonly weights: InceptionWeights;
  readonly filled?: readonly string[];
  /** Of what is inside the file, where that has a checksum of its own. */
  readonly inner?: FileChecksums;
}

const readers: Readonly<
  Record<Exclude<SourceKind, "tfjs">, (location: string, options: ReadNetworkOptions) => Promise<Weights>>
> = {
  async tgz(location) {
    const isGraph = (name: string) => path.posix.basename(name) === GRAPH_NAME;
    const member = await readTarMember(location, isGraph, { maxBytes: MAX_FILE });
    if (member === undefined)
      throw new GanEvalError(
        "input.other-network",
        `expected ${GRAPH_NAME} in ${location}, got an archive without it`,
        {
          hint: KINDS_HINT,
        },
      );
    const graph = bytesToGraphDef(member.bytes, location);
    return { weights: graphDefToWeights(graph, location), inner: await bytesToChecksums(member.bytes) };
  },
  async graphdef(location) {
    return { weights: graphDefToWeights(bytesToGraphDef(await readFile(location), location), location) };
  },
  async torch(location) {
    return { weights: stateDictToWeights(await readTorch(location), location) };
  },
  async safetensors(location, { fillGaps }) {
    const file = bytesToSafetensors(await readFile(location), location);
    return safetensorsToWeights(file, location, fillGaps && { fillGaps });
  },
};

/** What a file is by its first bytes: gzip, zip or pickle, safetensors' JSON header, else a GraphDef's first field. */
function bytesToKind(head: Buffer, size: number): SourceKind | undefined {
  if (head.length < 9) return undefined;
  if (head.readUInt16BE() === 0x1f8b) return "tgz";
  if (head.readUInt32LE() === 0x04034b50 || (head[0] === 0x80 && head[1] <= 5)) return "torch";
  if (head.readBigUInt64LE() <= BigInt(size) && head[8] === 0x7b) return "safetensors";
  return head[0] === 0x0a ? "graphdef" : undefined;
}

async function fileToKind(location: string, size: number): Promise<SourceKind> {
  const file = await open(location, "r").catch((cause) => {
    throw cannotRead(location, cause);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    const kind = bytesToKind(buffer.subarray(0, bytesRead), size);
    if (kind !== undefined) return kind;
  } finally {
    await file.close();
  }
  throw new GanEvalError(
    "input.network-kind",
    `expected a file with the Inception network, got ${location}`,
    {
      hint: KINDS_HINT,
    },
  );
}

/** A folder of this program, held to its manifest, or one of the same graph without manifest. */
async function readFolder(folder: string): Promise<NetworkModel> {
  const has = (name: string) =>
    stat(path.join(folder, name)).then((found) => found.isFile(), unlessForbidden(false));
  if (await has(MANIFEST)) return readModelFolder(folder);
  if (!(await has(MODEL)))
    throw new GanEvalError("input.network-kind", `expected a folder with ${MODEL}, got ${folder}`, {
      hint: KINDS_HINT,
    });
  const weights = await readFolderWeights(folder, undefined);
  const { bytes, sha256 } = await bytesToChecksums(await readFile(path.join(folder, MODEL)));
  const name = path.basename(path.resolve(folder));
  return weightsToModel(weights, { source: { kind: "tfjs", name, bytes, sha256, official: false } });
}

/**
 * Reads the network from a file or folder of any kind.
 * @throws GanEvalError `input.*` saying what the file is or lacks
 */
export async function readNetwork(location: string, options: ReadNetworkOptions = {}): Promise<NetworkModel> {
  const found = await stat(location).catch((cause) => {
    throw cannotRead(location, cause);
  });
  if (found.isDirectory()) return readFolder(location);
  if (found.size > MAX_FILE)
    throw new GanEvalError(
      "input.too-large",
      `expected at most ${MAX_FILE} bytes in ${location}, got ${found.size}`,
      {
        hint: KINDS_HINT,
      },
    );
  const kind = options.kind ?? (await fileToKind(location, found.size));
  if (kind === "tfjs")
    throw new GanEvalError("input.network-kind", `expected a folder, got the file ${location}`, {
      hint: KINDS_HINT,
    });
  const {
    weights,
    filled = [],
    inner,
  } = await readers[kind](location, options).catch((cause) => {
    throw cause instanceof GanEvalError ? cause : cannotRead(location, cause);
  });
  const outer = await fileToChecksums(location, found.size);
  const { bytes, sha256 } = outer;
  const official = isOfficial(outer) || (inner !== undefined && isOfficial(inner));
  return weightsToModel(weights, {
    source: { kind, name: path.basename(location), bytes, sha256, official },
    ...(filled.length > 0 && { gapFilled: { seed: options.fillGaps!.seed, tensors: filled } }),
  });
}
