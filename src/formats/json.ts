/** JSON that a person may have written: errors name line and column, and no key stands twice in one object. */

/** What is wrong with a text, and where. */
export class JsonFault extends Error {
  /** In UTF-16 units from the start. */
  readonly offset: number;

  constructor(text: string, offset: number, message: string) {
    super(`${message} (${offsetToPlace(text, offset)})`);
    this.name = "JsonFault";
    this.offset = offset;
  }
}

/** `line 3, column 14`, both from 1. */
function offsetToPlace(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const ATOM = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** As much as a message shows of what should not be there. */
const SHOWN = /[^\s,:[\]{}"]{1,20}|./suy;

/** Deeper than any file of ours; the walk below calls itself. */
const DEEPEST = 500;

/** Walks a text and stops at the first fault; what it says is JSON.parse's to make. */
class Scanner {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  scan(): void {
    this.value(0);
    if (this.at < this.text.length) this.fail("nothing more");
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  /** Passes what matches, and the space behind it. */
  private take(pattern: RegExp): string | undefined {
    const found = this.match(pattern);
    if (found === undefined) return undefined;
    this.at += found.length;
    this.skip();
    return found;
  }

  private skip(): void {
    this.at += this.match(SPACE)!.length;
  }

  private fail(expected: string): never {
    const found = this.match(SHOWN);
    const got = found === undefined ? "the end of the text" : JSON.stringify(found);
    throw new JsonFault(this.text, this.at, `expected ${expected}, got ${got}`);
  }

  private isNext(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    this.skip();
    return true;
  }

  private value(depth: number): void {
    this.skip();
    if (depth > DEEPEST)
      throw new JsonFault(this.text, this.at, `expected at most ${DEEPEST} levels, got more`);
    if (this.isNext("{")) this.object(depth);
    else if (this.isNext("[")) this.list(depth);
    else if (this.take(STRING) === undefined && this.take(ATOM) === undefined) this.fail("a value");
  }

  private object(depth: number): void {
    const keys = new Map<string, number>();
    if (this.isNext("}")) return;
    do {
      const start = this.at;
      const written = this.take(STRING) ?? this.fail("a key in quotation marks");
      const key = JSON.parse(written) as string;
      const first = keys.get(key);
      if (first !== undefined)
        throw new JsonFault(
          this.text,
          start,
          `expected each key once, got ${JSON.stringify(key)} twice: at ${offsetToPlace(this.text, first)} and here`,
        );
      keys.set(key, start);
      if (!this.isNext(":")) this.fail('":"');
      this.value(depth + 1);
    } while (this.isNext(","));
    if (!this.isNext("}")) this.fail('"," or "}"');
  }

  private list(depth: number): void {
    if (this.isNext("]")) return;
    do this.value(depth + 1);
    while (this.isNext(","));
    if (!this.isNext("]")) this.fail('"," or "]"');
  }
}

/**
 * The value of a JSON text (RFC 8259).
 * @throws JsonFault that names line and column: for what is not JSON, and for a key that stands twice in one object, of
 *   which JSON.parse would take the last in silence
 */
export function textToJson(text: string): unknown {
  if (text.trim() === "") throw new JsonFault(text, 0, "expected JSON, got an empty text");
  new Scanner(text).scan();
  return JSON.parse(text);
}
