/** Matrix products. */

import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import type { Lowerings } from "../kernels.ts";
import { broadcastShapes } from "../onnx-types.ts";
import { activate } from "./elementwise.ts";

const swapLast = (g: GraphBuilder, x: Value): Value => {
  const axes = x.shape.map((_, axis) => axis);
  return g.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
};

/** A single product is a Gemm, which transposes for nothing; many are a MatMul. */
function product(g: GraphBuilder, a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value {
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (batch.every((dim) => dim === 1)) {
    const matrices = [a, b].map((x) => g.reshape(x, x.shape.slice(-2)));
    const single = g.op("Gemm", matrices, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
    return g.reshape(single, [...batch, ...single.shape]);
  }
  return g.op("MatMul", [transposeA ? swapLast(g, a) : a, transposeB ? swapLast(g, b) : b]);
}

export const matmul: Lowerings<"BatchMatMul" | "Einsum" | "_FusedMatMul"> = {
  BatchMatMul: (g, { a, b }, { transposeA, transposeB }) => product(g, a, b, transposeA, transposeB),
  _FusedMatMul: (g, { a, b, bias, preluActivationWeights }, attrs) => {
    const plain = product(g, a, b, attrs.transposeA, attrs.transposeB);
    const sum = bias === undefined ? plain : g.op("Add", [plain, bias]);
    return activate(g, sum, attrs.activation, { ...attrs, preluActivationWeights });
  },
  Einsum: (g, values, { equation }) => g.op("Einsum", [...values], { equation }),
};
