/** A function and its arrays as a tensorflow.js graph model. */
import { GanEvalError } from "../../errors.ts";
import { loadTensorflow } from "../tensorflow.ts";
import { type BatchedFunction, type BatchSize, FIXED, PROBES } from "./batched-function.ts";
import { recordingsToBatched } from "./batched-recording.ts";
import { attribute, GraphModelNodes, tensorInfo } from "./graph-model-nodes.ts";
import { emitCall } from "./graph-model-ops.ts";
import type { Recorded, Recording } from "./record-kernels.ts";

export interface GraphModelNotes {
  readonly generatedBy: string;
  readonly convertedBy: string;
  /** Any JSON, for whoever loads the model. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface GraphModel {
  /** What model.json holds; it names `weightsFile`. */
  readonly json: unknown;
  readonly weights: Uint8Array;
  readonly batch: BatchSize;
}

function recordingToNodes({ inputs, constants, calls, outputs }: Recording): GraphModelNodes {
  const nodes = new GraphModelNodes();
  for (const { name, dtype, shape } of inputs)
    nodes.add(name, "Placeholder", [], { dtype: attribute.type(dtype), shape: attribute.shape(shape) });
  for (const { name, shape, dtype, data } of constants)
    nodes.array({ name, shape, dtype: dtype as "float32", data });
  for (const call of calls)
    if (!emitCall(nodes, call))
      throw new GanEvalError(
        "usage.export-kernel",
        `expected layers that a tensorflow.js graph model supports, got the kernel ${call.kernel}${call.outputs.length > 1 ? ` with ${call.outputs.length} outputs` : ""}`,
        { hint: "Export to ONNX, or write the layer with other ops." },
      );
  for (const [name, { name: made, dtype }] of Object.entries(outputs))
    nodes.add(name, "Identity", [made], { T: attribute.type(dtype) });
  return nodes;
}

const ports = (tensors: readonly (readonly [string, Recorded])[]) =>
  Object.fromEntries(tensors.map(([name, { dtype, shape }]) => [name, tensorInfo(name, dtype, shape)]));

/** Arrays one after another: what `weightsManifest` lists, in its order. */
function joinArrays(arrays: GraphModelNodes["arrays"]): Uint8Array {
  return Buffer.concat(
    arrays.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
}

/**
 * Records a function with its arrays as constants, and writes it for any number of examples, or, where it needs to know
 * the number, for one. Nodes are TensorFlow's ops, one for each kernel that tensorflow.js ran: `tf.loadGraphModel` reads
 * `{ json, weights }` as model.json and `weightsFile` beside it.
 * @throws GanEvalError `usage.*` where the function cannot be traced, `usage.export-kernel` for a kernel without an op
 */
export async function functionToGraphModel(
  fn: BatchedFunction,
  notes: GraphModelNotes,
  weightsFile: string,
): Promise<GraphModel> {
  await loadTensorflow();
  const { recordKernels } = await import("./record-kernels.ts");
  const [a, b] = PROBES.map((batch) => recordKernels(fn, batch));
  const batched = recordingsToBatched(a, b);
  const recording = batched ?? recordKernels(fn, FIXED);
  const { nodes, arrays } = recordingToNodes(recording);
  const json = {
    format: "graph-model",
    generatedBy: notes.generatedBy,
    convertedBy: notes.convertedBy,
    signature: {
      inputs: ports(recording.inputs.map((input) => [input.name, input])),
      outputs: ports(Object.entries(recording.outputs)),
    },
    modelTopology: { node: nodes, library: {}, versions: { producer: 27, minConsumer: 12 } },
    weightsManifest: [
      { paths: [weightsFile], weights: arrays.map(({ name, shape, dtype }) => ({ name, shape, dtype })) },
    ],
    ...(notes.metadata && { userDefinedMetadata: notes.metadata }),
  };
  return { json, weights: joinArrays(arrays), batch: batched ? "any" : FIXED };
}
