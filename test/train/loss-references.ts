/** Every loss written from the papers, in float64: what LOSSES, and gradients of them, are held against. */
import type { LossName, LossNumbers } from "../../src/train/losses.ts";

export const NUMBERS = { smoothing: 0, margin: 1.5, balance: 0.3 } as const satisfies LossNumbers;

export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
export const over = (values: readonly number[], f: (value: number, i: number) => number) =>
  mean(values.map(f));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
/** log s(x) and log(1 - s(x)), of the sigmoid s. */
export const logSigmoid = (x: number) => -softplus(-x);
export const logOther = (x: number) => -softplus(x);

/** [discriminator, generator], of logits of real and fake. */
export const REFERENCES: Readonly<
  Record<LossName, (r: readonly number[], f: readonly number[]) => readonly [number, number]>
> = {
  minimax: (r, f) => [crossEntropy(r, f), over(f, (x) => logOther(x))],
  "non-saturating": (r, f) => [crossEntropy(r, f), -over(f, (x) => logSigmoid(x))],
  "least-squares": (r, f) => [
    over(r, (x) => (x - 1) ** 2) / 2 + over(f, (x) => x ** 2) / 2,
    over(f, (x) => (x - 1) ** 2) / 2,
  ],
  hinge: (r, f) => [over(r, (x) => Math.max(0, 1 - x)) + over(f, (x) => Math.max(0, 1 + x)), -mean(f)],
  wasserstein: (r, f) => [mean(f) - mean(r), -mean(f)],
  relativistic: (r, f) => [
    -over(r, (x, i) => logSigmoid(x - f[i])),
    -over(r, (x, i) => logSigmoid(f[i] - x)),
  ],
  "relativistic-average": (r, f) => [
    -over(r, (x) => logSigmoid(x - mean(f))) - over(f, (x) => logOther(x - mean(r))),
    -over(f, (x) => logSigmoid(x - mean(r))) - over(r, (x) => logOther(x - mean(f))),
  ],
  softmax: (r, f) => {
    const z = Math.log([...r, ...f].reduce((sum, x) => sum + Math.exp(x), 0));
    return [z - mean(r), z - mean([...r, ...f])];
  },
  "boundary-seeking": (r, f) => [crossEntropy(r, f), over(f, (x) => (logSigmoid(x) - logOther(x)) ** 2) / 2],
  // A logit is minus the energy.
  energy: (r, f) => [
    over(r, (x) => -x) + over(f, (x) => Math.max(0, NUMBERS.margin - -x)),
    over(f, (x) => -x),
  ],
  "boundary-equilibrium": (r, f) => [
    over(r, (x) => -x) - NUMBERS.balance * over(f, (x) => -x),
    over(f, (x) => -x),
  ],
};

const crossEntropy = (r: readonly number[], f: readonly number[]) =>
  -over(r, (x) => logSigmoid(x)) - over(f, (x) => logOther(x));
