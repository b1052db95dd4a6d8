import { addProduct, productBytes, submatrix } from "./linalg/product.ts";
import { type Matrix, matrixBytes, withWorkspace } from "./linalg/workspace.ts";
import type { Features } from "./statistics.ts";

/** Rows on each side of a tile: eight tasks for as many threads, and 2 MB of products. */
export const TILE = 512;

/** Fewer multiplications than this are done before helpers have started. */
const FEW = 1e9;

/** Scalar products of rows `i..` of one matrix with rows `j..` of another; row-major, good until the next one is asked for. */
export interface ProductTile {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
  /** Doubles from row to row. */
  readonly stride: number;
}

export type TileOfProducts = (a: Features, i: number, b: Features, j: number) => ProductTile;

/**
 * Calls `use` with a function that gives tiles of AB', in float64. The product of two float32 numbers is exact in
 * float64, and every entry is summed in one order that the width alone decides: equal rows have equal products to the
 * bit, wherever in a tile they are.
 *
 * @param multiplications about how many there will be, which decides the threads
 */
export function withRowProducts<T>(
  width: number,
  multiplications: number,
  { threads }: { readonly threads?: number },
  use: (tile: TileOfProducts) => T,
): T {
  const wanted = multiplications < FEW ? 1 : threads;
  const bytes = 2 * matrixBytes(TILE, width) + matrixBytes(TILE, TILE) + productBytes(TILE, 8);
  return withWorkspace({ bytes, ...(wanted !== undefined && { threads: Math.min(8, wanted) }) }, (ws) => {
    const left = ws.matrix(TILE, width);
    const right = ws.matrix(TILE, width);
    const product = ws.matrix(TILE, TILE);
    const values = ws.doubles(product.pointer, TILE * product.ld);
    const load = (to: Matrix, { data, rows }: Features, from: number): Matrix => {
      const count = Math.min(TILE, rows - from);
      const place = ws.doubles(to.pointer, TILE * to.ld);
      for (let row = 0; row < count; row++)
        place.set(data.subarray((from + row) * width, (from + row + 1) * width), row * to.ld);
      return submatrix(to, 0, 0, count, width);
    };
    return use((a, i, b, j) => {
      const [from, to] = [load(left, a, i), load(right, b, j)];
      values.fill(0);
      addProduct(ws, from, to, submatrix(product, 0, 0, from.rows, to.rows), { transposeB: true });
      return { rows: from.rows, columns: to.rows, values, stride: product.ld };
    });
  });
}
