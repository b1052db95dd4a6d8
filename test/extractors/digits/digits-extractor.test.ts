import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { openEngine } from "../../../src/engine/index.ts";
import { openDigitsExtractor } from "../../../src/extractors/digits/digits-extractor.ts";
import type { FeatureExtractor } from "../../../src/extractors/extractor.ts";
import { fixture, greyImage, readDigits } from "./digit-images.ts";

const { images } = readDigits(fixture("real"));

let onnx: Engine;
let extractor: FeatureExtractor;
beforeAll(async () => {
  onnx = await openEngine({ engine: "onnx", threads: 1 });
  extractor = await openDigitsExtractor(onnx, { batchSize: 32 });
});
afterAll(() => onnx.dispose());

const ends = async (from: FeatureExtractor, batch: typeof images) => {
  const { features, logits } = await from.extract(batch);
  return [...features!.data, ...logits!.data];
};

function largestDifference(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0);
}

describe("the digits extractor", () => {
  it("says what it is", () => {
    expect(extractor).toMatchObject({
      id: "digits",
      ends: { features: 64, logits: 10 },
      featureEnd: "features",
      logitsEnd: "logits",
      computedBy: { engine: "onnx", device: "cpu", threads: 1 },
    });
  });

  it("gives the same bytes twice", async () => {
    expect(await ends(extractor, images.slice(0, 50))).toEqual(await ends(extractor, images.slice(0, 50)));
  });

  it("gives an image the same features in any company", async () => {
    const together = await extractor.extract(images.slice(0, 70));
    const alone = await extractor.extract([images[69]]);
    expect(together.features).toMatchObject({ rows: 70, width: 64 });
    expect(together.logits).toMatchObject({ rows: 70, width: 10 });
    expect([...alone.features!.data]).toEqual([...together.features!.data.subarray(69 * 64)]);
    expect([...alone.logits!.data]).toEqual([...together.logits!.data.subarray(69 * 10)]);
  });

  it("does not depend on the batch size", async () => {
    const expected = await ends(extractor, images.slice(0, 40));
    for (const batchSize of [1, 7, 64]) {
      const other = await openDigitsExtractor(onnx, { batchSize });
      // Float32 sums of up to 1,600 terms of size 10, which another batch size may add in another order.
      expect(largestDifference(await ends(other, images.slice(0, 40)), expected)).toBeLessThan(1e-4);
      await other.dispose();
    }
  });

  it.each(["cpu", "wasm"] as const)("gives on eager %s what it gives compiled", async (name) => {
    const engine = await openEngine({ engine: name });
    const eager = await openDigitsExtractor(engine, { batchSize: 4 });
    // As above: the same sums in another order.
    expect(
      largestDifference(await ends(eager, images.slice(0, 6)), await ends(extractor, images.slice(0, 6))),
    ).toBeLessThan(1e-4);
    expect(eager.computedBy.engine).toBe(name);
    await engine.dispose();
  });

  it("gives no rows for no images", async () => {
    expect((await extractor.extract([])).features).toEqual({ data: new Float32Array(0), rows: 0, width: 64 });
  });

  it("counts what it had to do to images", async () => {
    const own = await openDigitsExtractor(onnx, { batchSize: 2 });
    expect(own.warnings!()).toEqual([]);
    const large = greyImage(new Uint8Array(64 * 64), 64, 64);
    const light = greyImage(new Uint8Array(784).fill(200));
    const red = { ...light, pixels: light.pixels.map((value, i) => (i % 3 === 0 ? value : 0)) };
    await own.extract([large, large, light, red, images[0]]);
    expect(own.warnings!().map(({ code, message }) => [code, message])).toEqual([
      ["resized-for-digits", "2 images of another size resized to 28x28"],
      ["coloured-for-digits", "1 image in colour turned into grey"],
      ["light-for-digits", "1 image lighter than dark"],
    ]);
  });

  it("refuses a batch size that is none", async () => {
    for (const batchSize of [0, -1, 1.5, Number.NaN])
      await expect(openDigitsExtractor(onnx, { batchSize })).rejects.toMatchObject({
        code: "usage.batch-size",
      });
  });
});
