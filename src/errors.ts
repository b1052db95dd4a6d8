/** Errors and warnings of this package: a code, a message, and a hint on what to do. */

/** The first word of an error's code says who has to act: the caller's words, the input, or this program. */
export type ErrorKind = "usage" | "input" | "unavailable" | "run" | "internal";

/** `kind.detail`, stable across versions: `usage.unknown-metric`, `input.not-an-image`, `unavailable.weights`. */
export type ErrorCode = `${ErrorKind}.${string}`;

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

/** A counted remark about the input or the protocol that travels with the result. */
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
