/** A round while it is played: its steps one after the other, where it stands, and what the steps gave. */
import { GanEvalError } from "../errors.ts";
import { stepsInRound } from "./scheme/plan.ts";
import type { Phase, PlannedStep } from "./scheme/scheme.ts";
import type { StepNorms } from "./updates/parameters.ts";

/** A step of a round: the one that comes next, or that is computed and not applied. */
export interface RoundPlace {
  /** The players that it trains. */
  readonly trains: readonly string[];
  /** Its number among the steps of this round that train the same players, from 1, and how many there are. */
  readonly update: number;
  readonly updates: number;
  /** Losses, logits and gradients are there, and no weight has moved. */
  readonly isComputed: boolean;
}

const isSame = (one: PlannedStep, other: PlannedStep): boolean => `${one.trains}` === `${other.trains}`;

export class PlayedRound {
  private readonly phase: Phase;
  /** Each step as often as it is taken. */
  private readonly steps: readonly PlannedStep[];
  private at = 0;
  isComputed = false;
  /** Learning rates by player: those of the round's beginning. */
  readonly rates: Readonly<Record<string, number>>;
  readonly losses: Record<string, number> = {};
  readonly logits: Record<string, Float32Array> = {};
  readonly norms: Record<string, StepNorms> = {};
  /** Steps of each player that were taken. */
  private readonly taken: Record<string, number> = {};

  constructor(phase: Phase, rates: Readonly<Record<string, number>>) {
    this.phase = phase;
    this.steps = phase.steps.flatMap((step) => Array<PlannedStep>(step.times).fill(step));
    this.rates = rates;
  }

  get step(): PlannedStep {
    return this.steps[this.at];
  }

  get isOver(): boolean {
    return this.at === this.steps.length;
  }

  get place(): RoundPlace {
    const same = this.steps.flatMap((step, i) => (isSame(step, this.step) ? [i] : []));
    const { trains } = this.step;
    return { trains, update: same.indexOf(this.at) + 1, updates: same.length, isComputed: this.isComputed };
  }

  /** Counts a step of a player: its number in this round, and whether it is the last one. */
  count(player: string): { readonly number: number; readonly isLast: boolean } {
    const number = this.takenBy(player) + 1;
    this.taken[player] = number;
    return { number, isLast: number === stepsInRound(this.phase, player) };
  }

  /** Steps of a player that this round has taken so far. */
  takenBy(player: string): number {
    return this.taken[player] ?? 0;
  }

  next(): void {
    this.at++;
    this.isComputed = false;
  }

  /** @throws GanEvalError `run.diverged` where a loss is not finite */
  refuseDiverged(round: number): void {
    refuseDiverged(this.losses, round);
  }
}

/** @throws GanEvalError `run.diverged` where a loss is not finite */
export function refuseDiverged(losses: Readonly<Record<string, number>>, round: number): void {
  const bad = Object.keys(losses).filter((name) => !Number.isFinite(losses[name]));
  if (bad.length === 0) return;
  throw new GanEvalError(
    "run.diverged",
    `expected finite losses, got ${brokenToText(losses, bad)}${lossesToText(losses)} in round ${round}`,
    { hint: "Use a smaller learning rate, or bound the gradients with --gradient-clip." },
  );
}

/** The terms that are to blame: a loss is not finite because one of its terms is not. */
function brokenToText(losses: Readonly<Record<string, number>>, bad: readonly string[]): string {
  const terms = bad.filter((name) => name.startsWith("terms/"));
  const named = terms.map((name) => `${losses[name]} for the term ${name.slice("terms/".length)}`);
  return named.length === 0 ? "" : `${named.join(" and ")}: `;
}

const lossesToText = (losses: Readonly<Record<string, number>>): string =>
  Object.entries(losses)
    .map(([name, loss]) => `${name} ${loss}`)
    .join(", ");
