/** The charts of a run, in the order of the page. */

import { keyToMetric } from "../../compare/metric-directions.ts";
import { shareToInterval } from "../../metrics/shares.ts";
import type { RunRecord } from "../../runs/read-run.ts";
import type { Chart } from "../charts/chart.ts";
import { keyToName } from "../charts/metric-name.ts";
import { historyToChart, type ScoreHistory } from "../charts/score-charts.ts";
import {
  accuraciesToChart,
  divergenceToChart,
  layersToCharts,
  lossesToChart,
  scoresToChart,
} from "../charts/training-charts.ts";

/** Shares of the samples of a scoring: how sure they are follows from their number. */
const SHARES = /^(precision|recall|density_precision|coverage|high_quality)(_|$)/;
const LEVEL = 0.95;

const isShareColumn = (values: Float64Array): boolean =>
  values.every((value) => Number.isNaN(value) || (value >= 0 && value <= 1));

function columnToHistory(key: string, values: Float64Array, samples: number): ScoreHistory {
  const direction = keyToMetric(key)?.direction;
  const isShare = SHARES.test(key) && isShareColumn(values) && samples >= 2;
  return {
    key,
    name: keyToName(key),
    ...(direction && { direction }),
    ...(isShare && {
      toInterval: (value: number) => shareToInterval(value, samples, LEVEL),
      interval: `95 % interval of a share of ${samples.toLocaleString("en-US")} samples (Wilson's)`,
    }),
  };
}

export function runToCharts({ losses, layers, scores, description }: RunRecord): Chart[] {
  const samples = Number(description.config.evalSamples) || 0;
  const charts = [
    lossesToChart(losses),
    scoresToChart(losses),
    ...[...scores.columns].map(([key, values]) =>
      historyToChart(scores, columnToHistory(key, values, samples)),
    ),
    divergenceToChart(losses),
    accuraciesToChart(losses),
    ...layersToCharts(layers),
  ];
  return charts.filter((chart) => chart !== undefined);
}
