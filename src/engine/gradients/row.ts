/** What a row of the table of gradients is. */
import type { GradConfig, Tensor } from "../tfjs.ts";
import { fill } from "../tfjs.ts";

/** How one kernel is differentiated; the kernel's name is the row's key. */
export type GradientRow = Omit<GradConfig, "kernelName">;

/** The gradient of an input that the output does not depend on, almost everywhere. */
export const zeros = (like: Tensor) => () => fill(like.shape, 0, "float32");
