/** Kernels of the products in a tile, row by row (kernel-rows.as.ts). */
import { readFileSync } from "node:fs";
import { FLOAT_TILE } from "../features/float-products.ts";

/** (gamma x'y + coef0)^degree, or exp(-gamma |x - y|^2). */
export type Kernel =
  | {
      readonly name: "polynomial";
      readonly degree: number;
      readonly gamma: number;
      readonly coef0: number;
    }
  | { readonly name: "rbf"; readonly gamma: number };

interface Exports {
  polynomial(
    products: number,
    count: number,
    terms: number,
    term: number,
    gamma: number,
    coef0: number,
    degree: number,
    values: number,
  ): number;
  rbf(products: number, count: number, terms: number, term: number, gamma: number, values: number): number;
  add(values: number, count: number, sums: number): void;
}

/** One tile in WebAssembly's memory, which ONNX Runtime writes the products into. */
export interface KernelTile {
  /** [rows, columns], row-major, at most FLOAT_TILE of each. */
  readonly products: Float32Array;
  /** Begins a tile: the terms of its columns. */
  begin(terms: Float64Array): void;
  /** Computes the kernels of row r, whose term is `term`; gives their sum. */
  row(r: number, term: number): number;
  /** [columns] The kernels of the last row. */
  values(): Float64Array;
  /** Adds the last row's kernels to the columns' sums. */
  addToColumns(): void;
  /** [columns] */
  columnSums(): Float64Array;
}

const PAGE = 65_536;
/** The compiler's own room ends before. */
const START = 1024;

let compiled: WebAssembly.Module | undefined;

export function openKernelTile(kernel: Kernel): KernelTile {
  compiled ??= new WebAssembly.Module(readFileSync(new URL("./kernel-rows.wasm", import.meta.url)));
  const termsAt = START + 4 * FLOAT_TILE ** 2;
  const valuesAt = termsAt + 8 * FLOAT_TILE;
  const sumsAt = valuesAt + 8 * FLOAT_TILE;
  const pages = Math.ceil((sumsAt + 8 * FLOAT_TILE) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory, abort: () => {} } });
  const { polynomial, rbf, add } = exports as unknown as Exports;
  const doubles = (at: number) => new Float64Array(memory.buffer, at, FLOAT_TILE);
  const [terms, values, sums] = [doubles(termsAt), doubles(valuesAt), doubles(sumsAt)];
  let columns = 0;
  return {
    products: new Float32Array(memory.buffer, START, FLOAT_TILE ** 2),
    begin: (ofColumns) => {
      columns = ofColumns.length;
      terms.set(ofColumns);
      sums.fill(0);
    },
    row: (r, term) => {
      const at = START + 4 * r * columns;
      if (kernel.name === "rbf") return rbf(at, columns, termsAt, term, kernel.gamma, valuesAt);
      const { gamma, coef0, degree } = kernel;
      return polynomial(at, columns, termsAt, term, gamma, coef0, degree, valuesAt);
    },
    values: () => values.subarray(0, columns),
    addToColumns: () => add(valuesAt, columns, sumsAt),
    columnSums: () => sums.subarray(0, columns),
  };
}
