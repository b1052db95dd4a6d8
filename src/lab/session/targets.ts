/** Where losses and outputs stand in the equilibrium: generated and real alike, and the best discriminator against it. */
import { type GanModel, lossOf } from "../../train/gan-model.ts";
import type { LossName } from "../../train/loss-facts.ts";
import type { TargetLine } from "../protocol/plane-messages.ts";

interface Equilibrium {
  readonly discriminator?: number;
  readonly generator?: number;
  /** D(x) and D(G(z)) as pages show them: probabilities, or logits. */
  readonly output: number;
}

/** With one-sided smoothing s the best output is (1 - s) p / (p + q). */
const crossEntropy = (smoothing: number): number => {
  const best = (1 - smoothing) / 2;
  return -(1 - smoothing) * Math.log(best) - (1 + smoothing) * Math.log(1 - best);
};

/** By loss; `s` is the smoothing. Of others there is no such place. */
const EQUILIBRIA: Readonly<Partial<Record<LossName, (s: number) => Equilibrium>>> = {
  minimax: (s) => ({
    discriminator: crossEntropy(s),
    generator: Math.log(1 - (1 - s) / 2),
    output: (1 - s) / 2,
  }),
  "non-saturating": (s) => ({
    discriminator: crossEntropy(s),
    generator: -Math.log((1 - s) / 2),
    output: (1 - s) / 2,
  }),
  "boundary-seeking": (s) => ({
    discriminator: crossEntropy(s),
    generator: Math.log((1 - s) / (1 + s)) ** 2 / 2,
    output: (1 - s) / 2,
  }),
  "least-squares": (s) => ({
    discriminator: (1 - s) ** 2 / 4,
    generator: ((1 + s) / 2) ** 2 / 2,
    output: (1 - s) / 2,
  }),
  hinge: () => ({ discriminator: 2, generator: 0, output: 0 }),
  wasserstein: () => ({ output: 0 }),
  relativistic: () => ({ discriminator: Math.LN2, generator: Math.LN2, output: 0 }),
  "relativistic-average": () => ({ discriminator: 2 * Math.LN2, generator: 2 * Math.LN2, output: 0 }),
};

/** Lines of a model's charts; outputs of critics, which any constant shifts, have none. */
export function modelToTargets(model: GanModel): TargetLine[] {
  const equilibrium = EQUILIBRIA[model.loss]?.(model.smoothing ?? 0);
  if (equilibrium === undefined) return [];
  const { discriminator, generator, output } = equilibrium;
  const isFree = model.loss === "wasserstein" || model.loss.startsWith("relativistic");
  const same = "the generator's distribution is the data's";
  const lines: TargetLine[] = [];
  if (discriminator !== undefined)
    lines.push({
      of: "discriminator_loss",
      value: discriminator,
      because: `${same}, and the best discriminator gives ${output} everywhere`,
    });
  if (generator !== undefined)
    lines.push({
      of: "generator_loss",
      value: generator,
      because: `${same}, against the best discriminator`,
    });
  if (!isFree)
    for (const of of ["real", "fake"] as const)
      lines.push({
        of,
        value: output,
        because: `${same}: ${lossOf(model).isProbability ? "no point is more likely real than generated" : "nothing tells them apart"}`,
      });
  return lines;
}
