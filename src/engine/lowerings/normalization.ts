/** Normalisations. */
import type { Lowerings } from "../kernels.ts";

export const normalization: Lowerings<"FusedBatchNorm" | "Softmax"> = {
  // y = (x - mean) * scale / sqrt(variance + epsilon) + offset
  FusedBatchNorm: (g, { x, mean, variance, scale, offset }, { varianceEpsilon }) => {
    const deviation = g.op("Sqrt", [g.op("Add", [variance, g.scalar(varianceEpsilon)])]);
    const factor = g.op("Div", [scale ?? g.scalar(1), deviation]);
    const scaled = g.op("Mul", [g.op("Sub", [x, mean]), factor]);
    return offset === undefined ? scaled : g.op("Add", [scaled, offset]);
  },
  Softmax: (g, { logits }, { dim }) => g.op("Softmax", [logits], { axis: dim }),
};
