/** The WebAssembly pass of structural similarities: its memory, and the windows that it blurs by. */
import { readFileSync } from "node:fs";
import { GanEvalError } from "../../errors.ts";

interface Exports {
  multiply(x: number, y: number, bytes: number, to: number): void;
  blur(
    plane: number,
    height: number,
    stride: number,
    taps: number,
    weights: number,
    row: number,
    to: number,
  ): void;
  compare(
    meansX: number,
    squaresX: number,
    meansY: number,
    squaresY: number,
    products: number,
    rows: number,
    columns: number,
    stride: number,
    c1: number,
    c2: number,
    withLuminance: number,
  ): number;
}

/** The pass (similarity-planes.as.ts) in a memory of its own. */
export interface SimilarityPlanes extends Exports {
  /** A view of `bytes` bytes from `at` on. */
  numbers(at: number, bytes: number): Float64Array;
}

/** The constants of SSIM for levels of 0 to 255. Wang et al. 2004. */
export const C1 = (0.01 * 255) ** 2;
export const C2 = (0.03 * 255) ** 2;

/** Where callers may begin to place things. */
export const PLANES_START = 1024;
/** Numbers behind a row that a window may reach over. */
export const SLACK = 16;

const PAGE = 65_536;
/** WebAssembly addresses 32 bits; half of that is enough for anyone's images. */
const MOST_BYTES = 2 ** 31;

let compiled: WebAssembly.Module | undefined;

/**
 * @param bytes of everything that is placed
 * @param what they are, for the message: `images of which 64 and their scales`
 * @throws GanEvalError `input.too-large` where they have no room
 */
export function openSimilarityPlanes(bytes: number, what: string, hint: string): SimilarityPlanes {
  if (bytes > MOST_BYTES)
    throw new GanEvalError(
      "input.too-large",
      `expected ${what} take less than 2 GiB, got ${(bytes / 2 ** 30).toFixed(1)} GiB`,
      { hint },
    );
  const pages = Math.ceil(bytes / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  compiled ??= new WebAssembly.Module(readFileSync(new URL("./similarity-planes.wasm", import.meta.url)));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory, abort: () => {} } });
  const { multiply, blur, compare } = exports as unknown as Exports;
  const numbers = (at: number, length: number) => new Float64Array(memory.buffer, at, length / 8);
  return { multiply, blur, compare, numbers };
}

/** A Gaussian window of sum 1; its square is the window of two dimensions. */
export function toGaussian(taps: number, sigma: number): Float64Array {
  const raw = Array.from({ length: taps }, (_, k) =>
    Math.exp(-((k - (taps - 1) / 2) ** 2) / (2 * sigma ** 2)),
  );
  const sum = raw.reduce((a, b) => a + b, 0);
  return Float64Array.from(raw, (value) => value / sum);
}
