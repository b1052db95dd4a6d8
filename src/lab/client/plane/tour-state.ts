/** Where a tour is: which step, what it has still to do, and what its claims say. */
import type { ToLab } from "../../protocol/plane-messages.ts";
import { type CheckedClaim, checkClaim } from "../../scenes/check-claim.ts";
import type { Action, Scene } from "../../scenes/scene.ts";
import type { ShownValues } from "./values.ts";

/** What the lab is asked for an action, where the panes stand at a round. */
function actionToMessage(action: Action, round: number): ToLab | undefined {
  if (action.kind === "shift") return undefined;
  if (action.kind !== "play-to") return action;
  if (round === action.round) return undefined;
  return round < action.round
    ? { kind: "step", by: "rounds", rounds: action.round - round }
    : { kind: "seek", round: action.round };
}

/** Whether what an action asks for is on the screen. */
type Waiting = (now: ShownValues, before: ShownValues) => boolean;

const grows =
  (name: string, by: number, pane: number): Waiting =>
  (now, before) => {
    const key = pane === 0 ? name : `pane${pane + 1}.${name}`;
    return Number(now[key]) >= Number(before[key]) + by;
  };

/** What is waited for before the next action; at once where nothing tells that it is done. */
function actionToWaiting(action: Action): Waiting {
  switch (action.kind) {
    case "play-to":
      return (now) => Number(now.round) === action.round && now.is_playing !== true && now.phase === "";
    case "alone":
      return grows(`${action.player}_updates`, action.updates, action.pane);
    case "step":
      return action.by === "rounds"
        ? grows("round", action.rounds, 0)
        : (now, before) =>
            now.phase !== before.phase || now.update !== before.update || now.round !== before.round;
    case "set":
      return grows("changes", 1, action.pane ?? 0);
    default:
      return () => true;
  }
}

/** Who does the actions of a step: the page, or a test. */
export interface Doer {
  readonly values: () => ShownValues;
  readonly send: (message: ToLab) => void;
  /** Moves the handle of the stage of two distributions. */
  readonly move: (theta: number) => void;
  /** Until the numbers may have changed. */
  readonly pause: () => Promise<unknown>;
  /** Whether it is to end before its time. */
  readonly isLeft: () => boolean;
}

/** One after the other, each when what the one before asked for is on the screen. */
export async function doActions(actions: readonly Action[], doer: Doer): Promise<void> {
  for (const action of actions) {
    if (action.kind === "shift") doer.move(action.theta);
    const before = doer.values();
    const message = actionToMessage(action, Number(before.round));
    if (message) doer.send(message);
    const isDone = actionToWaiting(action);
    while (!isDone(doer.values(), before)) {
      if (doer.isLeft()) return;
      await doer.pause();
    }
  }
}

export const stepToChecked = ({ steps }: Scene, step: number, values: ShownValues): CheckedClaim[] =>
  steps[step].claims.map((claim) => checkClaim(claim, values));

/** `0.0371`, `1,500` */
function claimToNumber(value: number | undefined): string {
  if (value === undefined) return "not shown yet";
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  return Math.abs(value) >= 0.001 && Math.abs(value) < 10_000 ? value.toPrecision(3) : value.toExponential(1);
}

const SIGNS = { below: "<", above: ">", near: "≈" } as const;

/** `0.0371 < 0.2` */
export function checkedToText({ claim, value, bound, word }: CheckedClaim): string {
  if (claim.is === "there") return word ?? "not there";
  const isExact = claim.is === "near" && (claim.within ?? 0) === 0;
  return bound === undefined || value === undefined
    ? claimToNumber(value)
    : isExact
      ? claimToNumber(value)
      : `${claimToNumber(value)} ${SIGNS[claim.is]} ${claimToNumber(bound)}`;
}
