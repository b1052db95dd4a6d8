import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { openEngine } from "../../../src/engine/index.ts";
import { openDigitsExtractor } from "../../../src/extractors/digits/digits-extractor.ts";
import { openStackedDigitsExtractor } from "../../../src/extractors/digits/stacked-digits-extractor.ts";
import type { FeatureExtractor } from "../../../src/extractors/extractor.ts";
import type { Image } from "../../../src/images/source.ts";
import { fixture, readDigits } from "./digit-images.ts";

const { images } = readDigits(fixture("real"));

/** Three digits as the channels of one image. */
const stack = (digits: readonly Image[]): Image => ({
  ...digits[0],
  pixels: Uint8Array.from({ length: 28 * 28 * 3 }, (_, i) => digits[i % 3].pixels[i]),
});

let engine: Engine;
let stacked: FeatureExtractor;
beforeAll(async () => {
  engine = await openEngine({ engine: "onnx", threads: 1 });
  stacked = await openStackedDigitsExtractor(engine, { batchSize: 30 });
});
afterAll(() => engine.dispose());

describe("the stacked digits extractor", () => {
  it("gives the digits extractor's rows of red, green and blue, side by side", async () => {
    const digits = await openDigitsExtractor(engine, { batchSize: 30 });
    const singly = await digits.extract(images.slice(0, 30));
    const stacks = Array.from({ length: 10 }, (_, i) => stack(images.slice(3 * i, 3 * i + 3)));
    const { features, logits } = await stacked.extract(stacks);
    expect(stacked.ends).toEqual({ features: 192, logits: 30 });
    expect(features).toEqual({ data: singly.features!.data, rows: 10, width: 192 });
    expect(logits).toEqual({ data: singly.logits!.data, rows: 10, width: 30 });
  });

  it("is an extractor of its own, with the same weights", async () => {
    const digits = await openDigitsExtractor(engine);
    expect(stacked).toMatchObject({ id: "stacked-digits", hash: digits.hash, takesGrey: false });
  });

  it("counts channels in what it says of them", async () => {
    const own = await openStackedDigitsExtractor(engine);
    await own.extract([{ ...images[0], pixels: new Uint8Array(28 * 28 * 3).fill(255) }]);
    expect(own.warnings!()).toMatchObject([
      { code: "light-for-digits", message: "3 channels lighter than dark" },
    ]);
  });
});
