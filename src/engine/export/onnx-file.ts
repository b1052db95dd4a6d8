/** A function and its arrays as one ONNX file that needs nothing beside it. */
import type { Graph, Node, Value } from "../graph.ts";
import { graphToOnnx, type OnnxNotes } from "../onnx-encode.ts";
import { loadTensorflow } from "../tensorflow.ts";
import { type BatchedFunction, type BatchSize, FIXED, PROBES, signatureOf } from "./batched-function.ts";
import { graphsToBatched } from "./batched-graph.ts";

export interface OnnxFile {
  readonly bytes: Uint8Array;
  readonly batch: BatchSize;
}

/** Renames values; every use of one is the same object. */
function renamed(graph: Graph, names: ReadonlyMap<Value, string>): Graph {
  const made = new Map<Value, Value>();
  const rename = <V extends Value>(value: V): V => {
    const name = names.get(value);
    if (name === undefined) return value;
    if (!made.has(value)) made.set(value, { ...value, name });
    return made.get(value) as V;
  };
  return {
    ...graph,
    constants: graph.constants.map(rename),
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map((input) => input && rename(input)),
      outputs: node.outputs.map(rename),
    })),
    outputs: graph.outputs.map(({ name, value }) => ({ name, value: rename(value) })),
  };
}

/** Has a node make every output: one that is an input, a constant or another output is copied. */
function withMadeOutputs(graph: Graph): Graph {
  const made = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  const copies: Node[] = [];
  const outputs = graph.outputs.map(({ name, value }) => {
    if (made.delete(value)) return { name, value };
    const copy = { ...value, name: `.output${copies.length}` };
    copies.push({ op: "Identity", inputs: [value], outputs: [copy], attributes: {} });
    return { name, value: copy };
  });
  return { ...graph, nodes: [...graph.nodes, ...copies], outputs };
}

/** Calls outputs by the function's names for them, and arrays too where the graph has them as they are. */
function withOwnNames(graph: Graph, { constants }: BatchedFunction): Graph {
  const names = new Map<Value, string>();
  const taken = new Set(graph.inputs.map(({ name }) => name));
  const give = (value: Value, name: string): void => {
    if (names.has(value) || taken.has(name)) return;
    names.set(value, name);
    taken.add(name);
  };
  for (const { name, value } of graph.outputs) give(value, name);
  for (const [name, { data, shape }] of Object.entries(constants)) {
    const same = graph.constants.find(
      (constant) => constant.data === data && `${constant.shape}` === `${shape}`,
    );
    if (same !== undefined) give(same, name);
  }
  return renamed(graph, names);
}

/**
 * Traces a function with its arrays as constants, and writes it for any number of examples, or, where it needs to know
 * the number, for one.
 * @throws GanEvalError `usage.*` where the function cannot be traced, `usage.graph-too-large` beyond 2 GiB
 */
export async function functionToOnnxFile(fn: BatchedFunction, notes: OnnxNotes = {}): Promise<OnnxFile> {
  const tf = await loadTensorflow();
  const { functionToGraph } = await import("../trace.ts");
  const trace = (batch: number): Graph =>
    functionToGraph(
      (inputs) => {
        const constants = Object.entries(fn.constants).map(
          ([name, { data, shape }]) => [name, tf.tensor(data, [...shape])] as const,
        );
        return fn.apply(inputs, Object.fromEntries(constants));
      },
      signatureOf(fn, batch),
      fn.name,
    );
  const [a, b] = PROBES.map(trace);
  const batched = graphsToBatched(a, b);
  const graph = withOwnNames(withMadeOutputs(batched ?? trace(FIXED)), fn);
  const { bytes } = graphToOnnx(graph, { ...notes, ...(batched && { batch: "batch" }) });
  return { bytes, batch: batched ? "any" : FIXED };
}
