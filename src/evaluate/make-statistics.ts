import { GanEvalError, type Warning } from "../errors.ts";
import { featuresToMoments, type Moments, momentsToCovariance } from "../metrics/statistics.ts";
import { countsToBatchSize } from "./batch-size.ts";
import { picturesToFeatures, sourceWarnings } from "./extract.ts";
import type { FeatureOptions } from "./options.ts";
import { openSide, type Side } from "./side.ts";
import { type FeatureOrigin, type StatisticsFile, writeStatistics } from "./statistics-file.ts";

export interface MakeStatisticsOptions extends FeatureOptions {
  /** Pictures, or features in an npz or npy. */
  readonly images: string;
  /** The npz to write. */
  readonly out: string;
  readonly ddof: 0 | 1;
}

export interface MadeStatistics {
  readonly out: string;
  readonly count: number;
  readonly dims: number;
  readonly origin: FeatureOrigin;
  readonly warnings: readonly Warning[];
}

interface Made {
  readonly moments: Moments;
  readonly origin: FeatureOrigin;
  readonly warnings: readonly Warning[];
}

async function sideToMoments(side: Side, options: MakeStatisticsOptions): Promise<Made> {
  if (side.kind === "statistics")
    throw new GanEvalError(
      "input.already-statistics",
      `expected pictures or features, got statistics in ${side.location}`,
      {
        hint: "A statistics file can be given to --real or --fake as it is.",
      },
    );
  if (side.kind === "features")
    return { moments: featuresToMoments(side.features), origin: side.origin, warnings: [] };
  const { openExtractor } = await import("./open-extractor.ts");
  const fitting = { ...options, batchSize: countsToBatchSize([side.source.count], options.batchSize) };
  const { extractor, close } = await openExtractor(fitting, options.featureEnd && [options.featureEnd]);
  try {
    const featureEnd = options.featureEnd ?? extractor.featureEnd;
    const { moments } = await picturesToFeatures(side.source, extractor, { featureEnd }, "pictures", fitting);
    const warnings = [...sourceWarnings(side.source, extractor), ...(extractor.warnings?.() ?? [])];
    const origin = {
      extractor: extractor.id,
      extractorHash: extractor.hash,
      featureEnd,
      resize: extractor.resize,
    };
    return { moments: moments!, origin, warnings };
  } finally {
    await close();
  }
}

/** Mean and covariance of the features of a picture set, written as npz for this and other programs. */
export async function makeStatistics(options: MakeStatisticsOptions): Promise<MadeStatistics> {
  const side = await openSide(options.images, options);
  try {
    const { moments, origin, warnings } = await sideToMoments(side, options);
    const statistics: StatisticsFile = {
      mu: moments.mean,
      sigma: momentsToCovariance(moments, options.ddof),
      n: moments.n,
      ddof: options.ddof,
      origin,
    };
    await writeStatistics(options.out, statistics);
    return { out: options.out, count: moments.n, dims: moments.d, origin, warnings };
  } finally {
    if (side.kind === "pictures") await side.source.close();
  }
}
