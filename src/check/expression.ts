/**
 * Rules as expressions: `current.fid < 1.1 * median(history.fid)`. mathjs reads the text; what it read is held to a list of
 * what may stand in it, values are put in the place of names, and only then is it computed. Nothing that the text says can
 * assign, define, import, index or name anything else.
 */
import type { FunctionNode, MathNode, OperatorNode } from "mathjs/number";
import { GanEvalError } from "../errors.ts";

const SCOPES = ["current", "baseline", "history"] as const;
export type Scope = (typeof SCOPES)[number];

/** A value that an expression speaks of. */
export interface Use {
  readonly scope: Scope;
  /** A metric's id or a value's name in results. */
  readonly name: string;
}

export interface Expression {
  readonly text: string;
  /** Without repetitions. */
  readonly uses: readonly Use[];
  /**
   * @param values of each use: a number, of `history` a list of nights, the latest last
   * @throws GanEvalError `usage.check-expression` where the result is not true or false
   */
  holds(values: readonly (number | readonly number[])[]): boolean;
}

/** Nobody writes a longer rule by hand; with these nothing that is computed takes long. */
const LONGEST = 500;
const DEEPEST = 30;
/** mathjs descends once a level: brackets are counted before it sees them. */
const MOST_NODES = 200;

const OPERATORS = new Set([
  ...["add", "subtract", "multiply", "divide", "pow", "mod", "unaryMinus", "unaryPlus"],
  ...["smaller", "larger", "smallerEq", "largerEq", "equal", "unequal", "and", "or", "not", "xor"],
]);
const FUNCTIONS = new Set([
  ...["abs", "sqrt", "exp", "log", "round", "min", "max", "mean", "median", "std", "variance", "last"],
]);
const PLAIN_NODES = new Set(["ParenthesisNode", "ConditionalNode", "RelationalNode"]);

const refuse = (called: string, message: string): GanEvalError =>
  new GanEvalError("usage.check-expression", `${called}: ${message}`, {
    hint: `For example: current.fid < 1.1 * median(history.fid). Functions: ${[...FUNCTIONS].join(", ")}.`,
  });

/** `last(list)`: the latest; `last(list, 7)`: the seven latest. */
function last(list: unknown, count?: unknown): number | number[] {
  if (!Array.isArray(list)) throw new TypeError("last() expects a list of nights");
  if (count === undefined) return list.at(-1);
  if (!Number.isInteger(count) || (count as number) < 1)
    throw new TypeError("last() expects an integer number of nights");
  return list.slice(-(count as number));
}

/** A mathjs that has only what the lists name. */
async function openMath() {
  const mathjs = await import("mathjs/number");
  const names = [...OPERATORS, ...FUNCTIONS].filter((name) => name !== "last");
  const factories = Object.fromEntries(
    ["parse", ...names].map((name) => [name, mathjs[`${name}Dependencies` as keyof typeof mathjs]]),
  );
  const math = mathjs.create(factories as never);
  math.import({ last }, {});
  return math;
}
let opened: ReturnType<typeof openMath> | undefined;

function deepestBracket(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const character of text) {
    if ("([{".includes(character)) deepest = Math.max(deepest, ++depth);
    if (")]}".includes(character)) depth--;
  }
  return deepest;
}

/**
 * @param called how messages name the rule
 * @throws GanEvalError `usage.check-expression` for what is no expression, or says what an expression may not
 */
export async function textToExpression(text: string, called: string): Promise<Expression> {
  if (text.length > LONGEST)
    throw refuse(called, `expected at most ${LONGEST} characters, got ${text.length}`);
  if (deepestBracket(text) > DEEPEST) throw refuse(called, `expected brackets at most ${DEEPEST} deep`);
  opened ??= openMath();
  const { parse, SymbolNode } = await opened;
  let root: MathNode;
  try {
    root = parse(text);
  } catch (error) {
    throw refuse(called, `expected an expression, got ${JSON.stringify(text)} (${(error as Error).message})`);
  }
  const uses: Use[] = [];
  let nodes = 0;
  /** The same tree with a symbol of ours in the place of each value; whatever is on no list is refused. */
  const toAllowed = (node: MathNode, depth: number): MathNode => {
    if (++nodes > MOST_NODES || depth > DEEPEST) throw refuse(called, "expected a shorter expression");
    const use = nodeToUse(node);
    if (use !== undefined) {
      const at = uses.findIndex(({ scope, name }) => scope === use.scope && name === use.name);
      if (at < 0) uses.push(use);
      return new SymbolNode(`value${at < 0 ? uses.length - 1 : at}`);
    }
    const reason = whyRefused(node);
    if (reason !== undefined) throw refuse(called, reason);
    // Of a function only what it is applied to: its name is a node too.
    return node.map((child, path) => (path === "fn" ? child : toAllowed(child, depth + 1)));
  };
  const compiled = toAllowed(root, 0).compile();
  return { text, uses, holds: (values) => toBoolean(compiled, values, called) };
}

function toBoolean(
  compiled: { evaluate(scope: Map<string, unknown>): unknown },
  values: readonly unknown[],
  called: string,
): boolean {
  let result: unknown;
  try {
    result = compiled.evaluate(new Map(values.map((value, i) => [`value${i}`, value])));
  } catch (error) {
    throw refuse(called, (error as Error).message);
  }
  if (typeof result !== "boolean")
    throw refuse(called, `expected true or false, got ${JSON.stringify(result) ?? typeof result}`);
  return result;
}

/** `current.fid` and the like, with a dot or with a text in brackets. */
function nodeToUse(node: MathNode): Use | undefined {
  if (node.type !== "AccessorNode") return undefined;
  const { object, index } = node as unknown as {
    readonly object: MathNode & { readonly name?: string };
    readonly index: { readonly dimensions: readonly (MathNode & { readonly value?: unknown })[] };
  };
  const [only, ...others] = index.dimensions;
  if (object.type !== "SymbolNode" || others.length > 0 || only?.type !== "ConstantNode") return undefined;
  const scope = SCOPES.find((name) => name === object.name);
  return scope && typeof only.value === "string" ? { scope, name: only.value } : undefined;
}

/** Why a node may not be in an expression; undefined if it may. */
function whyRefused(node: MathNode): string | undefined {
  const { type } = node;
  if (PLAIN_NODES.has(type)) return undefined;
  if (type === "ConstantNode") {
    const { value } = node as unknown as { readonly value: unknown };
    const isAllowed = typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
    return isAllowed
      ? undefined
      : `expected numbers, true or false, got ${JSON.stringify(value) ?? "nothing"}`;
  }
  if (type === "OperatorNode") {
    const { fn, op } = node as OperatorNode;
    return OPERATORS.has(fn) ? undefined : `the operator ${op} is not allowed`;
  }
  if (type === "FunctionNode") {
    const { fn } = node as unknown as { readonly fn: MathNode & { readonly name?: string } };
    const isNamed = fn.type === "SymbolNode" && FUNCTIONS.has(fn.name ?? "");
    return isNamed ? undefined : `calling ${nodeToWords(node as FunctionNode)} is not allowed`;
  }
  if (type === "SymbolNode" || type === "AccessorNode")
    return `expected current.NAME, baseline.NAME or history.NAME, got ${JSON.stringify(node.toString())}`;
  return `${JSON.stringify(node.toString().slice(0, 60))} (${type}) is not allowed`;
}

const nodeToWords = ({ fn }: FunctionNode): string => JSON.stringify(String(fn).slice(0, 60));
