/** A discriminator that knows its training samples from others of the same kind. */
import { meanOf } from "../math/mean.ts";
import { isBad, toEvidence } from "./evidence.ts";
import { isOfMakers, type RunSignals, tailOf } from "./run-signals.ts";
import { deviation } from "./series.ts";
import type { Finding } from "./verdict.ts";

/** Of the size of its scores: below it the discriminator cannot tell real from generated, and so knows nothing by heart. */
const LEAST_GAP = 0.05;
/** Standard errors that a difference has to be above chance. */
const ERRORS = 2;

const COLUMNS = ["seen_score", "held_out_score", "real_score", "fake_score"] as const;

/**
 * r_v of Karras et al. 2020, of differences within a record: the discriminator's level goes up and down from one record
 * to the next, and that of seen and held-out samples with it. The gap is that of the record's own batches. A probe is a
 * batch of each kind, so what is judged is the mean difference less two standard errors.
 */
export function runToOverfitting(run: RunSignals): Finding {
  if (isOfMakers(run))
    return { unknown: "the discriminators of this model are not asked about held-out images" };
  const { losses, loss } = run;
  const tails = COLUMNS.map((name) => tailOf(losses, name));
  const rounds = tails[0]?.rounds;
  const [seen, heldOut, real, fake] = tails.map((tail) => tail?.values);
  if (!rounds || !seen || !heldOut || !real || !fake)
    return { unknown: "no samples were held out that the discriminator could be asked about" };
  const rows = [...seen.keys()].filter((i) =>
    [seen, heldOut, real, fake].every((values) => Number.isFinite(values[i])),
  );
  if (rows.length < 2)
    return { unknown: `expected at least 2 records of held-out scores, got ${rows.length}` };
  const of = (values: Float64Array): number => meanOf(rows.map((i) => values[i]));
  const differences = rows.map((i) => seen[i] - heldOut[i]);
  const error = deviation(differences) / Math.sqrt(rows.length);
  const [known, gap] = [meanOf(differences), of(real) - of(fake)];
  const scale = loss.isProbability ? 1 : Math.max(Math.abs(of(real)), Math.abs(of(fake)), Number.MIN_VALUE);
  const toShare = (difference: number): number => (gap / scale > LEAST_GAP ? difference / gap : 0);
  const evidence = toEvidence(
    "(D(seen) - D(held out)) / (D(x) - D(G(z))), less two standard errors",
    toShare(known - ERRORS * error),
    "above",
    "overfitting",
    { floor: 0, interval: [toShare(known - ERRORS * error), toShare(known + ERRORS * error)], rounds },
  );
  if (!isBad(evidence)) return { clear: [evidence] };
  const [s, h, f] = [seen, heldOut, fake].map((values) => of(values).toPrecision(3));
  return {
    holds: [evidence],
    summary: `D(seen) is ${s}, D(held out) ${h}, D(G(z)) ${f}: it judges unseen real samples as generated`,
  };
}
