/** What a run would have recorded, made from functions of the round. */
import { type RunSignals, tablesToSignals } from "../../src/diagnosis/run-signals.ts";
import type { RunDescription } from "../../src/run-folder/description.ts";
import type { LayerTable, Table } from "../../src/run-folder/read-table.ts";
import { plan } from "../run-folder/small-run.ts";

type Column = number | ((round: number) => number);

export function toTable(rounds: readonly number[], columns: Readonly<Record<string, Column>>): Table {
  return {
    rounds: Float64Array.from(rounds),
    columns: new Map(
      Object.entries(columns).map(([name, of]) => [
        name,
        Float64Array.from(rounds, (round) => (typeof of === "number" ? of : of(round))),
      ]),
    ),
  };
}

/** `count` rounds from `step` on, `step` apart. */
export const every = (step: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => step * (i + 1));

interface Made {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly losses?: Readonly<Record<string, Column>>;
  readonly signals?: Readonly<Record<string, Column>>;
  readonly scores?: Readonly<Record<string, Column>>;
  readonly layers?: Readonly<Record<`${string}/${string}`, Readonly<Record<string, Column>>>>;
  /** Who plays, of a model of several networks. */
  readonly scheme?: RunDescription["scheme"];
  /** Of one example: of points by default. */
  readonly shape?: readonly number[];
  readonly status?: RunSignals["status"];
  readonly events?: RunDescription["events"];
  /** Records, 10 rounds apart. */
  readonly records?: number;
  /** Scorings, 50 rounds apart. */
  readonly evaluations?: number;
}

/** A run without a fault, with changes. */
export function madeRun({
  records = 60,
  evaluations = 12,
  status = "finished",
  ...made
}: Made = {}): RunSignals {
  const rounds = every(10, records);
  const layers: Required<Made>["layers"] = made.layers ?? {
    "generator/dense1": { gradient_norm: 0.5, zero_gradients: 0.1 },
    "generator/dense2": { gradient_norm: 1, zero_gradients: 0.1 },
  };
  return tablesToSignals({
    losses: toTable(rounds, {
      generator_loss: 0.7,
      discriminator_loss: 1.38,
      real_score: 0.5,
      fake_score: 0.5,
      fake_logit: 0,
      generator_gradient_norm: 1,
      ...made.losses,
    }),
    layers: Object.entries(layers).map(([name, columns]): LayerTable => {
      const [player, layer] = name.split("/");
      return { player, layer, ...toTable(rounds, columns) };
    }),
    signals: toTable(every(50, evaluations), {
      spread_ratio: 1,
      missing_share: 0,
      top_bin: 3,
      top_share: 0.15,
      ...made.signals,
    }),
    scores: toTable(every(50, evaluations), { sliced_wasserstein: 0.1, ...made.scores }),
    status,
    description: {
      schema: "gan-eval/run/1",
      status,
      ...plan,
      data: { ...plan.data, shape: made.shape ?? [2] },
      config: { loss: "non-saturating", ...made.config },
      ...(made.scheme && { scheme: made.scheme }),
      started: "",
      updated: "",
      round: 10 * records,
      events: made.events ?? [],
    },
  });
}
