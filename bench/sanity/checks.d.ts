/** The types of checks.js. */
import type { Check } from "./measure.js";
export const CHECKS: readonly Check[];
