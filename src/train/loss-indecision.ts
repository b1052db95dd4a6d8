/** What each loss of a discriminator is where it cannot tell real from fake: for diagnosis, which loads no tensors. */
import type { LossName } from "./losses.ts";

export type Indecision =
  /** The loss's scores are probabilities, which tell by themselves. */
  | { readonly kind: "probability" }
  /** The loss at indecision, of losses that fall to 0 where the discriminator decides. */
  | { readonly kind: "loss"; readonly value: number }
  /** The loss has no such value, and why. */
  | { readonly kind: "unknown"; readonly why: string };

const probability = { kind: "probability" } as const;
const loss = (value: number) => ({ kind: "loss", value }) as const;
const unknown = (why: string) => ({ kind: "unknown", why }) as const;

/** Every loss's, at r = f: of cross-entropies that of one logit 0. */
export const INDECISION = {
  minimax: probability,
  "non-saturating": probability,
  /** r = f = 1/2: (1/2)^2 / 2 + (1/2)^2 / 2 */
  "least-squares": loss(0.25),
  /** r = f = 0: 1 + 1 */
  hinge: loss(2),
  wasserstein: unknown(
    "a critic should be ahead: its gap is a distance, which has no value that is too large",
  ),
  /** -log s(0) */
  relativistic: loss(Math.LN2),
  "relativistic-average": loss(2 * Math.LN2),
  softmax: unknown("its loss depends on the batch's size"),
  "boundary-seeking": probability,
  energy: unknown("an energy has no scale of its own"),
  "boundary-equilibrium": unknown("the balance k keeps the players level; look at the column balance"),
} as const satisfies Readonly<Record<LossName, Indecision>>;
