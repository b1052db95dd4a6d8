/** A history of nightly checks as its page shows it: values and limits over the nights, and which rule failed when. */
import type { History, Night } from "../../check/history.ts";
import { numberToText } from "../../reports/charts/chart-runtime.js";
import { keyToName } from "../../reports/charts/metric-name.ts";
import { textToVisible } from "../../reports/page.ts";

export interface GateSeries {
  readonly key: string;
  readonly name: string;
  /** By night: the mean over seeds, and their range; null where it was not measured. */
  readonly values: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** Limits that it was held to, by night. */
  readonly atMost: readonly (number | null)[];
  readonly atLeast: readonly (number | null)[];
  /** Nights in which a rule on it failed. */
  readonly failed: readonly boolean[];
}

export interface GateNight {
  /** ISO 8601. */
  readonly when: string;
  readonly passed: boolean;
  /** `fid 27.3 > 25`, of rules that were missed. */
  readonly missed: readonly string[];
  /** Whether the night says what its rules came to. */
  readonly hasRules: boolean;
}

export interface GateView {
  readonly nights: readonly GateNight[];
  readonly series: readonly GateSeries[];
  readonly warnings: readonly string[];
}

/** More nights are too many for a page; the newest are shown. */
const MOST_NIGHTS = 730;

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const boundOf = (night: Night, key: string, comparison: "<=" | ">="): number | null =>
  night.rules?.find((rule) => rule.key === key && rule.comparison === comparison)?.bound ?? null;

function nightsToSeries(nights: readonly Night[], key: string): GateSeries {
  const of = (pick: (values: readonly number[]) => number) =>
    nights.map(({ metrics }) => (Object.hasOwn(metrics, key) ? pick(metrics[key].values) : null));
  return {
    key,
    name: textToVisible(keyToName(key)),
    values: of(mean),
    low: of((values) => Math.min(...values)),
    high: of((values) => Math.max(...values)),
    atMost: nights.map((night) => boundOf(night, key, "<=")),
    atLeast: nights.map((night) => boundOf(night, key, ">=")),
    failed: nights.map(
      ({ rules }) => rules?.some((rule) => rule.key === key && rule.status === "failed") ?? false,
    ),
  };
}

function nightToShown({ when, passed, rules, metrics }: Night): GateNight {
  const missed = (rules ?? [])
    .filter(({ status }) => status === "failed" || status === "warned")
    .map(({ rule, status, key, comparison, bound }) => {
      const found = key !== undefined && Object.hasOwn(metrics, key) ? metrics[key].values : undefined;
      const value = found ? ` ${numberToText(mean(found))}` : "";
      const limit = bound === undefined ? "" : `, expected ${comparison} ${numberToText(bound)}`;
      return textToVisible(`${status === "warned" ? "warning: " : ""}${rule}${value}${limit}`);
    });
  return { when: textToVisible(when), passed, missed, hasRules: rules !== undefined };
}

export function historyToGate({ nights: all, warnings }: History): GateView {
  const nights = all.slice(-MOST_NIGHTS);
  const gated = nights.flatMap(({ rules }) => (rules ?? []).flatMap(({ key }) => key ?? []));
  const measured = nights.flatMap(({ metrics }) => Object.keys(metrics));
  // Values that rules speak of come first.
  const keys = [...new Set([...gated, ...measured])];
  return {
    nights: nights.map(nightToShown),
    series: keys.map((key) => nightsToSeries(nights, key)),
    warnings: warnings.map(({ message }) => textToVisible(message)),
  };
}
