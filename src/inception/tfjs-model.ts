/** The canonical form of the network: a tensorflow.js graph model's folder and a manifest of its checksums. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { textToJson } from "../formats/json.ts";
import { bytesToArray, shapeToSize } from "../formats/tensor.ts";
import { bytesToText } from "../formats/text.ts";
import { type InceptionWeights, WEIGHTS } from "./architecture.ts";
import { GRAPH_ENDS } from "./graph-nodes.ts";
import {
  FORMAT_VERSION,
  jsonToManifest,
  MANIFEST,
  type NetworkManifest,
  type NetworkSource,
  networkId,
} from "./manifest.ts";
import {
  networkIntegers,
  networkSignature,
  networkTopology,
  networkWeightSpecs,
  type TfjsWeight,
} from "./tfjs-graph.ts";

export const MODEL = "model.json";

/** The size of a shard, as tensorflowjs_converter cuts them: browsers cache files up to it. */
const SHARD_BYTES = 4 * 1024 * 1024;

/** A network in memory. */
export interface NetworkModel {
  readonly manifest: NetworkManifest;
  readonly weights: InceptionWeights;
}

export interface Provenance {
  readonly source: NetworkSource;
  readonly gapFilled?: { readonly seed: number; readonly tensors: readonly string[] };
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const asBytes = (data: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** sha256 of all weights in the network's order. */
function weightsToHash(weights: InceptionWeights): string {
  const hash = createHash("sha256");
  for (const { name } of WEIGHTS) hash.update(asBytes(weights.get(name)!));
  return hash.digest("hex");
}

const totalBytes = (specs: readonly TfjsWeight[]): number =>
  specs.reduce((sum, { shape }) => sum + 4 * shapeToSize(shape), 0);

/** All constants one after another, cut into shards. */
function* weightsToShards(weights: InceptionWeights, specs: readonly TfjsWeight[]): Generator<Uint8Array> {
  const integers = networkIntegers();
  let left = totalBytes(specs);
  let shard = new Uint8Array(Math.min(SHARD_BYTES, left));
  let used = 0;
  for (const { name } of specs) {
    let bytes = asBytes(weights.get(name) ?? integers.get(name)!);
    while (bytes.length > 0) {
      const piece = bytes.subarray(0, shard.length - used);
      shard.set(piece, used);
      used += piece.length;
      bytes = bytes.subarray(piece.length);
      if (used < shard.length) continue;
      yield shard;
      left -= used;
      shard = new Uint8Array(Math.min(SHARD_BYTES, left));
      used = 0;
    }
  }
}

function modelJson(specs: readonly TfjsWeight[]): { json: unknown; paths: string[] } {
  const count = Math.ceil(totalBytes(specs) / SHARD_BYTES);
  const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  const json = {
    format: "graph-model",
    generatedBy: "gan-eval",
    convertedBy: `gan-eval network format ${FORMAT_VERSION}`,
    signature: networkSignature(),
    modelTopology: networkTopology(),
    weightsManifest: [{ paths, weights: specs }],
  };
  return { json, paths };
}

const jsonBytes = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`);

export interface WriteOptions {
  readonly onProgress?: (progress: { done: number; total: number; unit: string }) => void;
  /** How a file is written; tests fill the disk here. */
  readonly write?: (location: string, bytes: Uint8Array) => Promise<void>;
}

const writeBytes = (location: string, bytes: Uint8Array) => writeFileAtomically(location, [bytes]);

/** The manifest of weights that come from `source`, before their files are written. */
function openManifest(
  weights: InceptionWeights,
  { source, gapFilled }: Provenance,
): Omit<NetworkManifest, "files"> {
  return {
    format: "gan-eval-network",
    formatVersion: FORMAT_VERSION,
    id: networkId(weights, source.official, gapFilled !== undefined),
    weightsHash: weightsToHash(weights),
    source,
    ends: { ...GRAPH_ENDS },
    ...(gapFilled && { gapFilled: { seed: gapFilled.seed, tensors: [...gapFilled.tensors] } }),
  };
}

/** A network that was read from another format and is not written anywhere. */
export const weightsToModel = (weights: InceptionWeights, provenance: Provenance): NetworkModel => ({
  manifest: { ...openManifest(weights, provenance), files: [] },
  weights,
});

/**
 * Writes model.json, the shards and, last, the manifest into a folder that exists. The same weights and source give
 * the same bytes.
 * @throws GanEvalError `input.cannot-write`
 */
export async function writeModelFolder(
  folder: string,
  weights: InceptionWeights,
  provenance: Provenance,
  { onProgress, write = writeBytes }: WriteOptions = {},
): Promise<NetworkManifest> {
  const specs = networkWeightSpecs();
  const { json, paths } = modelJson(specs);
  const files: NetworkManifest["files"] = [];
  const add = async (name: string, bytes: Uint8Array) => {
    await write(path.join(folder, name), bytes);
    files.push({ name, bytes: bytes.length, sha256: sha256(bytes) });
    onProgress?.({ done: files.length, total: paths.length + 1, unit: "files" });
  };
  await add(MODEL, jsonBytes(json));
  let index = 0;
  for (const shard of weightsToShards(weights, specs)) await add(paths[index++], shard);
  const { ends, gapFilled, ...head } = openManifest(weights, provenance);
  const manifest: NetworkManifest = { ...head, files, ends, ...(gapFilled && { gapFilled }) };
  await write(
    path.join(folder, MANIFEST),
    new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`),
  );
  return manifest;
}

async function readBytes(location: string): Promise<Uint8Array> {
  try {
    return await readFile(location);
  } catch (cause) {
    throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${(cause as Error).message}`, {
      hint: "Import the network again: `gan-eval inception import FILE`.",
      cause,
    });
  }
}

function bytesToJson(bytes: Uint8Array, location: string): unknown {
  try {
    return textToJson(bytesToText(bytes, location));
  } catch (cause) {
    if (cause instanceof GanEvalError) throw cause;
    const got = (cause as Error).message;
    throw new GanEvalError("input.network-folder", `expected JSON in ${location}, got: ${got}`, {
      hint: "The folder is damaged: import the network again.",
      cause,
    });
  }
}

/** @throws GanEvalError `input.cannot-read`, `input.manifest` */
export async function readManifest(folder: string): Promise<NetworkManifest> {
  const location = path.join(folder, MANIFEST);
  return jsonToManifest(bytesToJson(await readBytes(location), location), location);
}

/** Reads one file of a folder, held to the manifest if there is one. */
async function readListed(
  folder: string,
  name: string,
  files: NetworkManifest["files"] | undefined,
): Promise<Uint8Array> {
  const location = path.join(folder, name);
  const bytes = await readBytes(location);
  if (files === undefined) return bytes;
  const listed = files.find((file) => file.name === name);
  if (listed?.bytes !== bytes.length || listed.sha256 !== sha256(bytes))
    throw new GanEvalError(
      "input.network-checksum",
      `expected ${location} to match its manifest, got other bytes`,
      {
        hint: "The file was changed or damaged: import the network again.",
      },
    );
  return bytes;
}

const otherModel = (folder: string, what: string): GanEvalError =>
  new GanEvalError(
    "input.other-network",
    `expected the Inception network as gan-eval writes it in ${folder}, got ${what}`,
    { hint: "Import the official file: `gan-eval inception import inception-2015-12-05.tgz`." },
  );

/** Where the shards are: only plain names beside model.json, and only this network's nodes and tensors. */
function jsonToPaths(json: unknown, folder: string): string[] {
  const { modelTopology, weightsManifest } = (json ?? {}) as Record<string, unknown>;
  const group = (Array.isArray(weightsManifest) ? weightsManifest[0] : undefined) as
    | { paths?: unknown; weights?: unknown }
    | undefined;
  const nodes = (modelTopology as { node?: unknown } | undefined)?.node;
  if (JSON.stringify(nodes) !== JSON.stringify(networkTopology().node))
    throw otherModel(folder, "another graph");
  if (JSON.stringify(group?.weights) !== JSON.stringify(networkWeightSpecs()))
    throw otherModel(folder, "other tensors");
  const paths = group?.paths;
  if (!Array.isArray(paths) || !paths.every((name) => typeof name === "string" && /^[\w.-]+$/.test(name)))
    throw otherModel(folder, "shards outside the folder");
  return paths;
}

/**
 * The weights of a folder, each file held to its checksum.
 * @param files the manifest's list; left out for a tensorflow.js folder that has no manifest
 */
export async function readFolderWeights(
  folder: string,
  files: NetworkManifest["files"] | undefined,
): Promise<InceptionWeights> {
  const location = path.join(folder, MODEL);
  const paths = jsonToPaths(bytesToJson(await readListed(folder, MODEL, files), location), folder);
  const specs = networkWeightSpecs();
  const all = new Uint8Array(totalBytes(specs));
  let used = 0;
  for (const name of paths) {
    const bytes = await readListed(folder, name, files);
    if (used + bytes.length > all.length) throw otherModel(folder, `shards of more than ${all.length} bytes`);
    all.set(bytes, used);
    used += bytes.length;
  }
  if (used !== all.length) throw otherModel(folder, `shards of ${used} bytes instead of ${all.length}`);
  const weights = new Map<string, Float32Array>();
  let at = 0;
  for (const { name, shape, dtype } of specs) {
    const bytes = all.subarray(at, at + 4 * shapeToSize(shape));
    at += bytes.length;
    if (dtype === "float32")
      weights.set(name, new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4));
    else if (Buffer.compare(bytes, asBytes(networkIntegers().get(name)!)) !== 0)
      throw otherModel(folder, `${name} with other values, ${bytesToArray(bytes, "int32")}`);
  }
  return weights;
}

/**
 * Reads a network's folder and holds everything in it to the manifest.
 * @throws GanEvalError `input.network-checksum`, `input.other-network`, `input.manifest`, `input.cannot-read`
 */
export async function readModelFolder(folder: string): Promise<NetworkModel> {
  const manifest = await readManifest(folder);
  const weights = await readFolderWeights(folder, manifest.files);
  if (weightsToHash(weights) !== manifest.weightsHash)
    throw new GanEvalError(
      "input.network-checksum",
      `expected the weights in ${folder} to match its manifest, got others`,
      {
        hint: "The folder was changed or damaged: import the network again.",
      },
    );
  return { manifest, weights };
}
