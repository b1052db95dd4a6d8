/** From runs or results to their comparison: rows, groups over seeds, differences, learning rates. */
import { GanEvalError, type Warning } from "../errors.ts";
import { withDefaults } from "../options/table.ts";
import type { ScoreError } from "../run-folder/tables.ts";
import { wordToSuggestion } from "../suggestion.ts";
import { keyToMetric, nameToMetric } from "./compared-metric.ts";
import {
  COMPARISON_SCHEMA,
  type ComparedMetric,
  type Comparison,
  type ComparisonGroup,
  type ComparisonRow,
  type Difference,
  FAILED,
  type RowStatus,
  type Score,
} from "./comparison.ts";
import type { Entry, EntryScore } from "./entry.ts";
import { rowsToRates } from "./learning-rates.ts";
import { optionsToName, pickOptions, splitOptions } from "./option-values.ts";
import { COMPARE_ROWS, type ComparedAt, type ResultGroups } from "./options.ts";
import { refuseUnlike } from "./refuse-unlike.ts";
import { locationsToNames } from "./row-names.ts";
import {
  byMerit,
  differenceToVerdict,
  estimatesToDifference,
  samplesToDifference,
  scoresToSpread,
  valuesToSample,
  valuesToSpread,
} from "./seed-statistics.ts";

export interface CompareOptions {
  /** A key or an id (default: what decided the best checkpoints, else the first that there is). */
  readonly metric?: string;
  /** A group's or row's name, or a location (default: the best group). */
  readonly baseline?: string;
  /** Of runs: the best value over the evaluations, as in published studies, or the last (default best). */
  readonly at?: ComparedAt;
  /** Of results: each file by itself, or the files of a folder as seeds of one method (default file). */
  readonly groupBy?: ResultGroups;
  /** Compare unlike protocols all the same, each as a group of its own (default false). */
  readonly force?: boolean;
}

/** Metrics that some entry has, in the entries' order; the first `metric` of an entry decides. */
function entriesToMetrics(entries: readonly Entry[]): ComparedMetric[] {
  const keys = new Map(
    entries.flatMap(({ scores }) => Object.entries(scores).map(([key, { of }]) => [key, of] as const)),
  );
  return [...keys].flatMap(([key, of]) => keyToMetric(key, of) ?? []);
}

function chooseMetric(
  entries: readonly Entry[],
  present: readonly ComparedMetric[],
  asked?: string,
): ComparedMetric {
  if (present.length === 0)
    throw new GanEvalError("input.no-scores", `expected scores to compare, got none in ${entries.length}`, {
      hint: "Train runs with --eval-every N to get scores; result files come from `gan-eval metrics --out`.",
    });
  if (asked !== undefined) return nameToMetric(asked, present);
  const deciding = entries.find(({ metric }) => metric !== undefined)?.metric;
  return present.find(({ key }) => key === deciding) ?? present[0];
}

const toError = ({ standardError, referenceShare }: Partial<ScoreError>): Partial<ScoreError> => ({
  ...(standardError !== undefined && { standardError }),
  ...(referenceShare !== undefined && { referenceShare }),
});

function toScore(entryScore: EntryScore, { direction }: ComparedMetric, at: ComparedAt): Score {
  const { last, lowest, highest, interval } = entryScore;
  const best = direction === "lower" ? lowest : highest;
  if (best === undefined) return { value: last, ...(interval && { interval }), ...toError(entryScore) };
  return {
    value: at === "best" ? best.value : last,
    best: best.value,
    bestRound: best.round,
    last,
    ...toError(at === "best" ? best : entryScore),
  };
}

type Draft = Omit<ComparisonRow, "group" | "difference"> & {
  readonly groupKey: string;
  readonly method?: string;
  readonly protocolKey: string;
};

/** Rows by merit, without what they owe to each other. */
function entriesToDrafts(
  entries: readonly Entry[],
  metric: ComparedMetric,
  metrics: readonly ComparedMetric[],
  at: ComparedAt,
  unlike: readonly string[],
): { drafts: Draft[]; varying: string[]; fixed: Comparison["fixed"] } {
  const readable = entries.filter(({ status }) => status !== "unreadable");
  const { varying: chosen, fixed } = splitOptions(
    (readable.length > 0 ? readable : entries).map(({ options }) => options),
  );
  const varying = [...chosen, ...unlike.filter((name) => !chosen.includes(name))];
  const names = locationsToNames(entries.map(({ location }) => location));
  const drafts = entries.map((entry, i): Draft => {
    const { location, kind, status, failure, seed, rounds, seconds, command } = entry;
    const options = pickOptions({ ...entry.protocol, ...entry.options }, varying);
    const scores = Object.fromEntries(
      metrics.flatMap((of) => {
        const score = entry.scores[of.key];
        return score ? [[of.key, toScore(score, of, at)] as const] : [];
      }),
    );
    // Results that no method is named for are no seeds of one, and nothing is known of what cannot be read.
    const isAlone = (kind === "result" && entry.method === undefined) || status === "unreadable";
    return {
      name: names[i],
      ...{ location, kind, status, options, seed, scores, command },
      value: FAILED.has(status) ? null : (scores[metric.key]?.value ?? null),
      ...(failure !== undefined && { failure }),
      ...(rounds !== undefined && { rounds }),
      ...(seconds !== undefined && { seconds }),
      groupKey: isAlone ? `location ${location}` : JSON.stringify([entry.method ?? null, options]),
      ...(entry.method !== undefined && { method: entry.method }),
      protocolKey: JSON.stringify(pickOptions(entry.protocol, unlike)),
    };
  });
  const order = byMerit(metric.direction);
  // Failures behind rows that only lack the metric: both have no value.
  const rank = ({ status }: Draft): number => Number(FAILED.has(status));
  drafts.sort(
    (a, b) =>
      order(a.value, b.value) || rank(a) - rank(b) || (a.name < b.name ? -1 : Number(a.name > b.name)),
  );
  return { drafts, varying, fixed };
}

type DraftGroup = Omit<ComparisonGroup, "difference"> & { readonly protocolKey: string };

/** Of each metric that two of the rows have or more. */
function draftsToSpreads(
  drafts: readonly Draft[],
  metrics: readonly ComparedMetric[],
): ComparisonGroup["spreads"] {
  const known = drafts.filter(({ status }) => !FAILED.has(status));
  return Object.fromEntries(
    metrics.flatMap(({ key }) => {
      const spread = scoresToSpread(known.flatMap(({ scores }) => scores[key] ?? []));
      return spread ? [[key, spread] as const] : [];
    }),
  );
}

function draftsToGroups(
  drafts: readonly Draft[],
  metric: ComparedMetric,
  metrics: readonly ComparedMetric[],
): DraftGroup[] {
  const places = new Map<string, number[]>();
  for (const [at, { groupKey }] of drafts.entries()) {
    const of = places.get(groupKey);
    if (of) of.push(at);
    else places.set(groupKey, [at]);
  }
  const order = byMerit(metric.direction);
  const groups = [...places.values()].map((rows): DraftGroup => {
    const of = rows.map((at) => drafts[at]);
    const [first] = of;
    const counted = of.filter(({ value, status }) => value !== null || FAILED.has(status));
    const spread = valuesToSpread(
      counted.map(({ value }) => value),
      metric.direction,
    );
    const sample = valuesToSample(counted.flatMap(({ value }) => value ?? []));
    const own = of.length === 1 ? first.scores[metric.key]?.interval : undefined;
    const isAlone = first.groupKey.startsWith("location ");
    const spreads = draftsToSpreads(of, metrics);
    const named = [...(first.method === undefined ? [] : [first.method]), optionsToName(first.options)]
      .filter((part) => part !== "")
      .join(", ");
    return {
      name: (isAlone ? "" : named) || (of.length === 1 ? first.name : "all runs"),
      options: first.options,
      rows,
      n: of.length,
      failures: of.filter(({ status }) => FAILED.has(status)).length,
      ...spread,
      mean: sample?.mean ?? null,
      sd: sample && sample.n > 1 ? sample.sd : null,
      interval: own ?? spreads[metric.key]?.interval ?? null,
      spreads,
      protocolKey: first.protocolKey,
    };
  });
  return groups.sort((a, b) => order(a.median, b.median) || order(a.best, b.best) || a.failures - b.failures);
}

function chooseBaseline(
  groups: readonly DraftGroup[],
  drafts: readonly Draft[],
  asked: string | undefined,
): number | null {
  if (asked === undefined) return groups[0]?.median == null ? null : 0;
  const ofRow = drafts.findIndex(({ name, location }) => name === asked || location === asked);
  const found = groups.findIndex(({ name, rows }) => name === asked || rows.includes(ofRow));
  if (found >= 0) return found;
  const near = wordToSuggestion(
    asked,
    [...groups, ...drafts].map(({ name }) => name),
  );
  throw new GanEvalError(
    "usage.baseline",
    `expected the name of a row or group as baseline, got ${JSON.stringify(asked)}`,
    {
      hint: near ? `Did you mean ${near}?` : "Names are in the table's first column.",
    },
  );
}

/** a less b where both are of one protocol: over seeds, or by their own intervals. */
function groupsToDifference(
  a: DraftGroup,
  b: DraftGroup,
  drafts: readonly Draft[],
  { key, direction }: ComparedMetric,
): Difference | undefined {
  if (a === b || a.protocolKey !== b.protocolKey) return undefined;
  const [ofA, ofB] = [a, b].map(({ rows }) => {
    const values = rows.flatMap((at) => drafts[at].value ?? []);
    return {
      sample: valuesToSample(values),
      row: rows.length === 1 ? drafts[rows[0]].scores[key] : undefined,
    };
  });
  const difference =
    ofA.row?.interval && ofB.row?.interval
      ? estimatesToDifference(
          { value: ofA.row.value, interval: ofA.row.interval },
          { value: ofB.row.value, interval: ofB.row.interval },
        )
      : ofA.sample && ofB.sample && samplesToDifference(ofA.sample, ofB.sample);
  return difference && { ...difference, verdict: differenceToVerdict(difference, direction) };
}

/** Counted remarks on rows that are not what one would wish. */
function draftsToWarnings(drafts: readonly Draft[], metric: ComparedMetric): Warning[] {
  const count = (of: (draft: Draft) => boolean): number => drafts.filter(of).length;
  const total = drafts.length;
  const notices: [code: string, count: number, what: string][] = [
    [
      "failed-rows",
      count(({ status }) => status === "diverged" || status === "failed"),
      "diverged or failed; they rank below all others",
    ],
    [
      "unreadable-rows",
      count(({ status }) => status === "unreadable"),
      "could not be read; listed without values",
    ],
    [
      "unfinished-rows",
      count(({ status }) => status === "running" || status === "interrupted"),
      "not finished; their values are preliminary",
    ],
    [
      "missing-metric",
      count(({ value, status }) => value === null && !FAILED.has(status)),
      `without ${metric.key}, and not in the statistics`,
    ],
  ];
  return notices.flatMap(([code, n, what]) =>
    n === 0 ? [] : [{ code, message: `${n} of ${total}: ${what}` }],
  );
}

const countStatuses = (drafts: readonly Draft[]): Partial<Record<RowStatus, number>> => {
  const counts: Partial<Record<RowStatus, number>> = {};
  for (const { status } of drafts) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

/**
 * @throws GanEvalError `input.unlike-protocols`, `input.no-scores`, `usage.unknown-metric`, `usage.baseline`
 */
export function entriesToComparison(
  entries: readonly Entry[],
  options: CompareOptions = {},
  notices: readonly Warning[] = [],
): Comparison {
  const { force, at, ...asked } = withDefaults(COMPARE_ROWS, options);
  const warnings = [...notices];
  const unlike = refuseUnlike(entries, force, warnings);
  const metrics = entriesToMetrics(entries);
  const metric = chooseMetric(entries, metrics, asked.metric);
  const { drafts, varying, fixed } = entriesToDrafts(entries, metric, metrics, at, unlike);
  const drafted = draftsToGroups(drafts, metric, metrics);
  const baseline = chooseBaseline(drafted, drafts, asked.baseline);
  const groups = drafted.map((group): ComparisonGroup => {
    const { protocolKey: _, ...own } = group;
    const difference =
      baseline === null ? undefined : groupsToDifference(group, drafted[baseline], drafts, metric);
    return { ...own, ...(difference && { difference }) };
  });
  const groupOf = new Map(groups.flatMap(({ rows }, group) => rows.map((row) => [row, group] as const)));
  const rows = drafts.map((draft, at): ComparisonRow => {
    const { groupKey: _, protocolKey: __, method: ___, ...own } = draft;
    const group = groupOf.get(at)!;
    const isLone = own.kind === "result" && groups[group].n === 1;
    const difference = isLone ? groups[group].difference : undefined;
    return { ...own, group, ...(difference && { difference }) };
  });
  const known = entries.find(({ status }) => status !== "unreadable");
  return {
    schema: COMPARISON_SCHEMA,
    metric,
    metrics,
    at,
    varying,
    fixed,
    protocol: Object.fromEntries(
      Object.entries(known?.protocol ?? {}).filter(([name]) => !unlike.includes(name)),
    ),
    rows,
    groups,
    baseline,
    best: rows[0]?.value == null ? null : 0,
    counts: countStatuses(drafts),
    ...rowsToRates(rows, varying, metric),
    warnings: [...warnings, ...draftsToWarnings(drafts, metric)],
  };
}
