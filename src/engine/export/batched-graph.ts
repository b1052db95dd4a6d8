/** Two graphs of one function, traced for two batch sizes, as one graph for any. */
import type { Constant, Graph, Node, Value } from "../graph.ts";
import type { OnnxOp } from "../onnx-ops.ts";
import { isConstant } from "../rewrites/shapes.ts";

type Numbers = readonly number[];

/**
 * What stands for a list of sizes in which the two traces differ, whatever the batch; undefined where nothing does.
 * `input` is the shape of the node's first input in either trace.
 */
type AnyBatch = (
  lists: readonly [Numbers, Numbers],
  inputs: readonly [Numbers, Numbers],
) => Numbers | undefined;

const merged = (
  [a, b]: readonly [Numbers, Numbers],
  different: (index: number) => number | undefined,
): Numbers | undefined => {
  const numbers = a.map((number, i) => (number === b[i] ? number : different(i)));
  return numbers.includes(undefined) ? undefined : (numbers as number[]);
};

const countDifferent = ([a, b]: readonly [Numbers, Numbers]): number => a.filter((n, i) => n !== b[i]).length;

/** By op and the place of the input that holds the list. */
const ANY_BATCH: Partial<Record<OnnxOp, Readonly<Record<number, AnyBatch>>>> = {
  Reshape: { 1: (lists) => (countDifferent(lists) === 1 ? merged(lists, () => -1) : undefined) },
  Expand: {
    1: (lists, [x, y]) => {
      const shift = lists[0].length - x.length;
      return merged(lists, (i) =>
        x[i - shift] === lists[0][i] && y[i - shift] === lists[1][i] ? 1 : undefined,
      );
    },
  },
};

const sameArray = (a: Constant, b: Constant): boolean =>
  a.dtype === b.dtype &&
  `${a.shape}` === `${b.shape}` &&
  (a.data === b.data || (a.data as Float32Array).every((value, i) => Object.is(value, b.data[i])));

/** The shape, where it differs in the first side only. */
const differsInBatch = (a: Value, b: Value): boolean =>
  a.dtype === b.dtype &&
  a.shape.length === b.shape.length &&
  a.shape.every((side, axis) => (side === b.shape[axis]) === axis > 0);

/**
 * One graph for any batch, whose types are those of `a`; undefined where the function needs to know the batch.
 * @param a traced for one batch size
 * @param b traced for another
 */
export function graphsToBatched(a: Graph, b: Graph): Graph | undefined {
  const isLike =
    a.nodes.length === b.nodes.length &&
    a.inputs.every((input, i) => differsInBatch(input, b.inputs[i])) &&
    a.outputs.every(({ value }, i) => differsInBatch(value, b.outputs[i].value));
  if (!isLike) return undefined;
  const sizes: Constant[] = [];
  const nodes: Node[] = [];
  for (const [i, node] of a.nodes.entries()) {
    const inputs = mergeInputs(node, b.nodes[i], sizes);
    if (inputs === undefined) return undefined;
    nodes.push({ ...node, inputs });
  }
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  return { ...a, nodes, constants: [...a.constants, ...sizes].filter((constant) => read.has(constant)) };
}

/** The inputs of a node for any batch; lists of sizes that are new are added to `sizes`. */
function mergeInputs(a: Node, b: Node, sizes: Constant[]): Node["inputs"] | undefined {
  const isLike =
    a.op === b.op &&
    a.inputs.length === b.inputs.length &&
    `${a.outputs.map(({ name }) => name)}` === `${b.outputs.map(({ name }) => name)}` &&
    JSON.stringify(a.attributes) === JSON.stringify(b.attributes);
  if (!isLike) return undefined;
  const inputs: (Value | undefined)[] = [];
  for (const [place, x] of a.inputs.entries()) {
    const y = b.inputs[place];
    const input = x && y && mergeInput(x, y, a, b, place, sizes);
    if (input === undefined && (x ?? y) !== undefined) return undefined;
    inputs.push(input);
  }
  return inputs;
}

function mergeInput(
  x: Value,
  y: Value,
  a: Node,
  b: Node,
  place: number,
  sizes: Constant[],
): Value | undefined {
  if (!isConstant(x) || !isConstant(y))
    return x.name === y.name && isConstant(x) === isConstant(y) ? x : undefined;
  if (sameArray(x, y)) return x;
  const rule = ANY_BATCH[a.op]?.[place];
  if (rule === undefined || x.data.length !== y.data.length) return undefined;
  const lists = [x, y].map(({ data }) => Array.from(data as ArrayLike<number | bigint>, Number));
  const list = rule(lists as [number[], number[]], [a.inputs[0]!.shape, b.inputs[0]!.shape]);
  if (list === undefined) return undefined;
  const size: Constant = {
    name: `.batched${sizes.length}`,
    dtype: "int64",
    shape: x.shape,
    data: BigInt64Array.from(list, BigInt),
  };
  sizes.push(size);
  return size;
}
