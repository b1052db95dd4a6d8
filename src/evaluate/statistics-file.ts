/**
 * Statistics files: npz with `mu` and `sigma` as pytorch-fid, clean-fid and TTUR write them, and beside them what
 * those leave out: count, ddof, extractor, feature end, resize mode. Other programs ignore the keys they do not know.
 */
import { GanEvalError } from "../errors.ts";
import type { NpyArray } from "../formats/npy.ts";
import { readNpz, writeNpz } from "../formats/npz.ts";

/** What is known about how statistics or features were made; null where a file does not say. */
export interface FeatureOrigin {
  readonly extractor: string | null;
  readonly extractorHash: string | null;
  readonly featureEnd: string | null;
  readonly resize: string | null;
}

export interface StatisticsFile {
  readonly mu: Float64Array;
  readonly sigma: Float64Array;
  readonly n: number | null;
  readonly ddof: number | null;
  readonly origin: FeatureOrigin;
}

const TEXT_KEYS = {
  extractor: "extractor",
  extractorHash: "extractor_hash",
  featureEnd: "feature_end",
  resize: "resize",
};

/** Text travels as UTF-8 bytes, which every npz reader can hold. */
const textToArray = (text: string): NpyArray => {
  const data = new TextEncoder().encode(text);
  return { dtype: "|u1", shape: [data.length], data } as NpyArray;
};
const arrayToText = (array: NpyArray | undefined): string | null =>
  array === undefined ? null : new TextDecoder().decode(Uint8Array.from(array.data as ArrayLike<number>));

const numberToArray = (value: number): NpyArray =>
  ({ dtype: "<f8", shape: [], data: Float64Array.of(value) }) as NpyArray;
const arrayToNumber = (array: NpyArray | undefined): number | null =>
  array === undefined || array.data.length !== 1 ? null : Number(array.data[0]);

export const UNKNOWN_ORIGIN: FeatureOrigin = {
  extractor: null,
  extractorHash: null,
  featureEnd: null,
  resize: null,
};

/** Where an npz came from, as far as it says. */
export function arraysToOrigin(arrays: ReadonlyMap<string, NpyArray>): FeatureOrigin {
  return Object.fromEntries(
    Object.entries(TEXT_KEYS).map(([field, key]) => [field, arrayToText(arrays.get(key))]),
  ) as unknown as FeatureOrigin;
}

function asFloat64(array: NpyArray): Float64Array {
  return array.data instanceof Float64Array
    ? array.data
    : Float64Array.from(array.data as ArrayLike<number>, Number);
}

/** Statistics from the arrays of an npz that has `mu` and `sigma`. */
export function arraysToStatistics(arrays: ReadonlyMap<string, NpyArray>, location: string): StatisticsFile {
  const mu = arrays.get("mu");
  const sigma = arrays.get("sigma");
  if (mu === undefined || sigma === undefined)
    throw new GanEvalError(
      "input.not-statistics",
      `expected arrays mu and sigma in ${location}, got ${[...arrays.keys()].join(", ")}`,
      {
        hint: "Write them with: gan-eval stats --images DIR --out FILE.npz",
      },
    );
  const d = mu.data.length;
  if (mu.shape.length !== 1 || sigma.shape.length !== 2 || sigma.shape.some((side) => side !== d))
    throw new GanEvalError(
      "input.statistics-shape",
      `expected mu [d] and sigma [d, d] in ${location}, got [${mu.shape}] and [${sigma.shape}]`,
      { hint: "The file is damaged or holds something else; write it anew with gan-eval stats." },
    );
  return {
    mu: asFloat64(mu),
    sigma: asFloat64(sigma),
    n: arrayToNumber(arrays.get("n")),
    ddof: arrayToNumber(arrays.get("ddof")),
    origin: arraysToOrigin(arrays),
  };
}

export async function readStatistics(location: string): Promise<StatisticsFile> {
  return arraysToStatistics(await readNpz(location), location);
}

/** Writes statistics so that pytorch-fid, clean-fid and TTUR read them too. The same input gives the same bytes. */
export async function writeStatistics(location: string, statistics: StatisticsFile): Promise<void> {
  const { mu, sigma, n, ddof, origin } = statistics;
  const arrays = new Map<string, NpyArray>([
    ["mu", { dtype: "<f8", shape: [mu.length], data: mu } as NpyArray],
    ["sigma", { dtype: "<f8", shape: [mu.length, mu.length], data: sigma } as NpyArray],
  ]);
  if (n !== null) arrays.set("n", numberToArray(n));
  if (ddof !== null) arrays.set("ddof", numberToArray(ddof));
  for (const [field, key] of Object.entries(TEXT_KEYS)) {
    const text = origin[field as keyof FeatureOrigin];
    if (text !== null) arrays.set(key, textToArray(text));
  }
  await writeNpz(location, arrays);
}
