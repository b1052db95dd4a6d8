import { afterAll, beforeAll, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { ArrayValue, Engine } from "../../src/engine/engine.ts";
import { labelsToOneHot } from "../../src/train/labels.ts";
import { under } from "../../src/train/networks/names.ts";
import { layersToNetwork, type Network, specsToArrays } from "../../src/train/networks/network.ts";
import { openRandomStream } from "../../src/train/random.ts";
import { openSampler } from "../../src/train/sampler.ts";
import { TINY_CLASSES, tinyGenerator } from "./games.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

function toArrays({ weights, buffers }: Network): Record<string, ArrayValue> {
  const random = openRandomStream(1, "weights");
  return {
    ...under("weights", specsToArrays(weights, random)),
    ...under("buffers", specsToArrays(buffers, random)),
  };
}

const latents = (n: number) => openRandomStream(1, "latent").normal(new Float32Array(3 * n));

it("gives as many samples as there are latents, the same whatever the batches", async () => {
  const network = tinyGenerator(3);
  const arrays = toArrays(network);
  const [small, large] = [
    await openSampler(engine, network, arrays, 3),
    await openSampler(engine, network, arrays, 50),
  ];
  for (const n of [0, 1, 3, 7, 9]) {
    const samples = await small.sample(latents(n));
    expect(samples).toHaveLength(4 * n);
    expect(samples).toEqual(await large.sample(latents(n)));
  }
  await Promise.all([small.dispose(), large.dispose()]);
});

it("a sample does not depend on the others of its batch: batch norm has its running statistics", async () => {
  const network = tinyGenerator(3);
  const sampler = await openSampler(engine, network, toArrays(network), 4);
  const [first, second] = [latents(4), latents(4).map((x, i) => (i < 3 ? x : 10 * x))];
  expect((await sampler.sample(second)).subarray(0, 4)).toEqual((await sampler.sample(first)).subarray(0, 4));
  await sampler.dispose();
});

it("reads the arrays where they lie: what is changed there shows in the next samples", async () => {
  const network = layersToNetwork([1], [{ kind: "dense", units: 2 }]);
  const weights = Float32Array.of(1, 2);
  const biases = Float32Array.of(0, 0);
  const arrays = {
    "weights/dense1/weights": { data: weights, shape: [1, 2] },
    "weights/dense1/biases": { data: biases, shape: [2] },
  };
  const sampler = await openSampler(engine, network, arrays, 2);
  const first = await sampler.sample(Float32Array.of(1, 3));
  weights[1] = -1;
  biases.set([10, 20]);
  expect([...(await sampler.sample(Float32Array.of(1, 3)))]).toEqual([11, 19, 13, 17]);
  expect([...first]).toEqual([1, 2, 3, 6]);
  await sampler.dispose();
});

it("a conditional generator makes the class that each label says", async () => {
  const network = layersToNetwork(
    [1],
    [
      { kind: "label-embedding", classes: TINY_CLASSES, units: 1, join: "concat" },
      { kind: "dense", units: 1, bias: false },
    ],
  );
  const sampler = await openSampler(
    engine,
    network,
    {
      "weights/label-embedding1/embedding": { data: Float32Array.of(100, 200, 300), shape: [3, 1] },
      "weights/dense1/weights": { data: Float32Array.of(1, 1), shape: [2, 1] },
    },
    2,
  );
  const labels = labelsToOneHot([2, 0, 1, 1, 2], TINY_CLASSES);
  expect([...(await sampler.sample(Float32Array.of(1, 2, 3, 4, 5), labels))]).toEqual([
    301, 102, 203, 204, 305,
  ]);
  for (const [wrong, got] of [
    [undefined, /got none/],
    [labels.subarray(0, 6), /expected 5 labels of 3 classes .*got 2/],
  ] as const)
    await expect(sampler.sample(new Float32Array(5), wrong)).rejects.toMatchObject({
      code: "usage.labels",
      message: expect.stringMatching(got),
    });
  await sampler.dispose();
});

it("refuses arrays of another generator", async () => {
  const arrays = toArrays(tinyGenerator(4));
  await expect(openSampler(engine, tinyGenerator(3), arrays, 2)).rejects.toMatchObject({
    code: "usage.input-size",
  });
});
