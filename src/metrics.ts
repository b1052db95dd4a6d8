/** gan-eval/metrics: the metrics' own functions of features, logits and images; their rows; moments. No network is loaded. */

export { type ErrorCode, type ErrorKind, GanEvalError, type Warning } from "./errors.ts";
export type { Image } from "./images/source.ts";
export {
  type ClassCoverage,
  channelsToClasses,
  classesToCoverage,
  logitsToClasses,
  logitsToStackedClasses,
} from "./math/clusters/class-coverage.ts";
export { type Mixture, type ModeCoverage, samplesToModeCoverage } from "./math/clusters/mode-coverage.ts";
export type { ComputeContext } from "./math/compute-context.ts";
export type { LeafOptions, LeafRange } from "./math/features/leaves.ts";
export {
  createMomentsAccumulator,
  type Features,
  featuresToMoments,
  type Moments,
  type MomentsAccumulator,
  type MomentsOptions,
  mergeMoments,
  momentsToCovariance,
} from "./math/features/statistics.ts";
export type { PlaneOptions } from "./math/images/image-planes.ts";
export { imagesToSsim, type SsimOptions } from "./math/images/ssim.ts";
export type { SsimConvention } from "./math/images/ssim-conventions.ts";
export type { Levels } from "./math/images/structural-similarity.ts";
export type { Blocks } from "./math/intervals/blocks.ts";
export type { HalfValues, QuarterValues } from "./math/intervals/split-halves.ts";
export type { TraceOfRoot } from "./math/linalg/trace-of-root.ts";
export type { Role } from "./math/role.ts";
export {
  featuresToNearestNeighbourTest,
  type NearestNeighbourTest,
} from "./metrics/1nn.ts";
export { type Authenticity, featuresToAuthenticity } from "./metrics/authpct.ts";
export {
  type BirthdayEstimate,
  type ClosePairs,
  featuresToClosePairs,
  featuresToSupport,
} from "./metrics/birthday.ts";
export {
  type ClippedDensityCoverage,
  type ClippedDensityCoverageOptions,
  featuresToClippedDensityCoverage,
} from "./metrics/clipped-dc.ts";
export { embeddingsToCmmd, featuresToUnitRows } from "./metrics/cmmd.ts";
export { featuresToCopyingTest } from "./metrics/ct.ts";
export {
  type DensityCoverage,
  type DensityCoverageOptions,
  featuresToDensityCoverage,
} from "./metrics/dc.ts";
export { defineMetric } from "./metrics/define-metric.ts";
export type { ExtrapolationParameters } from "./metrics/extrapolation.ts";
export {
  type FeatureStatistics,
  type FrechetDistance,
  type FrechetOptions,
  featuresToFrechet,
  momentsToFrechet,
  statisticsToFrechet,
} from "./metrics/fid.ts";
export { featuresToFidInfinity } from "./metrics/fid-inf.ts";
export { type FeatureLikelihood, featuresToLikelihood } from "./metrics/fld.ts";
export { imagesToWaveletDistance, type WaveletOptions } from "./metrics/fwd.ts";
export type {
  Columns,
  ComparedImages,
  ImageComparison,
  NetworkDistance,
} from "./metrics/image-comparison.ts";
export {
  type InceptionScore,
  type InceptionScoreOptions,
  logitsToInceptionScore,
} from "./metrics/is.ts";
export { logitsToIsInfinity } from "./metrics/is-inf.ts";
export { featuresToKid, type KernelInceptionDistance, type KidOptions } from "./metrics/kid.ts";
export { imagesToL1 } from "./metrics/l1.ts";
export {
  imagesToLaplacianDistance,
  type LaplacianDistance,
} from "./metrics/lap-swd.ts";
export type {
  Direction,
  Least,
  Metric,
  MetricContext,
  Parameters,
  ParameterValue,
  Requirement,
  SideData,
  Sides,
  Values,
  WidenedParameters,
} from "./metrics/metric.ts";
export { featuresToMifid, type MemorizationInformedFrechet } from "./metrics/mifid.ts";
export { featuresToMind } from "./metrics/mind.ts";
export { logitsToModeScore } from "./metrics/mode-score.ts";
export { imagesToMsSsim } from "./metrics/ms-ssim.ts";
export { type DifferentBins, featuresToDifferentBins } from "./metrics/ndb.ts";
export { featuresToNeighbourRatio, type NeighbourRatio } from "./metrics/nn-ratio.ts";
export {
  featuresToProbabilisticPrecisionRecall,
  type ProbabilisticPrecisionRecall,
  type ProbabilisticPrecisionRecallOptions,
} from "./metrics/p-pr.ts";
export {
  featuresToPrecisionRecall,
  type PrecisionRecall,
  type PrecisionRecallOptions,
} from "./metrics/pr.ts";
export {
  featuresToPrecisionRecallCover,
  type PrecisionRecallCover,
  type PrecisionRecallCoverOptions,
} from "./metrics/pr-cover.ts";
export { featuresToPrd, histogramsToPrd, type PrdCurve, prdToF } from "./metrics/prd.ts";
export { imagesToPsnr } from "./metrics/psnr.ts";
export { featuresToRarity, type RarityOptions } from "./metrics/rarity.ts";
export { featuresToRealism, type RealismOptions } from "./metrics/realism.ts";
export { featuresToModeCount, type RenyiOptions } from "./metrics/rke.ts";
export { featuresToRelativeEntropy } from "./metrics/rrke.ts";
export {
  featuresToSlicedWasserstein,
  type SlicedWassersteinOptions,
  samplesToSlicedWasserstein,
} from "./metrics/swd.ts";
export {
  featuresToSymmetricPrecisionRecall,
  type SymmetricPrecisionRecall,
  type SymmetricPrecisionRecallOptions,
} from "./metrics/sym-pr.ts";
export { idToMetric, type MetricId, metricIds, metrics, valuesToKeys, valueToKey } from "./metrics/table.ts";
export { featuresToVendi } from "./metrics/vendi.ts";
