/** What a training run says of itself while it goes, and of its events when it is over. */
import type { Warning } from "../errors.ts";
import type { Progress } from "../progress.ts";
import type { RunDescription } from "../run-folder/description.ts";
import { nameToColumn } from "../train/round-record.ts";
import type { Scheme } from "../train/scheme/scheme.ts";
import type { PreparedRun } from "./prepare-run.ts";
import { OPTIONS_CHANGED, RESUMED } from "./resume-run.ts";
import { RATES_CHANGED } from "./roll-back.ts";
import { STOP_REQUESTED } from "./run-end.ts";
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

/** Of a generator and a discriminator. */
function pairToFacts(scalars: TrainState["scalars"]): string[] {
  const { generator_loss: g, discriminator_loss: d, real_score: real, fake_score: fake } = scalars;
  return [`loss G ${figure(g)} D ${figure(d)}`, `D(x) ${figure(real)} D(G(z)) ${figure(fake)}`];
}

/** Of several networks: each player's loss. */
const playersToFact = ({ players }: Scheme, scalars: TrainState["scalars"]): string =>
  `loss ${Object.keys(players)
    .map((name) => `${name} ${figure(scalars[`${nameToColumn(name)}_loss`])}`)
    .join(" ")}`;

export function stateToProgress(
  { rounds, scalars, first, problems }: TrainState,
  { trainer, data, scheme }: Pick<PreparedRun, "trainer" | "data" | "scheme">,
): Progress {
  return {
    stage: "training",
    done: trainer.rounds,
    total: rounds,
    unit: "rounds",
    facts: [
      ...(data.count === undefined ? [] : [`epoch ${Math.floor(trainer.epochs) + 1}`]),
      ...(data.fields === undefined ? pairToFacts(scalars) : [playersToFact(scheme, scalars)]),
      ...(first ? [`${first.metric} ${figure(first.value)}`] : []),
      ...problems,
    ],
  };
}

/** How it was gone on with, and who stopped it, is no warning. */
const PLAIN: ReadonlySet<string> = new Set([RESUMED, OPTIONS_CHANGED, RATES_CHANGED, STOP_REQUESTED]);

export const eventsToWarnings = ({ events }: RunDescription): Warning[] =>
  events
    .filter(({ kind }) => !PLAIN.has(kind))
    .map(({ round, kind, message }) => ({ code: kind, message: `round ${round}: ${message}` }));
