/**
 * Statistics files: npz with `mu` and `sigma` as pytorch-fid, clean-fid, TTUR and StudioGAN write them, with `mu_s` and
 * `sigma_s` of spatial features as ADM does, and beside them what those leave out: count, ddof, extractor, feature end,
 * resize mode. Other programs ignore the keys they do not know.
 */
import { GanEvalError } from "../../errors.ts";
import type { NpyArray } from "../../formats/npy.ts";
import { readNpz, writeNpz } from "../../formats/npz.ts";
import { type Moments, momentsToCovariance } from "../../math/features/statistics.ts";
import type { FeatureStatistics } from "../../metrics/fid.ts";

/** What is known about how statistics or features were made; null where a file does not say. */
export interface FeatureOrigin {
  readonly extractor: string | null;
  readonly extractorHash: string | null;
  readonly featureEnd: string | null;
  readonly resize: string | null;
  /** The processors' instruction sets, `avx2`, where a network computed the features; absent where a file does not say. */
  readonly isa?: string;
  /** In what numbers and on what devices, `tf32 on cuda`; absent where that is float32 on the CPU. */
  readonly arithmetic?: string;
}

export interface StatisticsFile {
  readonly mu: Float64Array;
  readonly sigma: Float64Array;
  readonly n: number | null;
  readonly ddof: number | null;
  readonly origin: FeatureOrigin;
  /** Of the spatial features that sFID compares, where a file has them. */
  readonly spatial?: FeatureStatistics;
}

const TEXT_KEYS = {
  extractor: "extractor",
  extractorHash: "extractor_hash",
  featureEnd: "feature_end",
  resize: "resize",
};
/** Says nothing of what the features are, so that other instruction sets can be joined. */
const ISA_KEY = "isa";
const ARITHMETIC_KEY = "arithmetic";

/** The arrays of an npz that statistics are made of: images that lie beside them need not be read. */
export const STATISTICS_KEYS = [
  ...["mu", "sigma", "mu_s", "sigma_s", "n", "ddof"],
  ...Object.values(TEXT_KEYS),
  ISA_KEY,
  ARITHMETIC_KEY,
] as const;

/** The arrays that say where features came from. */
export const ORIGIN_KEYS: readonly string[] = [...Object.values(TEXT_KEYS), ISA_KEY, ARITHMETIC_KEY];

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
  const isa = arrayToText(arrays.get(ISA_KEY));
  const arithmetic = arrayToText(arrays.get(ARITHMETIC_KEY));
  return {
    ...(Object.fromEntries(
      Object.entries(TEXT_KEYS).map(([field, key]) => [field, arrayToText(arrays.get(key))]),
    ) as unknown as FeatureOrigin),
    ...(isa !== null && { isa }),
    ...(arithmetic !== null && { arithmetic }),
  };
}

const asFloat64 = ({ data }: NumberArray): Float64Array =>
  data instanceof Float64Array ? data : Float64Array.from(data as ArrayLike<number>, Number);

/** Numbers and their shape, of an npy array, a tensor or whatever else holds some. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
}

/** @throws GanEvalError `input.statistics-shape` unless mu is [d] and sigma [d, d] */
export function arraysToFeatureStatistics(
  mu: NumberArray,
  sigma: NumberArray,
  location: string,
): FeatureStatistics {
  const [d] = mu.shape;
  if (mu.shape.length !== 1 || sigma.shape.length !== 2 || sigma.shape.some((side) => side !== d))
    throw new GanEvalError(
      "input.statistics-shape",
      `expected mu [d] and sigma [d, d] in ${location}, got [${mu.shape}] and [${sigma.shape}]`,
      { hint: "The file is damaged or holds something else: write it again with gan-eval stats." },
    );
  return { mu: asFloat64(mu), sigma: asFloat64(sigma) };
}

export const momentsToFeatureStatistics = (moments: Moments, ddof: 0 | 1): FeatureStatistics => ({
  mu: moments.mean,
  sigma: momentsToCovariance(moments, ddof),
});

/** Statistics from the arrays of an npz that has `mu` and `sigma`. */
export function arraysToStatistics(arrays: ReadonlyMap<string, NpyArray>, location: string): StatisticsFile {
  const [mu, sigma, muSpatial, sigmaSpatial] = ["mu", "sigma", "mu_s", "sigma_s"].map((key) =>
    arrays.get(key),
  );
  if (mu === undefined || sigma === undefined)
    throw new GanEvalError(
      "input.not-statistics",
      `expected arrays mu and sigma in ${location}, got ${[...arrays.keys()].join(", ") || "neither"}`,
      {
        hint: "Write them with: gan-eval stats --images DIR --out FILE.npz",
      },
    );
  return {
    ...arraysToFeatureStatistics(mu, sigma, location),
    n: arrayToNumber(arrays.get("n")),
    ddof: arrayToNumber(arrays.get("ddof")),
    origin: arraysToOrigin(arrays),
    ...(muSpatial &&
      sigmaSpatial && {
        spatial: arraysToFeatureStatistics(muSpatial, sigmaSpatial, `${location} (mu_s, sigma_s)`),
      }),
  };
}

export async function readStatistics(location: string): Promise<StatisticsFile> {
  return arraysToStatistics(await readNpz(location, { only: STATISTICS_KEYS }), location);
}

/** The arrays of an origin, of those fields that are known. */
export function originToArrays(origin: FeatureOrigin): Map<string, NpyArray> {
  const known = Object.entries(TEXT_KEYS).flatMap(([field, key]): [string, NpyArray][] => {
    const text = origin[field as keyof typeof TEXT_KEYS];
    return text === null ? [] : [[key, textToArray(text)]];
  });
  return new Map([
    ...known,
    ...(origin.isa === undefined ? [] : [[ISA_KEY, textToArray(origin.isa)] as const]),
    ...(origin.arithmetic === undefined ? [] : [[ARITHMETIC_KEY, textToArray(origin.arithmetic)] as const]),
  ]);
}

const statisticsToArrays = ({ mu, sigma }: FeatureStatistics, suffix: string): [string, NpyArray][] => [
  [`mu${suffix}`, { dtype: "<f8", shape: [mu.length], data: mu }],
  [`sigma${suffix}`, { dtype: "<f8", shape: [mu.length, mu.length], data: sigma }],
];

/** Writes statistics so that pytorch-fid, clean-fid and TTUR read them too. The same input gives the same bytes. */
export async function writeStatistics(location: string, statistics: StatisticsFile): Promise<void> {
  const { n, ddof, origin, spatial } = statistics;
  const arrays = new Map<string, NpyArray>([
    ...statisticsToArrays(statistics, ""),
    ...(spatial ? statisticsToArrays(spatial, "_s") : []),
  ]);
  if (n !== null) arrays.set("n", numberToArray(n));
  if (ddof !== null) arrays.set("ddof", numberToArray(ddof));
  await writeNpz(location, new Map([...arrays, ...originToArrays(origin)]));
}
