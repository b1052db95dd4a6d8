/** Errors and warnings as text, and their exit codes. */
import { GanEvalError, isCode, type Warning } from "../errors.ts";
import { textToRedacted } from "../redaction.ts";
import { type Page, textToIndented, textToVisible } from "../reports/page.ts";

export const EXIT = { ok: 0, gateFailed: 1, usage: 2, couldNotRun: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ErrorReport {
  readonly exitCode: ExitCode;
  /** For stderr. */
  readonly text: string;
}

const ASK_FOR_REPORT =
  "This is a bug in gan-eval. Please report it with the command line and the output of `gan-eval doctor --json`.";

/** What a person reads about an error, and the exit code; a stack only if `debug`. */
export function errorToReport(
  error: unknown,
  page: Page,
  options: { debug: boolean; interrupted: boolean },
): ErrorReport {
  const stack = options.debug && error instanceof Error ? `${textToRedacted(String(error.stack))}\n` : "";
  if (options.interrupted && !saysMore(error)) {
    return { exitCode: EXIT.interrupted, text: `interrupted: no result, no partial file\n${stack}` };
  }
  const known = toKnown(error);
  const { style } = page;
  const label = style.bold(style.red(known.kind === "internal" ? "internal: " : "error: "));
  const text = [
    textToIndented(
      `${toVisibleLines(textToRedacted(known.message))} ${style.dim(`[${known.code}]`)}`,
      page.columns,
      label,
      "  ",
    ),
    ...(known.hint === undefined ? [] : [hintToText(known.hint, page)]),
  ].join("\n");
  return {
    exitCode: options.interrupted ? EXIT.interrupted : known.kind === "usage" ? EXIT.usage : EXIT.couldNotRun,
    text: `${text}\n${stack}`,
  };
}

/** Work that saved what it had says so itself, and so does work that could not save it. */
const saysMore = (error: unknown): boolean =>
  error instanceof GanEvalError &&
  (error.kind === "run" || (isCode(error, "input.cannot-write") && !isAbort(error.cause)));

/** What a write was broken off by is no fault of the disk. */
const isAbort = (cause: unknown): boolean => cause instanceof Error && cause.name === "AbortError";

/** Errors of the operating system are input that cannot be used; whatever else is not ours is a broken invariant. */
function toKnown(error: unknown): GanEvalError {
  if (error instanceof GanEvalError) {
    return error.kind === "internal" && error.hint === undefined
      ? new GanEvalError(error.code, error.message, { hint: ASK_FOR_REPORT })
      : error;
  }
  if (error instanceof Error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (typeof code === "string" && typeof syscall === "string") {
      return new GanEvalError(
        "input.system",
        error.message,
        SYSTEM_HINTS[code] ? { hint: SYSTEM_HINTS[code] } : {},
      );
    }
    return new GanEvalError("internal.unexpected", `${error.name}: ${error.message}`, {
      hint: ASK_FOR_REPORT,
    });
  }
  return new GanEvalError("internal.unexpected", String(error), { hint: ASK_FOR_REPORT });
}

const SYSTEM_HINTS: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: free some space, or choose another folder.",
  EACCES: "Permission denied: check the owner and mode of the file and its folder.",
  EPERM: "Permission denied: check the owner and mode of the file and its folder.",
  ENOENT: "Check the path.",
  EROFS: "The file system is read-only: choose another folder.",
  EMFILE: "Too many open files: raise the limit (ulimit -n).",
};

const toVisibleLines = (text: string): string => text.split("\n").map(textToVisible).join("\n");

/** Stands for a space at which no line is broken. */
const JOINED = "\ue000";

/** A command that is broken over two lines is two commands once it is pasted. */
const COMMAND = /`[^`]*`|(?:[^.:]{0,30}: )?\b(?:gan-eval [a-z]|rm ).*$/g;

const joinCommands = (line: string): string =>
  line.replace(COMMAND, (command) => command.replaceAll(" ", JOINED));

/** The lines of a hint keep their own indentation under the first. */
const hintToText = (hint: string, page: Page): string =>
  hint
    .split("\n")
    .map((line, index) => {
      const margin = index === 0 ? `  ${page.style.dim("hint:")} ` : `    ${/^ */.exec(line)![0]}`;
      return textToIndented(
        joinCommands(textToVisible(line.trimStart())),
        page.columns,
        margin,
        index === 0 ? "    " : `${margin}  `,
      );
    })
    .join("\n")
    .replaceAll(JOINED, " ");

/** `warning: ...` with its hint, for stderr. */
export function warningToText({ message, hint }: Warning, page: Page): string {
  const label = page.style.yellow("warning: ");
  return [
    textToIndented(toVisibleLines(message), page.columns, label, "  "),
    ...(hint === undefined ? [] : [hintToText(hint, page)]),
  ].join("\n");
}
