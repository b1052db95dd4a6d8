/** Checks that a graph is well formed. */
import type { CodeDetail } from "../error-codes.ts";
import { GanEvalError } from "../errors.ts";
import type { Constant, DataType, Graph, Node, TensorType, Value } from "./graph.ts";
import { type AttributeKind, type AttributeValue, ONNX_OPS, type OpRow } from "./onnx-ops.ts";
import { nodeToText, typeToText } from "./print-graph.ts";

const ARRAY_OF = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const satisfies Record<DataType, unknown>;

const isNumber = (value: unknown) => typeof value === "number";

const IS_OF_KIND: Readonly<Record<AttributeKind, (value: AttributeValue) => boolean>> = {
  int: (value) => Number.isSafeInteger(value),
  float: isNumber,
  string: (value) => typeof value === "string",
  ints: (value) => Array.isArray(value) && value.every(Number.isSafeInteger),
  floats: (value) => Array.isArray(value) && value.every(isNumber),
};

const sameType = (a: TensorType, b: TensorType): boolean => typeToText(a) === typeToText(b);

/** What follows `internal.graph-` in its codes. */
type GraphFault =
  CodeDetail<"internal"> extends infer Detail
    ? Detail extends `graph-${infer Fault}`
      ? Fault
      : never
    : never;

function fail(code: GraphFault, problem: string, where: string, cause?: unknown): never {
  throw new GanEvalError(`internal.graph-${code}`, `internal: ${problem} in: ${where}`, {
    cause,
    hint: "This is a bug in gan-eval. Please report it with the function that was compiled.",
  });
}

type Known = Map<string, Value>;

function define(known: Known, value: Value, where: string): void {
  if (known.has(value.name)) fail("duplicate", `%${value.name} is defined twice`, where);
  if (value.name === "") fail("duplicate", "a value has no name", where);
  if (!(value.dtype in ARRAY_OF)) fail("type", `unknown element type ${value.dtype}`, where);
  if (!value.shape.every((dim) => Number.isSafeInteger(dim) && dim >= 0))
    fail("type", `%${value.name} has no static shape: ${typeToText(value)}`, where);
  known.set(value.name, value);
}

/** The definition of a value that is used; a use must be of the type that was defined. */
function lookUp(known: Known, value: Value, where: string): Value {
  const definition = known.get(value.name);
  if (definition === undefined)
    return fail("undefined", `%${value.name} is used before it is defined`, where);
  if (!sameType(definition, value))
    fail("type", `%${value.name} is ${typeToText(definition)}, used as ${typeToText(value)}`, where);
  return definition;
}

function verifyConstant(constant: Constant): void {
  const where = `constant %${constant.name}: ${typeToText(constant)}`;
  const size = constant.shape.reduce((product, dim) => product * dim, 1);
  if (constant.data.length !== size)
    fail("constant", `expected ${size} elements, got ${constant.data.length}`, where);
  if (!(constant.data instanceof ARRAY_OF[constant.dtype]))
    fail(
      "constant",
      `expected a ${ARRAY_OF[constant.dtype].name}, got a ${constant.data.constructor.name}`,
      where,
    );
}

function verifyAttributes(node: Node, row: OpRow, where: string): void {
  for (const [name, value] of Object.entries(node.attributes)) {
    const kind = row.attributes[name];
    if (kind === undefined) fail("attribute", `${node.op} has no attribute ${name}`, where);
    else if (!IS_OF_KIND[kind](value))
      fail("attribute", `expected ${name} to be ${kind}, got ${JSON.stringify(value)}`, where);
  }
}

function inferTypes(node: Node, row: OpRow, inputs: (Value | undefined)[], where: string): TensorType[] {
  try {
    return row.types(inputs, node.attributes, node.outputs.length);
  } catch (error) {
    return fail("type", `no type (${error instanceof Error ? error.message : error})`, where, error);
  }
}

function verifyNode(known: Known, node: Node): void {
  const where = nodeToText(node);
  if (!Object.hasOwn(ONNX_OPS, node.op)) fail("op", `unknown op ${node.op}`, where);
  const row: OpRow = ONNX_OPS[node.op];
  const [fewest, most] = row.inputs;
  if (node.inputs.length < fewest || node.inputs.length > most)
    fail("arity", `expected ${fewest} to ${most} inputs, got ${node.inputs.length}`, where);
  if (node.inputs.slice(0, fewest).includes(undefined)) fail("arity", "a required input is omitted", where);
  verifyAttributes(node, row, where);
  const inputs = node.inputs.map((input) => input && lookUp(known, input, where));
  const types = inferTypes(node, row, inputs, where);
  if (node.outputs.length === 0 || node.outputs.length > types.length)
    fail("arity", `expected 1 to ${types.length} outputs, got ${node.outputs.length}`, where);
  node.outputs.forEach((output, i) => {
    if (!sameType(output, types[i]))
      fail("type", `%${output.name} should be ${typeToText(types[i])}, is ${typeToText(output)}`, where);
    define(known, output, where);
  });
}

/**
 * Checks that a graph is well formed: every value defined once and before it is used, ops known, with their number of
 * inputs and kinds of attributes, types as the ops' rules infer them, constants as long as their shapes say.
 * @throws GanEvalError `internal.graph-*`, with the offending node printed
 */
export function verifyGraph(graph: Graph): void {
  const known: Known = new Map();
  for (const input of graph.inputs) define(known, input, `inputs of ${graph.name}`);
  for (const constant of graph.constants) {
    define(known, constant, `constants of ${graph.name}`);
    verifyConstant(constant);
  }
  for (const node of graph.nodes) verifyNode(known, node);
  const names = new Set<string>();
  if (graph.outputs.length === 0) fail("output", "the graph has no outputs", graph.name);
  for (const { name, value } of graph.outputs) {
    if (names.has(name)) fail("output", `two outputs are named ${name}`, graph.name);
    names.add(name);
    lookUp(known, value, `output ${name} of ${graph.name}`);
  }
}
