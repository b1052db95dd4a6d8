/** What a nightly check holds a value to: limits or an expression, and what follows when it is missed. */

import { z } from "zod";
import { GanEvalError } from "../errors.ts";
import { nameToKebab } from "../options/option.ts";
import { wordToSuggestion } from "../suggestion.ts";
import type { Expression } from "./expression.ts";
import { LEVELS, type Level } from "./level.ts";

/** `25`: in the value's own unit. `"5 %"`: of the baseline's size. */
export interface Amount {
  readonly size: number;
  readonly isRelative: boolean;
}

/** In the value's own unit. */
export const amountToSize = ({ size, isRelative }: Amount, reference: number): number =>
  isRelative ? size * Math.abs(reference) : size;

/** Bounds of the value itself. */
export interface Bounds {
  readonly max?: number;
  readonly min?: number;
}

/** Bounds of its change since the baseline; `maxWorse` goes the way that the metric's direction says. */
export interface ChangeLimits {
  readonly maxIncrease?: Amount;
  readonly maxDecrease?: Amount;
  readonly maxWorse?: Amount;
}

export interface Rule {
  /** As the user wrote it: a metric's id, a value's name, or any words above an expression. */
  readonly name: string;
  readonly level: Level;
  readonly limits: Bounds & ChangeLimits;
  readonly expression?: Expression;
}

/** Of rules with an expression only. */
export const isExpressionRule = (rule: Rule): rule is Rule & { readonly expression: Expression } =>
  rule.expression !== undefined;

/** The metrics that a rule speaks of, as it names them. */
export const ruleToNames = (rule: Rule): readonly string[] =>
  isExpressionRule(rule) ? rule.expression.uses.map(({ name }) => name) : [rule.name];

/** Whether a rule says nothing without a baseline. */
export const needsBaseline = ({ limits, expression }: Rule): boolean =>
  limits.maxIncrease !== undefined ||
  limits.maxDecrease !== undefined ||
  limits.maxWorse !== undefined ||
  (expression?.uses.some(({ scope }) => scope === "baseline") ?? false);

const AMOUNT = z
  .union([z.number().min(0), z.string().regex(/^\s*(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*%?\s*$/i)])
  .transform((written): Amount => {
    const isRelative = typeof written === "string" && written.includes("%");
    const number = typeof written === "string" ? Number(written.replace("%", "")) : written;
    return { size: isRelative ? number / 100 : number, isRelative };
  })
  .refine(({ size }) => Number.isFinite(size));

const RULE = z.strictObject({
  max: z.number().optional(),
  min: z.number().optional(),
  maxIncrease: AMOUNT.optional(),
  maxDecrease: AMOUNT.optional(),
  maxWorse: AMOUNT.optional(),
  expression: z.string().optional(),
  level: z.enum(LEVELS).optional(),
});
const FIELDS = Object.keys(RULE.shape);

/** What each field of a rule takes, for messages. */
const EXPECTS: Readonly<Record<string, string>> = {
  max: "a number",
  min: "a number",
  maxIncrease: 'a number of at least 0, or a percentage such as "5 %"',
  maxDecrease: 'a number of at least 0, or a percentage such as "5 %"',
  maxWorse: 'a number of at least 0, or a percentage such as "5 %"',
  expression: "text",
  level: `one of ${LEVELS.join(", ")}`,
};

const HINT =
  'For example: {"fid": {"max": 25, "maxIncrease": "5 %"}, "recall": {"maxWorse": 0.02, "level": "warn"}}';

const badRule = (message: string, hint = HINT): GanEvalError =>
  new GanEvalError("usage.check-rule", message, { hint });

/** Longer names are no metric's. */
const LONGEST_NAME = 200;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Rules by name, as the config file has them under `check.rules`.
 * @param level of the rules that do not say theirs
 * @throws GanEvalError `usage.check-rule`, `usage.check-expression`
 */
export async function valueToRules(value: unknown, level: Level): Promise<Rule[]> {
  if (!isObject(value)) throw badRule(`expected an object of rules by name, got ${JSON.stringify(value)}`);
  const rules: Rule[] = [];
  for (const [name, written] of Object.entries(value)) rules.push(await toRule(name, written, level));
  if (rules.every((rule) => rule.level === "off"))
    throw badRule(
      rules.length === 0 ? "expected rules, got none" : 'expected a rule that is not "off", got none',
      "A check without rules would always pass. Give --max fid=25, --max-worse fid=5%, or rules in the config file.",
    );
  return rules;
}

async function toRule(name: string, written: unknown, level: Level): Promise<Rule> {
  const called = `rule ${JSON.stringify(name.slice(0, LONGEST_NAME))}`;
  if (name === "" || name.length > LONGEST_NAME)
    throw badRule(`expected names of 1 to ${LONGEST_NAME} characters, got ${name.length} in ${called}`);
  if (!isObject(written))
    throw badRule(`${called} expects an object of limits, got ${JSON.stringify(written)}`);
  const parsed = RULE.safeParse(written);
  if (!parsed.success) throw issueToError(parsed.error, written, called);
  const { level: own = level, expression, ...limits } = parsed.data;
  const given = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  if ((expression === undefined) === (given.length === 0))
    throw badRule(
      `${called} expects limits or an expression, got ${expression === undefined ? "neither" : "both"}`,
    );
  const { textToExpression } = await import("./expression.ts");
  return {
    name,
    level: own,
    limits: Object.fromEntries(given),
    ...(expression !== undefined && { expression: await textToExpression(expression, called) }),
  };
}

function issueToError(error: z.ZodError, written: Record<string, unknown>, called: string): GanEvalError {
  const unknown = Object.keys(written).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    const near = wordToSuggestion(unknown, FIELDS);
    return badRule(
      `${called} expects ${FIELDS.join(", ")}, got ${JSON.stringify(unknown)}`,
      near ? `Did you mean ${near}?` : HINT,
    );
  }
  const field = String(error.issues[0].path[0]);
  return badRule(`${called}: ${field} expects ${EXPECTS[field]}, got ${JSON.stringify(written[field])}`);
}

/** Limits that flags give: `--max fid=25`. */
export type LimitFlags = Readonly<
  Partial<Record<"max" | "min" | "maxIncrease" | "maxDecrease" | "maxWorse", readonly string[]>>
>;

/**
 * Rules of the config file with those of flags laid over them, limit by limit.
 * @throws GanEvalError `usage.check-rule`
 */
export function withFlags(rules: unknown, flags: LimitFlags): unknown {
  if (!isObject(rules)) return rules;
  const merged = new Map<string, unknown>(Object.entries(rules));
  for (const [limit, words] of Object.entries(flags)) {
    const given = new Map<string, string>();
    for (const word of words ?? []) {
      const [, name, amount] = /^(.+)=\s*([^=]+)$/.exec(word) ?? [];
      const flag = nameToKebab(limit);
      if (name === undefined)
        throw badRule(`--${flag} expects NAME=NUMBER, got ${JSON.stringify(word)}`, `--${flag} fid=25`);
      const twice = given.get(name);
      if (twice !== undefined)
        throw badRule(
          `--${flag} expects one limit for ${name}, got ${twice} and ${word}`,
          "Keep only one of them.",
        );
      given.set(name, word);
      const isPlain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(amount);
      const before = merged.get(name);
      merged.set(name, { ...(isObject(before) ? before : {}), [limit]: isPlain ? Number(amount) : amount });
    }
  }
  return Object.fromEntries(merged);
}
