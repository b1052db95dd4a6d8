/** All pairs of rows by float32 products at the machine's rate; those near enough to matter are handed out. */

import { readFileSync } from "node:fs";
import type { ComputeContext } from "../compute-context.ts";
import { sidesToMean } from "../features/centred-features.ts";
import { FLOAT_TILE, openFloatProducts } from "../features/float-products.ts";
import type { Features } from "../features/statistics.ts";
import { type CentredRows, centreSides } from "./centred-rows.ts";
import { roundDown, TINY, widthToError } from "./error-bound.ts";

export interface PairScan {
  readonly a: Features;
  /** Missing: pairs within `a`, each once, i > j. */
  readonly b?: Features;
  /**
   * [rows] Squared distances beyond which a pair is nothing to its row; below zero, all pairs. `visit` may lower them.
   * One array where `b` is missing.
   */
  readonly reachA: Float64Array;
  readonly reachB: Float64Array;
  /**
   * Called with every pair whose squared distance (as `squaredDistance` gives it) is within reach of one of its rows,
   * and with few others. The distance is from `low` to `high`. A row's partners come in ascending order.
   */
  visit(i: number, j: number, low: number, high: number): void;
}

type ScanRow = (
  products: number,
  halves: number,
  cuts: number,
  columns: number,
  half: number,
  cut: number,
  out: number,
) => number;

const PAGE = 65_536;
/** A byte count in whole vectors of 16. */
const whole = (bytes: number): number => Math.ceil(bytes / 16) * 16;

let compiled: WebAssembly.Module | undefined;

function openKernel(bytes: number): { buffer: ArrayBuffer; scanRow: ScanRow } {
  compiled ??= new WebAssembly.Module(readFileSync(new URL("./pair-scan.wasm", import.meta.url)));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory, abort: () => {} } });
  return { buffer: memory.buffer as ArrayBuffer, scanRow: exports.scanRow as ScanRow };
}

/** One side's part of the kernel's memory. */
interface Lane {
  readonly squaredNorms: Float64Array;
  readonly reach: Float64Array;
  /** Byte addresses of `halves` and `cuts`. */
  readonly at: { readonly halves: number; readonly cuts: number };
  /** Half of what a row adds at least to a squared distance. */
  readonly halves: Float32Array;
  /** The product less the partner's half that a pair within the row's reach has at least. */
  readonly cuts: Float32Array;
}

/**
 * Visits the pairs of rows that are near enough. Products of centred rows in float32 bound each squared distance from
 * below (`widthToError`); the WebAssembly kernel compares the bounds with the rows' reach, rounded so that no pair within
 * reach is missed. n m d multiplications, half of it within one side, in memory of two centred copies and a tile.
 */
export async function scanPairs(scan: PairScan, options: ComputeContext = {}): Promise<void> {
  const { a, b = a } = scan;
  const { width } = a;
  const isWithin = scan.b === undefined;
  const sides = centreSides(a, b, sidesToMean(a === b ? [a] : [a, b]));
  const [tileA, tileB] = [Math.min(FLOAT_TILE, a.rows), Math.min(FLOAT_TILE, b.rows)];
  const tileBytes = whole(4 * tileA * tileB);
  const laneBytes = 2 * whole(4 * a.rows) + (isWithin ? 0 : 2 * whole(4 * b.rows));
  const { buffer, scanRow } = openKernel(tileBytes + laneBytes + 4 * tileB);
  const error = widthToError(width);
  const inverse = sides.scale ** -2;
  let top = tileBytes;
  const openLane = ({ squaredNorms }: CentredRows, reach: Float64Array): Lane => {
    const rows = reach.length;
    const at = { halves: top, cuts: top + whole(4 * rows) };
    top += 2 * whole(4 * rows);
    const lane = {
      squaredNorms,
      reach,
      at,
      halves: new Float32Array(buffer, at.halves, rows),
      cuts: new Float32Array(buffer, at.cuts, rows),
    };
    for (let row = 0; row < rows; row++) {
      lane.halves[row] = roundDown(toHalf(squaredNorms[row]));
      setCut(lane, row);
    }
    return lane;
  };
  const toHalf = (norm: number): number => ((1 - error) * norm) / (2 * inverse) - TINY;
  const setCut = ({ squaredNorms, reach, cuts }: Lane, row: number): void => {
    cuts[row] =
      reach[row] < 0
        ? Number.POSITIVE_INFINITY
        : roundDown(toHalf(squaredNorms[row]) - reach[row] / (2 * inverse));
  };
  const laneA = openLane(sides.a, scan.reachA);
  const laneB = isWithin ? laneA : openLane(sides.b, scan.reachB);
  const tile = new Float32Array(buffer, 0, tileA * tileB);
  const foundAt = top;
  const found = new Int32Array(buffer, foundAt, tileB);

  const scanTile = (i: number, rows: number, j: number, columns: number): void => {
    for (let r = 0; r < rows; r++) {
      const row = i + r;
      const last = isWithin && i === j ? r : columns;
      setCut(laneA, row);
      const count = scanRow(
        4 * r * columns,
        laneB.at.halves + 4 * j,
        laneB.at.cuts + 4 * j,
        last,
        laneA.halves[row],
        laneA.cuts[row],
        foundAt,
      );
      const normA = laneA.squaredNorms[row];
      for (let f = 0; f < count; f++) {
        const column = j + found[f];
        const norms = normA + laneB.squaredNorms[column];
        const spread = norms * error + 4 * TINY * inverse;
        const middle = norms - 2 * inverse * tile[r * columns + found[f]];
        const low = Math.max(0, middle - spread);
        if (low > scan.reachA[row] && low > scan.reachB[column]) continue;
        scan.visit(row, column, low, middle + spread);
        setCut(laneB, column);
      }
    }
  };

  const products = await openFloatProducts({
    width,
    ...(options.threads !== undefined && { threads: options.threads }),
  });
  try {
    await forEachTile(scan, options, async (i, rows, j, columns) => {
      const { scaled: left } = sides.a;
      await products.product(left, i, rows, sides.b.scaled, j, columns, tile.subarray(0, rows * columns));
      scanTile(i, rows, j, columns);
    });
  } finally {
    await products.close();
  }
}

async function forEachTile(
  scan: PairScan,
  { signal, progress }: ComputeContext,
  use: (i: number, rows: number, j: number, columns: number) => Promise<void>,
): Promise<void> {
  const { a, b = a } = scan;
  const isWithin = scan.b === undefined;
  const [down, across] = [a.rows, b.rows].map((rows) => Math.ceil(rows / FLOAT_TILE));
  const total = isWithin ? (down * (down + 1)) / 2 : down * across;
  let done = 0;
  for (let i = 0; i < a.rows; i += FLOAT_TILE)
    for (let j = 0; j < b.rows && (!isWithin || j <= i); j += FLOAT_TILE) {
      signal?.throwIfAborted();
      await use(i, Math.min(FLOAT_TILE, a.rows - i), j, Math.min(FLOAT_TILE, b.rows - j));
      progress?.(++done, total);
    }
}
