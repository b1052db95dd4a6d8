/** Joins the statistics of parts of an image set to those of the whole, exactly. */
import { GanEvalError, type Warning } from "../../errors.ts";
import { featuresToMoments, type Moments, mergeMoments } from "../../math/features/statistics.ts";
import type { FeatureStatistics } from "../../metrics/fid.ts";
import { withDefaults } from "../../options/table.ts";
import type { Progress } from "../../progress.ts";
import { arithmeticsToWarnings, joinArithmetics, originToArithmetic } from "../arithmetic.ts";
import { joinIsas, originsToMixedMachines } from "../computed-on.ts";
import { MEASUREMENT_ROWS } from "../option-rows.ts";
import { openSide } from "../sides/side.ts";
import { ORIGIN_FIELDS } from "../warnings.ts";
import type { MadeStatistics } from "./make-statistics.ts";
import { type FeatureOrigin, momentsToFeatureStatistics, type StatisticsFile } from "./statistics-file.ts";
import {
  fileToStatisticsFormat,
  type StatisticsFormatName,
  statisticsToWarnings,
} from "./statistics-formats.ts";

export interface MergeStatisticsOptions {
  /** Statistics or features of parts that share no image; one file is written anew. */
  readonly files: readonly string[];
  /** The file to write. */
  readonly out: string;
  /** Of which program (default: by the ending of `out`). */
  readonly format?: StatisticsFormatName;
  /** The covariance divides by n - ddof (default 1), whatever the parts divide by. */
  readonly ddof?: 0 | 1;
  /** Which statistics of files that have those of several networks (default: the only ones). */
  readonly extractor?: string;
  /** Called after each file (default: nobody is). */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the work with an AbortError (default: it runs to its end). */
  readonly signal?: AbortSignal;
}

/** Where a part came from. */
interface PartOrigin {
  readonly location: string;
  readonly origin: FeatureOrigin;
}

interface Part extends PartOrigin {
  readonly moments: Moments;
  readonly spatial?: Moments;
}

/** sigma (n - ddof) is the scatter that the covariance was made of. */
function statisticsToMoments({ mu, sigma }: FeatureStatistics, n: number, ddof: number): Moments {
  return { n, d: mu.length, mean: mu, scatter: sigma.map((value) => value * (n - ddof)) };
}

const AGAIN = "Make it again: gan-eval stats --images A --out FILE.npz also writes n and ddof.";

/** What moments need of a statistics file, and plain ones of other programs lack. */
function requireCounts({ n, ddof }: StatisticsFile, location: string): { n: number; ddof: 0 | 1 } {
  const lacking = [...(n === null ? ["n"] : []), ...(ddof === null ? ["ddof"] : [])];
  if (n === null || ddof === null)
    throw new GanEvalError(
      "input.incomplete-statistics",
      `expected mu, sigma, n (images) and ddof in ${location}, got no ${lacking.join(" and no ")}`,
      { hint: AGAIN },
    );
  if ((ddof === 0 || ddof === 1) && Number.isSafeInteger(n) && n > ddof) return { n, ddof };
  throw new GanEvalError(
    "input.incomplete-statistics",
    `expected n above ddof, which is 0 or 1, in ${location}, got n ${n} and ddof ${ddof}`,
    { hint: AGAIN },
  );
}

function requireFinite({ mean, scatter }: Moments, location: string): void {
  if (mean.every(Number.isFinite) && scatter.every(Number.isFinite)) return;
  throw new GanEvalError(
    "input.statistics-not-finite",
    `expected finite mu and sigma in ${location}, got NaN or Infinity`,
    { hint: "These statistics were made from broken features: make them again." },
  );
}

async function fileToPart(location: string, extractor: string | undefined): Promise<Part> {
  const side = await openSide(location, { onError: "fail", ...(extractor !== undefined && { extractor }) });
  if (side.kind === "images") {
    await side.source.close();
    throw new GanEvalError(
      "input.not-statistics",
      `expected statistics or features to merge, got images in ${location}`,
      { hint: "Make statistics of them first: gan-eval stats --images A --out FILE.npz" },
    );
  }
  if (side.kind === "features")
    return { location, moments: featuresToMoments(side.features), origin: side.origin };
  const { statistics } = side;
  const { n, ddof } = requireCounts(statistics, location);
  const moments = statisticsToMoments(statistics, n, ddof);
  requireFinite(moments, location);
  const spatial = statistics.spatial && statisticsToMoments(statistics.spatial, n, ddof);
  return { location, moments, ...(spatial && { spatial }), origin: statistics.origin };
}

/** The origin of all parts; a field that one of them does not state is not stated of the whole. */
function partsToOrigin(parts: readonly PartOrigin[]): FeatureOrigin {
  const fields = ORIGIN_FIELDS.map(([field, label]) => {
    const stated = parts.filter(({ origin }) => origin[field] !== null);
    const [first] = stated;
    const other = stated.find(({ origin }) => origin[field] !== first?.origin[field]);
    if (other)
      throw new GanEvalError(
        "input.unlike-features",
        `expected parts with the same ${label}, got ${first!.origin[field]} in ${first!.location} and ${other.origin[field]} in ${other.location}`,
        { hint: "Statistics of different features cannot be merged: make all parts with the same options." },
      );
    return [field, stated.length === parts.length ? first!.origin[field] : null] as const;
  });
  return {
    ...(Object.fromEntries(fields) as unknown as FeatureOrigin),
    ...joinIsas(parts.map(({ origin }) => origin)),
    ...joinArithmetics(parts.map(({ origin }) => origin)),
  };
}

function partsToWarnings(parts: readonly PartOrigin[]): Warning[] {
  const origins = parts.map(({ origin }) => origin);
  const mixed = [
    ...originsToMixedMachines("the parts", origins),
    ...arithmeticsToWarnings("the parts", origins.map(originToArithmetic)),
  ];
  const silent = parts.filter(({ origin }) => origin.extractor === null).map(({ location }) => location);
  if (parts.length === 1 || silent.length === 0) return mixed;
  return [
    ...mixed,
    {
      code: "unknown-origin",
      message: `${silent.join(", ")} ${silent.length === 1 ? "does" : "do"} not record a network and resize mode: assumed to match the other files`,
      hint: "Statistics from gan-eval stats record their protocol.",
    },
  ];
}

function requireWidth(d: number, { location, moments }: Part): void {
  if (moments.d === d) return;
  throw new GanEvalError(
    "input.feature-width",
    `expected features of width ${d} as in the previous files, got ${moments.d} in ${location}`,
    { hint: "Only statistics of the same extractor and feature end can be merged." },
  );
}

/** Spatial statistics only where all parts have them. */
function joinParts(
  a: Pick<Part, "moments" | "spatial">,
  b: Pick<Part, "moments" | "spatial">,
): Pick<Part, "moments" | "spatial"> {
  const moments = mergeMoments(a.moments, b.moments);
  return a.spatial && b.spatial ? { moments, spatial: mergeMoments(a.spatial, b.spatial) } : { moments };
}

function requireFiles(files: readonly string[]): void {
  const repeated = files.find((file, i) => files.indexOf(file) !== i);
  if (files.length > 0 && repeated === undefined) return;
  throw new GanEvalError(
    "usage.files",
    `expected files of parts without common images, got ${repeated === undefined ? "none" : `${repeated} twice`}`,
    { hint: "For example: gan-eval stats merge a.npz b.npz --out all.npz" },
  );
}

/**
 * The statistics of all images from those of parts, whatever their ddof: scatters and means are joined by Chan's
 * formula (`mergeMoments`). Equal to the statistics of all features at once to 1e-12 of the trace; the order of files
 * changes the last digits only (1e-13).
 *
 * @throws GanEvalError `input.incomplete-statistics` for a file without n or ddof, `input.unlike-features` and
 *   `input.feature-width` for parts that do not go together, `usage.stats-format`, `input.*` for files that cannot be read
 */
export async function mergeStatistics(options: MergeStatisticsOptions): Promise<MadeStatistics> {
  const { files, out, signal, onProgress } = options;
  const { ddof } = withDefaults({ ddof: MEASUREMENT_ROWS.ddof }, options);
  const format = fileToStatisticsFormat(out, options.format);
  if (format.of === "features")
    throw new GanEvalError("usage.stats-format", `expected a file of statistics to write, got ${out}`, {
      hint: "Merging produces mean and covariance, not features: write .npz or .pkl.",
    });
  requireFiles(files);
  const origins: PartOrigin[] = [];
  let whole: Pick<Part, "moments" | "spatial"> | undefined;
  for (const [i, file] of files.entries()) {
    signal?.throwIfAborted();
    const part = await fileToPart(file, options.extractor);
    if (whole) requireWidth(whole.moments.d, part);
    whole = whole ? joinParts(whole, part) : part;
    origins.push({ location: file, origin: part.origin });
    onProgress?.({ stage: "reading", done: i + 1, total: files.length, unit: "files" });
  }
  const { moments, spatial } = whole!;
  const origin = partsToOrigin(origins);
  const statistics: StatisticsFile = {
    ...momentsToFeatureStatistics(moments, ddof),
    n: moments.n,
    ddof,
    origin,
    ...(spatial && { spatial: momentsToFeatureStatistics(spatial, ddof) }),
  };
  signal?.throwIfAborted();
  await format.write(out, statistics, options.extractor);
  return {
    out,
    count: moments.n,
    dims: moments.d,
    origin,
    warnings: [...partsToWarnings(origins), ...statisticsToWarnings(format, statistics)],
  };
}
