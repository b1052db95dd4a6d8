/** Small networks with known answers, made for tests and written as files. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Constant, Graph, Node, Value } from "../../src/engine/graph.ts";
import { graphToOnnx, type OnnxNotes } from "../../src/engine/onnx-encode.ts";
import type { OnnxOp } from "../../src/engine/onnx-ops.ts";
import type { Image } from "../../src/images/source.ts";
import { seededBytes } from "../images/seeded.ts";

export const float = (name: string, shape: readonly number[]): Value => ({ name, dtype: "float32", shape });

export const floats = (name: string, shape: readonly number[], data: Float32Array): Constant => ({
  ...float(name, shape),
  data,
});

const list = (name: string, values: readonly number[]): Constant => ({
  ...{ name, dtype: "int64", shape: [values.length] },
  data: BigInt64Array.from(values, BigInt),
});

export const node = (
  op: OnnxOp,
  inputs: readonly Value[],
  output: Value,
  attributes: Node["attributes"] = {},
): Node => ({ op, inputs, outputs: [output], attributes });

/** [4, 3]: what the made network's convolution multiplies channels with. */
export const FILTER = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i + 1));
/** [4, 5] */
export const CLASSIFIER = Float32Array.from({ length: 20 }, (_, i) => Math.cos(i + 1));

/**
 * `map` [n, 4, h, w] is a 1x1 convolution of `images` [n, 3, h, w]; `features` [n, 4] its average over the places;
 * `centred` what is left of them when the batch's mean is taken away; `logits` [n, 5] = features classifier; `tokens`
 * [n, 4, h w] the map again.
 */
export function madeGraph(batch: number, side: number, outputs: readonly string[]): Graph {
  const images = float("images", [batch, 3, side, side]);
  const map = float("map", [batch, 4, side, side]);
  const features = float("features", [batch, 4]);
  const filter = floats("filter", [4, 3, 1, 1], FILTER);
  const classifier = floats("classifier", [4, 5], CLASSIFIER);
  const [space, rows, flat] = [list("space", [2, 3]), list("rows", [0]), list("flat", [0, 4, -1])];
  const mean = float("mean", [1, 4]);
  const made = [map, features, float("centred", [batch, 4]), float("logits", [batch, 5])];
  made.push(float("tokens", [batch, 4, side * side]));
  return {
    name: "made",
    inputs: [images],
    constants: [filter, classifier, space, rows, flat],
    nodes: [
      node("Conv", [images, filter], map),
      node("ReduceMean", [map, space], features, { keepdims: 0 }),
      node("ReduceMean", [features, rows], mean, { keepdims: 1 }),
      node("Sub", [features, mean], made[2]),
      node("MatMul", [features, classifier], made[3]),
      node("Reshape", [map, flat], made[4]),
    ],
    outputs: outputs.map((name) => ({ name, value: made.find((value) => value.name === name)! })),
  };
}

/** Writes an ONNX file and returns its path. */
export function writeOnnx(folder: string, name: string, graph: Graph, notes: OnnxNotes = {}): string {
  const location = path.join(folder, name);
  writeFileSync(location, graphToOnnx(graph, notes).bytes);
  return location;
}

/** Images of noise, each of its own size. */
export const madeImages = (count: number, side = 8): Image[] =>
  Array.from({ length: count }, (_, i) => {
    const [width, height] = [side + (i % 3), side + (i % 2)];
    return { name: `#${i}`, width, height, pixels: seededBytes(i + 1, width * height * 3) };
  });

/** What a rejected promise says. */
export const errorOf = (work: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> =>
  work.then(
    () => ({ code: "no error", message: "", hint: "" }),
    (error) => error,
  );
