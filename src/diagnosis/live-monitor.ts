/** A run judged while it is trained, by what training records anyway. */

import type { LayerTable, Table } from "../run-folder/read-table.ts";
import { judgeLive } from "./rules.ts";
import type { OpenMonitor, RunMonitor } from "./run-monitor.ts";
import { tablesToSignals } from "./run-signals.ts";

/** Records that are kept: those of the beginning, which gradients are held against, and the last. */
const [FIRST_ROUNDS, MOST] = [100, 600];

/** A table that grows, and forgets its middle. */
class GrowingTable {
  private rows: { readonly round: number; readonly values: Readonly<Record<string, number>> }[] = [];

  constructor({ rounds, columns }: Table) {
    rounds.forEach((round, i) => {
      this.add(round, Object.fromEntries([...columns].map(([name, values]) => [name, values[i]])));
    });
  }

  add(round: number, values: Readonly<Record<string, number>>): void {
    this.rows.push({ round, values });
    if (this.rows.length <= 2 * MOST) return;
    const last = this.rows.length - MOST;
    this.rows = this.rows.filter((row, i) => row.round <= FIRST_ROUNDS || i >= last);
  }

  rewindTo(round: number): void {
    this.rows = this.rows.filter((row) => row.round <= round);
  }

  /** The beginning and the last rows. */
  toTable(): Table {
    const last = this.rows.length - MOST;
    const rows = this.rows.filter((row, i) => row.round <= FIRST_ROUNDS || i >= last);
    const names = Object.keys(rows.at(-1)?.values ?? {});
    return {
      rounds: Float64Array.from(rows, ({ round }) => round),
      columns: new Map(
        names.map((name) => [name, Float64Array.from(rows, ({ values }) => values[name] ?? Number.NaN)]),
      ),
    };
  }
}

const EMPTY: Table = { rounds: new Float64Array(0), columns: new Map() };

/** A judge that knows what a run recorded so far. */
export const openLiveMonitor: OpenMonitor = (run): RunMonitor => {
  const [losses, scores, signals] = [run.losses, run.scores, run.signals].map(
    (table) => new GrowingTable(table),
  );
  const layers = new Map(
    run.layers.map((table) => [
      `${table.player}/${table.layer}`,
      { player: table.player, layer: table.layer, table: new GrowingTable(table) },
    ]),
  );
  const all = (): GrowingTable[] => [
    losses,
    scores,
    signals,
    ...[...layers.values()].map(({ table }) => table),
  ];
  return {
    record({ round, scalars, layers: norms }) {
      losses.add(round, scalars);
      for (const [player, own] of Object.entries(norms))
        for (const { layer, gradient, weight, ratio, zeros = Number.NaN } of own) {
          const key = `${player}/${layer}`;
          const known = layers.get(key) ?? { player, layer, table: new GrowingTable(EMPTY) };
          layers.set(key, known);
          known.table.add(round, {
            gradient_norm: gradient,
            weight_norm: weight,
            update_ratio: ratio,
            zero_gradients: zeros,
          });
        }
    },
    score(round, ofScores, ofSignals) {
      scores.add(round, ofScores);
      signals.add(round, ofSignals);
    },
    rewindTo(round) {
      for (const table of all()) table.rewindTo(round);
    },
    judge() {
      return judgeLive(
        tablesToSignals({
          losses: losses.toTable(),
          layers: [...layers.values()].map(
            ({ player, layer, table }): LayerTable => ({ player, layer, ...table.toTable() }),
          ),
          scores: scores.toTable(),
          signals: signals.toTable(),
          status: run.status,
          description: run.description,
        }),
      ).map(({ id, summary }) => ({ id, summary }));
    },
  };
};
