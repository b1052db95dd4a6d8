/** The Frechet distance (FID) of features, of their moments or of saved statistics. */

import { GanEvalError } from "../errors.ts";
import type { ComputeContext } from "../math/compute-context.ts";
import {
  checkCount,
  type Features,
  featuresToMoments,
  type Moments,
  momentsToCovariance,
  openLeavingOut,
} from "../math/features/statistics.ts";
import type { Blocks } from "../math/intervals/blocks.ts";
import { type SemiDefinite, type TraceOfRoot, traceOfRoot } from "../math/linalg/trace-of-root.ts";
import { metric, type SideData, type Sides } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

/** A normal distribution over features: mean [d], covariance [d, d] row-major. */
export interface FeatureStatistics {
  readonly mu: Float64Array;
  readonly sigma: Float64Array;
}

export interface FrechetDistance {
  /** The distance, with rounding below zero (the same set twice) set to zero. */
  readonly distance: number;
  /** The sum of the terms as computed; may be below zero by `errorBound` or so. */
  readonly unclipped: number;
  /** |mu1 - mu2|^2 */
  readonly meanTerm: number;
  readonly traceReal: number;
  readonly traceFake: number;
  /** Tr (S1 S2)^1/2 */
  readonly traceRoot: number;
  /** Upper bound of what rounding has changed in the distance. */
  readonly errorBound: number;
  /** How the trace of the root was found; see `traceOfRoot`. */
  readonly method: TraceOfRoot["method"];
}

export interface FrechetOptions {
  /** Covariances are divided by n - ddof (default 1). */
  readonly ddof?: 0 | 1;
  /** Threads (default: one a core). */
  readonly threads?: number;
}

/** Entries of sigma may differ from their mirror image by this, relative to the largest (float32 files do). */
const ASYMMETRY = 1e-5;

/**
 * Frechet (Wasserstein-2) distance of two normal distributions,
 * |mu1 - mu2|^2 + Tr S1 + Tr S2 - 2 Tr (S1 S2)^1/2.
 *
 * Never NaN and never complex; sigma may be singular. From sigma alone a singular covariance is known to rounding only,
 * which `errorBound` covers; with the features at hand `featuresToFrechet` is exact. Agrees with pytorch-fid (sqrtm) and
 * torch-fidelity (eigenvalues) to 1e-10 of the traces on full-rank covariances.
 *
 * Throws `input.statistics-shape`, `input.statistics-not-finite`, `input.asymmetric-covariance`,
 * `input.indefinite-covariance`.
 */
export function statisticsToFrechet(
  real: FeatureStatistics,
  fake: FeatureStatistics,
  options: Pick<FrechetOptions, "threads"> = {},
): FrechetDistance {
  const d = real.mu.length;
  for (const [name, side] of [["real", real] as const, ["fake", fake] as const])
    checkStatistics(side, d, name);
  return sidesToFrechet(
    { mu: real.mu, spread: toSpread(symmetricPart(real.sigma, d)), trace: traceOf(real.sigma, d) },
    { mu: fake.mu, spread: toSpread(symmetricPart(fake.sigma, d)), trace: traceOf(fake.sigma, d) },
    options,
  );
}

/**
 * The same from moments. A side with no more rows than columns carries its rows (see `Moments.rows`); its covariance is
 * then S = X'X exactly, X the centred rows over sqrt(n - ddof), and Tr (S1 S2)^1/2 is a nuclear norm of n x m.
 *
 * Throws `input.feature-width`, `input.too-few-samples`.
 */
export function momentsToFrechet(
  real: Moments,
  fake: Moments,
  options: FrechetOptions = {},
): FrechetDistance {
  const { ddof = 1 } = options;
  if (real.d !== fake.d) throw differentWidths(real.d, fake.d);
  return sidesToFrechet(momentsToSide(real, ddof), momentsToSide(fake, ddof), options);
}

/** The same from features [n, d] and [m, d]. */
export function featuresToFrechet(
  real: Features,
  fake: Features,
  options: FrechetOptions = {},
): FrechetDistance {
  if (real.width !== fake.width) throw differentWidths(real.width, fake.width);
  return momentsToFrechet(featuresToMoments(real, options), featuresToMoments(fake, options), options);
}

interface Side {
  readonly mu: Float64Array;
  readonly spread: SemiDefinite;
  readonly trace: number;
}

function sidesToFrechet(real: Side, fake: Side, options: { readonly threads?: number }): FrechetDistance {
  const d = real.mu.length;
  const root = traceOfRoot(real.spread, fake.spread, d, options);
  let meanTerm = 0;
  for (let j = 0; j < d; j++) meanTerm += (real.mu[j]! - fake.mu[j]!) ** 2;
  const unclipped = meanTerm + (real.trace + fake.trace - 2 * root.trace);
  if (!Number.isFinite(unclipped)) {
    throw new GanEvalError(
      "input.statistics-not-finite",
      "expected features whose squares fit into a double, got larger ones",
      {
        hint: "Check the scale of the features.",
      },
    );
  }
  return {
    distance: Math.max(0, unclipped),
    unclipped,
    meanTerm,
    traceReal: real.trace,
    traceFake: fake.trace,
    traceRoot: root.trace,
    errorBound: 2 * root.errorBound + 4 * Number.EPSILON * (meanTerm + real.trace + fake.trace),
    method: root.method,
  };
}

function momentsToSide(moments: Moments, ddof: 0 | 1): Side {
  const { n, d, mean, scatter, rows } = moments;
  checkCount(n, ddof);
  const trace = traceOf(scatter, d) / (n - ddof);
  if (!rows) return { mu: mean, spread: toSpread(momentsToCovariance(moments, ddof)), trace };
  const scale = 1 / Math.sqrt(n - ddof);
  const values = Float64Array.from(rows, (value, i) => (value - mean[i % d]!) * scale);
  return { mu: mean, spread: { kind: "rows", values, rows: n }, trace };
}

const toSpread = (values: Float64Array): SemiDefinite => ({ kind: "matrix", values });

function traceOf(values: Float64Array, d: number): number {
  let trace = 0;
  for (let i = 0; i < d; i++) trace += values[i * d + i]!;
  return trace;
}

/** Refuses statistics that are no mean [d] and covariance [d, d] of finite numbers. */
export function checkStatistics({ mu, sigma }: FeatureStatistics, d: number, name: string): void {
  if (d === 0 || sigma.length !== mu.length ** 2) {
    throw new GanEvalError(
      "input.statistics-shape",
      `expected mu [d] and sigma [d, d], got ${mu.length} and ${sigma.length} values on the ${name} side`,
      { hint: "Statistics files hold mu and sigma, as pytorch-fid and clean-fid write them." },
    );
  }
  if (mu.length !== d) throw differentWidths(d, mu.length);
  if (!allFinite(mu) || !allFinite(sigma)) {
    throw new GanEvalError(
      "input.statistics-not-finite",
      `expected finite mu and sigma, got NaN or Infinity on the ${name} side`,
      {
        hint: "These statistics were made from broken features: make them again.",
      },
    );
  }
}

const differentWidths = (real: number, fake: number): GanEvalError =>
  new GanEvalError(
    "input.feature-width",
    `expected features of the same width, got ${real} (real) and ${fake} (fake)`,
    {
      hint: "Both sides must come from the same extractor and layer.",
    },
  );

/** Zero times a number is NaN where it is not finite: one pass without a branch. */
function allFinite(values: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * values[i]!;
  return sum === 0;
}

/** Tiles of this side keep the rows and the columns of a transposition in cache. */
const TILE = 32;

/** (S + S') / 2, where the two differ by rounding alone. */
function symmetricPart(sigma: Float64Array, d: number): Float64Array {
  const symmetric = new Float64Array(d * d);
  let largest = 0;
  let difference = 0;
  const average = (i: number, from: number, to: number): void => {
    for (let j = from; j < to; j++) {
      const below = sigma[i * d + j]!;
      const above = sigma[j * d + i]!;
      largest = Math.max(largest, Math.abs(below), Math.abs(above));
      difference = Math.max(difference, Math.abs(below - above));
      symmetric[i * d + j] = symmetric[j * d + i] = below / 2 + above / 2;
    }
  };
  for (let row = 0; row < d; row += TILE) {
    for (let column = 0; column <= row; column += TILE) {
      const last = Math.min(d, row + TILE);
      for (let i = row; i < last; i++) average(i, column, Math.min(column + TILE, i + 1));
    }
  }
  if (difference > ASYMMETRY * largest) {
    throw new GanEvalError(
      "input.asymmetric-covariance",
      "expected a symmetric covariance matrix, " +
        `got entries that differ from their mirror image by ${difference.toPrecision(3)} (largest entry ${largest.toPrecision(3)})`,
      { hint: "Check that sigma is the covariance of the features, [d, d]." },
    );
  }
  return symmetric;
}

type Statistics = Moments | FeatureStatistics;

const isMoments = (side: Statistics): side is Moments => "scatter" in side;

/** Between moments exactly; from sigma alone where a side has nothing else. */
export function sidesToFrechetDistance(
  real: Statistics,
  fake: Statistics,
  options: FrechetOptions = {},
): FrechetDistance {
  if (isMoments(real) && isMoments(fake)) return momentsToFrechet(real, fake, options);
  const toStatistics = (side: Statistics): FeatureStatistics =>
    isMoments(side) ? { mu: side.mean, sigma: momentsToCovariance(side, options.ddof) } : side;
  return statisticsToFrechet(toStatistics(real), toStatistics(fake), options);
}

/** A side whose rows are at hand, in blocks that can be left out. */
interface BlockedSide {
  readonly rows: Features;
  readonly blocks: Blocks;
}

type FrechetContext = FrechetOptions & ComputeContext;

/**
 * Distances with each block of a side's rows left out, the other side as it is.
 *
 * @param rows the rows that the blocked side's moments are of
 */
export function blocksToFrechetDistances(
  sides: { readonly real: Statistics; readonly fake: Statistics },
  rows: Features,
  blocks: Blocks,
  options: FrechetContext = {},
): number[] {
  const momentsWithout = openLeavingOut(rows, blocks, options);
  return Array.from({ length: blocks.count }, (_, block) => {
    options.signal?.throwIfAborted();
    const left = { ...sides, [blocks.role]: momentsWithout([block]) };
    const { distance } = sidesToFrechetDistance(left.real, left.fake, options);
    options.progress?.(block + 1, blocks.count);
    return distance;
  });
}

/** The same with two blocks left out: the last of each pair is of the second side. */
export function blockPairsToFrechetDistances(
  sides: { readonly real: Statistics; readonly fake: Statistics },
  [first, second]: readonly [BlockedSide, BlockedSide],
  pairs: readonly (readonly [number, number])[],
  options: FrechetContext = {},
): number[] {
  const { role } = first.blocks;
  const isOneSide = role === second.blocks.role;
  const without = openLeavingOut(first.rows, first.blocks, options);
  const withoutOther = isOneSide ? without : openLeavingOut(second.rows, second.blocks, options);
  return pairs.map(([a, b]) => {
    options.signal?.throwIfAborted();
    const left = isOneSide
      ? { ...sides, [role]: without([a, b]) }
      : { ...sides, [role]: without([a]), [second.blocks.role]: withoutOther([b]) };
    return sidesToFrechetDistance(left.real, left.fake, options).distance;
  });
}

export const row = metric({
  id: "fid",
  label: "Fréchet distance (FID)",
  unit: "squared feature units",
  direction: "lower",
  needs: { real: ["statistics"], fake: ["statistics"] },
  source: {
    paper: "Heusel et al. 2017, GANs Trained by a Two Time-Scale Update Rule (arXiv 1706.08500)",
    library: "TTUR fid.py; pytorch-fid; torch-fidelity metric_fid.py",
  },
  defaults: parametersToDefaults(PARAMETER_ROWS.fid),
  least: ({ ddof }) => ({ real: Number(ddof) + 1, fake: Number(ddof) + 1 }),
  keys: { distance: "frechet_{extractor}_distance" },
  names: { distance: "Frechet {Extractor} distance" },
  range: [0, Number.POSITIVE_INFINITY],
  hasFloor: true,
  hasFloorRatio: true,
  floorOrder: { distance: 1 },
  measure: ({ real, fake }, parameters, { threads }) => {
    const { distance } = sidesToFrechetDistance(
      real!.statistics!,
      fake.statistics!,
      toOptions(parameters, threads),
    );
    return { distance };
  },
  leaveOut: (sides, blocks, parameters, context) =>
    blocksToFrechetDistances(
      { real: sides.real!.statistics!, fake: sides.fake.statistics! },
      rowsOf(sides, blocks),
      blocks,
      { ...context, ...toOptions(parameters, context.threads) },
    ).map((distance) => ({ distance })),
  leaveOutPairs: (sides, blocks, pairs, parameters, context) =>
    blockPairsToFrechetDistances(
      { real: sides.real!.statistics!, fake: sides.fake.statistics! },
      [
        { rows: rowsOf(sides, blocks[0]), blocks: blocks[0] },
        { rows: rowsOf(sides, blocks[1]), blocks: blocks[1] },
      ],
      pairs,
      { ...context, ...toOptions(parameters, context.threads) },
    ).map((distance) => ({ distance })),
});

const rowsOf = (sides: Sides, { role }: Blocks): Features => (sides[role] as SideData).features!;

const toOptions = ({ ddof }: { readonly ddof: number }, threads: number | undefined): FrechetOptions => ({
  ddof: ddof === 0 ? 0 : 1,
  ...(threads !== undefined && { threads }),
});
