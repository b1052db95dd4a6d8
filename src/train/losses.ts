/** What the two networks minimise, as functions of the discriminator's logits. */
import * as tf from "../engine/tfjs.ts";
import { LOSS_FACTS, type LossFacts, type LossName } from "./loss-facts.ts";

export type { LossName } from "./loss-facts.ts";

/** Numbers that some losses take. */
export interface LossNumbers {
  /** One-sided label smoothing: a real image's target is 1 - smoothing. */
  readonly smoothing: number;
  /** What the energy of a fake image is pushed up to. */
  readonly margin: number;
  /** BEGAN's k: how much the discriminator cares about fake images. */
  readonly balance: number | tf.Scalar;
}

/**
 * Logits `[n, 1]`, not squashed: for Wasserstein losses the critic's values, for energies minus the energy. Gives a
 * scalar.
 */
export type LossFunction = (real: tf.Tensor, fake: tf.Tensor, numbers: LossNumbers) => tf.Scalar;

/** How BEGAN's k is steered: k + lambdaK (gamma L(real) - L(fake)), kept in [0, 1]. */
export interface BalanceOptions {
  /** Wanted ratio of the fake images' energy to the real ones': diversity against quality. */
  readonly gamma: number;
  readonly lambdaK: number;
}

export interface Loss extends LossFacts {
  readonly discriminator: LossFunction;
  readonly generator: LossFunction;
  /** The generator's loss looks at real images too. */
  readonly generatorSeesReal?: true;
  /** It has a target for real images that smoothing can lower. */
  readonly canSmooth?: true;
  /** ln 2 - loss / 2 estimates the Jensen-Shannon divergence (the discriminator's loss is the summed cross-entropy). */
  readonly isCrossEntropy?: true;
  /** Its k is steered by the energies of a batch (BEGAN). */
  readonly isBalanced?: true;
  readonly source: string;
}

/** k after a batch of mean energies. */
export const nextBalance = (
  k: number,
  real: number,
  fake: number,
  { gamma, lambdaK }: BalanceOptions,
): number => Math.min(1, Math.max(0, k + lambdaK * (gamma * real - fake)));

const mean = (x: tf.Tensor): tf.Scalar => tf.mean(x);
const sum = (x: tf.Scalar, y: tf.Scalar): tf.Scalar => tf.add(x, y);
const half = (x: tf.Scalar): tf.Scalar => tf.mul(x, 0.5);

/** -log sigmoid(x), without overflow. */
const minusLogSigmoid = (x: tf.Tensor): tf.Tensor => tf.softplus(tf.neg(x));
/** -log (1 - sigmoid(x)) */
const minusLogOther = (x: tf.Tensor): tf.Tensor => tf.softplus(x);

/** Real from fake by cross-entropy, summed over the two, as the original paper; many programs halve it. */
const crossEntropy: LossFunction = (real, fake, { smoothing }) => {
  const onReal = mean(minusLogSigmoid(real));
  const smoothed =
    smoothing === 0
      ? onReal
      : sum(tf.mul(onReal, 1 - smoothing), tf.mul(mean(minusLogOther(real)), smoothing));
  return sum(smoothed, mean(minusLogOther(fake)));
};

/** The logarithm of the sum of exp over real and fake, the largest taken out. */
const logSumExp = (real: tf.Tensor, fake: tf.Tensor): tf.Scalar => tf.logSumExp(tf.concat([real, fake]));

/**
 * Every loss, by the name of `--loss`. `r` and `f` are logits of real and fake images, `s` the sigmoid, `E` the mean
 * over the batch. All are minimised.
 */
export const LOSSES = {
  /** D: -E log s(r) - E log(1 - s(f)); G: E log(1 - s(f)), whose gradient vanishes where D is sure. */
  minimax: {
    ...LOSS_FACTS.minimax,
    discriminator: crossEntropy,
    generator: (_real, fake) => tf.neg(mean(minusLogOther(fake))) as tf.Scalar,
    canSmooth: true,
    isCrossEntropy: true,
    source: "Goodfellow et al. 2014",
  },
  /** D as minimax; G: -E log s(f). */
  "non-saturating": {
    ...LOSS_FACTS["non-saturating"],
    discriminator: crossEntropy,
    generator: (_real, fake) => mean(minusLogSigmoid(fake)),
    canSmooth: true,
    isCrossEntropy: true,
    source: "Goodfellow et al. 2014",
  },
  /** D: E (r - 1)^2 / 2 + E f^2 / 2; G: E (f - 1)^2 / 2. */
  "least-squares": {
    ...LOSS_FACTS["least-squares"],
    discriminator: (real, fake, { smoothing }) =>
      half(sum(mean(tf.square(tf.sub(real, 1 - smoothing))), mean(tf.square(fake as tf.Tensor)))),
    generator: (_real, fake) => half(mean(tf.square(tf.sub(fake, 1)))),
    canSmooth: true,
    source: "Mao et al. 2017",
  },
  /** D: E max(0, 1 - r) + E max(0, 1 + f); G: -E f. */
  hinge: {
    ...LOSS_FACTS.hinge,
    discriminator: (real, fake) => sum(mean(tf.relu(tf.sub(1, real))), mean(tf.relu(tf.add(1, fake)))),
    generator: (_real, fake) => tf.neg(mean(fake)) as tf.Scalar,
    source: "Lim and Ye 2017; Miyato et al. 2018",
  },
  /** D: E f - E r; G: -E f. Means nothing unless the critic's slope is bounded by a penalty or by clipping. */
  wasserstein: {
    ...LOSS_FACTS.wasserstein,
    discriminator: (real, fake) => tf.sub(mean(fake), mean(real)),
    generator: (_real, fake) => tf.neg(mean(fake)) as tf.Scalar,
    source: "Arjovsky et al. 2017",
  },
  /** D: -E log s(r - f); G: -E log s(f - r); pairs by their place in the batch. */
  relativistic: {
    ...LOSS_FACTS.relativistic,
    discriminator: (real, fake) => mean(minusLogSigmoid(tf.sub(real, fake))),
    generator: (real, fake) => mean(minusLogSigmoid(tf.sub(fake, real))),
    generatorSeesReal: true,
    source: "Jolicoeur-Martineau 2018",
  },
  /** D: -E log s(r - E f) - E log(1 - s(f - E r)); G the same with r and f exchanged. */
  "relativistic-average": {
    ...LOSS_FACTS["relativistic-average"],
    discriminator: (real, fake) => relativisticAverage(real, fake),
    generator: (real, fake) => relativisticAverage(fake, real),
    generatorSeesReal: true,
    source: "Jolicoeur-Martineau 2018",
  },
  /** Z = log sum exp over all 2n. D: Z - E r; G: Z - (E r + E f) / 2. The discriminator's output there is minus our logit. */
  softmax: {
    ...LOSS_FACTS.softmax,
    discriminator: (real, fake) => tf.sub(logSumExp(real, fake), mean(real)),
    generator: (real, fake) => tf.sub(logSumExp(real, fake), half(sum(mean(real), mean(fake)))),
    generatorSeesReal: true,
    source: "Lin 2017",
  },
  /** D as minimax; G: E (log s(f) - log(1 - s(f)))^2 / 2, which is E f^2 / 2. */
  "boundary-seeking": {
    ...LOSS_FACTS["boundary-seeking"],
    discriminator: crossEntropy,
    generator: (_real, fake) => half(mean(tf.square(fake))),
    canSmooth: true,
    isCrossEntropy: true,
    source: "Hjelm et al. 2018",
  },
  /** With energies e: D: E e(real) + E max(0, margin - e(fake)); G: E e(fake). */
  energy: {
    ...LOSS_FACTS.energy,
    discriminator: (real, fake, { margin }) => tf.sub(mean(tf.relu(tf.add(fake, margin))), mean(real)),
    generator: (_real, fake) => tf.neg(mean(fake)) as tf.Scalar,
    source: "Zhao et al. 2017",
  },
  /** With energies e: D: E e(real) - k E e(fake); G: E e(fake); k is steered so that e(fake) / e(real) nears a ratio. */
  "boundary-equilibrium": {
    ...LOSS_FACTS["boundary-equilibrium"],
    discriminator: (real, fake, { balance }) => tf.sub(tf.mul(mean(fake), balance), mean(real)),
    generator: (_real, fake) => tf.neg(mean(fake)) as tf.Scalar,
    isBalanced: true,
    source: "Berthelot et al. 2017",
  },
} as const satisfies Readonly<Record<LossName, Loss>>;

function relativisticAverage(upper: tf.Tensor, lower: tf.Tensor): tf.Scalar {
  return sum(
    mean(minusLogSigmoid(tf.sub(upper, mean(lower)))),
    mean(minusLogOther(tf.sub(lower, mean(upper)))),
  );
}
