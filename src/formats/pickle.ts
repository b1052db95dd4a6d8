/**
 * Reads pickles (Python's pickletools lists the opcodes) as data. Nothing is imported and nothing is called: a global is
 * a row of the caller's table or an error that names it, and so is an opcode that files of tensors do not have.
 */
import { GanEvalError } from "../errors.ts";

/** What a pickle's callable makes of its arguments. The table is the whole of what a file can ask for. */
export type PickleCall = (args: readonly unknown[]) => unknown;

export interface PickleRules {
  /** `module.name` -> what stands for it: a PickleCall if it may be called, any other value if it is only named. */
  readonly globals: ReadonlyMap<string, unknown>;
  /** What a persistent id (of storages, in torch's files) stands for. */
  readonly persistent?: (id: unknown) => unknown;
  /** What to do where a file asks for another global. */
  readonly hint?: string;
}

/** What a PickleCall may return that takes a state of its own; only dictionaries take one otherwise. */
export abstract class PickleObject {
  abstract setState(state: unknown): void;
}

export interface Unpickled {
  readonly value: unknown;
  /** Where the pickle ends; torch's old format has several, one after another. */
  readonly end: number;
}

export const damagedPickle = (location: string, what: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.pickle", `expected a pickle of tensors in ${location}, got ${what}`, {
    hint: "The file is damaged, truncated or of another kind; copy it again.",
    cause,
  });

const MARK = Symbol("mark");

/** The longest text that a string holds here. */
const MAX_TEXT = 2 ** 29 - 24;

class Unpickler {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly rules: PickleRules;
  private readonly location: string;
  private at: number;
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();

  constructor(bytes: Uint8Array, start: number, rules: PickleRules, location: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = start;
    this.rules = rules;
    this.location = location;
  }

  run(): Unpickled {
    for (;;) {
      const opcode = this.number(1);
      if (opcode === STOP) return { value: this.pop(), end: this.at };
      const step = Object.hasOwn(STEPS, opcode) ? STEPS[opcode] : undefined;
      if (step === undefined)
        throw damagedPickle(
          this.location,
          `opcode 0x${opcode.toString(16)}, which files of tensors do not have`,
        );
      step(this);
    }
  }

  fail(what: string): never {
    throw damagedPickle(this.location, what);
  }

  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) this.fail("the end of the data within a value");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A little-endian number of 1, 2 or 4 bytes, without sign. */
  number(size: 1 | 2 | 4): number {
    this.take(size);
    const from = this.at - size;
    return size === 1
      ? this.view.getUint8(from)
      : size === 2
        ? this.view.getUint16(from, true)
        : this.view.getUint32(from, true);
  }

  /** A length of 8 bytes; one that no file has is refused by `take`. */
  length8(): number {
    this.take(8);
    return Number(this.view.getBigUint64(this.at - 8, true));
  }

  long(size: number): unknown {
    const bytes = this.take(size);
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    value = BigInt.asIntN(8 * size, value);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  double(): number {
    this.take(8);
    return this.view.getFloat64(this.at - 8, false);
  }

  text(length: number): string {
    if (length > MAX_TEXT) this.fail(`text of ${length} bytes`);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.take(length));
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) this.fail("the end of the data within a name");
    const text = this.text(end - this.at);
    this.at++;
    return text;
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0 || this.stack.at(-1) === MARK) this.fail("an empty stack");
    return this.stack.pop();
  }

  top(): unknown {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  mark(): void {
    this.stack.push(MARK);
  }

  /** Everything above the last mark. */
  popMark(): unknown[] {
    const from = this.stack.lastIndexOf(MARK);
    if (from < 0) this.fail("no mark on the stack");
    return this.stack.splice(from).slice(1);
  }

  remember(key: number = this.memo.size): void {
    this.memo.set(key, this.top());
  }

  recall(key: number): void {
    if (!this.memo.has(key)) this.fail(`the unknown reference ${key}`);
    this.stack.push(this.memo.get(key));
  }

  global(module: unknown, name: unknown): void {
    if (typeof module !== "string" || typeof name !== "string") this.fail("a global without a name");
    const full = `${module}.${name}`;
    if (!this.rules.globals.has(full))
      throw new GanEvalError(
        "input.pickle-global",
        `expected a file of tensors in ${this.location}, got the Python object ${full}`,
        { hint: this.rules.hint ?? STATE_DICT_HINT },
      );
    this.stack.push(this.rules.globals.get(full));
  }

  persistent(): void {
    const id = this.pop();
    if (this.rules.persistent === undefined) this.fail("a persistent id");
    this.stack.push(this.rules.persistent(id));
  }

  call(): void {
    const args = this.pop();
    const callable = this.pop();
    if (typeof callable !== "function" || !Array.isArray(args)) this.fail("a call of a non-function");
    this.stack.push((callable as PickleCall)(args));
  }

  /** State of an OrderedDict (torch hangs `_metadata` on it) says nothing about its tensors. */
  build(): void {
    const state = this.pop();
    const target = this.top();
    if (target instanceof PickleObject) target.setState(state);
    else if (!(target instanceof Map)) this.fail("state for an object without state");
  }

  setItems(pairs: readonly unknown[]): void {
    const target = this.top();
    if (!(target instanceof Map) || pairs.length % 2 !== 0) this.fail("items for a non-dictionary");
    for (let i = 0; i < pairs.length; i += 2) (target as Map<unknown, unknown>).set(pairs[i], pairs[i + 1]);
  }

  append(values: readonly unknown[]): void {
    const target = this.top();
    if (!Array.isArray(target)) this.fail("items for a non-list");
    for (const value of values) (target as unknown[]).push(value);
  }
}

const STATE_DICT_HINT =
  "Only plain state dicts are read; code in a file is never run: save model.state_dict(), not the model.";

const STOP = 0x2e;

/** The opcodes of dictionaries, tensors and NumPy's arrays, protocols 2 to 5; not its buffers outside of the file. */
const STEPS: Readonly<Record<number, (p: Unpickler) => void>> = {
  128: (p) => void p.number(1), // PROTO
  149: (p) => void p.take(8), // FRAME
  148: (p) => p.remember(), // MEMOIZE
  113: (p) => p.remember(p.number(1)), // BINPUT
  114: (p) => p.remember(p.number(4)), // LONG_BINPUT
  104: (p) => p.recall(p.number(1)), // BINGET
  106: (p) => p.recall(p.number(4)), // LONG_BINGET
  40: (p) => p.mark(), // MARK
  48: (p) => void p.pop(), // POP
  78: (p) => p.push(null), // NONE
  136: (p) => p.push(true), // NEWTRUE
  137: (p) => p.push(false), // NEWFALSE
  75: (p) => p.push(p.number(1)), // BININT1
  77: (p) => p.push(p.number(2)), // BININT2
  74: (p) => p.push(p.number(4) | 0), // BININT
  138: (p) => p.push(p.long(p.number(1))), // LONG1
  71: (p) => p.push(p.double()), // BINFLOAT
  84: (p) => p.push(p.text(p.number(4))), // BINSTRING, of Python 2: names
  85: (p) => p.push(p.text(p.number(1))), // SHORT_BINSTRING, of Python 2
  88: (p) => p.push(p.text(p.number(4))), // BINUNICODE
  140: (p) => p.push(p.text(p.number(1))), // SHORT_BINUNICODE
  141: (p) => p.push(p.text(p.length8())), // BINUNICODE8
  67: (p) => p.push(p.take(p.number(1))), // SHORT_BINBYTES
  66: (p) => p.push(p.take(p.number(4))), // BINBYTES
  142: (p) => p.push(p.take(p.length8())), // BINBYTES8
  150: (p) => p.push(p.take(p.length8())), // BYTEARRAY8, of protocol 5
  125: (p) => p.push(new Map()), // EMPTY_DICT
  93: (p) => p.push([]), // EMPTY_LIST
  41: (p) => p.push([]), // EMPTY_TUPLE
  133: (p) => p.push([p.pop()]), // TUPLE1
  134: (p) => p.push([p.pop(), p.pop()].reverse()), // TUPLE2
  135: (p) => p.push([p.pop(), p.pop(), p.pop()].reverse()), // TUPLE3
  116: (p) => p.push(p.popMark()), // TUPLE
  97: (p) => {
    const value = p.pop(); // APPEND
    p.append([value]);
  },
  101: (p) => p.append(p.popMark()), // APPENDS
  115: (p) => {
    const value = p.pop(); // SETITEM
    const key = p.pop();
    p.setItems([key, value]);
  },
  117: (p) => p.setItems(p.popMark()), // SETITEMS
  99: (p) => p.global(p.line(), p.line()), // GLOBAL
  147: (p) => {
    const name = p.pop(); // STACK_GLOBAL
    p.global(p.pop(), name);
  },
  81: (p) => p.persistent(), // BINPERSID
  82: (p) => p.call(), // REDUCE
  98: (p) => p.build(), // BUILD
};

/**
 * Reads the pickle that begins at `start`. Dictionaries come as Maps, tuples and lists as arrays, bytes as views of
 * `bytes`.
 * @throws GanEvalError `input.pickle` (damaged), `input.pickle-global` (asks for a global that is not in the table)
 */
export function bytesToPickle(bytes: Uint8Array, rules: PickleRules, location: string, start = 0): Unpickled {
  return new Unpickler(bytes, start, rules, location).run();
}
