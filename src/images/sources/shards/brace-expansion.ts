/**
 * Brace expansion as a shell's and braceexpand's: `{000..999}` keeps leading zeros, `{0..9..2}` has steps, `{a,b}` is a
 * list; several multiply, the left the slowest; they nest. A backslash takes a character as it is.
 */
import { GanEvalError } from "../../../errors.ts";

/** What a pattern is made of: text, or alternatives of which each gives texts. */
type Part = string | readonly Pattern[] | Range;
type Pattern = readonly Part[];

interface Range {
  readonly count: number;
  readonly textAt: (i: number) => string;
}

/** More are no shards of anybody, but a slip of the pen. */
const MOST = 1_000_000;

const refused = (pattern: string, got: string): GanEvalError =>
  new GanEvalError(
    "usage.shard-pattern",
    `expected a pattern like shard-{000..999}.tar, got ${got}: ${pattern}`,
    {
      hint: "Write {000..999} for a range, {a,b} for a list, and \\{ for a brace that belongs to a name.",
    },
  );

const INTEGERS = /^(-?\d+)\.\.(-?\d+)(?:\.\.-?(\d+))?$/;
const LETTERS = /^([A-Za-z])\.\.([A-Za-z])(?:\.\.-?(\d+))?$/;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Both ends included as far as the step meets the last; downwards where the first is the larger. */
function endsToRange(first: number, last: number, step: number, toText: (n: number) => string): Range {
  const stride = Math.max(1, step);
  const sign = first <= last ? 1 : -1;
  return {
    count: Math.floor(Math.abs(last - first) / stride) + 1,
    textAt: (i) => toText(first + sign * stride * i),
  };
}

/** Numbers are as wide as the wider end where one of them has a leading zero. */
function textToRange(text: string): Range | undefined {
  const numbers = INTEGERS.exec(text);
  if (numbers) {
    const [, first, last, step = "1"] = numbers;
    const isPadded = [first, last].some((end) => /^-?0\d/.test(end) || end === "-0");
    const width = isPadded ? Math.max(first.length, last.length) : 0;
    const toText = (n: number) =>
      n < 0 ? `-${String(-n).padStart(width - 1, "0")}` : String(n).padStart(width, "0");
    return endsToRange(Number(first), Number(last), Number(step), toText);
  }
  const letters = LETTERS.exec(text);
  if (letters === null) return undefined;
  const [first, last] = [letters[1], letters[2]].map((letter) => ALPHABET.indexOf(letter));
  return endsToRange(first, last, Number(letters[3] ?? 1), (i) => ALPHABET[i]);
}

/** The text cut at commas that stand in no inner braces. */
function splitAtCommas(text: string): readonly string[] {
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "{") depth++;
    else if (text[i] === "}") depth--;
    else if (text[i] === "," && depth === 0) {
      pieces.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...pieces, text.slice(start)];
}

/** What stands between braces; without `..` and comma they are characters as any. */
function bracedToParts(text: string): readonly Part[] {
  const range = textToRange(text);
  if (range) return [range];
  const pieces = splitAtCommas(text);
  return pieces.length > 1 ? [pieces.map(textToPattern)] : ["{", ...textToPattern(text), "}"];
}

function textToPattern(text: string): Pattern {
  const parts: Part[] = [];
  let literal = "";
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\" && i + 1 < text.length) literal += text[++i];
    else if (text[i] !== "{") literal += text[i];
    else {
      const end = closingBrace(text, i);
      parts.push(literal, ...bracedToParts(text.slice(i + 1, end)));
      literal = "";
      i = end;
    }
  }
  return [...parts, literal].filter((part) => part !== "");
}

function closingBrace(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i;
  }
  return -1;
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length && depth >= 0; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "{") depth++;
    else if (text[i] === "}") depth--;
  }
  return depth === 0;
}

const partToCount = (part: Part): number => {
  if (typeof part === "string") return 1;
  if ("textAt" in part) return part.count;
  return part.reduce((sum, pattern) => sum + patternToCount(pattern), 0);
};

const patternToCount = (pattern: Pattern): number =>
  pattern.reduce((product, part) => product * partToCount(part), 1);

const partToTexts = (part: Part): readonly string[] => {
  if (typeof part === "string") return [part];
  if ("textAt" in part) return Array.from({ length: part.count }, (_, i) => part.textAt(i));
  return part.flatMap(patternToTexts);
};

const patternToTexts = (pattern: Pattern): readonly string[] =>
  pattern.reduce<readonly string[]>(
    (texts, part) => {
      const more = partToTexts(part);
      return texts.flatMap((text) => more.map((end) => text + end));
    },
    [""],
  );

/**
 * The texts of a pattern, in order.
 * @throws GanEvalError `usage.shard-pattern` for braces that do not match, and for more than a million texts
 */
export function expandBraces(pattern: string): readonly string[] {
  if (!isBalanced(pattern)) throw refused(pattern, "braces that do not match");
  const parsed = textToPattern(pattern);
  const count = patternToCount(parsed);
  if (!(count <= MOST)) throw refused(pattern, `more than ${MOST.toLocaleString("en-US")} names`);
  return patternToTexts(parsed);
}
