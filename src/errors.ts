/** The one class of errors that a person can act on, and warnings that travel with results. */
import type { ErrorCode, ErrorKind } from "./error-codes.ts";

export type { ErrorCode, ErrorKind } from "./error-codes.ts";

/**
 * An error that a person can act on. The message says what was expected and what was got; the hint says what to do.
 *
 * - `usage`: a wrong option or argument (exit 2)
 * - `input`: a file or value that cannot be used (exit 3)
 * - `unavailable`: weights, a device or a library that is not there (exit 3)
 * - `run`: a training run that cannot go on (exit 3)
 * - `internal`: a broken invariant of this program (exit 3)
 */
export class GanEvalError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "GanEvalError";
    this.code = code;
    this.hint = options.hint;
  }

  get kind(): ErrorKind {
    return this.code.slice(0, this.code.indexOf(".")) as ErrorKind;
  }
}

/** Whether an error is one of ours of this code: `isCode(error, "input.not-a-run")`. */
export const isCode = <Code extends ErrorCode>(
  error: unknown,
  code: Code,
): error is GanEvalError & { readonly code: Code } => error instanceof GanEvalError && error.code === code;

/** A counted warning about the input or the protocol that travels with the result. */
export interface Warning {
  /** Stable, in kebab case: `few-samples`, `mixed-sizes`. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Work that was ended by its AbortSignal. `cause` says how far it had come, and how to go on where that is possible. */
export class AbortError extends Error {
  override readonly name = "AbortError";
  declare readonly cause: GanEvalError;

  constructor(cause: GanEvalError) {
    super(cause.message, { cause });
  }
}
