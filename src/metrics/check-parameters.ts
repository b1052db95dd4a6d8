/** Checks that name the flag to change: `--prd-clusters` is parameter `clusters` of metric `prd`. */
import type { CodeDetail } from "../error-codes.ts";
import { GanEvalError } from "../errors.ts";

/** Throws `usage.<flag>` unless `value` is a whole number, `least` or more. */
export function checkWhole(flag: CodeDetail<"usage">, value: number, least: number, hint: string): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new GanEvalError(
    `usage.${flag}`,
    `expected a whole number of at least ${least} for --${flag}, got ${value}`,
    { hint },
  );
}

/** Throws `usage.<flag>` unless `value` is above 0 and below 1. */
export function checkShare(flag: CodeDetail<"usage">, value: number, hint: string): void {
  if (value > 0 && value < 1) return;
  throw new GanEvalError(`usage.${flag}`, `expected a number between 0 and 1 for --${flag}, got ${value}`, {
    hint,
  });
}

/** Throws `input.too-few-samples` where a side has fewer rows than `least`. */
export function checkLeast(rows: number, least: number, reason: string, hint: string): void {
  if (rows >= least) return;
  throw new GanEvalError("input.too-few-samples", `expected at least ${least} rows ${reason}, got ${rows}`, {
    hint,
  });
}
