import { expect, it } from "vitest";
import { openEngine } from "../../../src/engine/index.ts";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { functionToGraph } from "../../../src/engine/trace.ts";

await loadTensorflow();

const SIGNATURE = {
  images: { shape: [1000, 4], dtype: "uint8" },
  rows: { shape: [2], dtype: "int32" },
} as const;
const rowsOf = ({ images, rows }: Record<string, tf.Tensor>) => ({
  y: tf.gather(images!, rows as tf.Tensor1D),
});

it("a few rows of a set of bytes are gathered before they are turned into numbers, not the whole set", async () => {
  const { nodes } = functionToGraph(rowsOf as never, SIGNATURE, "rows");
  expect(nodes.map(({ op, inputs }) => [op, inputs[0]!.dtype, inputs[0]!.shape[0]])).toEqual([
    ["Gather", "uint8", 1000],
    ["Cast", "uint8", 2],
  ]);
  const engine = await openEngine({ threads: 1 });
  const program = await engine.compile(rowsOf as never, SIGNATURE);
  const { y } = await program.run({
    images: Uint8Array.from({ length: 4000 }, (_, i) => i % 251),
    rows: Int32Array.of(999, 1),
  });
  expect(Array.from(y!.data)).toEqual([3996, 3997, 3998, 3999].map((i) => i % 251).concat([4, 5, 6, 7]));
  await engine.dispose();
});

it("numbers that were no bytes are gathered as they are", () => {
  const { nodes } = functionToGraph(
    rowsOf as never,
    { images: { shape: [8, 4], dtype: "int32" }, rows: { shape: [2], dtype: "int32" } },
    "rows",
  );
  expect(nodes.map(({ op }) => op)).toEqual(["Gather"]);
});
