/** The trace of (S1 S2)^1/2 for two covariance matrices, without the root itself. */
import { GanEvalError } from "../../errors.ts";
import { bidiagonalBytes, bidiagonalToSingularValues, toBidiagonal } from "./bidiagonal.ts";
import { choleskyInPlace, pivotedCholesky } from "./cholesky.ts";
import { addProduct, productBytes } from "./product.ts";
import { toTridiagonal, tridiagonalBytes } from "./tridiagonal.ts";
import { tridiagonalToEigenvalues } from "./tridiagonal-eigenvalues.ts";
import { defaultThreads, type Matrix, matrixBytes, type Workspace, withWorkspace } from "./workspace.ts";

/** A positive semi-definite matrix S [d, d]: its values (row-major), or rows X [n, d] with S = X'X. */
export type SemiDefinite =
  | { readonly kind: "matrix"; readonly values: Float64Array }
  | { readonly kind: "rows"; readonly values: Float64Array; readonly rows: number };

export interface TraceOfRoot {
  /** Tr (S1 S2)^1/2, never negative. */
  readonly trace: number;
  /** Upper bound of what rounding, and the cut at the numerical rank, can have changed in `trace`. */
  readonly errorBound: number;
  /** `eigenvalues` of L' S2 L, or `singular-values` of the product of two roots. */
  readonly method: "eigenvalues" | "singular-values";
}

/**
 * The eigenvalue form is taken where its error bound is below this share of the mean of the two traces. On Inception
 * features of photographs the bound was 100 to 1,000 times the error (2.5e-9 of the traces at n = 2446, d = 2048).
 */
const ACCEPTED_ERROR = 1e-8;
/** What a semi-definite matrix may have below zero, relative to its largest entry: float32 statistics have 1e-6. */
const INDEFINITE = 1e-4;

/**
 * Tr (S1 S2)^1/2 of two symmetric positive semi-definite matrices [d, d].
 *
 * Two full-rank matrices: S1 = LL', the sum of the roots of the eigenvalues of L' S2 L, which are real and not
 * negative (one Cholesky factor, one tridiagonal reduction). An eigenvalue is known to delta = 2 eps |S1| |S2|
 * (Frobenius norms), so its root to delta / (sqrt(lambda) + sqrt(lambda + delta)); the sum of these is the error bound.
 *
 * Where that is too much (singular or nearly singular matrices, whose zero eigenvalues come out as sqrt(eps)), or where
 * a side is given as fewer rows than columns: the nuclear norm of R1 R2', S = R'R, by a bidiagonal reduction. Nothing
 * is squared, so every singular value is known to eps |R1 R2'|. R is the rows themselves, or a Cholesky factor, with
 * pivoting where the matrix is singular; it then ends at the numerical rank, where the pivots reach
 * d eps (largest diagonal), and no epsilon is added to anything.
 *
 * Throws `input.indefinite-covariance` for a matrix that is not semi-definite.
 */
export function traceOfRoot(
  s1: SemiDefinite,
  s2: SemiDefinite,
  d: number,
  options: { readonly threads?: number } = {},
): TraceOfRoot {
  const scaled = [s1, s2].map((side) => toScaled(side, d)) as [Scaled, Scaled];
  if (scaled[0].largest === 0 || scaled[1].largest === 0) {
    return { trace: 0, errorBound: 0, method: "singular-values" };
  }
  const threads = options.threads ?? defaultThreads();
  const side = Math.max(d, ...scaled.map(({ source }) => (source.kind === "rows" ? source.rows : 0)));
  const bytes =
    3 * matrixBytes(side, side) +
    productBytes(side, threads) +
    tridiagonalBytes(side) +
    bidiagonalBytes(side, side) +
    32 * side;
  return withWorkspace({ bytes, threads }, (ws) => {
    const areas = [ws.matrix(side, side), ws.matrix(side, side), ws.matrix(side, side)] as const;
    const found = byEigenvalues(ws, areas, scaled, d) ?? bySingularValues(ws, areas, scaled, d);
    const unit = Math.sqrt(scaled[0].unit) * Math.sqrt(scaled[1].unit);
    return { ...found, trace: found.trace * unit, errorBound: found.errorBound * unit };
  });
}

type Areas = readonly [Matrix, Matrix, Matrix];

/** A side divided by `unit`, a power of 4 near its largest diagonal entry, so that nothing over- or underflows. */
interface Scaled {
  readonly source: SemiDefinite;
  readonly unit: number;
  /** Largest diagonal entry of S / unit; 0 for the zero matrix. */
  readonly largest: number;
  readonly trace: number;
}

function toScaled(source: SemiDefinite, d: number): Scaled {
  const diagonal = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    if (source.kind === "matrix") diagonal[i] = source.values[i * d + i] as number;
    else for (let r = 0; r < source.rows; r++) diagonal[i]! += (source.values[r * d + i] as number) ** 2;
  }
  const largest = diagonal.reduce((a, b) => Math.max(a, b), 0);
  const lowest = diagonal.reduce((a, b) => Math.min(a, b), 0);
  const zero = largest === 0 && source.values.every((value) => value === 0);
  if (lowest < -INDEFINITE * largest || (largest === 0 && !zero)) throw indefinite(lowest, largest);
  const unit = zero ? 1 : 4 ** Math.round(Math.log2(largest) / 2);
  return { source, unit, largest: largest / unit, trace: diagonal.reduce((a, b) => a + b, 0) / unit };
}

const indefinite = (lowest: number, largest: number): GanEvalError =>
  new GanEvalError(
    "input.indefinite-covariance",
    "expected a covariance matrix (symmetric, no negative eigenvalues), " +
      `got one that is ${Math.abs(lowest).toPrecision(3)} below that where its largest entry is ${largest.toPrecision(3)}`,
    {
      hint: "check that sigma is a covariance and not a correlation of something else, and that the file is intact",
    },
  );

/** A as a matrix in `area`, divided by its unit. */
function fill(ws: Workspace, area: Matrix, { source, unit }: Scaled, d: number): Matrix {
  const [rows, factor] = source.kind === "rows" ? [source.rows, 1 / Math.sqrt(unit)] : [d, 1 / unit];
  const ld = d + (d & 1);
  const to = ws.doubles(area.pointer, rows * ld);
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < d; j++) to[r * ld + j] = (source.values[r * d + j] as number) * factor;
  }
  return { pointer: area.pointer, rows, columns: d, ld };
}

function clear(ws: Workspace, area: Matrix): void {
  ws.doubles(area.pointer, area.rows * area.ld).fill(0);
}

function frobenius(ws: Workspace, a: Matrix): number {
  let sum = 0;
  for (const value of ws.doubles(a.pointer, a.rows * a.ld)) sum += value * value;
  return Math.sqrt(sum);
}

const pivotFloor = (side: Scaled, d: number): number => d * Number.EPSILON * side.largest;

function byEigenvalues(
  ws: Workspace,
  areas: Areas,
  [s1, s2]: [Scaled, Scaled],
  d: number,
): TraceOfRoot | undefined {
  if (s1.source.kind === "rows" || s2.source.kind === "rows") return undefined;
  const l = fill(ws, areas[0], s1, d);
  const norm1 = frobenius(ws, l);
  if (!(choleskyInPlace(ws, l, pivotFloor(s1, d)) > pivotFloor(s1, d))) return undefined;
  const s = fill(ws, areas[1], s2, d);
  const delta = 2 * Number.EPSILON * norm1 * frobenius(ws, s);
  const w = { ...l, pointer: areas[2].pointer };
  clear(ws, areas[2]);
  addProduct(ws, s, l, w, { lowerB: true });
  clear(ws, areas[1]);
  addProduct(ws, l, w, s, { transposeA: true, upperA: true, lowerOnly: true });
  let trace = 0;
  let errorBound = 0;
  for (const lambda of tridiagonalToEigenvalues(toTridiagonal(ws, s))) {
    if (lambda < -delta) return undefined;
    const root = Math.sqrt(Math.max(0, lambda));
    trace += root;
    errorBound += delta / (root + Math.sqrt(Math.max(0, lambda) + delta));
  }
  const accepted = errorBound <= (ACCEPTED_ERROR * (s1.trace + s2.trace)) / 2;
  return accepted ? { trace, errorBound, method: "eigenvalues" } : undefined;
}

/** R with S = R'R (up to `lost`, the largest entry that was cut off): rows as they are, or L' of a Cholesky factor. */
interface Root {
  readonly matrix: Matrix;
  /** Whether `matrix` holds R' (that is, L) instead of R. */
  readonly transposed: boolean;
  readonly rank: number;
  readonly lost: number;
}

function toRoot(ws: Workspace, area: Matrix, scratch: Matrix, side: Scaled, d: number): Root {
  if (side.source.kind === "rows") {
    return { matrix: fill(ws, area, side, d), transposed: false, rank: side.source.rows, lost: 0 };
  }
  const floor = pivotFloor(side, d);
  const l = fill(ws, area, side, d);
  if (choleskyInPlace(ws, l, floor) > floor) return { matrix: l, transposed: true, rank: d, lost: 0 };
  clear(ws, area);
  const { factor, rank, residual } = pivotedCholesky(ws, fill(ws, scratch, side, d), l, floor);
  if (residual > INDEFINITE * side.largest) throw indefinite(residual * side.unit, side.largest * side.unit);
  return { matrix: factor, transposed: true, rank, lost: residual };
}

function bySingularValues(ws: Workspace, areas: Areas, [s1, s2]: [Scaled, Scaled], d: number): TraceOfRoot {
  const roots = [toRoot(ws, areas[0], areas[2], s1, d), toRoot(ws, areas[1], areas[2], s2, d)] as const;
  const [long, short] = roots[0].rank >= roots[1].rank ? roots : [roots[1], roots[0]];
  clear(ws, areas[2]);
  const ld = short.rank + (short.rank & 1);
  const c: Matrix = { pointer: areas[2].pointer, rows: long.rank, columns: short.rank, ld };
  addProduct(ws, long.matrix, short.matrix, c, {
    transposeA: long.transposed,
    transposeB: !short.transposed,
  });
  const norm = frobenius(ws, c);
  let trace = 0;
  for (const sigma of bidiagonalToSingularValues(toBidiagonal(ws, c))) trace += sigma;
  // |sqrt(R) L|_* <= sqrt(rank of R) |sqrt(R) L|_F, for what either root left out.
  const cut =
    Math.sqrt((d - roots[0].rank) * roots[0].lost * s2.trace) +
    Math.sqrt((d - roots[1].rank) * roots[1].lost * s1.trace);
  return { trace, errorBound: 2 * Number.EPSILON * short.rank * norm + cut, method: "singular-values" };
}
