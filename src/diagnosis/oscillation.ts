/** Players that go round each other instead of settling. */
import { isBad, toEvidence } from "./evidence.ts";
import { columnOf, judgeColumnOf, lossColumnOf, type RunSignals } from "./run-signals.ts";
import { detrend, type Peak, seriesToPeak } from "./series.ts";
import { THRESHOLDS } from "./thresholds.ts";
import type { Finding } from "./verdict.ts";

/** Losses of the players, and what discriminators say of generated samples. */
const castToSeries = ({ players, judges }: RunSignals["cast"]): string[] => [
  ...players.map(lossColumnOf),
  ...judges.map((judge) => judgeColumnOf(judge, "fake_logit")),
];
/** Records in the window, at most and at least. */
const [MOST, LEAST] = [400, 40];
/** Shorter periods are the noise of batches, in records and in rounds. */
const [LEAST_LAG, LEAST_ROUNDS] = [3, 10];

interface Oscillation extends Peak {
  readonly name: string;
  /** Standard deviation without its trend. */
  readonly size: number;
}

/** Of values whose mean is 0. */
const deviation = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** What comes back in a loss again and again, in the last two thirds of the run. */
export function runToOscillation({ losses, cast }: RunSignals): Finding {
  const { rounds } = losses;
  const count = Math.min(MOST, Math.floor((rounds.length * 2) / 3));
  if (count < LEAST)
    return {
      unknown: `expected at least ${Math.ceil((LEAST * 3) / 2)} records, got ${rounds.length}: train longer, or with a smaller --record-interval`,
    };
  const start = rounds.length - count;
  const step = (rounds[rounds.length - 1] - rounds[start]) / (count - 1);
  const series = castToSeries(cast);
  const peaks = series.flatMap((name): Oscillation[] => {
    const values = columnOf(losses, name).subarray(start);
    return values.length === count && values.every(Number.isFinite)
      ? [{ name, size: deviation(detrend(values)), ...seriesToPeak(values) }]
      : [];
  });
  const counted = peaks.filter(
    ({ lag, size }) =>
      lag >= LEAST_LAG &&
      lag * step > LEAST_ROUNDS &&
      count / lag >= THRESHOLDS.oscillationPeriods.value &&
      size >= THRESHOLDS.oscillationSize.value,
  );
  const none = { name: series[0], height: 0, lag: count, size: peaks[0]?.size ?? 0 };
  const { name, height, lag, size } = counted.reduce(
    (a, b) => (b.height > a.height ? b : a),
    counted[0] ?? none,
  );
  const more = { rounds: [rounds[start], rounds[rounds.length - 1]] as const };
  const evidence = [
    toEvidence(`autocorrelation peak of ${name}`, height, "above", "oscillationPeak", more),
    toEvidence("periods in the window", count / lag, "above", "oscillationPeriods", more),
    toEvidence(`standard deviation of ${name}`, size, "above", "oscillationSize", more),
  ];
  if (!evidence.every(isBad)) return { clear: evidence };
  return {
    holds: evidence,
    summary: `${name} repeats every ${Math.round(lag * step)} rounds, ${Math.floor(count / lag)} times`,
  };
}
