/** The table of gradients that tensorflow.js lacks or has wrong. */
import { activations } from "./activations.ts";
import { broadcasting, running } from "./broadcasting.ts";
import { comparisons } from "./comparisons.ts";
import { rearranging } from "./rearranging.ts";
import type { GradientRow } from "./row.ts";
import { windows } from "./windows.ts";

/** The gradients that tensorflow.js lacks, or has wrong, and that second derivatives of networks need. */
export const GRADIENTS: Readonly<Record<string, GradientRow>> = {
  ...activations,
  ...broadcasting,
  ...comparisons,
  ...rearranging,
  ...running,
  ...windows,
};
