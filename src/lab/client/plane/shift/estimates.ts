/** What a discriminator and a critic make of points of two distributions: both linear, which is the best form for equal normal ones. */
import { openNormal } from "../uniform.ts";

/** Points of a round normal distribution with deviation 1, `[n, 2]`: the same ones for the same seed. */
export function drawNormal(n: number, seed: number): Float64Array {
  const normal = openNormal(seed);
  const points = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) points.set(normal(), 2 * i);
  return points;
}

const ROUNDS = 40;
/** A touch of weight decay: of points that can be separated the best logits are endless. */
const DECAY = 1e-6;

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Solves a symmetric 3 x 3 system by elimination. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  for (let k = 0; k < 3; k++)
    for (let i = k + 1; i < 3; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j < 4; j++) rows[i][j] -= factor * rows[k][j];
    }
  const x = [0, 0, 0];
  for (let i = 2; i >= 0; i--) {
    let sum = rows[i][3];
    for (let j = i + 1; j < 3; j++) sum -= rows[i][j] * x[j];
    x[i] = sum / rows[i][i];
  }
  return x;
}

/**
 * ln 2 - L_D / 2, where D is trained on the points themselves by Newton's method; L_D is the cross-entropy of real and
 * fake, summed over the two. `[n, 2]` each, n equal.
 */
export function pointsToTrainedJs(real: Float64Array, fake: Float64Array): number {
  const n = real.length / 2;
  let weights = [0, 0, 0];
  const logit = (points: Float64Array, i: number): number =>
    weights[0] * points[2 * i] + weights[1] * points[2 * i + 1] + weights[2];
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = weights.map((weight) => DECAY * weight);
    const curvature = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? DECAY : 0)));
    for (const [points, target] of [
      [real, 1],
      [fake, 0],
    ] as const)
      for (let i = 0; i < n; i++) {
        const probability = 1 / (1 + Math.exp(-logit(points, i)));
        const x = [points[2 * i], points[2 * i + 1], 1];
        for (let a = 0; a < 3; a++) {
          gradient[a] += ((probability - target) * x[a]) / n;
          for (let b = 0; b < 3; b++) curvature[a][b] += (probability * (1 - probability) * x[a] * x[b]) / n;
        }
      }
    const step = solve(curvature, gradient);
    const length = Math.hypot(...step);
    // Points that can be separated send Newton's method far away.
    const scale = Math.min(1, 4 / (length || 1));
    weights = weights.map((weight, i) => weight - scale * step[i]);
  }
  let loss = 0;
  for (let i = 0; i < n; i++) loss += (softplus(-logit(real, i)) + softplus(logit(fake, i))) / n;
  return Math.LN2 - loss / 2;
}

/** The best linear critic of slope 1: the distance of the means. */
export function pointsToTrainedWasserstein(real: Float64Array, fake: Float64Array): number {
  const n = real.length / 2;
  let [x, y] = [0, 0];
  for (let i = 0; i < n; i++) {
    x += (fake[2 * i] - real[2 * i]) / n;
    y += (fake[2 * i + 1] - real[2 * i + 1]) / n;
  }
  return Math.hypot(x, y);
}
