/** One night's check: which results, baseline and nights may be compared, and then the verdict. */
import type { Warning } from "../errors.ts";
import { protocolsToWarnings } from "../evaluate/arithmetic.ts";
import { keyToDirection, nameToKey } from "../metrics/values.ts";
import { withDefaults } from "../options/table.ts";
import { packageVersion } from "../package-root.ts";
import type { Baseline } from "./baseline.ts";
import {
  CHECK_SCHEMA,
  type CheckResult,
  type OutcomeStatus,
  type RuleOutcome,
  type Shift,
} from "./check-result.ts";
import { decide, type Evidence, LEVEL, rulesToComparisons, type SeedsByKey } from "./decide.ts";
import type { Night } from "./history.ts";
import { type Measured, resultsToSeeds } from "./measured.ts";
import { CHECK_ROWS } from "./options.ts";
import {
  differencesToText,
  fieldsToDifferences,
  isRealKnown,
  type ProtocolDifference,
  requireAlikeSeeds,
  resultsToDistinct,
  resultsToFakes,
  resultToFields,
  unlike,
} from "./protocol-fields.ts";
import type { Rule } from "./rule.ts";
import { nightsToShifts } from "./shifts.ts";

export interface CheckRequest {
  /** One a seed, of one protocol. */
  readonly results: readonly Measured[];
  readonly rules: readonly Rule[];
  /** What the results are compared with (default: nothing; a rule about changes is then an error). */
  readonly baseline?: Baseline;
  /** The history (default: none). */
  readonly nights?: readonly Night[];
  /** Compare what is unlike, with a warning (default false). */
  readonly force?: boolean;
  /** Nights that are taken together for drift (default 14). */
  readonly driftNights?: number;
  /** Milliseconds since 1970 (default: Date.now()). */
  readonly now?: number;
  /** Of all measurements (default: not known). */
  readonly seconds?: number;
  /** Of reading files and measuring (default: none). */
  readonly warnings?: readonly Warning[];
}

const ROWS = { force: CHECK_ROWS.force, driftNights: CHECK_ROWS.driftNights };

const ORDER: readonly OutcomeStatus[] = ["failed", "warned", "not-judged", "passed"];

/**
 * Holds results against rules, baseline and history (decide.ts). Pure but for the version.
 * @throws GanEvalError `input.check-unlike` for results, or a baseline, of another protocol, unless forced; those of
 *   `decide`
 */
export function checkResults(request: CheckRequest): CheckResult {
  const { rules, baseline, now = Date.now() } = request;
  const { force, driftNights } = withDefaults(ROWS, request);
  const warnings: Warning[] = [...(request.warnings ?? [])];
  const { results, warnings: repeats } = resultsToDistinct(request.results);
  warnings.push(...repeats);
  requireAlikeSeeds(results);
  const fields = resultToFields(results[0]);
  const differences = baseline ? baselineToDifferences(baseline, results, force, warnings) : [];
  const compared = [...results, ...(baseline?.results ?? [])].map(({ protocol }) => protocol);
  warnings.push(...protocolsToWarnings("results that are compared here", compared));
  const nights = nightsToUse(request, results, warnings);
  const evidence: Evidence = {
    current: resultsToSeeds(results),
    ...(baseline && { baseline: resultsToSeeds(baseline.results) }),
    history: nights.map(nightToSeeds),
    passed: nights.filter(({ passed }) => passed).map(nightToSeeds),
  };
  const outcomes = decide(rules, evidence);
  warnings.push(...outcomesToWarnings(outcomes), ...rulesToWarnings(rules, evidence));
  if (baseline && !isRealKnown(resultToFields(baseline.results[0]), fields)) warnings.push(REAL_UNKNOWN);
  // Only nights since the baseline was made: earlier ones say why it was updated.
  const since = nights.map(
    ({ when }) => baseline !== undefined && Date.parse(when) > Date.parse(baseline.when),
  );
  const shifts = nightsToShifts(
    rules,
    { ...evidence, history: evidence.history.filter((_, i) => since[i]) },
    driftNights,
  );
  warnings.push(...shifts.filter(({ towards }) => towards === "worse").map(driftToWarning));
  return {
    schema: CHECK_SCHEMA,
    passed: outcomes.every(({ status }) => status !== "failed"),
    outcomes: ORDER.flatMap((status) => outcomes.filter((outcome) => outcome.status === status)),
    shifts,
    chance: { level: LEVEL, comparisons: rulesToComparisons(rules) },
    seeds: results.length,
    baseline: baseline ? { when: baseline.when, seeds: baseline.results.length } : null,
    nights: nights.length,
    differences,
    inputs: {
      ...(results[0].inputs.real && { real: results[0].inputs.real }),
      fakes: results.flatMap(({ inputs }) => inputs.fake ?? []),
    },
    protocol: results[0].protocol,
    warnings,
    provenance: {
      ganEval: packageVersion(),
      when: new Date(now).toISOString(),
      seconds: request.seconds ?? null,
    },
  };
}

function baselineToDifferences(
  baseline: Baseline,
  results: readonly Measured[],
  force: boolean,
  warnings: Warning[],
): ProtocolDifference[] {
  const differences = fieldsToDifferences(resultToFields(baseline.results[0]), resultToFields(results[0]));
  if (differences.length > 0 && !force)
    throw unlike(
      "a night measured like the baseline",
      differences,
      "Use the options of the baseline, or make a new one: gan-eval baseline update. --force compares anyway.",
    );
  if (differences.length > 0)
    warnings.push({
      code: "unlike-baseline",
      message: `compared despite differences from the baseline: ${differencesToText(differences)}`,
    });
  const known = new Set(resultsToFakes(baseline.results));
  if (resultsToFakes(results).some((hash) => known.has(hash)))
    warnings.push({
      code: "baseline-fakes",
      message: "the fakes are the very images of the baseline: they cannot be worse",
      hint: "Generate new images every night.",
    });
  return differences;
}

const nightToSeeds = ({ metrics }: Night): SeedsByKey => new Map(Object.entries(metrics));

/** Nights of the same protocol but for this one, should it be checked again. */
function nightsToUse(
  { nights = [] }: CheckRequest,
  results: readonly Measured[],
  warnings: Warning[],
): readonly Night[] {
  const fields = resultToFields(results[0]);
  const fakes = resultsToFakes(results).join();
  const others = nights.filter((night) => fakes === "" || night.fakes.join() !== fakes);
  const alike = others.filter(({ protocol }) => fieldsToDifferences(protocol, fields).length === 0);
  if (alike.length < others.length)
    warnings.push({
      code: "history-unlike",
      message: `${others.length - alike.length} of ${others.length} nights of the history skipped: measured in another way`,
    });
  return alike;
}

const REAL_UNKNOWN: Warning = {
  code: "real-unverified",
  message: "cannot verify that the real images are those of the baseline: one side has no hash",
  hint: "Use the same kind of --real for both.",
};

function outcomesToWarnings(outcomes: readonly RuleOutcome[]): Warning[] {
  const unsure = new Set(
    outcomes.flatMap(({ beyondChance, status, key }) =>
      beyondChance === null && status !== "not-judged" ? (key ?? []) : [],
    ),
  );
  const unjudged = outcomes.filter(({ status }) => status === "not-judged");
  return [
    ...[...unsure].map((key) => ({
      code: "no-interval",
      message: `${key} has no interval: it is judged without noise`,
      hint: "Measure with --ci, or several seeds.",
    })),
    ...unjudged.map(({ rule, why }) => ({
      code: "not-judged",
      message: `rule ${JSON.stringify(rule)} was not judged: ${why}`,
      hint: "Give --history FILE; each check appends a night.",
    })),
  ];
}

/** A bound on the side where a value is good is rarely meant. */
function rulesToWarnings(rules: readonly Rule[], { current }: Evidence): Warning[] {
  return rules.flatMap(({ name, limits, level }) => {
    const key = nameToKey(name, [...current.keys()]);
    if (key === undefined || level === "off") return [];
    const direction = keyToDirection(key);
    const [good, better] =
      direction === "lower" ? (["min", "maxDecrease"] as const) : (["max", "maxIncrease"] as const);
    const against = [good, better].find((limit) => limits[limit] !== undefined);
    if (direction === "none" || against === undefined) return [];
    return [
      {
        code: "rule-direction",
        message: `rule ${JSON.stringify(name)}: ${against} limits improvement: for ${key}, ${direction} is better`,
        hint: "maxWorse follows the direction of the metric.",
      },
    ];
  });
}

const driftToWarning = ({ key, nights, mean, baseline }: Shift): Warning => ({
  code: "drift",
  message: `${key} drifts: ${mean.toPrecision(5)} over the last ${nights} nights, ${baseline.toPrecision(5)} in the baseline, beyond noise`,
});
