/** The charts of a run, in the order of the page. */

import { shareToInterval } from "../../math/intervals/wilson.ts";
import { keyToDirection, keyToSpread, spreadToKey } from "../../metrics/values.ts";
import { type Cast, columnToScore, descriptionToCast } from "../../run-folder/cast.ts";
import type { RunRecord } from "../../run-folder/read-run.ts";
import type { Table } from "../../run-folder/read-table.ts";
import type { Chart } from "../charts/chart.ts";
import { keyToName } from "../charts/metric-name.ts";
import { linesToChart, type RoundsChart } from "../charts/rounds-chart.ts";
import { historyToLines, type ScoreHistory } from "../charts/score-charts.ts";
import {
  accuraciesToLines,
  divergenceToLines,
  layersToLines,
  lossesToLines,
  scoresToLines,
  termsToLines,
} from "../charts/training-charts.ts";

/** Shares of the samples of an evaluation: how sure they are follows from their number. */
const SHARES = /^(precision|recall|coverage|high_quality)(_|$)/;
const LEVEL = 0.95;

const isShareColumn = (values: Float64Array): boolean =>
  values.every((value) => Number.isNaN(value) || (value >= 0 && value <= 1));

/** A standard deviation that is told beside its mean. */
export function isSpread(column: string, columns: ReadonlyMap<string, unknown>, cast: Cast): boolean {
  const { prefix, key } = columnToScore(cast, column);
  const of = spreadToKey(key);
  return of !== undefined && columns.has(`${prefix}${of}`);
}

/** The standard deviations that are told beside a column, if there are any. */
export function columnToSpread(column: string, columns: Table["columns"], cast: Cast) {
  const { prefix, key } = columnToScore(cast, column);
  const spread = keyToSpread(key);
  return spread === undefined ? undefined : columns.get(`${prefix}${spread}`);
}

function columnToHistory(key: string, { columns }: Table, samples: number, cast: Cast): ScoreHistory {
  const values = columns.get(key)!;
  const score = columnToScore(cast, key);
  const direction = keyToDirection(score.key);
  const spread = columnToSpread(key, columns, cast);
  const isShare = SHARES.test(score.key) && isShareColumn(values) && samples >= 2;
  return {
    key,
    name: `${keyToName(score.key)}${score.of}`,
    ...(direction !== "none" && { direction }),
    ...(isShare && {
      toInterval: (value: number) => shareToInterval(value, samples, LEVEL),
      interval: `95 % interval of a share of ${samples.toLocaleString("en-US")} samples (Wilson's)`,
    }),
    ...(spread && {
      toInterval: (value: number, row: number) => ({ low: value - spread[row], high: value + spread[row] }),
      interval: "plus and minus one standard deviation over splits",
    }),
  };
}

/** What the charts are drawn from; some may have nothing to draw. */
export function runToLines({
  losses,
  layers,
  scores,
  description,
}: Pick<RunRecord, "losses" | "layers" | "scores" | "description">): RoundsChart[] {
  const samples = Number(description.config.evalSamples) || 0;
  const cast = descriptionToCast(description);
  const charts = [
    lossesToLines(losses, cast),
    termsToLines(losses, cast),
    ...cast.judges.map((judge) => scoresToLines(losses, judge)),
    ...[...scores.columns.keys()]
      .filter((key) => !isSpread(key, scores.columns, cast))
      .map((key) => historyToLines(scores, columnToHistory(key, scores, samples, cast))),
    divergenceToLines(losses, cast),
    accuraciesToLines(losses),
    ...layersToLines(layers, cast),
  ];
  return charts.filter((chart) => chart !== undefined);
}

export const runToCharts = (run: RunRecord): Chart[] =>
  runToLines(run)
    .map(linesToChart)
    .filter((chart) => chart !== undefined);
