/** What goes wrong with one of several scores: it is recorded and said, and the others stay. */
import { GanEvalError, type Warning } from "../errors.ts";
import type { EvaluationResult, FailureRecord } from "./result.ts";

type Warn = (warning: Warning) => void;

/** Failures of a score's own, by the input or by its options; faults of this program and interrupts end everything. */
export const isOwnFailure = (error: unknown): error is GanEvalError =>
  error instanceof GanEvalError && (error.kind === "input" || error.kind === "usage");

const toHint = ({ hint }: { readonly hint?: string | undefined }) => (hint === undefined ? {} : { hint });

/** Keeps why something has no value, and warns of it. */
export function recordFailure(
  into: Record<string, FailureRecord>,
  id: string,
  error: GanEvalError,
  warn: Warn,
): void {
  const { code, message } = error;
  into[id] = { code, message, ...toHint(error) };
  warn({ code: "not-measured", message: `${id} could not be measured: ${message}`, ...toHint(error) });
}

/** What may stand beside a value, and how a message calls it. */
const BESIDE = { interval: "interval", floor: "floor", "per-image": "values per image" } as const;

/** What stands beside a value: where it fails, the value stays, and a warning says why it stands alone. */
export async function besideOrNothing<T extends object>(
  id: string,
  what: keyof typeof BESIDE,
  measure: () => Promise<T> | T,
  warn: Warn,
): Promise<T | Record<string, never>> {
  try {
    return await measure();
  } catch (error) {
    if (!isOwnFailure(error)) throw error;
    warn({ code: `no-${what}`, message: `${id}: no ${BESIDE[what]}: ${error.message}`, ...toHint(error) });
    return {};
  }
}

/** Scores by class, or a record of why there are none beside the others. */
export async function classesOrFailure<T>(
  measure: () => Promise<T>,
  into: Record<string, FailureRecord>,
  warn: Warn,
): Promise<T | undefined> {
  try {
    return await measure();
  } catch (error) {
    if (!isOwnFailure(error)) throw error;
    recordFailure(into, "by-class", error, warn);
    return undefined;
  }
}

/**
 * For those who decide by the values, and would decide without one.
 * @throws GanEvalError that of the first metric that could not be measured
 */
export function requireAllMeasured<R extends Pick<EvaluationResult, "notMeasured">>(result: R): R {
  const [failure] = Object.values(result.notMeasured ?? {});
  if (failure === undefined) return result;
  throw new GanEvalError(failure.code as GanEvalError["code"], failure.message, toHint(failure));
}
