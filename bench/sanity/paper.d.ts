/** The types of paper.js. */
import type { Judged } from "./measure.js";
export const PAPER_VALUES: readonly Judged[];
export const PAPER: Readonly<Record<string, Readonly<Record<string, string>>>>;
