/** A run that a page shows: its tables, kept and read on as they grow. */

import type { Warning } from "../../errors.ts";
import { isLocked } from "../../files/lock.ts";
import { runToLines } from "../../reports/content/run-charts.ts";
import { type RunDescription, readDescription } from "../../run-folder/description.ts";
import type { RunRecord } from "../../run-folder/read-run.ts";
import { listRoundFiles } from "../../run-folder/run-folder.ts";
import { LAYER_COLUMNS, TABLES, type TableName, tableLocation } from "../../run-folder/tables.ts";
import { requireOwnFiles } from "../index/own-files.ts";
import { columnsToTable, FollowedTable } from "../series/followed-table.ts";
import { RunTimes } from "../series/run-times.ts";
import type { TimedChart } from "./lines-to-live.ts";
import { VerdictTimeline } from "./verdict-timeline.ts";

const TEXT_COLUMNS: Partial<Record<TableName, readonly string[]>> = { layers: LAYER_COLUMNS.slice(0, 2) };

export class WatchedRun {
  readonly folder: string;
  private readonly tables: Readonly<Record<TableName, FollowedTable>>;
  readonly timeline = new VerdictTimeline();
  private description: RunDescription | undefined;
  private stamp = "";
  /** Of the last reading. */
  record: RunRecord | undefined;
  charts: readonly TimedChart[] = [];

  constructor(folder: string) {
    this.folder = folder;
    this.tables = Object.fromEntries(
      TABLES.map((name) => [name, new FollowedTable(tableLocation(folder, name), TEXT_COLUMNS[name])]),
    ) as Record<TableName, FollowedTable>;
  }

  /**
   * Reads what is new. @returns whether anything is
   * @throws GanEvalError `input.not-a-run`
   */
  async read(): Promise<boolean> {
    const { folder, tables } = this;
    await requireOwnFiles(folder);
    const description = await readDescription(folder);
    for (const name of TABLES) await tables[name].read();
    const samples = await listRoundFiles(folder, "samples");
    const isGone = description.status === "running" && !(await isLocked(folder));
    const status = isGone ? "interrupted" : description.status;
    const stamp = JSON.stringify([
      ...[status, description.updated, description.events.length, samples.length, samples.at(-1)?.round],
      ...TABLES.map((name) => tables[name].version),
    ]);
    if (stamp === this.stamp) return false;
    this.stamp = stamp;
    this.description = description;
    this.record = {
      ...{ folder, description, status, samples, checkpoints: [] },
      losses: tables.losses.toTable(),
      scores: tables.scores.toTable(),
      signals: tables.signals.toTable(),
      timing: tables.timing.toTable(),
      layers: tables.layers.all.map(({ key: [player, layer], columns }) => ({
        ...{ player, layer },
        ...columnsToTable(columns),
      })),
      warnings: this.toWarnings(),
    };
    this.charts = recordToCharts(this.record);
    return true;
  }

  private toWarnings(): Warning[] {
    return TABLES.filter((name) => this.tables[name].unfit > 0).map((name) => ({
      code: "unfit-rows",
      message: `${name}.csv: ${this.tables[name].unfit} rows do not fit the heading and were skipped`,
    }));
  }

  /** Whether its clock stood still between two trainings. */
  get wasResumed(): boolean {
    return this.description?.events.some(({ kind }) => kind === "resumed") ?? false;
  }
}

function recordToCharts(record: RunRecord): TimedChart[] {
  const times = new RunTimes(record.timing, record.description.started);
  return runToLines(record).map((chart) => ({
    ...chart,
    lines: chart.lines.map((line) => ({ ...line, times })),
  }));
}
