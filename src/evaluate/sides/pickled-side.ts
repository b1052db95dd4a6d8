/**
 * Features and statistics in pickles and files of torch.save: torch-fidelity's cache (a tensor of features, or a
 * dictionary of mu and sigma), StyleGAN's feature statistics (raw sums, or all features) and EDM2's reference statistics
 * (mu and sigma a network). Sources: torch_fidelity/utils.py and metric_fid.py; stylegan3, metrics/metric_utils.py,
 * FeatureStats; edm2, calculate_metrics.py.
 */
import { stat } from "node:fs/promises";
import { GanEvalError } from "../../errors.ts";
import { PickledArray } from "../../formats/numpy-pickle.ts";
import type { StoredTensor } from "../../formats/tensor.ts";
import { isTensor, readPickled } from "../../formats/torch.ts";
import type { Features } from "../../math/features/statistics.ts";
import { type ArrayListing, chooseFeatures } from "../choose-features.ts";
import {
  arraysToFeatureStatistics,
  type NumberArray,
  type StatisticsFile,
  UNKNOWN_ORIGIN,
} from "../statistics/statistics-file.ts";
import { arrayToFeatures } from "./npz-side.ts";
import type { FileSide } from "./side.ts";

type Dictionary = ReadonlyMap<unknown, unknown>;

/** Under which names EDM2 keeps the statistics of networks that we know too. */
const EDM2_KEYS: readonly (readonly [family: string, key: string])[] = [
  ["inception", "fid"],
  ["dinov2", "fd_dinov2"],
];

/** EDM2's name for an extractor's statistics, if it has one. */
export const extractorToEdm2Key = (extractor: string): string | undefined =>
  EDM2_KEYS.find(([family]) => extractor.startsWith(family))?.[1];

const HINT =
  "Supported files are those of torch-fidelity (a tensor, or mu and sigma), a dictionary with one tensor of features, and those of StyleGAN (raw_mean, raw_cov, num_items) and EDM2 (mu and sigma per network).";

const describe = (value: unknown): string =>
  value instanceof Map
    ? `a dictionary of ${
        [...value.keys()]
          .filter((key) => typeof key === "string")
          .slice(0, 12)
          .join(", ") || "nothing"
      }`
    : ["string", "number", "boolean"].includes(typeof value)
      ? `a ${typeof value}`
      : "something else";

const notKnown = (location: string, value: unknown): GanEvalError =>
  new GanEvalError(
    "input.pickle-content",
    `expected features or statistics in ${location}, got ${describe(value)}`,
    { hint: HINT },
  );

const isArray = (value: unknown): value is PickledArray | StoredTensor =>
  value instanceof PickledArray || isTensor(value);

/** The arrays of a dictionary by name. */
const dictionaryToListings = (of: Dictionary): ArrayListing[] =>
  [...of].flatMap(([key, value]): ArrayListing[] =>
    typeof key === "string" && isArray(value)
      ? [{ name: key, shape: value.shape, type: value instanceof PickledArray ? value.type : value.dtype }]
      : [],
  );

/** A tensor or array with its numbers, or an error that names it. */
function toNumbers(value: unknown, what: string, location: string): NumberArray {
  if (value instanceof PickledArray) return value.read();
  if (isTensor(value)) return { shape: value.shape, data: value.read() };
  throw new GanEvalError(
    "input.pickle-content",
    `expected an array ${what} in ${location}, got ${describe(value)}`,
    {
      hint: HINT,
    },
  );
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

/** numpy.cov and EDM2 divide by n - 1; torch-fidelity does not say n. */
const dictionaryToStatistics = (of: Dictionary, n: unknown, location: string): StatisticsFile => ({
  ...arraysToFeatureStatistics(
    toNumbers(of.get("mu"), "mu", location),
    toNumbers(of.get("sigma"), "sigma", location),
    location,
  ),
  n: isCount(n) ? n : null,
  ddof: 1,
  origin: UNKNOWN_ORIGIN,
});

/** StyleGAN's sums of rows and of their products: mu = raw_mean / N, sigma = raw_cov / N - mu mu', which is ddof 0. */
function rawSumsToStatistics(of: Dictionary, location: string): StatisticsFile {
  const n = of.get("num_items");
  if (!isCount(n))
    throw new GanEvalError(
      "input.pickle-content",
      `expected num_items above 0 in ${location}, got another value`,
      {
        hint: "These statistics cover no images: make them again.",
      },
    );
  const sums = arraysToFeatureStatistics(
    toNumbers(of.get("raw_mean"), "raw_mean", location),
    toNumbers(of.get("raw_cov"), "raw_cov", location),
    location,
  );
  const d = sums.mu.length;
  const mu = sums.mu.map((sum) => sum / n);
  const sigma = sums.sigma.map((sum, at) => sum / n - mu[Math.floor(at / d)]! * mu[at % d]!);
  return { mu, sigma, n, ddof: 0, origin: UNKNOWN_ORIGIN };
}

/** StyleGAN's `all_features`: the batches of all rows. */
function batchesToFeatures(batches: readonly unknown[], most: number, location: string): Features {
  const arrays = batches.map((batch) => {
    if (batch instanceof PickledArray) return batch;
    throw notKnown(location, batch);
  });
  // A list can name one batch a million times.
  if (arrays.reduce((sum, { byteLength }) => sum + byteLength, 0) > most)
    throw new GanEvalError(
      "input.pickle",
      `expected features that fit into the bytes of ${location}, got more`,
      {
        hint: "The file is damaged or malicious: make it again.",
      },
    );
  const parts = arrays.map((array) => arrayToFeatures(array.read(), location));
  const width = parts[0]!.width;
  if (parts.some((part) => part.width !== width))
    throw new GanEvalError(
      "input.feature-width",
      `expected features of one width in ${location}, got several`,
      {
        hint: "The file is damaged: make it again.",
      },
    );
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const data = new Float32Array(rows * width);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { data, rows, width };
}

/** EDM2's: the statistics of the extractor that was asked for; of the only one, if none was. */
function chooseOfEdm2(of: Dictionary, extractor: string | undefined, location: string): StatisticsFile {
  const sets = [...of].flatMap(([key, value]): [string, Dictionary][] =>
    typeof key === "string" && value instanceof Map && value.has("mu") && value.has("sigma")
      ? [[key, value]]
      : [],
  );
  if (sets.length === 0) throw notKnown(location, of);
  const wanted = extractor === undefined ? undefined : extractorToEdm2Key(extractor);
  const chosen =
    extractor === undefined && sets.length === 1 ? sets[0] : sets.find(([key]) => key === wanted);
  if (chosen === undefined) {
    const known = EDM2_KEYS.filter(([, key]) => sets.some(([name]) => name === key));
    throw new GanEvalError(
      "input.no-such-statistics",
      `expected statistics of ${extractor ?? "one extractor"} in ${location}, got ${sets.map(([key]) => key).join(", ")}`,
      {
        hint: `Name one of its networks: ${known.map(([family, key]) => `--extractor ${family} (${key})`).join(", ") || "none of them is supported"}.`,
      },
    );
  }
  return dictionaryToStatistics(chosen[1], of.get("num_images"), location);
}

/** What the value of a file is, whichever program wrote it. */
function valueToSide(
  value: unknown,
  size: number,
  extractor: string | undefined,
  location: string,
): FileSide {
  const features = (of: Features): FileSide => ({
    kind: "features",
    location,
    features: of,
    origin: UNKNOWN_ORIGIN,
  });
  const statistics = (of: StatisticsFile): FileSide => ({ kind: "statistics", location, statistics: of });

  if (isArray(value)) return features(arrayToFeatures(toNumbers(value, "of features", location), location));
  if (!(value instanceof Map)) throw notKnown(location, value);
  const batches = value.get("all_features");
  if (Array.isArray(batches) && batches.length > 0)
    return features(batchesToFeatures(batches, size, location));
  if (value.has("raw_mean") && value.has("raw_cov")) return statistics(rawSumsToStatistics(value, location));
  if (isArray(value.get("mu")) && isArray(value.get("sigma")))
    return statistics(dictionaryToStatistics(value, undefined, location));
  const key = chooseFeatures(dictionaryToListings(value), location)?.name;
  if (key !== undefined) return features(arrayToFeatures(toNumbers(value.get(key), key, location), location));
  return statistics(chooseOfEdm2(value, extractor, location));
}

/** @throws GanEvalError `input.*`, naming what the file holds where it is nothing that is known */
export async function openPickled(location: string, extractor: string | undefined): Promise<FileSide> {
  const [value, { size }] = [await readPickled(location), await stat(location)];
  return valueToSide(value, size, extractor, location);
}
