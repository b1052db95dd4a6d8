/** The float64 matrix product, over several threads. */
import type { Matrix, Workspace } from "./workspace.ts";

/** Depth of one packed block: a 4-column panel of B is then 8 KB, a quarter of a core's L1 cache. */
const DEPTH = 256;
/** Rows of C one task computes, and panels one packing task copies; the same constants as in product.as.ts. */
const TASK_ROWS = 64;
const TASK_COLUMNS = 64;
/** C's border tile behind a thread's packed block of A. */
const EDGE_BYTES = 128;

export interface ProductOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** C += alpha op(A) op(B); default 1. */
  readonly alpha?: number;
  /** Compute the lower triangle of a square C only; what lies above the diagonal may be left half-computed. */
  readonly lowerOnly?: boolean;
  /** op(A) is upper triangular: its zero blocks are skipped. */
  readonly upperA?: boolean;
  /** op(B) is lower triangular: its zero blocks are skipped. */
  readonly lowerB?: boolean;
}

/** Bytes that `addProduct` needs beside its matrices. */
export const productBytes = (columns: number, threads: number): number =>
  DEPTH * 8 * (columns + 4) + threads * (TASK_ROWS * DEPTH * 8 + EDGE_BYTES) + 64;

/**
 * C += alpha op(A) op(B) in float64, op(A) [m, k], op(B) [k, n], C [m, n]. The order of additions is fixed by the sizes
 * alone, so the result does not depend on the number of threads.
 */
export function addProduct(
  ws: Workspace,
  a: Matrix,
  b: Matrix,
  c: Matrix,
  options: ProductOptions = {},
): void {
  const [rowA, columnA] = options.transposeA ? [1, a.ld] : [a.ld, 1];
  const [rowB, columnB] = options.transposeB ? [1, b.ld] : [b.ld, 1];
  const depth = options.transposeA ? a.rows : a.columns;
  const mark = ws.mark();
  const scratchBytes = TASK_ROWS * DEPTH * 8 + EDGE_BYTES;
  const packed = ws.allocate(DEPTH * 8 * (c.columns + 4));
  const scratch = ws.allocate(ws.threads * scratchBytes);
  for (let from = 0; from < depth; from += DEPTH) {
    const k = Math.min(DEPTH, depth - from);
    const m = options.upperA ? Math.min(c.rows, from + k) : c.rows;
    const n = options.lowerB ? Math.min(c.columns, from + k) : c.columns;
    const bAt = b.pointer + 8 * from * rowB;
    const aAt = a.pointer + 8 * from * columnA;
    ws.run("packB", Math.ceil(n / TASK_COLUMNS), [bAt, rowB, columnB, k, n, packed]);
    ws.run(
      "multiply",
      Math.ceil(m / TASK_ROWS),
      [
        aAt,
        rowA,
        columnA,
        m,
        k,
        n,
        packed,
        scratch,
        scratchBytes,
        c.pointer,
        c.ld,
        options.lowerOnly ? 1 : 0,
      ],
      [options.alpha ?? 1],
    );
  }
  ws.release(mark);
}

/** The part of a matrix from (row, column) on. */
export const submatrix = (
  { pointer, ld }: Matrix,
  row: number,
  column: number,
  rows: number,
  columns: number,
): Matrix => ({ pointer: pointer + 8 * (row * ld + column), rows, columns, ld });
