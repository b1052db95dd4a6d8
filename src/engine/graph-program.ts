/** Programs over one ONNX Runtime session: without state, and with state in two buffers. */
import type { Tensor } from "onnxruntime-common";
import { GanEvalError } from "../errors.ts";
import { checkArrays } from "./check-arrays.ts";
import type {
  ArrayData,
  ArraysInPlace,
  ArrayValue,
  InputSpec,
  InputType,
  Program,
  StatefulProgram,
} from "./engine.ts";
import type { Graph, TensorType } from "./graph.ts";
import { graphToOnnx, type OnnxModel } from "./onnx-encode.ts";
import { Queue } from "./queue.ts";
import { makeArray, openSession, type Session, type SessionOptions, type TensorMap } from "./session.ts";
import { verifyGraph } from "./verify-graph.ts";

/** An output as the caller knows it and as the model does. */
interface Port {
  readonly name: string;
  readonly modelName: string;
  readonly type: TensorType;
  /** The same elements as the model gives them. */
  readonly modelType: TensorType;
}

/** An array that is carried from call to call: the graph's input that takes it and the output that gives the next. */
export interface StateSlot {
  readonly name: string;
  readonly input: string;
  readonly output: string;
}

/** What goes in and out of a graph. */
export interface EncodedGraph {
  readonly inputs: ReadonlyMap<string, TensorType & InputSpec>;
  readonly outputs: readonly Port[];
}

interface OpenGraph extends EncodedGraph {
  readonly session: Session;
}

/**
 * The graph without the Reshapes that make its outputs: ONNX Runtime would copy what they reshape into the array that
 * was given for the output, and the caller can read it in any shape. Outputs of `kept` names keep theirs.
 */
function withoutLastReshapes(graph: Graph, kept: readonly string[]): Graph {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));
  const taken = new Set(graph.outputs.map(({ value }) => value));
  const outputs = graph.outputs.map(({ name, value }) => {
    const maker = makers.get(value);
    const source = maker?.op === "Reshape" ? maker.inputs[0] : undefined;
    if (source === undefined || kept.includes(name) || !makers.has(source) || taken.has(source))
      return { name, value };
    taken.add(source);
    return { name, value: source };
  });
  const read = new Set([
    ...outputs.map(({ value }) => value),
    ...graph.nodes.flatMap(({ inputs }) => inputs),
  ]);
  const nodes = graph.nodes.filter((node) => node.op !== "Reshape" || read.has(node.outputs[0]));
  return { ...graph, nodes, outputs };
}

/** @param kept names of outputs that other programs read, in the shape that they have */
export function encodeGraph(
  graph: Graph,
  kept: readonly string[] = [],
): EncodedGraph & { readonly model: OnnxModel } {
  verifyGraph(graph);
  const bare = withoutLastReshapes(graph, kept);
  const model = graphToOnnx(bare);
  const inputs = new Map(
    graph.inputs.map(({ name, dtype, shape }) => [name, { dtype: dtype as InputType, shape }]),
  );
  const outputs = graph.outputs.map(({ name, value }, i) => ({
    name,
    modelName: model.outputs[i],
    type: { dtype: value.dtype, shape: value.shape },
    modelType: bare.outputs[i].value,
  }));
  return { model, inputs, outputs };
}

async function openGraph(graph: Graph, options: SessionOptions): Promise<OpenGraph> {
  const { model, ...encoded } = encodeGraph(graph);
  return { session: await openSession(model, options), ...encoded };
}

/** Adds new arrays for the outputs to the fetches, and says which they are. */
function addOutputs(
  session: Session,
  ports: readonly Port[],
  fetches: TensorMap,
): Record<string, ArrayValue> {
  const values: Record<string, ArrayValue> = {};
  for (const { name, modelName, type, modelType } of ports) {
    const data = makeArray(type);
    fetches[modelName] = session.tensor(modelType, data);
    values[name] = { data, shape: type.shape };
  }
  return values;
}

export function refuseDisposed(): never {
  throw new GanEvalError("usage.disposed", "expected an open program, got one that was disposed of", {
    hint: "Compile it again, or dispose of it after its last run.",
  });
}

/** Tensors over arrays that stay where they are, by the model's names. */
function bindArrays(open: OpenGraph, { inputs = {}, outputs = {} }: ArraysInPlace) {
  const takes = new Map([...open.inputs].filter(([name]) => name in inputs));
  const ports = open.outputs.filter(({ name }) => name in outputs);
  const gives = new Map(ports.map(({ name, type }) => [name, type as InputSpec]));
  checkArrays("input", takes, inputs);
  checkArrays("output", gives, outputs);
  const { session } = open;
  return {
    feeds: Object.fromEntries(
      [...takes].map(([name, type]) => [name, session.tensor(type as TensorType, inputs[name])]),
    ),
    fetches: Object.fromEntries(
      ports.map(({ name, modelName, modelType }) => [modelName, session.tensor(modelType, outputs[name])]),
    ),
  };
}

class GraphProgram implements Program {
  private readonly session: Session;
  private readonly inputs: ReadonlyMap<string, TensorType & InputSpec>;
  private readonly outputs: readonly Port[];
  private readonly bound: ReturnType<typeof bindArrays>;
  private readonly queue = new Queue();
  private disposed = false;

  constructor(open: OpenGraph, inPlace: ArraysInPlace) {
    const { inputs = {}, outputs = {} } = inPlace;
    this.session = open.session;
    this.bound = bindArrays(open, inPlace);
    this.inputs = new Map([...open.inputs].filter(([name]) => !(name in inputs)));
    this.outputs = open.outputs.filter(({ name }) => !(name in outputs));
  }

  run(arrays: Readonly<Record<string, ArrayData>>): Promise<Record<string, ArrayValue>> {
    return this.queue.add(async () => {
      if (this.disposed) refuseDisposed();
      checkArrays("input", this.inputs, arrays);
      const feeds: TensorMap = { ...this.bound.feeds };
      for (const [name, type] of this.inputs) feeds[name] = this.session.tensor(type, arrays[name]);
      const fetches: TensorMap = { ...this.bound.fetches };
      const values = addOutputs(this.session, this.outputs, fetches);
      await this.session.run(feeds, fetches);
      return values;
    });
  }

  dispose(): Promise<void> {
    return this.queue.add(async () => {
      if (this.disposed) return;
      this.disposed = true;
      await this.session.dispose();
    });
  }
}

/** One of the two buffers of the state: its arrays, and them as a run's inputs and as its outputs. */
interface StateBuffer {
  readonly arrays: ReadonlyMap<string, ArrayData>;
  readonly feeds: TensorMap;
  readonly fetches: Readonly<Record<string, Tensor>>;
}

/**
 * Opens a program that runs a graph.
 * @throws GanEvalError `usage.input-*` and `usage.output-*` if the arrays in place do not fit the graph
 */
export async function openProgram(
  graph: Graph,
  options: SessionOptions,
  inPlace: ArraysInPlace = {},
): Promise<Program> {
  const open = await openGraph(graph, options);
  try {
    return new GraphProgram(open, inPlace);
  } catch (error) {
    await open.session.dispose();
    throw error;
  }
}

/**
 * Step k reads buffer A and writes B, step k+1 reads B and writes A: the state is never copied, and a run that fails
 * leaves the buffer that it read as it was.
 */
class StatefulGraphProgram implements StatefulProgram {
  private readonly session: Session;
  private readonly inputs: ReadonlyMap<string, TensorType & InputSpec>;
  private readonly state: ReadonlyMap<string, TensorType & InputSpec>;
  private readonly outputs: readonly Port[];
  private readonly queue = new Queue();
  private current: StateBuffer;
  private next: StateBuffer;
  private disposed = false;

  constructor({ session, inputs, outputs }: OpenGraph, slots: readonly StateSlot[]) {
    this.session = session;
    const carried = new Set(slots.flatMap((slot) => [slot.input]));
    const given = new Set(slots.map((slot) => slot.output));
    this.inputs = new Map([...inputs].filter(([name]) => !carried.has(name)));
    this.state = new Map(slots.map((slot) => [slot.name, inputs.get(slot.input)!]));
    this.outputs = outputs.filter(({ name }) => !given.has(name));
    const ports = new Map(outputs.map((port) => [port.name, port]));
    const makeBuffer = (): StateBuffer => {
      const arrays = new Map([...this.state].map(([name, type]) => [name, makeArray(type)]));
      const over = (slot: StateSlot, type: TensorType) => session.tensor(type, arrays.get(slot.name)!);
      return {
        arrays,
        feeds: Object.fromEntries(
          slots.map((slot) => [slot.input, over(slot, this.state.get(slot.name) as TensorType)]),
        ),
        fetches: Object.fromEntries(
          slots.map((slot) => {
            const { modelName, modelType } = ports.get(slot.output)!;
            return [modelName, over(slot, modelType)];
          }),
        ),
      };
    };
    this.current = makeBuffer();
    this.next = makeBuffer();
  }

  private whileOpen<T>(job: () => T | Promise<T>): Promise<T> {
    return this.queue.add(() => (this.disposed ? refuseDisposed() : job()));
  }

  run(arrays: Readonly<Record<string, ArrayData>>): Promise<Record<string, ArrayValue>> {
    return this.whileOpen(async () => {
      checkArrays("input", this.inputs, arrays);
      const { feeds } = this.current;
      for (const [name, type] of this.inputs) feeds[name] = this.session.tensor(type, arrays[name]);
      const fetches: TensorMap = { ...this.next.fetches };
      const values = addOutputs(this.session, this.outputs, fetches);
      await this.session.run(feeds, fetches);
      [this.current, this.next] = [this.next, this.current];
      return values;
    });
  }

  readState(): Promise<Record<string, ArrayValue>> {
    return this.whileOpen(() =>
      Object.fromEntries(
        [...this.current.arrays].map(([name, data]) => [
          name,
          { data: data.slice(), shape: this.state.get(name)!.shape },
        ]),
      ),
    );
  }

  writeState(arrays: Readonly<Record<string, ArrayData>>): Promise<void> {
    return this.whileOpen(() => {
      checkArrays("state", this.state, arrays, true);
      for (const [name, data] of Object.entries(arrays)) this.current.arrays.get(name)!.set(data);
    });
  }

  dispose(): Promise<void> {
    return this.queue.add(async () => {
      if (this.disposed) return;
      this.disposed = true;
      await this.session.dispose();
    });
  }
}

/**
 * Opens a program that runs a graph and carries arrays from call to call.
 * @throws GanEvalError `usage.state-*` if the initial state does not fit
 */
export async function openStatefulProgram(
  graph: Graph,
  slots: readonly StateSlot[],
  initialState: Readonly<Record<string, ArrayData>>,
  options: SessionOptions,
): Promise<StatefulProgram> {
  const open = await openGraph(graph, options);
  try {
    checkArrays(
      "state",
      new Map(slots.map((slot) => [slot.name, open.inputs.get(slot.input)!])),
      initialState,
    );
    const program = new StatefulGraphProgram(open, slots);
    await program.writeState(initialState);
    return program;
  } catch (error) {
    await open.session.dispose();
    throw error;
  }
}
