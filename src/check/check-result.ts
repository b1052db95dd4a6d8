/** What a check says: the one object that text, JUnit, annotations and pages are functions of. */
import type { Warning } from "../errors.ts";
import type { InputRecord, Protocol } from "../evaluate/result.ts";
import type { MethodSpread } from "../math/intervals/random-effects.ts";
import type { Level } from "./level.ts";
import type { ProtocolDifference } from "./protocol-fields.ts";
import type { Bounds, ChangeLimits } from "./rule.ts";

export const CHECK_SCHEMA = "gan-eval/check/1";

export type LimitName = keyof (Bounds & ChangeLimits);

/**
 * - `passed`: within the limit, or beyond it by no more than chance
 * - `failed`, `warned`: missed, at the rule's level
 * - `not-judged`: there is nothing to judge by yet (an expression over a history without nights)
 */
export type OutcomeStatus = "passed" | "failed" | "warned" | "not-judged";

/** One limit of a rule, or its expression. */
export interface RuleOutcome {
  readonly rule: string;
  readonly level: Exclude<Level, "off">;
  readonly status: OutcomeStatus;
  readonly limit: LimitName | "expression";
  /** The value's name in results; expressions have none. */
  readonly key?: string;
  /** The bound that the value is held to, in its own unit; a limit on change is added to the baseline first. */
  readonly expected?: { readonly comparison: "<=" | ">="; readonly bound: number };
  readonly expression?: string;
  /** What an expression speaks of, earlier nights apart: `current.fid`. */
  readonly terms?: Readonly<Record<string, number>>;
  /** The mean over seeds, and its interval of 95 %, where it has one: of several seeds that of the method. */
  readonly found?: number;
  readonly interval?: readonly [low: number, high: number];
  /** Of several seeds, pooled with earlier nights that passed (`math/intervals/random-effects.ts` defines them). */
  readonly spread?: Pick<MethodSpread, "seedDeviation" | "samplingDeviation" | "trainingDeviation">;
  /** One a seed. */
  readonly values?: readonly number[];
  readonly baseline?: number;
  /** Beyond the limit, whether or not by chance. */
  readonly exceeds: boolean;
  /** Whether chance is excluded at the check's level; null where nothing says how large it is. */
  readonly beyondChance: boolean | null;
  /** Why it was not judged, or how it passed although it exceeds the limit. */
  readonly why?: string;
}

/** The last nights together against the baseline. */
export interface Shift {
  readonly key: string;
  readonly towards: "worse" | "better";
  readonly nights: number;
  readonly mean: number;
  readonly baseline: number;
  /** Of the difference mean - baseline, at the level of the check. */
  readonly interval: readonly [low: number, high: number];
}

export interface CheckResult {
  readonly schema: typeof CHECK_SCHEMA;
  /** No rule of level `error` was missed: what the exit code says. */
  readonly passed: boolean;
  /** Failed first, then warned, not judged, passed. */
  readonly outcomes: readonly RuleOutcome[];
  /** Drift (worse), and baselines that can be tightened (better). */
  readonly shifts: readonly Shift[];
  readonly chance: {
    /** Of false alarms a night, over all rules. */
    readonly level: number;
    /** Among how many it is divided. */
    readonly comparisons: number;
  };
  readonly seeds: number;
  readonly baseline: { readonly when: string; readonly seeds: number } | null;
  /** Nights of the history that could be used. */
  readonly nights: number;
  /** What is unlike the baseline, where the comparison was forced. */
  readonly differences: readonly ProtocolDifference[];
  readonly inputs: { readonly real?: InputRecord; readonly fakes: readonly InputRecord[] };
  readonly protocol: Protocol;
  readonly warnings: readonly Warning[];
  readonly provenance: {
    readonly ganEval: string;
    readonly when: string;
    /** Of all measurements; null where results were given. */
    readonly seconds: number | null;
  };
}
