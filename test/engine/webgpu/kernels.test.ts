/** Which ops ONNX Runtime's WebGPU has no kernel for: each is opened alone, with no way back to the CPU. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Constant, DataType, Value } from "../../../src/engine/graph.ts";
import { graphToOnnx } from "../../../src/engine/onnx-encode.ts";
import { type Attributes, ONNX_OPS, type OnnxOp, type OpRow } from "../../../src/engine/onnx-ops.ts";
import { loadOnnxRuntime } from "../../../src/engine/onnxruntime.ts";
import { haveWebGpu } from "./software-gpu.ts";

type Input = Value | Constant;

interface Sample {
  readonly inputs: readonly Input[];
  readonly attributes?: Attributes;
  readonly outputs?: number;
}

const value = (name: string, shape: number[], dtype: DataType = "float32"): Value => ({ name, dtype, shape });
const list = (name: string, data: number[], shape = [data.length]): Constant => ({
  name,
  dtype: "int64",
  shape,
  data: BigInt64Array.from(data, BigInt),
});
const scalar = (name: string, data: number, dtype: DataType): Constant => ({
  name,
  dtype,
  shape: [],
  data: dtype === "int32" ? Int32Array.of(data) : Float32Array.of(data),
});

const x = (...shape: number[]) => value("x", shape);
const w = (...shape: number[]) => value("w", shape);
const pool = { kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] };
const window = { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1 };
const reduction: Sample = {
  inputs: [x(2, 3), list("axes", [1])],
  attributes: { keepdims: 0, noop_with_empty_axes: 0 },
};
const argReduction: Sample = {
  inputs: [x(2, 3)],
  attributes: { axis: 1, keepdims: 0, select_last_index: 0 },
};

/** Ops that need more than arrays of one shape. */
const SAMPLES: Partial<Record<OnnxOp, Sample>> = {
  ArgMax: argReduction,
  ArgMin: argReduction,
  AveragePool: { inputs: [x(1, 2, 4, 4)], attributes: { ...pool, count_include_pad: 0 } },
  Cast: { inputs: [x(2, 2)], attributes: { to: 6 } },
  Clip: { inputs: [x(2, 3), scalar("low", 0, "float32"), scalar("high", 1, "float32")] },
  Concat: { inputs: [x(2, 2), w(2, 2)], attributes: { axis: 0 } },
  Conv: { inputs: [x(1, 2, 4, 4), w(3, 2, 3, 3)], attributes: window },
  ConvTranspose: {
    inputs: [x(1, 2, 4, 4), w(2, 3, 3, 3)],
    attributes: { ...window, output_padding: [0, 0] },
  },
  CumSum: { inputs: [x(2, 3), list("axis", [1], [])], attributes: { exclusive: 0, reverse: 0 } },
  DepthToSpace: { inputs: [x(1, 4, 2, 2)], attributes: { blocksize: 2, mode: "DCR" } },
  Einsum: { inputs: [x(2, 3), w(3, 2)], attributes: { equation: "ij,jk->ik" } },
  Elu: { inputs: [x(2, 3)], attributes: { alpha: 1 } },
  Expand: { inputs: [x(1, 2), list("shape", [3, 2])] },
  Gather: { inputs: [x(3, 2), value("i", [2], "int32")], attributes: { axis: 0 } },
  GatherND: { inputs: [x(3, 2), value("i", [2, 1], "int64")], attributes: { batch_dims: 0 } },
  Gemm: { inputs: [x(2, 3), w(3, 2)], attributes: { alpha: 1, beta: 1, transA: 0, transB: 0 } },
  LayerNormalization: { inputs: [x(2, 3), w(3)], attributes: { axis: -1, epsilon: 1e-5 } },
  LeakyRelu: { inputs: [x(2, 3)], attributes: { alpha: 0.2 } },
  LogSoftmax: { inputs: [x(2, 3)], attributes: { axis: -1 } },
  MatMul: { inputs: [x(2, 3), w(3, 2)] },
  MaxPool: { inputs: [x(1, 2, 4, 4)], attributes: pool },
  Mod: { inputs: [x(2, 3), w(2, 3)], attributes: { fmod: 1 } },
  PRelu: { inputs: [x(2, 3), w(3)] },
  Pad: {
    inputs: [x(2, 3), list("pads", [1, 1, 1, 1]), scalar("zero", 0, "float32")],
    attributes: { mode: "constant" },
  },
  ReduceMax: reduction,
  ReduceMean: reduction,
  ReduceMin: reduction,
  ReduceProd: reduction,
  ReduceSum: reduction,
  Reshape: { inputs: [x(2, 3), list("shape", [3, 2])], attributes: { allowzero: 0 } },
  ScatterElements: {
    inputs: [x(3, 2), value("i", [1, 2], "int32"), value("u", [1, 2])],
    attributes: { axis: 0, reduction: "add" },
  },
  ScatterND: {
    inputs: [x(3, 2), value("i", [1, 1], "int64"), value("u", [1, 2])],
    attributes: { reduction: "add" },
  },
  Selu: { inputs: [x(2, 3)], attributes: { alpha: 1.67, gamma: 1.05 } },
  Slice: { inputs: [x(4, 3), list("from", [0]), list("to", [2]), list("axes", [0]), list("by", [1])] },
  Softmax: { inputs: [x(2, 3)], attributes: { axis: -1 } },
  Split: { inputs: [x(4, 3), list("sizes", [2, 2])], attributes: { axis: 0 }, outputs: 2 },
  Tile: { inputs: [x(2, 3), list("times", [2, 1])] },
  TopK: { inputs: [x(2, 3), list("k", [2])], attributes: { axis: -1, largest: 1, sorted: 1 }, outputs: 2 },
  Transpose: { inputs: [x(2, 3)], attributes: { perm: [1, 0] } },
  Where: { inputs: [value("if", [2, 3], "bool"), x(2, 3), w(2, 3)] },
};

const LOGICAL: readonly OnnxOp[] = ["And", "Not", "Or"];

/** Ops of whole numbers that graphs have, for positions and labels. */
const WHOLE: readonly OnnxOp[] = [
  ...["Abs", "Add", "Concat", "Div", "Equal", "Expand", "Gather", "Greater", "Less", "MatMul", "Max"],
  ...["Min", "Mod", "Mul", "Neg", "Reshape", "Sign", "Slice", "Sub", "Tile", "TopK", "Transpose", "Where"],
] as OnnxOp[];

function opToSample(op: OnnxOp): Sample {
  const sample = SAMPLES[op];
  if (sample) return sample;
  const [least, most] = (ONNX_OPS[op] as OpRow).inputs;
  const count = most === Number.POSITIVE_INFINITY ? 2 : least;
  const dtype = LOGICAL.includes(op) ? "bool" : "float32";
  return { inputs: Array.from({ length: count }, (_, i) => value(`x${i}`, [2, 3], dtype)) };
}

const toWhole = ({ inputs, attributes, outputs }: Sample): Sample => ({
  inputs: inputs.map((input) => (input.dtype === "float32" ? { ...input, dtype: "int32" as const } : input)),
  ...(attributes && { attributes: "fmod" in attributes ? { fmod: 0 } : attributes }),
  ...(outputs && { outputs }),
});

async function isMissing(
  op: OnnxOp,
  { inputs, attributes = {}, outputs: count = 1 }: Sample,
): Promise<boolean> {
  const types = (ONNX_OPS[op] as OpRow).types(inputs, attributes, count);
  const outputs = types.map((type, i) => ({ name: `out${i}`, ...type }));
  const isConstant = (input: Input): input is Constant => "data" in input;
  const { bytes } = graphToOnnx({
    name: op,
    inputs: inputs.filter((input) => !isConstant(input)),
    constants: inputs.filter(isConstant),
    nodes: [{ op, inputs: [...inputs], outputs, attributes }],
    outputs: outputs.map((output) => ({ name: output.name, value: output })),
  });
  const ort = await loadOnnxRuntime();
  try {
    const session = await ort.InferenceSession.create(bytes, {
      executionProviders: ["webgpu"],
      logSeverityLevel: 4,
      extra: { session: { disable_cpu_ep_fallback: "1" } },
    });
    await session.release();
    return false;
  } catch (error) {
    if (/fallback to CPU EP has been explicitly disabled/.test((error as Error).message)) return true;
    throw error;
  }
}

describe.runIf(haveWebGpu())("WebGPU's kernels", () => {
  it("are missing for the ops that docs/gpu.md lists, and for no others", async () => {
    const missing: Record<string, string[]> = { float32: [], bool: [], int32: [], Identity: [] };
    for (const op of Object.keys(ONNX_OPS) as OnnxOp[]) {
      // Those of ONNX Runtime's own are for its CPU alone, and no graph of another device has them.
      if ((ONNX_OPS[op] as OpRow).own) continue;
      if (await isMissing(op, opToSample(op))) missing[LOGICAL.includes(op) ? "bool" : "float32"]!.push(op);
      if (WHOLE.includes(op) && (await isMissing(op, toWhole(opToSample(op))))) missing.int32!.push(op);
    }
    for (const dtype of ["uint8", "bool", "int64"] as const)
      if (await isMissing("Identity", { inputs: [value("x0", [4], dtype)] })) missing.Identity!.push(dtype);
    const page = readFileSync(path.resolve(import.meta.dirname, "../../../docs/gpu.md"), "utf8");
    for (const dtype of ["float32", "bool", "int32"])
      expect(page).toContain(`| ${missing[dtype]!.join(", ")} | ${dtype} |`);
    expect(page).toContain(`| Identity | ${missing.Identity!.join(", ")} |`);
  }, 120_000);
});
