/**
 * Files of nodes: the moments of a group of leaves, as a worker leaves them for the command that joins them. An npz with
 * `mean` [d], `scatter` (the lower triangle, row by row), of spatial features `mean_s` and `scatter_s`, in float64, and
 * `record`: JSON that says of what they are and with what they were made.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { NpyArray } from "../../formats/npy.ts";
import { readNpz, writeNpz } from "../../formats/npz.ts";
import type { LeafRange } from "../../math/features/leaves.ts";
import { type MomentsNode, triangleLength } from "../../math/features/moments-tree.ts";

const text = z.string();
const size = z.int().nonnegative();
const warnings = z.array(z.strictObject({ code: text, message: text, hint: text.optional() })).readonly();

/** What decides the digits of a node, but for the images themselves: nodes that are joined agree in all of it. */
const LEAF_SETTINGS = z.strictObject({
  ganEval: text,
  isa: text,
  engine: text,
  device: text,
  /** Left out where it is float32. */
  precision: z.literal("tf32").optional(),
  extractor: text,
  extractorHash: text,
  featureEnd: text,
  resize: text,
  onError: z.enum(["fail", "skip"]),
  /** `LeafPlan.listing`. */
  listing: text,
});
export type LeafSettings = z.infer<typeof LEAF_SETTINGS>;

const LEAF_RECORD = z.strictObject({
  v: z.literal(1),
  settings: LEAF_SETTINGS,
  /** sha256 of names and contents of the images of these leaves. */
  content: text,
  leaves: z.strictObject({ from: size, to: size, of: size }),
  /** Of the images in the source. */
  positions: z.strictObject({ from: size, to: size }),
  /** Images that could be read, and those of each leaf that could not. */
  n: size,
  skipped: z.array(size).readonly(),
  d: z.int().positive(),
  dSpatial: z.int().positive().nullable(),
  warnings,
});
export type LeafRecord = z.infer<typeof LEAF_RECORD>;

export interface NodeFile {
  readonly record: LeafRecord;
  /** Undefined of leaves in which no image could be read. */
  readonly moments: MomentsNode | undefined;
  readonly spatial: MomentsNode | undefined;
}

const PATTERN = /^leaves-(\d+)-(\d+)\.npz$/;
const DIGITS = 6;

const pad = (leaf: number): string => String(leaf).padStart(DIGITS, "0");

/** `leaves-000008-000016.npz`: from, and the leaf after the last. */
export const rangeToFile = (work: string, { from, to }: LeafRange): string =>
  path.join(work, `leaves-${pad(from)}-${pad(to)}.npz`);

/** The ranges that a work folder has files of; none where there is no folder. */
export async function listNodeFiles(work: string): Promise<LeafRange[]> {
  const names = await readdir(work).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const match = PATTERN.exec(name);
      return match ? [{ from: Number(match[1]), to: Number(match[2]) }] : [];
    })
    .sort((a, b) => a.from - b.from || b.to - a.to);
}

const toArrays = (node: MomentsNode | undefined, suffix: string): [string, NpyArray][] =>
  node === undefined
    ? []
    : [
        [`mean${suffix}`, { dtype: "<f8", shape: [node.mean.length], data: node.mean }],
        [`scatter${suffix}`, { dtype: "<f8", shape: [node.lower.length], data: node.lower }],
      ];

/** Atomic; the same node gives the same bytes. */
export async function writeNodeFile(location: string, { record, moments, spatial }: NodeFile): Promise<void> {
  const data = new TextEncoder().encode(JSON.stringify(record));
  await writeNpz(
    location,
    new Map<string, NpyArray>([
      ["record", { dtype: "|u1", shape: [data.length], data } as NpyArray],
      ...toArrays(moments, ""),
      ...toArrays(spatial, "_s"),
    ]),
  );
}

function bytesToRecord(array: NpyArray | undefined): LeafRecord {
  if (array === undefined) throw new Error("no record");
  return LEAF_RECORD.parse(JSON.parse(new TextDecoder().decode(array.data as Uint8Array)));
}

/**
 * What a node file says of itself.
 * @throws Error that says what is wrong with it: absent, damaged, of another format
 */
export async function readLeafRecord(location: string): Promise<LeafRecord> {
  return bytesToRecord((await readNpz(location, { only: ["record"] })).get("record"));
}

function toNode(arrays: ReadonlyMap<string, NpyArray>, suffix: string, n: number, d: number): MomentsNode {
  const [mean, lower] = [arrays.get(`mean${suffix}`)?.data, arrays.get(`scatter${suffix}`)?.data];
  if (!(mean instanceof Float64Array && mean.length === d))
    throw new Error(`no mean${suffix} of ${d} numbers`);
  if (!(lower instanceof Float64Array && lower.length === triangleLength(d)))
    throw new Error(`no scatter${suffix} of ${triangleLength(d)} numbers`);
  return { n, mean, lower };
}

/** @throws Error that says what is wrong with it: absent, damaged, of another format */
export async function readNodeFile(location: string): Promise<NodeFile> {
  const arrays = await readNpz(location, { only: ["record", "mean", "scatter", "mean_s", "scatter_s"] });
  const record = bytesToRecord(arrays.get("record"));
  const { n, d, dSpatial } = record;
  return {
    record,
    moments: n > 0 ? toNode(arrays, "", n, d) : undefined,
    spatial: n > 0 && dSpatial !== null ? toNode(arrays, "_s", n, dSpatial) : undefined,
  };
}
