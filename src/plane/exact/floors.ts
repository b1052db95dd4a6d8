/** What divergences by cell read of a perfect generator: its samples are finite. */
import { openRandomStream } from "../../train/random.ts";
import { sharesToJensenShannon, sharesToKullbackLeibler } from "./divergences.ts";

/** A divergence of the data from themselves, measured with so many samples. */
export interface Floor {
  readonly mean: number;
  /** 99 of 100 perfect generators read at most this. */
  readonly reach: number;
}

const TRIALS = 200;
const WITHIN = 0.99;
const SEED = 0;

/** Cells of n draws from shares, as shares: by a table of where each hundredth of the sum begins. */
function openDraw(shares: Float64Array, n: number): () => Float64Array {
  const random = openRandomStream(SEED, "evaluation");
  const cells = Array.from(shares.keys()).filter((cell) => shares[cell] > 0);
  const upTo = new Float64Array(cells.length);
  let sum = 0;
  for (const [i, cell] of cells.entries()) upTo[i] = sum += shares[cell];
  const guide = new Int32Array(4096);
  for (let i = 0, at = 0; i < guide.length; i++) {
    while (at < cells.length - 1 && upTo[at] <= (sum * i) / guide.length) at++;
    guide[i] = at;
  }
  const numbers = new Float32Array(n);
  return () => {
    const drawn = new Float64Array(shares.length);
    for (const number of random.uniform(numbers)) {
      let at = guide[Math.floor(number * guide.length)];
      while (at < cells.length - 1 && upTo[at] <= number * sum) at++;
      drawn[cells[at]] += 1 / n;
    }
    return drawn;
  };
}

function readingsToFloor(readings: number[]): Floor {
  readings.sort((a, b) => a - b);
  return {
    mean: readings.reduce((sum, reading) => sum + reading, 0) / readings.length,
    reach: readings[Math.ceil(WITHIN * readings.length) - 1],
  };
}

/**
 * Floors of both divergences for n samples of the data themselves: 200 trials of a fixed seed, drawn from the exact
 * masses by cell (outside included). The first-order formula, mean JSD = (K - 1) / 8n for K cells in use, holds only where every such
 * cell gets several samples.
 */
export function sharesToFloors(p: Float64Array, n: number): { readonly js: Floor; readonly kl: Floor } {
  const draw = openDraw(p, n);
  const trials = Array.from({ length: TRIALS }, () => {
    const q = draw();
    return { js: sharesToJensenShannon(p, q), kl: sharesToKullbackLeibler(p, q, n) };
  });
  return {
    js: readingsToFloor(trials.map(({ js }) => js)),
    kl: readingsToFloor(trials.map(({ kl }) => kl)),
  };
}
