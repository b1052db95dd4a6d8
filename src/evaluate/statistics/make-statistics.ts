/** Writes the statistics, or the features, of one set of images to a file. */
import { GanEvalError, type Warning } from "../../errors.ts";
import { type Features, featuresToMoments, type Moments } from "../../math/features/statistics.ts";
import { extractorToStated } from "../arithmetic.ts";
import { countsToBatchSize } from "../batch-size.ts";
import { extractorToIsa } from "../computed-on.ts";
import { gatherSide, sourceWarnings } from "../gather.ts";
import { type Images, imagesToOpenable } from "../images.ts";
import { openCache } from "../open-cache.ts";
import { MEASUREMENT_ROWS } from "../option-rows.ts";
import type { FeatureOptions } from "../options.ts";
import { extractorToName, openNamedOrOwn } from "../own-extractor.ts";
import { openSide, requireParts, type Side } from "../sides/side.ts";
import { type FeatureSettings, toFeatureSettings } from "../with-option-defaults.ts";
import { type FeatureOrigin, momentsToFeatureStatistics, type StatisticsFile } from "./statistics-file.ts";
import {
  fileToStatisticsFormat,
  type StatisticsFormat,
  type StatisticsFormatName,
  statisticsToWarnings,
} from "./statistics-formats.ts";

export interface MakeStatisticsOptions extends FeatureOptions {
  /** Images, or features in any file that a side may be. */
  readonly images: Images;
  /** The file to write. */
  readonly out: string;
  /** Of which program (default: by the ending of `out`). */
  readonly format?: StatisticsFormatName;
  /** The covariance divides by n - ddof (default 1). */
  readonly ddof?: 0 | 1;
}

export interface MadeStatistics {
  readonly out: string;
  readonly count: number;
  readonly dims: number;
  readonly origin: FeatureOrigin;
  readonly warnings: readonly Warning[];
}

/** What a format is written from: features, or moments. */
interface Made {
  readonly features?: Features;
  readonly moments?: Moments;
  readonly spatial?: Moments;
  readonly origin: FeatureOrigin;
  readonly warnings: readonly Warning[];
}

/** The Inception network's, which ends named beside it leave out. */
const USUAL_END = "2048";

async function sideToMade(
  side: Side,
  format: StatisticsFormat,
  options: FeatureSettings<MakeStatisticsOptions>,
): Promise<Made> {
  const wantsRows = format.of === "features";
  if (side.kind === "statistics")
    throw new GanEvalError(
      "input.already-statistics",
      `expected images or features, got statistics in ${side.location}`,
      {
        hint: "A statistics file works directly as --real or --fake. `gan-eval stats merge A --out B` converts it.",
      },
    );
  if (side.kind === "features") {
    const { features, origin } = side;
    return { features, origin, warnings: [], ...(!wantsRows && { moments: featuresToMoments(features) }) };
  }
  if (format.of === "statistics") format.requireExtractor?.(extractorToName(options.extractor));
  const wantsSpatial = format.of === "statistics" && format.spatial && options.extractor === "inception";
  const ends = wantsSpatial
    ? [options.featureEnd ?? USUAL_END, "spatial"]
    : options.featureEnd === undefined
      ? undefined
      : [options.featureEnd];
  const batchSize = countsToBatchSize([side.source.count], options.batchSize);
  const { extractor, close } = await openNamedOrOwn({ ...options, batchSize }, ends);
  try {
    const featureEnd = options.featureEnd ?? extractor.featureEnd;
    const requests = [
      { end: featureEnd, rows: wantsRows, moments: !wantsRows },
      ...(wantsSpatial ? [{ end: "spatial", rows: false, moments: true }] : []),
    ];
    const cache = typeof options.extractor === "string" ? await openCache(options) : undefined;
    const gathered = await gatherSide(side.source, [{ extractor, requests }], "images", {
      ...options,
      batchSize,
      ...(cache && { featureCache: cache }),
    });
    await cache?.trim();
    const { [featureEnd]: made, spatial } = gathered.ends[0];
    const warnings = [
      ...sourceWarnings(gathered, extractor),
      ...gathered.extractorWarnings,
      ...(extractor.warnings?.() ?? []),
      ...(cache?.warnings() ?? []),
    ];
    const origin = {
      extractor: extractor.id,
      extractorHash: extractor.hash,
      featureEnd,
      resize: extractor.resize,
      ...extractorToIsa(extractor),
      ...extractorToStated(extractor),
    };
    return {
      ...(made!.rows && { features: made!.rows }),
      ...(made!.moments && { moments: made!.moments }),
      ...(spatial?.moments && { spatial: spatial.moments }),
      origin,
      warnings,
    };
  } finally {
    await close();
  }
}

/**
 * Mean and covariance of the features of an image set, or the features themselves, in a file for this or another
 * program.
 * @throws GanEvalError `usage.stats-format`, and what images and extractors throw
 */
export async function makeStatistics(given: MakeStatisticsOptions): Promise<MadeStatistics> {
  const options = toFeatureSettings(given);
  const { out, ddof = MEASUREMENT_ROWS.ddof.default } = options;
  const extractor = extractorToName(options.extractor);
  const format = fileToStatisticsFormat(out, options.format);
  const side = await openSide(imagesToOpenable(options.images, "images"), { ...options, extractor });
  try {
    await requireParts([side], options.split);
    const { features, moments, spatial, origin, warnings } = await sideToMade(side, format, options);
    options.signal?.throwIfAborted();
    if (format.of === "features") {
      await format.write(out, features!, origin);
      return { out, count: features!.rows, dims: features!.width, origin, warnings };
    }
    const statistics: StatisticsFile = {
      ...momentsToFeatureStatistics(moments!, ddof),
      n: moments!.n,
      ddof,
      origin,
      ...(spatial && { spatial: momentsToFeatureStatistics(spatial, ddof) }),
    };
    await format.write(out, statistics, extractor);
    return {
      out,
      count: moments!.n,
      dims: moments!.d,
      origin,
      warnings: [...warnings, ...statisticsToWarnings(format, statistics)],
    };
  } finally {
    if (side.kind === "images") await side.source.close();
  }
}
