/** The text of the filter: words, and conditions such as `lr<1e-3`, `verdict:collapse`, `status:running`. */
import { isSweep, type Row, rowToStatus, rowToVerdict, sweepToText } from "./run-columns.ts";

type Value = string | number | boolean | null | undefined;
type Test = (row: Row) => boolean;

export interface Filter {
  readonly fits: Test;
  /** Names of conditions that no run has a value of. */
  readonly unknown: readonly string[];
}

/** `batch-size` and `batchSize` are one name. */
const toPlain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

const FIELDS: Readonly<Record<string, (row: Row) => Value>> = {
  run: (row) => row.name,
  name: (row) => row.name,
  status: (row) => (isSweep(row) ? sweepToText(row) : row.status),
  model: (row) => (isSweep(row) ? undefined : row.model),
  data: (row) => (isSweep(row) ? undefined : row.data),
  verdict: (row) =>
    isSweep(row)
      ? row.problems && rowToVerdict(row)?.title
      : `${row.verdicts?.join(" ") ?? ""} ${row.verdict?.title ?? ""}`.trim(),
  round: (row) => row.round,
  rounds: (row) => row.rounds,
  best: ({ best }) => best?.value,
  score: ({ best }) => best?.value,
  started: ({ started }) => started,
  failure: (row) => (isSweep(row) ? undefined : row.failure),
};

/** A field, an option or a score by its name, as somebody types it. */
function nameToField(name: string, rows: readonly Row[]): ((row: Row) => Value) | undefined {
  const plain = toPlain(name);
  if (Object.hasOwn(FIELDS, plain)) return FIELDS[plain];
  for (const kind of ["options", "scores"] as const) {
    const names = new Set(rows.flatMap((row) => (isSweep(row) ? [] : Object.keys(row[kind]))));
    const found = [...names].find((each) => toPlain(each) === plain);
    if (found !== undefined)
      return (row) =>
        isSweep(row)
          ? kind === "scores" && row.best?.name === found
            ? row.best.value
            : undefined
          : row[kind][found];
  }
  return undefined;
}

const COMPARISONS: Readonly<Record<string, (value: Value, asked: string) => boolean>> = {
  "<": (value, asked) => typeof value === "number" && value < Number(asked),
  ">": (value, asked) => typeof value === "number" && value > Number(asked),
  "<=": (value, asked) => typeof value === "number" && value <= Number(asked),
  ">=": (value, asked) => typeof value === "number" && value >= Number(asked),
  "=": (value, asked) =>
    typeof value === "number" ? value === Number(asked) : String(value ?? "").toLowerCase() === asked,
  "!=": (value, asked) =>
    typeof value === "number" ? value !== Number(asked) : String(value ?? "").toLowerCase() !== asked,
  ":": (value, asked) =>
    String(value ?? "")
      .toLowerCase()
      .includes(asked),
};

const CONDITION = /^([\p{L}_][\p{L}\p{N}_-]*)(<=|>=|!=|[<>=:])(.+)$/u;

/** What a row is found by; a row that has changed is another object. */
const found = new WeakMap<Row, string>();

function rowToWords(row: Row): string {
  let words = found.get(row);
  if (words === undefined) {
    const status = isSweep(row) ? sweepToText(row) : rowToStatus(row);
    const own = isSweep(row) ? [] : [row.model, row.data, row.failure, ...(row.verdicts ?? [])];
    words = [row.name, status, row.best?.name, rowToVerdict(row)?.title, ...own].join(" ").toLowerCase();
    found.set(row, words);
  }
  return words;
}

/** @param rows all that there are, for the names of their options and scores */
export function textToFilter(text: string, rows: readonly Row[]): Filter {
  const unknown: string[] = [];
  const tests = text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word): Test => {
      const [, name, comparison, asked] = CONDITION.exec(word) ?? [];
      if (name === undefined) return (row) => rowToWords(row).includes(word);
      const field = nameToField(name, rows);
      if (field === undefined) {
        unknown.push(name);
        return () => false;
      }
      const compare = COMPARISONS[comparison];
      return (row) => compare(field(row), asked);
    });
  return { fits: (row) => tests.every((test) => test(row)), unknown };
}
