/** Every code that an error can have, with what it means: the one table, which docs/errors.md is made of. */
import { INPUT_CODES } from "./error-codes/input.ts";
import { INTERNAL_CODES, RUN_CODES, UNAVAILABLE_CODES } from "./error-codes/others.ts";
import { QUEUE_CODES } from "./error-codes/queue.ts";
import { USAGE_CODES } from "./error-codes/usage.ts";

export const ERROR_CODES = {
  ...USAGE_CODES,
  ...INPUT_CODES,
  ...UNAVAILABLE_CODES,
  ...RUN_CODES,
  ...QUEUE_CODES,
  ...INTERNAL_CODES,
} as const;

/** `kind.detail`, stable across versions: `usage.unknown-metric`, `input.not-a-run`, `unavailable.weights`. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** The first word of an error's code says who has to act: the caller's words, the input, or this program. */
export type ErrorKind = ErrorCode extends `${infer Kind}.${string}` ? Kind : never;

/** What follows the kind in the codes of a kind: `threads` of `usage.threads`. */
export type CodeDetail<Kind extends ErrorKind> = ErrorCode extends infer Code
  ? Code extends `${Kind}.${infer Detail}`
    ? Detail
    : never
  : never;

interface KindRow {
  readonly kind: ErrorKind;
  readonly title: string;
  readonly exit: number;
}

/** In the order of the page. */
export const ERROR_KINDS: readonly KindRow[] = [
  { kind: "usage", title: "A wrong option, argument or call", exit: 2 },
  { kind: "input", title: "A file or value that cannot be used", exit: 3 },
  { kind: "unavailable", title: "Weights, a device or a library that is not there", exit: 3 },
  { kind: "run", title: "A training run that cannot go on", exit: 3 },
  { kind: "queue", title: "A job of a queue that cannot be done", exit: 3 },
  { kind: "internal", title: "A fault of gan-eval itself: please report it", exit: 3 },
];

/** The page docs/errors.md. */
export function errorCodesToMarkdown(): string {
  const parts = ERROR_KINDS.map(({ kind, title, exit }) => {
    const rows = Object.entries(ERROR_CODES)
      .filter(([code]) => code.startsWith(`${kind}.`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
    return [
      `## \`${kind}\`: ${title} (exit ${exit})`,
      "",
      "| code | what it means |",
      "| --- | --- |",
      ...rows,
    ];
  });
  const head = [
    "# Error codes",
    "",
    "Every error has a code that stays the same across versions. It stands behind the message, and in `error.code` of the",
    "library's `GanEvalError`. The message says what was expected and what was got; the hint says what to do. A test holds",
    "this page to the table in `src/error-codes.ts`.",
  ];
  return `${[head, ...parts].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
