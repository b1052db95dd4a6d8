/** gan-eval/metrics: the metrics' own functions of features, logits and pictures; their rows; moments. No network is loaded. */

export { type ErrorCode, type ErrorKind, GanEvalError, type Warning } from "./errors.ts";
export type { Picture } from "./images/source.ts";
export { type Authenticity, featuresToAuthenticity } from "./metrics/authenticity.ts";
export {
  type BirthdayEstimate,
  type ClosePairs,
  featuresToClosePairs,
  featuresToSupport,
} from "./metrics/birthday.ts";
export {
  type ClassCoverage,
  channelsToClasses,
  classesToCoverage,
  logitsToClasses,
  logitsToStackedClasses,
} from "./metrics/class-coverage.ts";
export { embeddingsToCmmd, featuresToUnitRows } from "./metrics/cmmd.ts";
export { defineMetric } from "./metrics/define-metric.ts";
export {
  type DensityCoverage,
  type DensityCoverageOptions,
  featuresToDensityCoverage,
} from "./metrics/density-coverage.ts";
export type { ExtrapolationParameters } from "./metrics/extrapolation.ts";
export {
  createMomentsAccumulator,
  type Features,
  featuresToMoments,
  type Moments,
  type MomentsAccumulator,
  mergeMoments,
  momentsToCovariance,
} from "./metrics/features/statistics.ts";
export { featuresToFidInfinity } from "./metrics/fid-infinity.ts";
export {
  type FeatureStatistics,
  type FrechetDistance,
  type FrechetOptions,
  featuresToFrechet,
  momentsToFrechet,
  statisticsToFrechet,
} from "./metrics/frechet.ts";
export {
  type InceptionScore,
  type InceptionScoreOptions,
  logitsToInceptionScore,
} from "./metrics/inception-score.ts";
export type { OfHalves, OfQuarters } from "./metrics/intervals/halves.ts";
export { logitsToIsInfinity } from "./metrics/is-infinity.ts";
export { featuresToKid, type KernelInceptionDistance, type KidOptions } from "./metrics/kid.ts";
export {
  type LaplacianDistance,
  picturesToLaplacianDistance,
} from "./metrics/laplacian-sliced-wasserstein.ts";
export type { TraceOfRoot } from "./metrics/linalg/trace-of-root.ts";
export type {
  Blocks,
  Direction,
  Ingredient,
  Least,
  Metric,
  MetricContext,
  Parameters,
  ParameterValue,
  Role,
  SideData,
  Sides,
  Values,
  WidenedParameters,
} from "./metrics/metric.ts";
export { featuresToMifid, type MemorizationInformedFrechet } from "./metrics/mifid.ts";
export { featuresToMind } from "./metrics/mind.ts";
export { type Mixture, type ModeCoverage, samplesToModeCoverage } from "./metrics/mode-coverage.ts";
export { logitsToModeScore } from "./metrics/mode-score.ts";
export { picturesToMsSsim } from "./metrics/ms-ssim.ts";
export { type DifferentBins, featuresToDifferentBins } from "./metrics/ndb.ts";
export {
  featuresToNearestNeighbourTest,
  type NearestNeighbourTest,
} from "./metrics/nearest-neighbour-test.ts";
export { featuresToNeighbourRatio, type NeighbourRatio } from "./metrics/neighbour-ratio.ts";
export type { ScanOptions } from "./metrics/neighbours/pair-scan.ts";
export type { Levels } from "./metrics/pictures/structural-similarity.ts";
export { featuresToPrd, histogramsToPrd, type PrdCurve, prdToF } from "./metrics/prd.ts";
export {
  featuresToPrecisionRecall,
  type PrecisionRecall,
  type PrecisionRecallOptions,
} from "./metrics/precision-recall.ts";
export { featuresToRealism, type RealismOptions } from "./metrics/realism.ts";
export {
  featuresToSlicedWasserstein,
  type SlicedWassersteinOptions,
  samplesToSlicedWasserstein,
} from "./metrics/sliced-wasserstein.ts";
export { idToMetric, type MetricId, metricIds, metrics, valuesToKeys, valueToKey } from "./metrics/table.ts";
export { featuresToVendi } from "./metrics/vendi.ts";
