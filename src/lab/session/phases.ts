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

export interface Outputs {
  readonly losses: Readonly<Record<string, number>>;
  readonly logits: Readonly<Record<string, Float32Array>>;
}

/** What a computed step says of its round, by the names of losses.csv. */
export function stepToScalars({ losses, logits }: Outputs, isProbability: boolean): Record<string, number> {
  const score = logitToScore(isProbability);
  const scores = ["real", "fake"].flatMap((side) => {
    const own = logits[`logits/discriminator/${side}`];
    return own ? [[`${side}_score`, mean(own, score)]] : [];
  });
  const lost = ["generator", "discriminator"].flatMap((player) => {
    const loss = losses[`${player}/loss`];
    return loss === undefined ? [] : [[`${player}_loss`, loss]];
  });
  return Object.fromEntries([...scores, ...lost]);
}

/** The same as far as the part that is shown. */
export function shownToScalars(
  { phases, at }: ShownStep,
  outputs: Outputs,
  isProbability: boolean,
): Record<string, number> {
  const all = Object.entries(stepToScalars(outputs, isProbability));
  return Object.fromEntries(
    all.filter(([name]) => at >= phases.indexOf(name.endsWith("_loss") ? "loss" : "logits")),
  );
}
