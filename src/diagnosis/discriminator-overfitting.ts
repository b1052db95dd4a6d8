/** A discriminator that knows its training samples from others of the same kind. */
import { isBad, toEvidence } from "./evidence.ts";
import { type RunSignals, tailOf } from "./run-signals.ts";
import { median } from "./series.ts";
import type { Evidence, Finding } from "./verdict.ts";

/** Of the spread of its logits: below it the discriminator cannot tell seen from generated, and so knows nothing by heart. */
const LEAST_GAP = 0.05;

/** r_v of Karras et al. 2020, of the scores that the probe records. */
export function runToOverfitting({ losses, loss }: RunSignals): Finding {
  const [seen, heldOut, fake] = ["seen_score", "held_out_score", "fake_score"].map((name) =>
    tailOf(losses, name),
  );
  if (!seen || !heldOut || !fake)
    return { unknown: "no samples were set apart that the discriminator could be asked about" };
  const [s, h, f] = [seen, heldOut, fake].map(({ values }) => median(values));
  const scale = loss.isProbability ? 1 : Math.max(Math.abs(s), Math.abs(f), Number.MIN_VALUE);
  const known = (s - f) / scale > LEAST_GAP ? (s - h) / (s - f) : 0;
  const evidence: Evidence[] = [
    toEvidence("(D(seen) - D(held out)) / (D(seen) - D(G(z)))", known, "above", "overfitting", {
      floor: 0,
      rounds: seen.rounds,
    }),
  ];
  if (!evidence.every(isBad)) return { clear: evidence };
  return {
    holds: evidence,
    summary: `D(seen) is ${s.toPrecision(3)}, D(held out) ${h.toPrecision(3)}, D(G(z)) ${f.toPrecision(3)}: other real samples look generated to it`,
  };
}
