/** A graph as text, for reading. */
import type { Constant, ConstantData, Graph, Node, TensorType, Value } from "./graph.ts";
import type { AttributeValue } from "./onnx-ops.ts";

/** A constant of up to so many elements is written where it is used; a longer one gets a line and is cut short. */
const SHORT = 8;

/** `float32[4,8]`, `int64[]` */
export const typeToText = ({ dtype, shape }: TensorType): string => `${dtype}[${shape.join(",")}]`;

/** Six significant digits tell constants apart without float32's noise. */
const numberToText = (value: number | bigint): string =>
  Object.is(value, -0) ? "-0" : typeof value === "bigint" ? `${value}` : `${Number(value.toPrecision(6))}`;

function dataToText(data: ConstantData): string {
  const shown = Array.from(data.subarray(0, SHORT) as ArrayLike<number | bigint>, numberToText);
  return `{${shown.join(", ")}${data.length > SHORT ? ", ..." : ""}}`;
}

const shortData = (value: Value): ConstantData | undefined => {
  const { data } = value as Partial<Constant>;
  return data !== undefined && data.length <= SHORT ? data : undefined;
};

function operandToText(value: Value | undefined): string {
  if (value === undefined) return "_";
  const data = shortData(value);
  if (data === undefined) return `%${value.name}`;
  if (value.shape.length === 0 && value.dtype === "float32" && data.length === 1)
    return numberToText(data[0]);
  return `${typeToText(value)}${dataToText(data)}`;
}

function attributeToText([name, value]: [string, AttributeValue]): string {
  if (typeof value === "string") return `${name}=${JSON.stringify(value)}`;
  return `${name}=${typeof value === "number" ? numberToText(value) : `[${value.map(numberToText).join(",")}]`}`;
}

/** `%.v7: float32[4,8] = MatMul(%x, %w)`; attributes follow the inputs, `_` is an omitted input. */
export function nodeToText(node: Node): string {
  const outputs = node.outputs.map((output) => `%${output.name}: ${typeToText(output)}`).join(", ");
  const operands = [
    ...node.inputs.map(operandToText),
    ...Object.entries(node.attributes).map(attributeToText),
  ];
  return `${outputs} = ${node.op}(${operands.join(", ")})`;
}

/** The graph as text: one line an input, a long constant, a node and an output, in the graph's order. */
export function graphToText(graph: Graph): string {
  const long = graph.constants.filter((constant) => shortData(constant) === undefined);
  return [
    `graph ${graph.name}`,
    ...graph.inputs.map((input) => `%${input.name}: ${typeToText(input)} = input`),
    ...long.map((constant) => `%${constant.name}: ${typeToText(constant)} = ${dataToText(constant.data)}`),
    ...graph.nodes.map(nodeToText),
    ...graph.outputs.map(({ name, value }) => `return ${name} = ${operandToText(value)}`),
  ].join("\n");
}
