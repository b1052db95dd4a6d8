/**
 * How many channels ONNX Runtime's direct convolutions take at a time on this machine: as many floats as a register
 * holds, 16 with AVX-512 and 8 with AVX2. Some processors have none.
 */
import type { Graph } from "./graph.ts";
import { graphToOnnx } from "./onnx-encode.ts";
import { loadOnnxRuntime } from "./onnxruntime.ts";
import { toOnnxRuntimeOptions } from "./session.ts";

/** Fewer than any block, as many as reordering takes. */
const ASKED_CHANNELS = 4;

/** A graph that brings one place of few channels into blocks: they are filled up to one. */
function oneBlock(): Graph {
  const x = { name: "x", dtype: "float32", shape: [1, ASKED_CHANNELS, 1, 1] } as const;
  const y = { ...x, name: "y" };
  const node = { op: "ReorderInput", inputs: [x], outputs: [y], attributes: {} } as const;
  return { name: "block", inputs: [x], constants: [], nodes: [node], outputs: [{ name: "y", value: y }] };
}

async function measureBlock(): Promise<number> {
  const ort = await loadOnnxRuntime();
  const { bytes } = graphToOnnx(oneBlock());
  try {
    const session = await ort.InferenceSession.create(
      bytes,
      toOnnxRuntimeOptions({ device: "cpu", threads: 1 }),
    );
    const x = new ort.Tensor("float32", new Float32Array(ASKED_CHANNELS), [1, ASKED_CHANNELS, 1, 1]);
    const { y } = await session.run({ x });
    await session.release();
    return y.dims[1] > ASKED_CHANNELS ? y.dims[1] : 1;
  } catch {
    // A build of ONNX Runtime without these ops.
    return 1;
  }
}

let known: Promise<number> | undefined;

/** The number of channels in a block, 1 where there are none; measured once in a process. */
export const readChannelBlock = (): Promise<number> => {
  known ??= measureBlock();
  return known;
};
