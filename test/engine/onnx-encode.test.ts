import path from "node:path";
import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import type { Graph } from "../../src/engine/graph.ts";
import { GraphBuilder } from "../../src/engine/graph-builder.ts";
import { graphToOnnx } from "../../src/engine/onnx-encode.ts";
import { attributeKind } from "../../src/engine/onnx-ops.ts";
import { loadOnnxRuntime } from "../../src/engine/onnxruntime.ts";
import { verifyGraph } from "../../src/engine/verify-graph.ts";
import { Draw } from "./lowerings/draw.ts";
import { randomGraph } from "./random-graph.ts";

const { InferenceSession } = await loadOnnxRuntime();

const schema = protobuf.loadSync(path.join(import.meta.dirname, "fixtures/onnx.proto"));
const ModelProto = schema.lookupType("onnx.ModelProto");

type Json = Record<string, never>;
const read = (bytes: Uint8Array): Json =>
  ModelProto.toObject(ModelProto.decode(bytes), { longs: Number, enums: String, arrays: true }) as Json;

const ELEMENT_TYPE = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 } as const;

/** What the model should say, written down from the graph without the encoder. */
function expectModel(graph: Graph, model: Json, outputs: readonly string[]): void {
  const proto = model.graph as Json;
  const nodes = proto.node as Json[];
  const own = nodes.slice(0, graph.nodes.length);
  expect(own.map((node) => [node.opType, node.input, node.output])).toEqual(
    graph.nodes.map((node) => [
      node.op,
      node.inputs.map((input) => input?.name ?? ""),
      node.outputs.map((output) => output.name),
    ]),
  );
  own.forEach((node, i) => {
    const attributes = graph.nodes[i].attributes;
    const got = Object.fromEntries(
      (node.attribute as Json[]).map((a) => {
        const type = (a.type as string).toLowerCase();
        const values = { float: a.f, int: a.i, floats: a.floats, ints: a.ints, string: String(a.s) };
        expect(type).toBe(attributeKind(graph.nodes[i].op, a.name));
        return [a.name, values[type as keyof typeof values]];
      }),
    );
    expect(Object.keys(got)).toEqual(Object.keys(attributes));
    for (const [name, value] of Object.entries(attributes))
      expect(got[name]).toEqual(
        attributeKind(graph.nodes[i].op, name) === "float" ? Math.fround(value as number) : value,
      );
  });
  const port = (
    name: string,
    { dtype, shape }: { dtype: keyof typeof ELEMENT_TYPE; shape: readonly number[] },
  ) => ({
    name,
    type: {
      tensorType: { elemType: ELEMENT_TYPE[dtype], shape: { dim: shape.map((dimValue) => ({ dimValue })) } },
    },
  });
  expect(proto.input).toEqual(graph.inputs.map((input) => port(input.name, input)));
  expect(proto.output).toEqual(graph.outputs.map(({ value }, i) => port(outputs[i], value)));
  const initializers = (proto.initializer as Json[]).map((i) => ({
    ...i,
    rawData: new Uint8Array(i.rawData),
  }));
  expect(initializers).toEqual(
    graph.constants.map(({ name, dtype, shape, data }) => ({
      name,
      dims: [...shape],
      dataType: ELEMENT_TYPE[dtype],
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    })),
  );
}

describe("an encoded graph", () => {
  it("is read back by protobufjs as it was, and loaded by ONNX Runtime with its types", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const graph = randomGraph(new Draw(seed));
        verifyGraph(graph);
        const { bytes, outputs } = graphToOnnx(graph);
        expectModel(graph, read(bytes), outputs);
        expect(new Set(outputs).size).toBe(outputs.length);
        const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
        expect(session.inputNames).toEqual(graph.inputs.map(({ name }) => name));
        expect(session.outputNames).toEqual(outputs);
        expect(session.outputMetadata.map((port) => port.isTensor && [port.type, port.shape])).toEqual(
          graph.outputs.map(({ value }) => [value.dtype, value.shape]),
        );
        await session.release();
      }),
      { numRuns: 60, seed: 2020 },
    );
  });

  it("has the same bytes each time", () => {
    const encode = () => Buffer.from(graphToOnnx(randomGraph(new Draw(7))).bytes).toString("hex");
    expect(encode()).toBe(encode());
  });

  it("names its producer, IR version and opset", () => {
    const model = read(graphToOnnx(randomGraph(new Draw(1))).bytes);
    expect(model).toMatchObject({
      irVersion: 8,
      producerName: "gan-eval",
      opsetImport: [{ domain: "", version: 18 }],
    });
  });

  it("holds negative and large int64 and every kind of constant exactly", () => {
    const graph = new GraphBuilder();
    const big = BigInt64Array.of(-1n, 2n ** 62n, -(2n ** 63n));
    const outputs = [
      graph.constant(big, [3], "int64"),
      graph.constant(Float64Array.of(Math.PI), [], "float64"),
      graph.constant(Uint8Array.of(1, 0), [2, 1], "bool"),
      graph.constant(Int32Array.of(-7), [1], "int32"),
      graph.constant(new Float32Array(0), [0, 3], "float32"),
    ].map((value, i) => ({ name: `o${i}`, value: graph.op("Identity", [value]) }));
    const built = graph.finish("constants", outputs);
    const model = graphToOnnx(built);
    expectModel(built, read(model.bytes), model.outputs);
  });

  it("copies only an output that no node makes, or that is there already", () => {
    const graph = new GraphBuilder();
    const x = graph.input("x", { dtype: "float32", shape: [2] });
    const y = graph.op("Neg", [x]);
    const built = graph.finish(
      "outputs",
      [y, x, y, graph.scalar(1)].map((value, i) => ({ name: `o${i}`, value })),
    );
    const { bytes, outputs } = graphToOnnx(built);
    const nodes = (read(bytes).graph as Json).node as Json[];
    expect(nodes.map(({ opType }) => opType)).toEqual(["Neg", "Identity", "Identity", "Identity"]);
    expect(outputs[0]).toBe(y.name);
    expect(new Set(outputs).size).toBe(4);
  });
});
