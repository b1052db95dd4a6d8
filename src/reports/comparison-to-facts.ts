/** What a comparison says beside its table, a line each. */
import type { Budget, Comparison, OptionValue, RateCurve } from "../compare/comparison.ts";
import { optionValueToText } from "../compare/option-values.ts";
import type { MethodSpread } from "../math/intervals/random-effects.ts";
import { intervalToText, valueToShort } from "./comparison-to-tables.ts";
import { textToVisible } from "./page.ts";
import { countToWords, scoreToText } from "./quantities.ts";

const rate = (lr: number): string => optionValueToText(Number(lr.toPrecision(3)));

/** `best at 1e-3 (0.0512); safe from 3e-4 to 3e-3: 1.0 decades; 10 % of runs failed or were poor` */
function curveToText({ best, safeBand, failureShare, points }: RateCurve): string {
  if (!best)
    return `no learning rate has a median: at least half of the runs failed at each of ${points.length}`;
  const band = !safeBand
    ? "no safe band"
    : safeBand.decades === 0
      ? `safe only at ${rate(safeBand.low)}`
      : `safe from ${rate(safeBand.low)} to ${rate(safeBand.high)}: ${safeBand.decades.toFixed(1)} decades`;
  const failing =
    failureShare === 0 ? [] : [`${Math.round(100 * failureShare)} % of runs failed or scored poorly`];
  return [`best median ${scoreToText(best.median)} at ${rate(best.lr)}`, band, ...failing].join("; ");
}

/** Budgets that are told. */
const TOLD = [1, 5, 10, 20, 50];

function budgetToText({ points }: Budget): string {
  const told = points.filter(({ k }) => TOLD.includes(k));
  return told
    .map(({ k, median }) => `best of ${k}: ${median === null ? "a failure" : scoreToText(median)}`)
    .join(", ");
}

/** More methods than these are told in the table alone. */
const MOST_METHODS = 8;

/** `160 to 208 (95 %) around 184; deviation 2.73 between seeds, 0.910 of sampling one` */
function spreadToText({ mean, interval, seedDeviation, samplingDeviation }: MethodSpread): string {
  const sampling = samplingDeviation === null ? "" : `, ${valueToShort(samplingDeviation)} of sampling one`;
  return `${intervalToText(interval)} (95 %) around ${valueToShort(mean)}; deviation ${valueToShort(seedDeviation)} between seeds${sampling}`;
}

const protocolToText = (protocol: Readonly<Record<string, OptionValue>>): string =>
  Object.entries(protocol)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${optionValueToText(value)}`)
    .join(", ");

export function comparisonToFacts(comparison: Comparison): (readonly [string, string])[] {
  const { metric, at, rows, best, curves, budgets, protocol, groups } = comparison;
  const isOfRuns = rows.some(({ kind }) => kind === "run");
  const which = isOfRuns
    ? `, the ${at === "best" ? "best of each run's evaluations" : "last evaluation of each run"}`
    : "";
  const facts: [string, string][] = [
    ["metric", `${metric.key}, ${metric.direction} is better${which}`],
    ["of", countToWords(rows.length, isOfRuns ? "run" : "result")],
  ];
  const text = protocolToText(protocol);
  if (text !== "") facts.push(["protocol", text]);
  const methods = groups.flatMap(({ name, spreads }) => {
    const spread = spreads[metric.key];
    return spread ? [[`${name} over ${spread.seeds} seeds`, spreadToText(spread)] as const] : [];
  });
  if (methods.length <= MOST_METHODS) for (const [name, of] of methods) facts.push([name, of]);
  const isUnmeasured = groups.some(({ spreads }) => spreads[metric.key]?.samplingDeviation === null);
  if (isUnmeasured)
    facts.push([
      "sampling",
      `not measured: how far fresh images would move a score is known of ${isOfRuns ? "runs with --eval-ci" : "results with --ci"}`,
    ]);
  for (const curve of curves) facts.push([`${curve.name} by learning rate`, curveToText(curve)]);
  for (const budget of budgets) facts.push([`${budget.name} by budget`, `medians: ${budgetToText(budget)}`]);
  if (best !== null && isOfRuns) {
    const row = rows[best];
    const round = row.scores[metric.key]?.bestRound;
    facts.push([
      "best",
      `${row.name}${round === undefined || at === "last" ? "" : `, in round ${round}`}: ${row.command}`,
    ]);
  }
  return facts.map(([name, of]) => [textToVisible(name), textToVisible(of)]);
}
