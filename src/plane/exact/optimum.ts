/** The best discriminator for a generator, where theory knows it. */
import type { GanModel } from "../../train/gan-model.ts";
import { packingOf } from "../../train/gan-model.ts";
import type { LossName } from "../../train/losses.ts";

/** Of the shares of data and generator in a cell (or their densities) and one-sided smoothing, on the scale of the logits. */
type Optimum = (p: number, q: number, smoothing: number) => number;

/** Sure: sigmoid(30) differs from 1 by 1e-13. */
const SURE = 30;
const bounded = (logit: number): number => Math.min(SURE, Math.max(-SURE, logit));

/** D = (1 - s) p / (p + q) as a logit. */
const crossEntropy: Optimum = (p, q, smoothing) =>
  p + q === 0 ? 0 : bounded(Math.log((1 - smoothing) * p) - Math.log(smoothing * p + q));

interface Known {
  readonly optimum: Optimum;
  /** The discriminator's loss of one cell at its value. */
  readonly loss: (p: number, q: number, value: number, smoothing: number) => number;
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const CROSS_ENTROPY: Known = {
  optimum: crossEntropy,
  loss: (p, q, l, s) => p * ((1 - s) * softplus(-l) + s * softplus(l)) + q * softplus(l),
};

/**
 * Those without a row have none that depends on a point's p and q alone: critics that a penalty or clipping bounds,
 * energies, losses that couple samples.
 */
const KNOWN: Readonly<Partial<Record<LossName, Known>>> = {
  minimax: CROSS_ENTROPY,
  "non-saturating": CROSS_ENTROPY,
  "boundary-seeking": CROSS_ENTROPY,
  /** (1 - s) p / (p + q), Mao et al. 2017. */
  "least-squares": {
    optimum: (p, q, s) => (p + q === 0 ? (1 - s) / 2 : ((1 - s) * p) / (p + q)),
    loss: (p, q, value, s) => (p * (value - 1 + s) ** 2 + q * value ** 2) / 2,
  },
  /** The sign of p - q, Lim and Ye 2017. */
  hinge: {
    optimum: (p, q) => Math.sign(p - q),
    loss: (p, q, value) => p * Math.max(0, 1 - value) + q * Math.max(0, 1 + value),
  },
};

/** A model whose discriminator judges one sample by one logit; penalties do not count: theirs is the unbounded game. */
const modelToKnown = (model: GanModel): Known | undefined =>
  packingOf(model) === 1 && model.critic?.kind !== "autoencoder" ? KNOWN[model.loss] : undefined;

/**
 * D* by cell, on the scale of the logits: log of the odds (1 - s) p / (s p + q) for cross-entropy, within +-30; for
 * least squares (1 - s) p / (p + q), for hinge the sign of p - q. Undefined for other losses, packs and autoencoders.
 */
export function sharesToOptimum(
  model: GanModel,
  p: ArrayLike<number>,
  q: ArrayLike<number>,
): Float32Array | undefined {
  const known = modelToKnown(model);
  return known && Float32Array.from(p, (share, cell) => known.optimum(share, q[cell], model.smoothing ?? 0));
}

/**
 * The discriminator's loss at D*: without smoothing 2 ln 2 - 2 JSD for cross-entropy in this project's summed convention,
 * (1 - sum (p - q)^2 / 2 (p + q)) / 4 for least squares, 2 - sum |p - q| for hinge. Undefined where D* is.
 */
export function sharesToOptimalLoss(
  model: GanModel,
  p: ArrayLike<number>,
  q: ArrayLike<number>,
): number | undefined {
  const known = modelToKnown(model);
  if (known === undefined) return undefined;
  const smoothing = model.smoothing ?? 0;
  let sum = 0;
  for (let cell = 0; cell < p.length; cell++) {
    if (p[cell] + q[cell] === 0) continue;
    sum += known.loss(p[cell], q[cell], known.optimum(p[cell], q[cell], smoothing), smoothing);
  }
  return sum;
}
