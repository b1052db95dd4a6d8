/** What can only be seen of the whole graph: nodes that may go into the one use that their result has. */
import type { Node, Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";
import { layerNormalisation } from "./layer-normalisation.ts";
import { alignedShape, sizeOf } from "./shapes.ts";

/** The node that makes a value, if nothing else reads the value. */
type OnlyFor = (value: Value | undefined) => Node | undefined;

type Fusion = (g: GraphBuilder, node: Node, onlyFor: OnlyFor) => Node | undefined;

/** Whether a value is one number for each element of an axis. */
const isAlong = (value: Value, shape: readonly number[], along: number): boolean =>
  value.shape.length <= shape.length &&
  alignedShape(value.shape, shape.length).every((dim, axis) => dim === (axis === along ? shape[axis] : 1));

/** The same of a convolution in blocks, whose result is brought out of them before the bias is added. */
const absorbBiasInBlocks: Fusion = (g, node, onlyFor) => {
  if (node.op !== "Add") return undefined;
  for (const side of [0, 1]) {
    const [out, bias] = [onlyFor(node.inputs[side]), node.inputs[1 - side]!];
    const convolution = out?.op === "ReorderOutput" ? onlyFor(out.inputs[0]) : undefined;
    if (convolution?.op !== "BlockedConv" || convolution.inputs.length !== 2) continue;
    const channels = convolution.outputs[0].shape[1];
    const along = out!.attributes.channels_last === 1 ? 3 : 1;
    if (!isAlong(bias, node.outputs[0].shape, along) || sizeOf(bias.shape) !== channels) continue;
    const biased = g.op(
      "BlockedConv",
      [...convolution.inputs, g.reshape(bias, [channels])],
      convolution.attributes,
    );
    return { ...out!, inputs: [biased], outputs: node.outputs };
  }
  return undefined;
};

/** Conv(x, w) + b to Conv(x, w, b), for one b a channel: one pass over the result less. */
const absorbBias: Fusion = (g, node, onlyFor) => {
  if (node.op !== "Add") return undefined;
  for (const side of [0, 1]) {
    const convolution = onlyFor(node.inputs[side]);
    const bias = node.inputs[1 - side]!;
    if (convolution?.op !== "Conv" && convolution?.op !== "ConvTranspose") continue;
    const { shape } = convolution.outputs[0];
    if (convolution.inputs.length !== 2) continue;
    if (isAlong(bias, shape, 1))
      return {
        ...convolution,
        inputs: [...convolution.inputs, g.reshape(bias, [shape[1]])],
        outputs: node.outputs,
      };
  }
  return undefined;
};

/**
 * A'B + C'D to [A C]' [B D]: the gradients of one matrix from two batches, summed within the product. Where the batches
 * are small beside the matrix, joining them is cheaper than to write the matrix twice and add.
 */
const mergeProducts: Fusion = (g, node, onlyFor) => {
  if (node.op !== "Add") return undefined;
  const products = node.inputs.map(onlyFor);
  const isTransposed = (product: Node | undefined): product is Node =>
    product?.op === "Gemm" &&
    product.inputs.length === 2 &&
    product.attributes.transA === 1 &&
    (product.attributes.transB ?? 0) === 0;
  const [first, second] = products;
  if (!isTransposed(first) || !isTransposed(second) || first === second) return undefined;
  const joined = [first, second].flatMap(({ inputs }) => inputs.map((input) => sizeOf(input!.shape)));
  if (joined.reduce((sum, size) => sum + size, 0) > sizeOf(node.outputs[0].shape)) return undefined;
  return {
    ...first,
    inputs: [0, 1].map((side) => g.op("Concat", [first.inputs[side], second.inputs[side]], { axis: 0 })),
    outputs: node.outputs,
  };
};

const FUSIONS: readonly Fusion[] = [absorbBias, absorbBiasInBlocks, mergeProducts, layerNormalisation];

/** @param nodes all that the outputs need, in topological order, and so are those returned */
export function fuse(g: GraphBuilder, nodes: readonly Node[], outputs: readonly Value[]): Node[] {
  const uses = new Map<Value, number>();
  const use = (value: Value | undefined) => value && uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const value of outputs) use(value);
  for (const { inputs } of nodes) inputs.forEach(use);

  const makers = new Map<Value, Node>();
  const onlyFor: OnlyFor = (value) =>
    value !== undefined && uses.get(value) === 1 ? makers.get(value) : undefined;
  for (const node of nodes) {
    let made = node;
    for (const fusion of FUSIONS) made = fusion(g, made, onlyFor) ?? made;
    for (const output of made.outputs) makers.set(output, made);
  }

  const ordered = new Set<Node>();
  const add = (value: Value | undefined): void => {
    const node = value && (makers.get(value) ?? g.maker(value));
    if (node === undefined || ordered.has(node)) return;
    node.inputs.forEach(add);
    ordered.add(node);
  };
  outputs.forEach(add);
  return [...ordered];
}
