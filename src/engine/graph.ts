/** What a graph is: typed values, and the nodes that compute them. */
import type { AttributeValue, OnnxOp } from "./onnx-ops.ts";

/** ONNX element types used here. */
export type DataType = "float32" | "float64" | "int32" | "int64" | "uint8" | "bool";

/** The type of a value: static shape, always known. */
export interface TensorType {
  readonly dtype: DataType;
  readonly shape: readonly number[];
}

/** A value of the graph: an input, a constant, or one output of one node. */
export interface Value extends TensorType {
  readonly name: string;
}

export type ConstantData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

export interface Constant extends Value {
  readonly data: ConstantData;
}

/** One operation. An omitted optional input is `undefined`. */
export interface Node {
  readonly op: OnnxOp;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A graph in static single assignment form; nodes are in topological order. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly constants: readonly Constant[];
  readonly nodes: readonly Node[];
  /** `name` is what the caller sees; `value` is the value it names (no copying Identity between the two). */
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
}
