/** The verdict: rules, what was measured, the baseline and earlier nights in; an outcome for every limit out. */
import { GanEvalError } from "../errors.ts";
import { meanOf } from "../math/mean.ts";
import { keyToDirection, keyToRow, nameToKey, nameToMetricId } from "../metrics/values.ts";
import { wordToSuggestion } from "../suggestion.ts";
import type { LimitName, OutcomeStatus, RuleOutcome } from "./check-result.ts";
import type { Expression, Use } from "./expression.ts";
import type { Level } from "./level.ts";
import { type Amount, amountToSize, isExpressionRule, type Rule } from "./rule.ts";
import {
  type BetweenSeeds,
  chanceToReach,
  type Seeds,
  seedsToBetween,
  seedsToChance,
  seedsToSpread,
} from "./seeds.ts";

/** Values by their names in results. */
export type SeedsByKey = ReadonlyMap<string, Seeds>;

export interface Evidence {
  readonly current: SeedsByKey;
  readonly baseline?: SeedsByKey;
  /** Earlier nights, the latest last; this one is not among them. */
  readonly history: readonly SeedsByKey[];
  /** Those of them that passed: with the baseline they say how seeds of an unchanged model vary. */
  readonly passed: readonly SeedsByKey[];
}

/** False alarms that all rules together may raise in a night, as a share of nights. */
export const LEVEL = 0.01;

/** Intervals that are shown. */
const SHOWN = 0.05;

/** The most values of an expression that chance may move: each doubles the evaluations. */
const MOST_VARIED = 6;

/** Limits and expressions that are judged, among which the level is divided (Bonferroni). */
export const rulesToComparisons = (rules: readonly Rule[]): number =>
  rules
    .filter(({ level }) => level !== "off")
    .reduce((sum, rule) => sum + (isExpressionRule(rule) ? 1 : Object.keys(rule.limits).length), 0);

/**
 * An outcome for every limit and expression of the rules that are not off. One is missed only if both hold:
 *
 * - the mean over seeds lies beyond the limit: beyond `max` or `min`, or beyond the baseline by more than the change that
 *   is allowed;
 * - chance is excluded, one-sided, at `LEVEL` / comparisons: of `max` and `min` that the limit itself is kept, of a change
 *   that there is none. With m comparisons the chance of any false alarm is at most m (LEVEL / m) = LEVEL, however they
 *   depend on one another (Bonferroni).
 *
 * A value that has no interval, by one seed, is judged as it is. Pure: the same in, the same out.
 *
 * @throws GanEvalError `usage.check-unknown-metric` for a rule about no metric at all, `usage.check-baseline` for one that
 *   needs a baseline where there is none, `input.check-missing` where results or the baseline lack a value,
 *   `input.check-not-finite` where one is no number
 */
export function decide(rules: readonly Rule[], evidence: Evidence): RuleOutcome[] {
  const level = LEVEL / Math.max(1, rulesToComparisons(rules));
  return rules.flatMap((rule) => {
    if (rule.level === "off") return [];
    const judged = { ...rule, level: rule.level };
    if (isExpressionRule(judged)) return [judgeExpression(judged, judged.expression, evidence, level)];
    return (Object.keys(rule.limits) as LimitName[]).map((limit) =>
      judgeLimit(judged, limit, evidence, level),
    );
  });
}

type JudgedRule = Rule & { readonly level: Exclude<Level, "off"> };

const toStatus = (isMissed: boolean, level: JudgedRule["level"]): OutcomeStatus =>
  isMissed ? (level === "error" ? "failed" : "warned") : "passed";

/** The name that a rule's value has in the results, which must be there. */
function requireKey(rule: string, name: string, current: SeedsByKey): string {
  const keys = [...current.keys()];
  const key = nameToKey(name, keys);
  if (key !== undefined) return key;
  if ((nameToMetricId(name) ?? keyToRow(name)) !== undefined)
    throw new GanEvalError(
      "input.check-missing",
      `expected ${JSON.stringify(name)} among the measured values (${keys.join(", ")}), for rule ${JSON.stringify(rule)}`,
      {
        hint: "Add it to --metrics, or remove the rule: a rule without a value would always pass.",
      },
    );
  const near = wordToSuggestion(name, keys);
  throw new GanEvalError(
    "usage.check-unknown-metric",
    `expected a metric in rule ${JSON.stringify(rule)}, got ${JSON.stringify(name)}`,
    { hint: near ? `Did you mean ${near}?` : "`gan-eval list-metrics` lists them." },
  );
}

function requireBaseline(rule: string, key: string, { baseline }: Evidence): Seeds {
  if (baseline === undefined)
    throw new GanEvalError(
      "usage.check-baseline",
      `expected a baseline for rule ${JSON.stringify(rule)}, got none`,
      { hint: "Give --baseline FILE; `gan-eval baseline update` makes one." },
    );
  const seeds = baseline.get(key);
  if (seeds !== undefined) return requireFinite(rule, key, "the baseline", seeds);
  throw new GanEvalError(
    "input.check-missing",
    `expected ${key} in the baseline, for rule ${JSON.stringify(rule)}; got ${[...baseline.keys()].join(", ")}`,
    { hint: "Run `gan-eval baseline update` with the same metrics." },
  );
}

/** A value that is no number was not measured: nothing can be said of it, and nothing passes. */
function requireFinite(rule: string, key: string, where: string, seeds: Seeds): Seeds {
  if (seeds.values.every(Number.isFinite) && (seeds.standardErrors ?? []).every(Number.isFinite))
    return seeds;
  throw new GanEvalError(
    "input.check-not-finite",
    `expected numbers for ${key} of ${where} (rule ${JSON.stringify(rule)}), got ${seeds.values.join(", ")}`,
    { hint: "The measurement failed: check its images and warnings." },
  );
}

/** A value's seeds in the baseline and in nights that passed. */
const evidenceToEarlier = (key: string, { baseline, passed }: Evidence): Seeds[] =>
  [baseline, ...passed].flatMap((values) => values?.get(key) ?? []);

/** How seeds vary; not of the night that is judged, where one seed that collapsed would pass for a wide chance. */
export const evidenceToBetween = (key: string, evidence: Evidence): BetweenSeeds =>
  seedsToBetween(evidenceToEarlier(key, evidence));

/** Whether a limit bounds its value from above or from below. */
function limitToSide(rule: JudgedRule, limit: LimitName, key: string): "max" | "min" {
  if (limit === "max" || limit === "maxIncrease") return "max";
  if (limit === "min" || limit === "maxDecrease") return "min";
  const direction = keyToDirection(key);
  if (direction === "none")
    throw new GanEvalError(
      "usage.check-direction",
      `expected a metric with a better direction for maxWorse, got ${key} (rule ${JSON.stringify(rule.name)})`,
      { hint: "Use maxIncrease, maxDecrease, or both." },
    );
  return direction === "lower" ? "max" : "min";
}

function judgeLimit(rule: JudgedRule, limit: LimitName, evidence: Evidence, level: number): RuleOutcome {
  const key = requireKey(rule.name, rule.name, evidence.current);
  const current = requireFinite(rule.name, key, "this night", evidence.current.get(key)!);
  const between = evidenceToBetween(key, evidence);
  const found = meanOf(current.values);
  const side = limitToSide(rule, limit, key);
  const sign = side === "max" ? 1 : -1;
  const isChange = limit !== "max" && limit !== "min";
  const baseline = isChange ? requireBaseline(rule.name, key, evidence) : undefined;
  const reference = baseline ? meanOf(baseline.values) : (rule.limits[limit] as number);
  const bound = baseline
    ? reference + sign * amountToSize(rule.limits[limit] as Amount, reference)
    : reference;
  const chance = seedsToChance(baseline ? [current, baseline] : [current], between);
  const exceeds = sign * (found - bound) > 0;
  const beyondChance = chance ? sign * (found - reference) > chanceToReach(chance, level) : null;
  const isMissed = exceeds && beyondChance !== false;
  return {
    rule: rule.name,
    level: rule.level,
    status: toStatus(isMissed, rule.level),
    limit,
    key,
    expected: { comparison: side === "max" ? "<=" : ">=", bound },
    found,
    ...seedsToShown(current, evidenceToEarlier(key, evidence), between),
    values: current.values,
    ...(baseline && { baseline: reference }),
    exceeds,
    beyondChance,
    ...(exceeds && !isMissed && { why: "beyond the limit, but inconclusive: within noise" }),
  };
}

/** What is shown beside the mean: of several seeds the interval of the method, else that of the checkpoint. */
function seedsToShown(
  seeds: Seeds,
  earlier: readonly Seeds[],
  between: BetweenSeeds,
): Pick<RuleOutcome, "interval" | "spread"> {
  const spread = seedsToSpread(seeds, earlier);
  if (spread) {
    const { interval, seedDeviation, samplingDeviation, trainingDeviation } = spread;
    return {
      interval: [interval.low, interval.high],
      spread: { seedDeviation, samplingDeviation, trainingDeviation },
    };
  }
  if (seeds.interval) return { interval: seeds.interval };
  const chance = seedsToChance([seeds], between);
  if (chance === undefined) return {};
  const [mean, reach] = [meanOf(seeds.values), chanceToReach(chance, SHOWN / 2)];
  return { interval: [mean - reach, mean + reach] };
}

/**
 * False at the values that were found, and wherever chance may have moved them from: at every corner of their bounds at the
 * level, those of earlier nights as they are.
 */
function judgeExpression(
  rule: JudgedRule,
  expression: Expression,
  evidence: Evidence,
  level: number,
): RuleOutcome {
  const outcome = {
    ...{ rule: rule.name, level: rule.level, limit: "expression" as const, expression: expression.text },
  };
  const values = expression.uses.map((use) => useToValue(use, rule.name, evidence, level));
  const empty = expression.uses.find(
    (_, i) => Array.isArray(values[i].found) && values[i].found.length === 0,
  );
  if (empty !== undefined) {
    const why = `the history has no nights with ${empty.name} yet`;
    return { ...outcome, status: "not-judged", exceeds: false, beyondChance: null, why };
  }
  const varied = values.filter(({ reach }) => reach > 0);
  if (varied.length > MOST_VARIED)
    throw new GanEvalError(
      "usage.check-expression",
      `rule ${JSON.stringify(rule.name)}: expected at most ${MOST_VARIED} values from this night and the baseline, got ${varied.length}`,
      { hint: "Split it into several rules." },
    );
  const exceeds = !expression.holds(values.map(({ found }) => found));
  let beyondChance = true;
  for (let corner = 0; exceeds && beyondChance && corner < 2 ** varied.length; corner++) {
    const moved = values.map((value) => {
      const at = varied.indexOf(value);
      return at < 0 ? value.found : (value.found as number) + ((corner >> at) & 1 ? 1 : -1) * value.reach;
    });
    beyondChance = !expression.holds(moved);
  }
  const terms = expression.uses.flatMap(({ scope, name }, i) => {
    const { found } = values[i];
    return typeof found === "number" ? [[`${scope}.${name}`, found] as const] : [];
  });
  return {
    ...outcome,
    terms: Object.fromEntries(terms),
    status: toStatus(exceeds && beyondChance, rule.level),
    exceeds,
    beyondChance: exceeds ? beyondChance : false,
    ...(exceeds && !beyondChance && { why: "not true, but inconclusive: within noise" }),
  };
}

function useToValue(
  { scope, name }: Use,
  rule: string,
  evidence: Evidence,
  level: number,
): { readonly found: number | readonly number[]; readonly reach: number } {
  const key = requireKey(rule, name, evidence.current);
  if (scope === "history") {
    const nights = evidence.history.flatMap((values) => values.get(key) ?? []);
    return { found: nights.map(({ values }) => meanOf(values)), reach: 0 };
  }
  const seeds =
    scope === "baseline"
      ? requireBaseline(rule, key, evidence)
      : requireFinite(rule, key, "this night", evidence.current.get(key)!);
  const chance = seedsToChance([seeds], evidenceToBetween(key, evidence));
  return { found: meanOf(seeds.values), reach: chance ? chanceToReach(chance, level) : 0 };
}
