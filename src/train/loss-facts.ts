/** What readers of a run have to know of each loss; tensors are in losses.ts, which diagnosis does not load. */

/**
 * The discriminator's loss where it cannot tell real from fake, if it falls to 0 where it can; of another loss `silent`,
 * the reason why its size does not tell whether the discriminator is sure.
 */
export type Undecided = number | { readonly silent: string };

export interface LossFacts {
  readonly label: string;
  /** Whether a logit's sigmoid is a probability of being real; else the logit itself is what a reader looks at. */
  readonly isProbability: boolean;
  readonly undecided: Undecided;
}

/** -log s(0) on either side */
const CROSS_ENTROPY = 2 * Math.LN2;

/** Of every loss, by the name of `--loss`; its formulas are in `LOSSES`. */
export const LOSS_FACTS = {
  minimax: { label: "minimax (saturating)", isProbability: true, undecided: CROSS_ENTROPY },
  "non-saturating": { label: "non-saturating", isProbability: true, undecided: CROSS_ENTROPY },
  /** r = f = 1/2 */
  "least-squares": { label: "least squares", isProbability: false, undecided: 0.25 },
  /** r = f = 0 */
  hinge: { label: "hinge", isProbability: false, undecided: 2 },
  wasserstein: {
    label: "Wasserstein",
    isProbability: false,
    undecided: {
      silent: "a critic should be ahead: its gap is a distance, which has no value that is too large",
    },
  },
  relativistic: { label: "relativistic standard", isProbability: false, undecided: Math.LN2 },
  "relativistic-average": { label: "relativistic average", isProbability: false, undecided: CROSS_ENTROPY },
  softmax: {
    label: "softmax",
    isProbability: false,
    undecided: { silent: "its loss depends on the batch's size" },
  },
  "boundary-seeking": { label: "boundary seeking", isProbability: true, undecided: CROSS_ENTROPY },
  energy: {
    label: "energy based",
    isProbability: false,
    undecided: { silent: "an energy has no scale of its own" },
  },
  "boundary-equilibrium": {
    label: "boundary equilibrium",
    isProbability: false,
    undecided: { silent: "the balance k keeps the players level; look at the column balance" },
  },
} as const satisfies Readonly<Record<string, LossFacts>>;

export type LossName = keyof typeof LOSS_FACTS;
