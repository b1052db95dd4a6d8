/** Which steps a round has, and how many a player has taken before it. */
import type { Phase, PlannedStep, Scheme } from "./scheme.ts";

/** The phase that a round (from 0) belongs to. */
export function phaseAt({ plan }: Scheme, round: number): Phase {
  let from = 0;
  for (const phase of plan) {
    if (phase.rounds === "rest" || round < from + phase.rounds) return phase;
    from += phase.rounds;
  }
  return plan[plan.length - 1];
}

/** Steps of a player in one round of a phase. */
export const stepsInRound = ({ steps }: Phase, player: string): number =>
  steps.reduce((sum, { trains, times }) => sum + (trains.includes(player) ? times : 0), 0);

/** Steps that a player has taken in the first `rounds` rounds. */
export function stepsBefore({ plan }: Scheme, player: string, rounds: number): number {
  let [left, steps] = [rounds, 0];
  for (const [i, phase] of plan.entries()) {
    const isLast = i === plan.length - 1 || phase.rounds === "rest";
    const played = isLast ? left : Math.min(left, phase.rounds as number);
    steps += played * stepsInRound(phase, player);
    left -= played;
    if (left === 0) break;
  }
  return steps;
}

/** Steps that compute the same: they train the same players and leave the same terms out. */
export const stepKey = ({ trains, weights = {} }: PlannedStep): string =>
  JSON.stringify([
    [...trains].sort(),
    Object.keys(weights)
      .filter((name) => weights[name] === 0)
      .sort(),
  ]);

/** Batches of data that a round takes. */
export const batchesInRound = ({ steps }: Phase): number =>
  steps.reduce((sum, { times, batch }) => sum + (batch === "new" ? times : 0), 0);
