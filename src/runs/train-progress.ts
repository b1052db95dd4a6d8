/** What a training run says of itself while it goes, and of its events when it is over. */
import type { Warning } from "../errors.ts";
import type { Progress } from "../progress.ts";
import type { RunDescription } from "../run-folder/description.ts";
import type { PreparedRun } from "./prepare-run.ts";
import { OPTIONS_CHANGED, RESUMED } from "./resume-run.ts";
import { RATES_CHANGED } from "./roll-back.ts";
import type { Best } from "./score-keeper.ts";

/** What is worth a glance after a round. */
export interface TrainState {
  readonly rounds: number;
  /** The last record's. */
  readonly scalars: Readonly<Record<string, number>>;
  /** The deciding metric's last value. */
  readonly first: Best | undefined;
  /** Ids of verdicts. */
  readonly problems: readonly string[];
}

const figure = (value: number | undefined): string => (value === undefined ? "-" : value.toPrecision(3));

export function stateToProgress(
  { rounds, scalars, first, problems }: TrainState,
  { trainer, data }: Pick<PreparedRun, "trainer" | "data">,
): Progress {
  const { generator_loss: g, discriminator_loss: d, real_score: real, fake_score: fake } = scalars;
  return {
    stage: "training",
    done: trainer.rounds,
    total: rounds,
    unit: "rounds",
    facts: [
      ...(data.count === undefined ? [] : [`epoch ${Math.floor(trainer.epochs) + 1}`]),
      `loss G ${figure(g)} D ${figure(d)}`,
      `D(x) ${figure(real)} D(G(z)) ${figure(fake)}`,
      ...(first ? [`${first.metric} ${figure(first.value)}`] : []),
      ...problems,
    ],
  };
}

/** How it was gone on with is no warning. */
const PLAIN: ReadonlySet<string> = new Set([RESUMED, OPTIONS_CHANGED, RATES_CHANGED]);

export const eventsToWarnings = ({ events }: RunDescription): Warning[] =>
  events
    .filter(({ kind }) => !PLAIN.has(kind))
    .map(({ round, kind, message }) => ({ code: kind, message: `round ${round}: ${message}` }));
