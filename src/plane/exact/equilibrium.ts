/** Where losses and outputs stand in the equilibrium: the generator is perfect and the discriminator is the best. */
import { type GanModel, samplesOf } from "../../train/gan-model.ts";
import type { LossName } from "../../train/losses.ts";
import { PARTICULAR_ROWS } from "../../train/options/particulars.ts";

/** A height that a curve has to reach, and why. */
export interface EquilibriumLine {
  /** Losses, or the mean output for real and for generated samples (a probability where the loss has one). */
  readonly of: "discriminator_loss" | "generator_loss" | "real" | "fake";
  readonly value: number;
  readonly because: string;
}

type Lines = (model: GanModel) => readonly EquilibriumLine[];

const line = (of: EquilibriumLine["of"], value: number, because: string): EquilibriumLine => ({
  of,
  value,
  because,
});

const asHalf = (smoothing: number): string =>
  smoothing === 0 ? "D = 1/2" : `D = (1 - ${smoothing}) / 2, for the target of real samples is smoothed`;

/** D = d on both; the generator's loss is a function of d. */
const crossEntropy =
  (generator: (d: number) => number, formula: string): Lines =>
  ({ smoothing: s = 0 }) => {
    const d = (1 - s) / 2;
    const loss = -(1 - s) * Math.log(d) - (1 + s) * Math.log(1 - d);
    const cannotTell = `with q = p nothing tells real from generated: ${asHalf(s)}`;
    return [
      line("discriminator_loss", loss, s === 0 ? `2 ln 2: ${cannotTell}` : cannotTell),
      line("generator_loss", generator(d), `${formula} at ${asHalf(s)}`),
      line("real", d, cannotTell),
      line("fake", d, cannotTell),
    ];
  };

const LINES: Readonly<Record<LossName, Lines>> = {
  minimax: crossEntropy((d) => Math.log(1 - d), "ln (1 - D)"),
  "non-saturating": crossEntropy((d) => -Math.log(d), "-ln D"),
  "boundary-seeking": crossEntropy((d) => Math.log(d / (1 - d)) ** 2 / 2, "half the square of the logit"),
  "least-squares": ({ smoothing: s = 0 }) => {
    const d = (1 - s) / 2;
    const why = `with q = p the best output is midway between the targets 0 and ${1 - s}`;
    return [
      line("discriminator_loss", d ** 2, `${why}: both squared distances are ${d} squared`),
      line("generator_loss", (1 - d) ** 2 / 2, `(D - 1)^2 / 2 at D = ${d}`),
      line("real", d, why),
      line("fake", d, why),
    ];
  },
  hinge: () => [
    line(
      "discriminator_loss",
      2,
      "with q = p what an output D in [-1, 1] gains on one side it loses on the other",
    ),
  ],
  wasserstein: () => [
    line("discriminator_loss", 0, "with q = p every critic has the same mean on both: the distance is 0"),
  ],
  relativistic: () => [
    line("discriminator_loss", Math.LN2, "ln 2: with q = p neither of a pair looks more real"),
    line("generator_loss", Math.LN2, "ln 2: with q = p neither of a pair looks more real"),
  ],
  "relativistic-average": () => [
    line(
      "discriminator_loss",
      2 * Math.LN2,
      "2 ln 2: with q = p nothing looks more real than the mean of the others",
    ),
    line(
      "generator_loss",
      2 * Math.LN2,
      "2 ln 2: with q = p nothing looks more real than the mean of the others",
    ),
  ],
  softmax: (model) => {
    const judged = (2 * samplesOf(model)) / (model.packing ?? 1);
    const why = `ln ${judged}: with q = p all that are judged at a time share the softmax evenly`;
    return [line("discriminator_loss", Math.log(judged), why), line("generator_loss", Math.log(judged), why)];
  },
  energy: ({ margin = PARTICULAR_ROWS.margin.default }) => [
    line(
      "discriminator_loss",
      margin,
      "with q = p what the energy of real samples costs, that of generated ones saves, up to the margin",
    ),
  ],
  /** Its k moves the game until an energy ratio is met: no level is known beforehand. */
  "boundary-equilibrium": () => [],
};

/** The lines of a model's loss; terms beside it (penalties, auxiliaries) come on top where a recorded loss has them. */
export const modelToEquilibrium = (model: GanModel): readonly EquilibriumLine[] => LINES[model.loss](model);
