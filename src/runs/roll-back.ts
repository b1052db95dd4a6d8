/** How a run goes on after it diverged: from an earlier checkpoint, with half the learning rates. */
import { GanEvalError } from "../errors.ts";
import type { FoundCheckpoint } from "../run-folder/checkpoints.ts";
import type { RunEvent } from "../run-folder/description.ts";
import type { Run } from "../run-folder/run.ts";

/** Kinds of events that `run.json` keeps. */
export const ROLL_BACK = "roll-back";
/** Learning rates that were given anew. */
export const RATES_CHANGED = "rates-changed";

const MOST_ROLL_BACKS = 3;

/** Those since the learning rates were last given: new rates hold as they were given. */
function countRollBacks(events: readonly RunEvent[]): number {
  const since = events.findLastIndex(({ kind }) => kind === RATES_CHANGED);
  return events.slice(since + 1).filter(({ kind }) => kind === ROLL_BACK).length;
}

/** What the learning rates are multiplied by: every roll-back halves them. */
export const eventsToRateFactor = (events: readonly RunEvent[]): number => 0.5 ** countRollBacks(events);

/**
 * The checkpoint to go back to: the newest, or, where training diverged from that very one again, the one before it; the
 * same again where there is none before.
 * @throws GanEvalError `run.diverged` after as many roll-backs as there may be; undefined for a run without a checkpoint
 */
export async function findRollBack(
  run: Run,
  round: number,
  cause: unknown,
): Promise<FoundCheckpoint | undefined> {
  const { events } = run.description;
  const before = countRollBacks(events);
  const latest = before < MOST_ROLL_BACKS ? await run.earlierCheckpoint() : undefined;
  const last = events.findLast(({ kind }) => kind === ROLL_BACK);
  if (before >= MOST_ROLL_BACKS)
    throw new GanEvalError(
      "run.diverged",
      `expected training to recover, got a divergence in round ${round} after ${before} roll-backs, each with half the learning rates, the last to round ${last?.to ?? "unknown"}`,
      {
        hint: "Start again with a much smaller --lr, another loss, or a penalty; or keep earlier checkpoints to roll back to: --keep-checkpoints.",
        cause,
      },
    );
  if (latest === undefined) return undefined;
  const { rounds } = latest.checkpoint.progress;
  const isLost = last?.to === rounds;
  return (isLost ? await run.earlierCheckpoint(rounds) : undefined) ?? latest;
}
