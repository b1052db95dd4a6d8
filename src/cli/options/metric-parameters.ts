/** Parameters of single metrics: `--kid-subsets` is `subsets` of `kid`. */
import { SSIM_CONVENTIONS } from "../../math/images/ssim.ts";
import type { ParameterValue } from "../../metrics/metric.ts";
import type { MetricId } from "../../metrics/table.ts";
import { integer, number, type OptionKind, oneOf, optional, toggle } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

/** What a parameter is; its default is the metric's own, said here for help (a test holds the two together). */
const parameter = <T extends ParameterValue>(
  metric: MetricId,
  name: string,
  kind: OptionKind<T>,
  [value, defaultText]: readonly [value: string | undefined, defaultText: string],
  summary: string,
  flag?: string,
  aliases?: readonly string[],
) => ({
  metric,
  parameter: name,
  option: option({
    group: "Metrics",
    kind: optional(kind),
    ...(value !== undefined && { value }),
    ...(flag !== undefined && { flag }),
    ...(aliases && { aliases }),
    default: undefined,
    defaultText,
    summary: `${metric}: ${summary}`,
  }),
});

const ROWS = {
  kidSubsets: parameter("kid", "subsets", integer(1), ["N", "100"], "number of random subsets"),
  kidSubsetSize: parameter("kid", "subsetSize", integer(2), ["N", "1000"], "images per side in each subset"),
  kidKernel: parameter(
    "kid",
    "kernel",
    oneOf(["polynomial", "rbf"]),
    ["NAME", "polynomial"],
    "kernel between two images",
  ),
  kidDegree: parameter("kid", "degree", integer(1, 100), ["N", "3"], "degree of the polynomial kernel"),
  kidGamma: parameter(
    "kid",
    "gamma",
    number(0),
    ["X", "0: 1 / number of features"],
    "scale factor of the polynomial kernel",
  ),
  kidCoef0: parameter("kid", "coef0", number(0), ["X", "1"], "constant of the polynomial kernel"),
  kidSigma: parameter("kid", "sigma", number(1e-12), ["X", "10"], "width of the rbf kernel"),
  kidDraw: parameter(
    "kid",
    "draw",
    oneOf(["torch-fidelity", "clean-fid", "torchmetrics"]),
    ["LIBRARY", "torch-fidelity"],
    "library whose subset sampling is reproduced",
  ),
  isParts: parameter(
    "is",
    "parts",
    oneOf(["even", "chunks"]),
    ["HOW", "even"],
    "how images are divided into splits",
  ),
  isPartSize: parameter("is", "partSize", integer(0), ["N", "0: set by --splits"], "images per split"),
  isDraw: parameter(
    "is",
    "draw",
    oneOf(["numpy", "torch"]),
    ["LIBRARY", "numpy"],
    "library whose random generator shuffles the images",
  ),
  isStdDdof: parameter(
    "is",
    "stdDdof",
    integer(0, 1),
    ["N", "0"],
    "standard deviation over splits: divide by their number minus N",
  ),
  fidInfPoints: parameter("fid-inf", "points", integer(2), ["N", "15"], "sample sizes to evaluate at"),
  fidInfSmallest: parameter(
    "fid-inf",
    "smallest",
    integer(2),
    ["N", "5000"],
    "smallest of these sample sizes",
  ),
  isInfPoints: parameter("is-inf", "points", integer(2), ["N", "15"], "sample sizes to evaluate at"),
  isInfSmallest: parameter("is-inf", "smallest", integer(2), ["N", "5000"], "smallest of these sample sizes"),
  mindProjections: parameter(
    "mind",
    "projections",
    integer(1),
    ["N", "1000"],
    "random directions to project features on",
  ),
  swdDirections: parameter(
    "swd",
    "directions",
    integer(1),
    ["N", "512"],
    "directions that features are projected on",
  ),
  lapSwdPictures: parameter("lap-swd", "pictures", integer(2), ["N", "8192"], "images per side, at most"),
  lapSwdPatches: parameter("lap-swd", "patches", integer(1), ["N", "128"], "patches per image at each level"),
  lapSwdDirections: parameter(
    "lap-swd",
    "directions",
    integer(1),
    ["N", "512"],
    "random directions to project patches on",
  ),
  prK: parameter(
    "pr",
    "k",
    integer(1),
    ["K", "3"],
    "radius of each ball: distance to the K-th nearest neighbour",
    "pr-neighbours",
  ),
  dcK: parameter(
    "dc",
    "k",
    integer(1),
    ["K", "5"],
    "radius of each ball: distance to the K-th nearest neighbour",
    "dc-neighbours",
  ),
  realismK: parameter(
    "realism",
    "k",
    integer(1),
    ["K", "3"],
    "radius of each ball: distance to the K-th nearest neighbour",
    "realism-neighbours",
  ),
  prdClusters: parameter("prd", "clusters", integer(2), ["N", "20"], "clusters over both sides together"),
  prdRuns: parameter("prd", "runs", integer(1), ["N", "10"], "clusterings to average"),
  prdAngles: parameter("prd", "angles", integer(3), ["N", "1001"], "points on the curve"),
  ndbBins: parameter("ndb", "bins", integer(2), ["N", "100"], "bins to cluster real features into"),
  ndbSignificance: parameter(
    "ndb",
    "significance",
    number(0, 1),
    ["X", "0.05"],
    "significance level of the test in each bin",
  ),
  ndbWhitening: parameter(
    "ndb",
    "whitening",
    toggle(),
    [undefined, "off"],
    "divide features by their standard deviations first",
  ),
  birthdayQuantile: parameter(
    "birthday",
    "quantile",
    number(0, 1),
    ["X", "0.01"],
    "quantile of real-to-real distances below which two fakes count as duplicates",
  ),
  birthdaySamples: parameter("birthday", "samples", integer(2), ["N", "10000"], "fakes to compare, at most"),
  msSsimBatches: parameter("ms-ssim", "batches", integer(1), ["N", "5"], "batches of images"),
  msSsimSize: parameter("ms-ssim", "size", integer(2), ["N", "64"], "images per batch, compared in pairs"),
  modesPlaces: parameter(
    "modes",
    "places",
    integer(1, 6),
    ["N", "1; 3 for stacked-digits"],
    "classes shown side by side in each image",
  ),
  modesReference: parameter(
    "modes",
    "reference",
    oneOf(["uniform", "real"]),
    ["NAME", "uniform"],
    "class frequencies to compare the fakes with",
  ),
  mifidThreshold: parameter(
    "mifid",
    "threshold",
    number(0),
    ["X", "0.1"],
    "memorization distance at or above which nothing counts as copied",
  ),
  psnrPooling: parameter(
    "psnr",
    "pooling",
    oneOf(["mean", "pooled"]),
    ["HOW", "mean"],
    "mean of the images' values, or of the squared error of all images together (torchmetrics)",
    undefined,
    ["psnr"],
  ),
  ssimConvention: parameter(
    "ssim",
    "convention",
    oneOf(SSIM_CONVENTIONS),
    ["LIBRARY", "wang"],
    "window, moments and edges of Wang et al. (BasicSR, TensorFlow), or of a library",
  ),
} as const;

export type MetricParameterName = keyof typeof ROWS;

/** Which metric's parameter an option is. */
export const METRIC_PARAMETERS: Readonly<
  Record<MetricParameterName, { readonly metric: MetricId; readonly parameter: string }>
> = ROWS;

export const METRIC_PARAMETER_OPTIONS = Object.fromEntries(
  Object.entries(ROWS).map(([name, row]) => [name, row.option]),
) as { readonly [Name in MetricParameterName]: (typeof ROWS)[Name]["option"] };

export const METRIC_PARAMETER_NAMES = Object.keys(ROWS) as MetricParameterName[];
