/** Parses the header of an npy file. */

/** The three fields of an npy header. */
export interface NpyLiteral {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

type Value = string | boolean | readonly number[];

/** Tokens of the Python literal: strings without escapes, whole numbers (2L in Python 2's files), names, brackets. */
const TOKEN = /\s*(?:'([^'\\\n]*)'|"([^"\\\n]*)"|(\d{1,16})L?|(True|False)|([{}()[\],:]))/y;

type Token = { readonly text: string } | { readonly value: string | number | boolean };

function textToTokens(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const [, single, double, digits, name, mark] = match;
    if (mark !== undefined) tokens.push({ text: mark });
    else if (digits !== undefined) tokens.push({ value: Number(digits) });
    else if (name !== undefined) tokens.push({ value: name === "True" });
    else tokens.push({ value: single ?? double });
  }
  return tokens;
}

/** Walks over tokens; a structured type's `descr`, a list, is kept as its source text so that it can be named. */
class TokenReader {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  mark(text: string): boolean {
    const token = this.tokens[this.at];
    if (token === undefined || !("text" in token) || token.text !== text) return false;
    this.at++;
    return true;
  }

  value(): string | number | boolean | undefined {
    const token = this.tokens[this.at];
    if (token === undefined || !("value" in token)) return undefined;
    this.at++;
    return token.value;
  }

  /** `()`, `(3,)`, `(3, 4)`, the opening bracket already read. */
  tuple(): number[] | undefined {
    const sides: number[] = [];
    while (!this.mark(")")) {
      const side = this.value();
      if (typeof side !== "number" || !Number.isSafeInteger(side)) return undefined;
      sides.push(side);
      if (!this.mark(",") && !this.peek(")")) return undefined;
    }
    return sides;
  }

  /** Skips a bracketed list. */
  list(): string | undefined {
    for (let depth = 1; depth > 0; this.at++) {
      const token = this.tokens[this.at];
      if (token === undefined) return undefined;
      if ("text" in token && "[(".includes(token.text)) depth++;
      if ("text" in token && "])".includes(token.text)) depth--;
    }
    return "structured";
  }

  get done(): boolean {
    return this.at === this.tokens.length;
  }

  private peek(text: string): boolean {
    const token = this.tokens[this.at];
    return token !== undefined && "text" in token && token.text === text;
  }
}

/** The fields of `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, or undefined for anything else. */
export function textToNpyHeader(text: string): NpyLiteral | undefined {
  const tokens = textToTokens(text);
  if (tokens === undefined) return undefined;
  const reader = new TokenReader(tokens);
  const fields = new Map<string, Value>();
  if (!reader.mark("{")) return undefined;
  while (!reader.mark("}")) {
    const key = reader.value();
    if (typeof key !== "string" || !reader.mark(":")) return undefined;
    const value = reader.mark("(") ? reader.tuple() : reader.mark("[") ? reader.list() : reader.value();
    if (value === undefined || typeof value === "number") return undefined;
    fields.set(key, value);
    reader.mark(",");
  }
  const descr = fields.get("descr");
  const fortranOrder = fields.get("fortran_order");
  const shape = fields.get("shape");
  if (!reader.done || typeof descr !== "string" || typeof fortranOrder !== "boolean" || !Array.isArray(shape))
    return undefined;
  return { descr, fortranOrder, shape };
}
