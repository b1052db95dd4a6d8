/** Whether a Gaussian kernel's width suits the features: too narrow a kernel counts samples, too wide a one sees one mode. */
import { GanEvalError, type Warning } from "../errors.ts";

/** Throws `usage.kernel-width` unless it is above 0. */
export function checkWidth(flag: string, sigma: number): void {
  if (Number.isFinite(sigma) && sigma > 0) return;
  throw new GanEvalError("usage.kernel-width", `expected a number above 0 for ${flag}, got ${sigma}`, {
    hint: "It is in units of the features: a few times the distance of neighbours is usual.",
  });
}

/** More than this share of the rows are modes: each row is one of its own. */
const MOST_MODES = 0.5;
const LEAST_MODES = 1.05;
/** Fewer rows say nothing about the width. */
const LEAST_ROWS = 20;

/** Warns where the number of modes follows from the width alone. */
export function warnOfWidth(
  metric: string,
  flag: string,
  modes: number,
  rows: number,
  warn: (warning: Warning) => void,
): void {
  if (rows < LEAST_ROWS || (modes <= MOST_MODES * rows && modes >= LEAST_MODES)) return;
  const [size, change] = modes < LEAST_MODES ? ["wide", "smaller"] : ["narrow", "larger"];
  warn({
    code: "kernel-width",
    message: `${metric}: ${modes.toPrecision(3)} modes of ${rows} samples: the kernel is too ${size} for these features to tell modes`,
    hint: `Choose a ${change} width with ${flag}, the same for all that is compared.`,
  });
}
