/** Builds a graph node by node: equal nodes are shared, and costly ones rewritten. */
import { GanEvalError } from "../errors.ts";
import type { DeviceName } from "./engine.ts";
import type { Constant, ConstantData, DataType, Graph, Node, TensorType, Value } from "./graph.ts";
import { type Attributes, ONNX_OPS, type OnnxOp, type OpRow } from "./onnx-ops.ts";
import { ELEMENT_TYPE_NUMBER } from "./onnx-types.ts";
import { fuse } from "./rewrites/fusions.ts";
import { isConstant, keepsOrder, sameShape, sizeOf } from "./rewrites/shapes.ts";
import { REWRITES } from "./rewrites/table.ts";

const ARRAY_OF: Record<DataType, (values: readonly number[]) => ConstantData> = {
  float32: (values) => Float32Array.from(values),
  float64: (values) => Float64Array.from(values),
  int32: (values) => Int32Array.from(values),
  int64: (values) => BigInt64Array.from(values, (value) => BigInt(value)),
  uint8: (values) => Uint8Array.from(values),
  bool: (values) => Uint8Array.from(values, (value) => (value ? 1 : 0)),
};

/** Constants of up to so many elements are looked up by their values, and longer ones of one number all over. */
const SHARED_LENGTH = 1024;

/**
 * Grows a graph node by node. Each node's output types come from its op's type rule; a node that is there already
 * (same op, inputs and attributes) is not made twice, so common subexpressions of a trace are shared. Nodes that can be
 * had more cheaply are rewritten as they are asked for (rewrites/).
 */
export class GraphBuilder {
  private readonly inputs: Value[] = [];
  private readonly constants: Constant[] = [];
  private readonly nodes: Node[] = [];
  private readonly known = new Map<string, readonly Value[]>();
  private readonly producers = new Map<Value, Node>();
  private count = 0;
  /** Where the graph will run: lowerings leave out what that provider lacks. */
  readonly device: DeviceName;
  /** Channels in a block of this machine's direct convolutions; 1 where the graph must be ONNX's own ops (`channel-block.ts`). */
  readonly channelBlock: number;

  constructor(device: DeviceName = "cpu", channelBlock = 1) {
    this.device = device;
    this.channelBlock = channelBlock;
  }

  /** Declares an input of the graph. Names that begin with a dot are the builder's own. */
  input(name: string, type: TensorType): Value {
    if (name === "" || name.startsWith("."))
      throw new GanEvalError(
        "usage.input-name",
        `expected an input name that does not begin with a dot, got "${name}"`,
      );
    const value = { name, ...type };
    this.inputs.push(value);
    return value;
  }

  /** Numbers of a trace. One number all over is an Expand of it, which rewriting knows how to leave out. */
  constant(data: ConstantData, shape: readonly number[], dtype: DataType): Value {
    if (data.length !== sizeOf(shape))
      throw new GanEvalError(
        "internal.graph-constant",
        `internal: ${data.length} values for shape [${shape}]`,
      );
    if (data.length > 1 && isUniform(data))
      return this.expand(this.stored(data.slice(0, 1), [], dtype), shape);
    return this.stored(data, shape, dtype);
  }

  private stored(data: ConstantData, shape: readonly number[], dtype: DataType): Constant {
    const content =
      data.length <= SHARED_LENGTH
        ? Array.from(data, exactly)
        : isUniform(data)
          ? `all ${exactly(data[0])}`
          : undefined;
    const key = content === undefined ? undefined : `constant ${dtype} [${shape}] ${content}`;
    const known = key === undefined ? undefined : this.known.get(key);
    if (known !== undefined) return known[0] as Constant;
    const constant = { name: `.c${this.constants.length}`, dtype, shape, data };
    this.constants.push(constant);
    if (key !== undefined) this.known.set(key, [constant]);
    return constant;
  }

  /** A constant of given numbers. */
  numbers(values: readonly number[], shape: readonly number[], dtype: DataType): Constant {
    return this.stored(ARRAY_OF[dtype](values), shape, dtype);
  }

  scalar(value: number, dtype: DataType = "float32"): Constant {
    return this.numbers([value], [], dtype);
  }

  /** A list of int64, as ONNX takes shapes, axes and the like. */
  list(values: readonly number[]): Constant {
    return this.numbers(values, [values.length], "int64");
  }

  /** Adds a node with one output, or what the rewrite rules have for it. */
  op(op: OnnxOp, inputs: readonly (Value | undefined)[], attributes: Attributes = {}): Value {
    for (const rule of REWRITES.get(op) ?? []) {
      const rewritten = rule(this, inputs, attributes);
      if (rewritten !== undefined) return rewritten;
    }
    return this.ops(op, inputs, attributes, 1)[0];
  }

  /** Adds a node with `outputCount` outputs. */
  ops(
    op: OnnxOp,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    outputCount: number,
  ): readonly Value[] {
    const key = `${op} ${inputs.map((input) => input?.name)} ${JSON.stringify(attributes)} ${outputCount}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const row: OpRow = ONNX_OPS[op];
    const types = row.types(inputs, attributes, outputCount);
    const outputs = types.slice(0, outputCount).map((type) => ({ name: `.v${this.count++}`, ...type }));
    const node = { op, inputs, outputs, attributes };
    this.nodes.push(node);
    this.known.set(key, outputs);
    for (const output of outputs) this.producers.set(output, node);
    return outputs;
  }

  /** The node that made a value. */
  maker(value: Value): Node | undefined {
    return this.producers.get(value);
  }

  /** The node that made a value, if it is of this op. */
  producer(value: Value, op: OnnxOp): Node | undefined {
    const node = this.producers.get(value);
    return node?.op === op ? node : undefined;
  }

  /** Reshape, folded with a Reshape below it, into a constant, or with one number repeated; nothing where the shape is the same. */
  reshape(x: Value, shape: readonly number[]): Value {
    const source = this.producer(x, "Reshape")?.inputs[0] ?? x;
    if (sameShape(source.shape, shape)) return source;
    if (isConstant(source)) return this.reshapedConstant(source, shape);
    const repeated = this.producer(source, "Expand")?.inputs[0];
    if (repeated !== undefined && sizeOf(repeated.shape) === 1)
      return this.expand(this.reshape(repeated, []), shape);
    return this.op("Reshape", [source, this.list(shape)]);
  }

  private reshapedConstant({ name, data, dtype }: Constant, shape: readonly number[]): Constant {
    const key = `constant ${name} as [${shape}]`;
    const known = this.known.get(key);
    if (known !== undefined) return known[0] as Constant;
    const constant = this.stored(data, shape, dtype);
    this.known.set(key, [constant]);
    return constant;
  }

  /** Transpose, folded with a Transpose below it; a Reshape where no element moves; nothing where the order stays. */
  transpose(x: Value, perm: readonly number[]): Value {
    const below = this.producer(x, "Transpose");
    if (below !== undefined) {
      const first = below.attributes.perm as readonly number[];
      return this.transpose(
        below.inputs[0]!,
        perm.map((axis) => first[axis]),
      );
    }
    if (keepsOrder(x.shape, perm))
      return this.reshape(
        x,
        perm.map((axis) => x.shape[axis]),
      );
    return this.op("Transpose", [x], { perm });
  }

  /** Cast, straight from the bytes where they were widened on the way; nothing where the type is the same. */
  cast(x: Value, dtype: DataType): Value {
    const bytes = this.producer(x, "Cast")?.inputs[0];
    if (bytes?.dtype === "uint8" && x.dtype === "int32" && dtype === "float32")
      return this.op("Cast", [bytes], { to: ELEMENT_TYPE_NUMBER[dtype] });
    return x.dtype === dtype ? x : this.op("Cast", [x], { to: ELEMENT_TYPE_NUMBER[dtype] });
  }

  /** Expand to a shape, folded with an Expand below it; nothing where it has it. */
  expand(x: Value, shape: readonly number[]): Value {
    const source = this.producer(x, "Expand")?.inputs[0] ?? x;
    return sameShape(source.shape, shape) ? source : this.op("Expand", [source, this.list(shape)]);
  }

  /** Concat along an axis; of one part, that part. */
  concat(parts: readonly Value[], axis: number): Value {
    return parts.length === 1 ? parts[0] : this.op("Concat", parts, { axis });
  }

  /** `keepDims` false drops the reduced axes. */
  reduce(
    op: "ReduceSum" | "ReduceMean" | "ReduceMax" | "ReduceMin" | "ReduceProd",
    x: Value,
    axes: readonly number[],
    keepDims: boolean,
  ): Value {
    if (axes.length === 0) return x;
    return this.op(op, [x, this.list(axes)], { keepdims: keepDims ? 1 : 0 });
  }

  /** The graph of everything the outputs need, and nothing else. */
  finish(name: string, outputs: readonly { name: string; value: Value }[]): Graph {
    const nodes = fuse(
      this,
      this.neededFor(outputs),
      outputs.map(({ value }) => value),
    );
    const read = new Set([...outputs.map(({ value }) => value), ...nodes.flatMap(({ inputs }) => inputs)]);
    const constants = this.constants.filter((constant) => read.has(constant));
    return { name, inputs: this.inputs, constants, nodes, outputs };
  }

  private neededFor(outputs: readonly { value: Value }[]): Node[] {
    const needed = new Set(outputs.map(({ value }) => value));
    const nodes: Node[] = [];
    for (const node of this.nodes.toReversed()) {
      if (!node.outputs.some((output) => needed.has(output))) continue;
      for (const input of node.inputs) if (input !== undefined) needed.add(input);
      nodes.push(node);
    }
    return nodes.reverse();
  }
}

function isUniform(data: ConstantData): boolean {
  const [first] = data;
  for (const value of data) if (!Object.is(value, first)) return false;
  return true;
}

/** Distinguishes -0 from 0 and bigint from number when constants are looked up. */
function exactly(value: number | bigint): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
