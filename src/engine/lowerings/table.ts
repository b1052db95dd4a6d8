/** The table of lowerings: how each tensorflow.js kernel becomes ONNX nodes. */
import type { KernelName, Lowerings } from "../kernels.ts";
import { convolution } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { matmul } from "./matmul.ts";
import { normalization } from "./normalization.ts";
import { pooling } from "./pooling.ts";
import { reductions } from "./reductions.ts";
import { resizing } from "./resizing.ts";
import { shaping } from "./shaping.ts";

/** How each kernel becomes ONNX nodes. A kernel of `Kernels` without a row does not compile. */
export const LOWERINGS: Lowerings<KernelName> = {
  ...convolution,
  ...elementwise,
  ...indexing,
  ...matmul,
  ...normalization,
  ...pooling,
  ...reductions,
  ...resizing,
  ...shaping,
};
