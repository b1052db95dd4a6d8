/** Parts of a step as a page shows them. The program computes all but the update in one run. */
import { logitToScore, mean } from "../../train/round-record.ts";
import type { RoundPlace } from "../../train/trainer.ts";
import type { PhaseFacts, PhaseName, PlayerName } from "../protocol/plane-messages.ts";

const OF_GENERATOR: readonly PhaseName[] = ["latents", "fakes", "logits", "loss", "gradients", "update"];
const WITH_REALS: readonly PhaseName[] = [
  "latents",
  "fakes",
  "reals",
  "logits",
  "loss",
  "gradients",
  "update",
];

export const stepToPhases = (trains: readonly string[], seesReal: boolean): readonly PhaseName[] =>
  trains.includes("discriminator") || seesReal ? WITH_REALS : OF_GENERATOR;

/** A step that is shown part by part. */
export interface ShownStep {
  readonly place: RoundPlace;
  readonly phases: readonly PhaseName[];
  readonly at: number;
}

export const isUpdated = ({ phases, at }: ShownStep): boolean => at === phases.length - 1;

export const shownToFacts = ({ place, phases, at }: ShownStep): PhaseFacts => ({
  phase: phases[at],
  trains: place.trains as readonly PlayerName[],
  update: place.update,
  updates: place.updates,
});

interface Outputs {
  readonly losses: Readonly<Record<string, number>>;
  readonly logits: Readonly<Record<string, Float32Array>>;
}

/** What a computed step says already, by the names of losses.csv: as far as the part that is shown. */
export function outputsToScalars(
  { phases, at }: ShownStep,
  { losses, logits }: Outputs,
  isProbability: boolean,
): Record<string, number> {
  const scalars: Record<string, number> = {};
  const score = logitToScore(isProbability);
  if (at >= phases.indexOf("logits"))
    for (const side of ["real", "fake"])
      if (logits[`logits/discriminator/${side}`])
        scalars[`${side}_score`] = mean(logits[`logits/discriminator/${side}`], score);
  if (at >= phases.indexOf("loss"))
    for (const player of ["generator", "discriminator"])
      if (losses[`${player}/loss`] !== undefined) scalars[`${player}_loss`] = losses[`${player}/loss`];
  return scalars;
}
