/** Statistics that several machines make: each its part of the leaves, and one that joins them. */
import { GanEvalError, type Warning } from "../../errors.ts";
import type { Part } from "../../options/part.ts";
import { MEASUREMENT_ROWS } from "../option-rows.ts";
import { extractorToName } from "../own-extractor.ts";
import { openSide, requireParts } from "../sides/side.ts";
import { toFeatureSettings } from "../with-option-defaults.ts";
import { collectLeaves } from "./collect-statistics.ts";
import { extractLeaves, type MadeLeaves } from "./extract-leaves.ts";
import { type GroupOptions, planToGroups, sourceToLeafPlan } from "./leaf-plan.ts";
import type { MadeStatistics, MakeStatisticsOptions } from "./make-statistics.ts";
import {
  fileToStatisticsFormat,
  type StatisticsFormat,
  type StatisticsFormatName,
  statisticsToWarnings,
} from "./statistics-formats.ts";

export interface SharedStatisticsOptions extends MakeStatisticsOptions {
  /** A folder or file of images, the same for all parts. */
  readonly images: string;
  /** The folder in which parts leave their leaves, on a disk that all share (default: `out` and `.leaves`). */
  readonly work?: string;
}

export interface StatisticsPartOptions extends SharedStatisticsOptions, GroupOptions {
  /** Which part this is: index from 0, of how many. */
  readonly part: Part;
}

export interface MadePart {
  readonly work: string;
  readonly part: Part;
  /** The groups of this part. */
  readonly leaves: readonly MadeLeaves[];
  /** Leaves of the whole set. */
  readonly of: number;
  /** Images in these groups that could be read. */
  readonly count: number;
  readonly warnings: readonly Warning[];
}

/** Where the leaves of a statistics file are kept. */
export const outToWork = (out: string): string => `${out}.leaves`;

type MomentsFormat = Extract<StatisticsFormat, { of: "statistics" }>;

/** @throws GanEvalError `usage.stats-format` for files of features: they are not joined */
function requireMoments(out: string, name: StatisticsFormatName | undefined): MomentsFormat {
  const format = fileToStatisticsFormat(out, name);
  if (format.of === "statistics") return format;
  throw new GanEvalError("usage.stats-format", `expected a file of statistics to write, got ${out}`, {
    hint: "Parts are joined to mean and covariance, not to features: write .npz or .pkl.",
  });
}

/**
 * Makes one part of the statistics of a set of images: the leaves of its groups, into the folder that all parts share.
 * `collectStatistics` writes the file once every part is made. What is there is left: a part may be made again after it
 * was interrupted, or twice.
 * @throws GanEvalError `usage.part`, `usage.leaf-group`, `usage.stats-format`, `usage.leaves-of-generator`,
 *   `input.cannot-write`, and what images and extractors throw
 */
export async function makeStatisticsPart(options: StatisticsPartOptions): Promise<MadePart> {
  const { out, work = outToWork(out), part, leafGroup } = options;
  const format = requireMoments(out, options.format);
  format.requireExtractor?.(extractorToName(toFeatureSettings(options).extractor));
  const groups = { part, ...(leafGroup !== undefined && { leafGroup }) };
  const { leaves, of, warnings } = await extractLeaves({
    ...options,
    work,
    spatial: format.spatial === true,
    ranges: (plan) => planToGroups(plan, groups),
  });
  const count = leaves.reduce((sum, made) => sum + made.count, 0);
  return { work, part, leaves, of, count, warnings };
}

/**
 * Joins the parts of a set of images to its statistics: the bytes that `makeStatistics` would write on one machine. Reads
 * the names of the images, but neither images nor networks.
 * @throws GanEvalError `input.leaves-missing` naming them, `input.unlike-leaves`, `usage.stats-format`,
 *   `usage.leaves-of-generator`, `input.cannot-write`
 */
export async function collectStatistics(given: SharedStatisticsOptions): Promise<MadeStatistics> {
  const options = toFeatureSettings(given);
  const { out, work = outToWork(out), ddof = MEASUREMENT_ROWS.ddof.default } = options;
  const format = requireMoments(out, options.format);
  const side = await openSide(options.images, { ...options, extractor: extractorToName(options.extractor) });
  if (side.kind !== "images")
    throw new GanEvalError(
      "input.already-statistics",
      `expected the images that the parts are of, got ${side.kind} in ${side.location}`,
      { hint: "Give the same images as to --part. `gan-eval stats merge` joins statistics files." },
    );
  try {
    await requireParts([side], options.split);
    const plan = sourceToLeafPlan(side.source);
    const { onProgress, signal } = options;
    const { statistics, warnings } = await collectLeaves({ work, plan, ddof, onProgress, signal });
    options.signal?.throwIfAborted();
    await format.write(out, statistics, extractorToName(options.extractor));
    return {
      out,
      count: statistics.n,
      dims: statistics.mu.length,
      origin: statistics.origin,
      warnings: [...warnings, ...statisticsToWarnings(format, statistics)],
    };
  } finally {
    await side.source.close();
  }
}
