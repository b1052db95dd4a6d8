/** The files that `gan-eval stats` writes: ours, and those of other programs. */
import path from "node:path";
import { GanEvalError, type Warning } from "../../errors.ts";
import { writeFileAtomically } from "../../files/atomic-file.ts";
import { type NpyArray, npyHeaderToBytes } from "../../formats/npy.ts";
import { writeNpz } from "../../formats/npz.ts";
import { float64ToPickle } from "../../formats/numpy-pickle-writer.ts";
import {
  boolToPickle,
  dictToPickle,
  intToPickle,
  listToPickle,
  type Pickled,
  pickledToFile,
} from "../../formats/pickle-writer.ts";
import { matrixToTorch } from "../../formats/torch-writer.ts";
import type { Features } from "../../math/features/statistics.ts";
import { extractorToEdm2Key } from "../sides/pickled-side.ts";
import type { StatisticsFormatName } from "../statistics-format-names.ts";
import {
  type FeatureOrigin,
  originToArrays,
  type StatisticsFile,
  writeStatistics,
} from "./statistics-file.ts";

export type { StatisticsFormatName };

type Ending = ".npz" | ".npy" | ".pt" | ".pkl";

/** How one kind of file is written, and from what. */
export type StatisticsFormat = { readonly ending: Ending } & (
  | {
      readonly of: "statistics";
      /** Its program's readers want spatial statistics too. */
      readonly spatial?: true;
      /** Refuses extractors that it has no place for, before their work is done. */
      readonly requireExtractor?: (extractor: string) => void;
      /** `extractor` is assumed where the statistics' origin does not say. */
      write(location: string, statistics: StatisticsFile, extractor: string | undefined): Promise<void>;
    }
  | {
      readonly of: "features";
      write(location: string, features: Features, origin: FeatureOrigin): Promise<void>;
    }
);

const featuresToArray = ({ data, rows, width }: Features): NpyArray => ({
  dtype: "<f4",
  shape: [rows, width],
  data,
});

const writePickle = (location: string, value: Pickled): Promise<void> =>
  writeFileAtomically(location, pickledToFile(value, 3));

function requireCount({ n, ddof }: StatisticsFile, location: string): { n: number; ddof: number } {
  if (n !== null && ddof !== null) return { n, ddof };
  throw new GanEvalError(
    "input.incomplete-statistics",
    `expected statistics of a known number of images for ${location}, got an unknown number`,
    {
      hint: "Make them from images or features: gan-eval stats --images A --out FILE",
    },
  );
}

/** raw_mean is the sum of rows, raw_cov the sum of their products: scatter + n mu mu'. As FeatureStats.save writes. */
function writeStyleGan(location: string, statistics: StatisticsFile): Promise<void> {
  const { mu, sigma } = statistics;
  const { n, ddof } = requireCount(statistics, location);
  const d = mu.length;
  const rawCov = sigma.map((value, at) => value * (n - ddof) + n * mu[Math.floor(at / d)]! * mu[at % d]!);
  return writePickle(
    location,
    dictToPickle({
      capture_all: boolToPickle(false),
      capture_mean_cov: boolToPickle(true),
      max_items: intToPickle(n),
      num_items: intToPickle(n),
      num_features: intToPickle(d),
      all_features: listToPickle(),
      raw_mean: float64ToPickle(
        mu.map((value) => value * n),
        [d],
      ),
      raw_cov: float64ToPickle(rawCov, [d, d]),
    }),
  );
}

function requireEdm2Key(extractor: string): string {
  const key = extractorToEdm2Key(extractor);
  if (key !== undefined) return key;
  throw new GanEvalError(
    "input.format-extractor",
    `expected features of inception or dinov2 for EDM2's file, got ${extractor}`,
    { hint: "Choose another --stats-format: the others accept features of any network." },
  );
}

/** EDM2 divides by n - 1 and has no place for another ddof. */
function writeEdm2(location: string, statistics: StatisticsFile, assumed = "inception"): Promise<void> {
  const { mu, sigma, origin } = statistics;
  const { n, ddof } = requireCount(statistics, location);
  const key = requireEdm2Key(origin.extractor ?? assumed);
  const sigma1 = ddof === 1 ? sigma : sigma.map((value) => value * ((n - ddof) / (n - 1)));
  const d = mu.length;
  return writePickle(
    location,
    dictToPickle({
      num_images: intToPickle(n),
      [key]: dictToPickle({ mu: float64ToPickle(mu, [d]), sigma: float64ToPickle(sigma1, [d, d]) }),
    }),
  );
}

function* featuresToNpy({ data, rows, width }: Features): Generator<Uint8Array> {
  yield npyHeaderToBytes("<f4", [rows, width]);
  yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** dgm-eval calls networks by their family. */
const originToDgmEvalModel = ({ extractor }: FeatureOrigin): string =>
  extractor === null || extractor.startsWith("inception") ? "inception" : extractor;

/** By the names of `--stats-format`. Where several have one ending, the first is what that ending means. */
export const STATISTICS_FORMATS = {
  /** mu, sigma and what else we know: pytorch-fid, clean-fid, TTUR, StudioGAN. */
  npz: { ending: ".npz", of: "statistics", write: writeStatistics },
  /** The same, with mu_s and sigma_s. */
  adm: { ending: ".npz", of: "statistics", spatial: true, write: writeStatistics },
  features: {
    ending: ".npz",
    of: "features",
    write: (location, features, origin) =>
      writeNpz(location, new Map([["features", featuresToArray(features)], ...originToArrays(origin)])),
  },
  "dgm-eval": {
    ending: ".npz",
    of: "features",
    write: (location, features, origin) =>
      writeNpz(
        location,
        new Map<string, NpyArray | string>([
          ["model", originToDgmEvalModel(origin)],
          ["reps", featuresToArray(features)],
          ...originToArrays(origin),
        ]),
      ),
  },
  npy: {
    ending: ".npy",
    of: "features",
    write: (location, features) => writeFileAtomically(location, featuresToNpy(features)),
  },
  "torch-fidelity": {
    ending: ".pt",
    of: "features",
    write: (location, { data, rows, width }) =>
      writeFileAtomically(location, matrixToTorch(data, rows, width)),
  },
  stylegan: { ending: ".pkl", of: "statistics", write: writeStyleGan },
  edm2: { ending: ".pkl", of: "statistics", requireExtractor: requireEdm2Key, write: writeEdm2 },
} as const satisfies Readonly<Record<StatisticsFormatName, StatisticsFormat>>;

/** What a file lacks that its program's readers want. */
export function statisticsToWarnings(format: StatisticsFormat, statistics: StatisticsFile): Warning[] {
  if (format.of === "features" || !format.spatial || statistics.spatial) return [];
  return [
    {
      code: "no-spatial-statistics",
      message: "mu_s and sigma_s are missing, which ADM's evaluator also needs",
      hint: "Make the file from images with the Inception network.",
    },
  ];
}

/**
 * The format of a file: the one that is asked for, else what its ending means.
 * @throws GanEvalError `usage.stats-format` where the two do not go together
 */
export function fileToStatisticsFormat(
  location: string,
  asked: StatisticsFormatName | undefined,
): StatisticsFormat {
  const ending = path.extname(location).toLowerCase();
  const format: StatisticsFormat | undefined =
    asked === undefined
      ? Object.values(STATISTICS_FORMATS).find((row) => row.ending === ending)
      : STATISTICS_FORMATS[asked];
  if (format?.ending === ending) return format;
  const endings = [...new Set(Object.values(STATISTICS_FORMATS).map((row) => row.ending))];
  throw new GanEvalError(
    "usage.stats-format",
    `expected a file ending in ${format?.ending ?? endings.join(", ")}${asked === undefined ? "" : ` for --stats-format ${asked}`}, got ${location}`,
    { hint: "Change the ending of --out, or --stats-format." },
  );
}
