/** Mixtures of normal distributions about given centres, whose widths are fitted to samples. */
import type { ComputeContext } from "../compute-context.ts";
import type { Features } from "../features/statistics.ts";
import { scanPairs } from "../neighbours/pair-scan.ts";
import { squaredDistance } from "../neighbours/squared-distance.ts";

/** [rows, centres] Squared distances of samples from centres, float32, in dimension d. */
export interface CentreDistances {
  readonly rows: number;
  readonly centres: number;
  readonly d: number;
  readonly squared: Float32Array;
}

/** A squared distance whose bounds are farther apart than this, relatively, is computed in float64. */
const DOUBTFUL = 1e-4;

/** All n m distances, by float32 products, and in float64 where these leave more than 1e-4 of a distance in doubt. */
export async function rowsToCentreDistances(
  rows: Features,
  centres: Features,
  context: ComputeContext,
): Promise<CentreDistances> {
  const squared = new Float32Array(rows.rows * centres.rows);
  const all = (count: number) => new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const visit = (i: number, j: number, low: number, high: number): void => {
    const isDoubtful = high - low > DOUBTFUL * high;
    squared[i * centres.rows + j] = isDoubtful ? squaredDistance(rows, i, centres, j) : (low + high) / 2;
  };
  await scanPairs({ a: rows, b: centres, reachA: all(rows.rows), reachB: all(centres.rows), visit }, context);
  return { rows: rows.rows, centres: centres.rows, d: rows.width, squared };
}

/** Adam: step size and decay of both means. */
const [RATE, BETA1, BETA2, EPSILON] = [0.5, 0.9, 0.999, 1e-8];
const MOST_STEPS = 50;
/** Ends when the loss has moved by less than this within five steps. */
const SETTLED = 5e-4;
const [LOOK_BACK, FIRST_LOOK] = [5, 6];
/** Bounds of a logarithm of a variance. */
const MOST_LOG = 40;
/** Added to the squared distance of the nearest sample, where the widths begin. */
const LEAST_SQUARED = 1e-3;
/** A share below exp of this is nothing to the sum. */
const NEGLIGIBLE = -45;

/**
 * [centres] ln s_j^2 of the mixture (1/m) sum_j N(x; c_j, s_j^2 I) that makes the samples most likely, by Adam (step 0.5, at most 50
 * steps over all samples, fewer once the loss has settled) from s_j^2 = (|c_j - nearest sample|^2 + 1e-3) / d. While it is
 * fitted the mixture has one more part, N(x; mean, t^2 I) by 0.81 of its squared distances and with a width t of its own, which
 * keeps what no centre is near from widening them.
 * Source: Jiralerspong et al. 2023 (arXiv 2302.04440) and the constants of their code.
 *
 * @param background [rows] Squared distances of the samples from the part that is only there while fitting
 */
export function distancesToLogVariances(
  distances: CentreDistances,
  background: Float64Array,
  { signal, progress }: ComputeContext = {},
): Float64Array {
  const { rows: n, centres: m, d, squared } = distances;
  // The last entry is the background's.
  const logs = new Float64Array(m + 1).fill(Number.POSITIVE_INFINITY);
  for (let i = 0, at = 0; i < n; i++)
    for (let j = 0; j < m; j++, at++) if (squared[at] < logs[j]) logs[j] = squared[at];
  for (let j = 0; j < m; j++) logs[j] = Math.log((logs[j] + LEAST_SQUARED) / d);
  logs[m] = 0;
  const [first, second] = [new Float64Array(m + 1), new Float64Array(m + 1)];
  const losses: number[] = [];
  for (let step = 1; step <= MOST_STEPS; step++) {
    signal?.throwIfAborted();
    const { loss, gradient } = logsToGradient(distances, background, logs);
    for (let j = 0; j <= m; j++) {
      first[j] = BETA1 * first[j] + (1 - BETA1) * gradient[j];
      second[j] = BETA2 * second[j] + (1 - BETA2) * gradient[j] ** 2;
      const size = Math.sqrt(second[j] / (1 - BETA2 ** step)) + EPSILON;
      logs[j] -= (RATE * (first[j] / (1 - BETA1 ** step))) / size;
      if (j < m) logs[j] = Math.min(MOST_LOG, Math.max(-MOST_LOG, logs[j]));
    }
    losses.push(loss);
    progress?.(step, MOST_STEPS);
    const before = losses.slice(-LOOK_BACK);
    if (step > FIRST_LOOK && before.every((earlier) => Math.abs(loss - earlier) < SETTLED)) break;
  }
  return logs.subarray(0, m);
}

/** ln of (2 pi s^2)^(-d/2) */
const logScaleOf = (log: number, d: number): number => (-d / 2) * (log + Math.log(2 * Math.PI));

/** The mean negative log-likelihood over d, and its gradient by the logarithms of the variances, background last. */
function logsToGradient(
  { rows: n, centres: m, d, squared }: CentreDistances,
  background: Float64Array,
  logs: Float64Array,
): { loss: number; gradient: Float64Array } {
  const { inverses, scales } = logsToScales(logs.subarray(0, m), d);
  const [inverse, scale] = [Math.exp(-logs[m]) / 2, logScaleOf(logs[m], d)];
  const gradient = new Float64Array(m + 1);
  const terms = new Float64Array(m);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const ofBackground = scale - background[i] * inverse;
    let most = ofBackground;
    for (let j = 0, at = i * m; j < m; j++, at++) {
      const term = scales[j] - squared[at] * inverses[j];
      terms[j] = term;
      if (term > most) most = term;
    }
    let sum = Math.exp(ofBackground - most);
    for (let j = 0; j < m; j++) if (terms[j] - most > NEGLIGIBLE) sum += Math.exp(terms[j] - most);
    const likelihood = most + Math.log(sum);
    loss -= likelihood / (n * d);
    for (let j = 0; j < m; j++)
      if (terms[j] - most > NEGLIGIBLE)
        gradient[j] -=
          (Math.exp(terms[j] - likelihood) * (squared[i * m + j] * inverses[j] - d / 2)) / (n * d);
    gradient[m] -= (Math.exp(ofBackground - likelihood) * (background[i] * inverse - d / 2)) / (n * d);
  }
  return { loss, gradient };
}

/** [centres] 1 / (2 s_j^2), and ln of (2 pi s_j^2)^(-d/2) / m. */
function logsToScales(logs: Float64Array, d: number) {
  return {
    inverses: logs.map((log) => Math.exp(-log) / 2),
    scales: logs.map((log) => logScaleOf(log, d) - Math.log(logs.length)),
  };
}

/** The mean over samples of -ln of the mixture's density, over d; without the background. */
export function distancesToLoss(
  { rows: n, centres: m, d, squared }: CentreDistances,
  logVariances: Float64Array,
): number {
  const { inverses, scales } = logsToScales(logVariances, d);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0, at = i * m; j < m; j++, at++)
      most = Math.max(most, scales[j] - squared[at] * inverses[j]);
    let sum = 0;
    for (let j = 0, at = i * m; j < m; j++, at++) {
      const less = scales[j] - squared[at] * inverses[j] - most;
      if (less > NEGLIGIBLE) sum += Math.exp(less);
    }
    loss -= (most + Math.log(sum)) / (n * d);
  }
  return loss;
}
