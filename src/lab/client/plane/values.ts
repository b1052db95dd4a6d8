/** The numbers that are on the screen, as one flat record: claims of tours are checked against it. */

import type { FrameFacts } from "./canvas/frame-facts.ts";
import type { Pane } from "./state/lab-state.ts";
import type { PlaneStore } from "./state/store.ts";

export type ShownValue = number | string | boolean;

/** What each name stands for; a second pane's have `pane2.` before them. */
export const VALUES = {
  round: "the round that is shown",
  newest: "the last round of the branch",
  branch: "the branch that is shown, by number",
  branches: "how many branches there are",
  changes: "changes of settings on the way",
  is_playing: "whether it trains now",
  rounds_per_second: "what the machine does",
  is_paired: "whether both panes get the same samples and latents",
  panes: "how many panes there are",
  seed: "the seed",
  phase: "the phase that was done last, empty between rounds",
  update: "the number of this update in the round, 0 between rounds",
  updates_in_round: "k, how many updates the round has, 0 between rounds",
  trains: "who is trained by this step: `discriminator`, `generator` or both with `+`",
  discriminator_updates: "updates of D so far",
  generator_updates: "updates of G so far",
  game: "`together` or `in turn`",
  outside: "generated samples outside of the plane",
  push: "median length of the arrows, in the data's units",
  fake_logit: "median logit of the samples that are drawn",
  real_logit: "median logit of the real samples that are drawn",
  distance_to_best: "mean |D - D*| where generated samples lie, if D* is asked for",
} as const;

/**
 * Further names: those of losses.csv (`discriminator_loss`, `real_score`, ...), `reading.NAME` and `floor.NAME`,
 * `setting.FLAG`, `target.NAME`, `verdict.ID` (its severity).
 */
export type ValueName =
  | keyof typeof VALUES
  | `${"reading" | "floor" | "setting" | "target" | "verdict"}.${string}`
  | (string & {});

export type ShownValues = Readonly<Record<string, ShownValue>>;

function paneToValues(
  { facts, state, judged }: Pane,
  drawn: FrameFacts | undefined,
): Record<string, ShownValue> {
  const phase = state?.phase;
  const values: Record<string, ShownValue> = {
    ...state?.scalars,
    round: state?.round ?? 0,
    phase: phase?.phase ?? "",
    update: phase?.update ?? 0,
    updates_in_round: phase?.updates ?? 0,
    trains: phase?.trains.join("+") ?? "",
    discriminator_updates: state?.updates.discriminator ?? 0,
    generator_updates: state?.updates.generator ?? 0,
    game: facts.game,
    changes: facts.journal.length,
    ...drawn,
  };
  for (const { of, value } of facts.targets) values[`target.${of}`] = value;
  for (const { flag, value } of facts.settings)
    values[`setting.${flag}`] =
      typeof value === "number" || typeof value === "boolean" ? value : String(value);
  for (const [name, { value, floor }] of Object.entries(judged?.readings ?? {})) {
    values[`reading.${name}`] = value;
    if (floor !== undefined) values[`floor.${name}`] = floor;
  }
  for (const { id, severity } of judged?.verdicts ?? []) values[`verdict.${id}`] = severity;
  return values;
}

/** Everything by its name. */
export function currentValues({ lab, wish, drawn }: PlaneStore["current"]): ShownValues {
  const values: Record<string, ShownValue> = {
    newest: lab.newest,
    branch: lab.branch,
    branches: lab.branches.length,
    is_playing: lab.isPlaying,
    rounds_per_second: lab.roundsPerSecond,
    is_paired: lab.isPaired,
    panes: lab.panes.length,
    seed: Number(wish.panes[0]?.seed ?? Number.NaN),
  };
  for (const [i, pane] of lab.panes.entries())
    for (const [name, value] of Object.entries(paneToValues(pane, drawn[i])))
      values[i === 0 ? name : `pane${i + 1}.${name}`] = value;
  return values;
}
