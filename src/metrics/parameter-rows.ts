/**
 * Parameters of metrics, by metric: what each may be, its default, and what help says of it. Apart from the metrics
 * themselves, so that help loads none of them.
 */
import { SSIM_CONVENTIONS } from "../math/images/ssim-conventions.ts";
import { integer, number, type OptionKind, oneOf, toggle } from "../options/kinds.ts";
import { type OptionRow, option } from "../options/option.ts";
import { SEED_OPTION } from "../options/seed.ts";
import type { OptionTable } from "../options/table.ts";

const zeroOrOne = integer(0, 1) as OptionKind<0 | 1>;

/** Parameters that several metrics share: a measurement has one option for all of them. */
export const SHARED_PARAMETER_ROWS = {
  splits: option({
    group: "Measurement",
    kind: integer(1, 1_000_000),
    value: "N",
    default: 10,
    summary: "splits of the Inception Score; its spread is over them",
  }),
  shuffle: option({
    group: "Measurement",
    kind: toggle(),
    default: true,
    summary: "shuffle before splitting for the Inception Score",
  }),
  seed: SEED_OPTION,
  ddof: option({
    group: "Measurement",
    kind: zeroOrOne,
    value: "N",
    default: 1,
    summary: "covariance divides by n - N",
  }),
} as const;
const { splits, shuffle, seed, ddof } = SHARED_PARAMETER_ROWS;

/** @param note said after the default: what it means, or where it is another */
const parameter = <T>({
  note,
  ...row
}: Omit<OptionRow<T>, "group" | "defaultText"> & { readonly note?: string }): OptionRow<T> => ({
  group: "Metrics",
  ...row,
  ...(note !== undefined && { defaultText: `${row.default}${note}` }),
});

/** @param flag of the metric, since k alone would say nothing */
const neighbours = (flag: string, usual: number) =>
  parameter({
    kind: integer(1),
    value: "K",
    flag,
    default: usual,
    summary: "radius of each ball: distance to the K-th nearest neighbour",
  });

const kernelWidth = parameter({
  kind: number(1e-12),
  value: "X",
  default: 10,
  summary: "width of the Gaussian kernel, in units of the features",
});

const EXTRAPOLATION = {
  points: parameter({ kind: integer(2), value: "N", default: 15, summary: "sample sizes to evaluate at" }),
  smallest: parameter({
    kind: integer(2),
    value: "N",
    default: 5000,
    summary: "smallest of these sample sizes",
  }),
  seed,
} as const;

export const PARAMETER_ROWS = {
  kid: {
    subsets: parameter({ kind: integer(1), value: "N", default: 100, summary: "number of random subsets" }),
    subsetSize: parameter({
      kind: integer(2),
      value: "N",
      default: 1000,
      summary: "images per side in each subset",
    }),
    kernel: parameter({
      kind: oneOf(["polynomial", "rbf"]),
      value: "NAME",
      default: "polynomial",
      summary: "kernel between two images",
    }),
    degree: parameter({
      kind: integer(1, 100),
      value: "N",
      default: 3,
      summary: "degree of the polynomial kernel",
    }),
    gamma: parameter({
      kind: number(0),
      value: "X",
      default: 0,
      note: ": 1 / number of features",
      summary: "scale factor of the polynomial kernel",
    }),
    coef0: parameter({
      kind: number(0),
      value: "X",
      default: 1,
      summary: "constant of the polynomial kernel",
    }),
    sigma: parameter({ kind: number(1e-12), value: "X", default: 10, summary: "width of the rbf kernel" }),
    seed,
    draw: parameter({
      kind: oneOf(["torch-fidelity", "clean-fid", "torchmetrics"]),
      value: "LIBRARY",
      default: "torch-fidelity",
      summary: "library whose subset sampling is reproduced",
    }),
  },
  is: {
    splits,
    shuffle,
    seed,
    parts: parameter({
      kind: oneOf(["even", "chunks"]),
      value: "HOW",
      default: "even",
      summary: "how images are divided into splits",
    }),
    partSize: parameter({
      kind: integer(0),
      value: "N",
      default: 0,
      note: ": set by --splits",
      summary: "images per split",
    }),
    draw: parameter({
      kind: oneOf(["numpy", "torch"]),
      value: "LIBRARY",
      default: "numpy",
      summary: "library whose random generator shuffles the images",
    }),
    stdDdof: parameter({
      kind: integer(0, 1),
      value: "N",
      default: 0,
      summary: "standard deviation over splits: divide by their number minus N",
    }),
  },
  "fid-inf": EXTRAPOLATION,
  "is-inf": EXTRAPOLATION,
  mind: {
    projections: parameter({
      kind: integer(1),
      value: "N",
      default: 1000,
      summary: "random directions to project features on",
    }),
    seed,
  },
  swd: {
    directions: parameter({
      kind: integer(1),
      value: "N",
      default: 512,
      summary: "directions that features are projected on",
    }),
    seed,
  },
  "lap-swd": {
    pictures: parameter({ kind: integer(2), value: "N", default: 8192, summary: "images per side, at most" }),
    patches: parameter({
      kind: integer(1),
      value: "N",
      default: 128,
      summary: "patches per image at each level",
    }),
    directions: parameter({
      kind: integer(1),
      value: "N",
      default: 512,
      summary: "random directions to project patches on",
    }),
    seed,
  },
  pr: { k: neighbours("pr-neighbours", 3) },
  dc: { k: neighbours("dc-neighbours", 5) },
  realism: { k: neighbours("realism-neighbours", 3) },
  "clipped-dc": { k: neighbours("clipped-dc-neighbours", 5) },
  "sym-pr": { k: neighbours("sym-pr-neighbours", 5) },
  "p-pr": {
    k: parameter({
      kind: integer(1),
      value: "K",
      flag: "p-pr-neighbours",
      default: 4,
      summary: "radius of a side: 1.2 times the mean distance to the K-th nearest neighbour",
    }),
  },
  "pr-cover": {
    k: parameter({
      kind: integer(1),
      value: "K",
      flag: "pr-cover-neighbours",
      default: 3,
      summary: "samples of the other side that a ball is to hold",
    }),
    factor: parameter({
      kind: integer(1),
      value: "N",
      default: 3,
      summary: "radius of each ball: distance to the nearest neighbour number N times K",
    }),
  },
  rarity: { k: neighbours("rarity-neighbours", 3) },
  rke: { sigma: kernelWidth },
  rrke: {
    sigma: kernelWidth,
    samples: parameter({
      kind: integer(1, 8000),
      value: "N",
      default: 500,
      summary: "samples per side, at most: the work grows with their cube",
    }),
    seed,
  },
  ct: {
    cells: parameter({
      kind: integer(1),
      value: "N",
      default: 3,
      summary: "clusters of real features, each of which is tested alone",
    }),
    seed,
  },
  fwd: {
    levels: parameter({
      kind: integer(1, 8),
      value: "N",
      default: 4,
      summary: "levels of the wavelet packets; image sides are to be multiples of 2^N",
    }),
    logScale: parameter({
      kind: toggle(),
      default: false,
      summary: "compare the logarithms of the coefficients' sizes",
    }),
  },
  fld: {
    samples: parameter({
      kind: integer(2),
      value: "N",
      default: 10_000,
      summary: "samples per side, at most: memory and time grow with their square",
    }),
    seed,
  },
  prd: {
    clusters: parameter({
      kind: integer(2),
      value: "N",
      default: 20,
      summary: "clusters over both sides together",
    }),
    runs: parameter({ kind: integer(1), value: "N", default: 10, summary: "clusterings to average" }),
    angles: parameter({ kind: integer(3), value: "N", default: 1001, summary: "points on the curve" }),
    seed,
  },
  ndb: {
    bins: parameter({
      kind: integer(2),
      value: "N",
      default: 100,
      summary: "bins to cluster real features into",
    }),
    significance: parameter({
      kind: number(0, 1),
      value: "X",
      default: 0.05,
      summary: "significance level of the test in each bin",
    }),
    whitening: parameter({
      kind: toggle(),
      default: false,
      summary: "divide features by their standard deviations first",
    }),
    seed,
  },
  birthday: {
    quantile: parameter({
      kind: number(0, 1),
      value: "X",
      default: 0.01,
      summary: "quantile of real-to-real distances below which two fakes count as duplicates",
    }),
    samples: parameter({
      kind: integer(2),
      value: "N",
      default: 10_000,
      summary: "fakes to compare, at most",
    }),
    seed,
  },
  "ms-ssim": {
    batches: parameter({ kind: integer(1), value: "N", default: 5, summary: "batches of images" }),
    size: parameter({
      kind: integer(2),
      value: "N",
      default: 64,
      summary: "images per batch, compared in pairs",
    }),
    seed,
  },
  modes: {
    places: parameter({
      kind: integer(1, 6),
      value: "N",
      default: 1,
      note: "; 3 for stacked-digits",
      summary: "classes shown side by side in each image",
    }),
    reference: parameter({
      kind: oneOf(["uniform", "real"]),
      value: "NAME",
      default: "uniform",
      summary: "class frequencies to compare the fakes with",
    }),
  },
  mifid: {
    threshold: parameter({
      kind: number(0),
      value: "X",
      default: 0.1,
      summary: "memorization distance at or above which nothing counts as copied",
    }),
  },
  psnr: {
    pooling: parameter({
      kind: oneOf(["mean", "pooled"]),
      value: "HOW",
      aliases: ["psnr"],
      default: "mean",
      summary: "mean of the images' values, or of the squared error of all images together (torchmetrics)",
    }),
  },
  ssim: {
    convention: parameter({
      kind: oneOf(SSIM_CONVENTIONS),
      value: "LIBRARY",
      default: "wang",
      summary: "window, moments and edges of Wang et al. (BasicSR, TensorFlow), or of a library",
    }),
  },
  fid: { ddof },
  "1nn": { seed },
  "nn-ratio": { seed },
} as const;

type Defaults<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends OptionRow<infer T> ? Widened<T> : never;
};
/** A metric's functions take any text and refuse what they do not know. */
type Widened<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : never;

/** What a metric measures with unless it is told otherwise. */
export const parametersToDefaults = <const Table extends OptionTable>(table: Table): Defaults<Table> =>
  Object.fromEntries(Object.entries(table).map(([name, row]) => [name, row.default])) as Defaults<Table>;
