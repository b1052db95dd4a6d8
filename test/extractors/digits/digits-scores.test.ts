import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { openEngine } from "../../../src/engine/index.ts";
import { openDigitsExtractor } from "../../../src/extractors/digits/digits-extractor.ts";
import type { FeatureExtractor, FeatureMatrix } from "../../../src/extractors/extractor.ts";
import { featuresToFrechet } from "../../../src/metrics/fid.ts";
import { logitsToInceptionScore } from "../../../src/metrics/is.ts";
import { hasShared, shared } from "../../shared.ts";
import { fixture, type LabelledImages, readDigits } from "./digit-images.ts";

let engine: Engine;
let extractor: FeatureExtractor;
beforeAll(async () => {
  engine = await openEngine({ engine: "onnx" });
  extractor = await openDigitsExtractor(engine, { batchSize: 250 });
});
afterAll(() => engine.dispose());

async function ends(images: LabelledImages["images"]) {
  const { features, logits } = await extractor.extract(images);
  return { features: features as FeatureMatrix, logits: logits as FeatureMatrix };
}

/** The share of rows whose largest logit is the label's. */
function accuracy({ data, width }: FeatureMatrix, labels: Uint8Array): number {
  const right = labels.filter((label, i) => {
    const row = data.subarray(i * width, (i + 1) * width);
    return row.indexOf(Math.max(...row)) === label;
  });
  return right.length / labels.length;
}

describe.skipIf(!hasShared("data/mnist"))("on MNIST's test set", () => {
  it("the classifier is right on 99.2 % or more", async () => {
    const { images, labels } = readDigits(shared("data/mnist"), "t10k-");
    expect(labels.length).toBe(10_000);
    const share = accuracy((await ends(images)).logits, labels);
    console.log(`digits classifier on MNIST's test set: ${(100 * share).toFixed(2)} %`);
    expect(share).toBeGreaterThanOrEqual(0.992);
  });
});

describe("on the procedural digits", () => {
  const scored = async (set: string) => {
    const { images, labels } = readDigits(fixture(set));
    const { features, logits } = await ends(images);
    return {
      features,
      accuracy: accuracy(logits, labels),
      score: logitsToInceptionScore(logits.data, logits.rows, logits.width).mean,
    };
  };

  it("the close set is next to the real one, the spoilt and the collapsed far from it, as the demo says", async () => {
    const real = await scored("real");
    const [close, noisy, collapsed] = [
      await scored("fake-close"),
      await scored("fake-noisy"),
      await scored("fake-collapsed"),
    ];
    const distance = (set: typeof real) => featuresToFrechet(real.features, set.features).distance;
    const table = { real, close, noisy, collapsed };
    for (const [name, set] of Object.entries(table))
      console.log(
        `${name}: accuracy ${(100 * set.accuracy).toFixed(2)} %, distance ${distance(set).toFixed(3)}, score ${set.score.toFixed(3)}`,
      );
    expect(real.accuracy).toBeGreaterThanOrEqual(0.95);
    expect(close.accuracy).toBeGreaterThanOrEqual(0.95);
    expect(distance(noisy)).toBeGreaterThan(10 * distance(close));
    expect(distance(collapsed)).toBeGreaterThan(10 * distance(close));
    expect(Math.abs(close.score - real.score)).toBeLessThan(0.2);
    expect(noisy.score).toBeLessThan(real.score - 0.5);
    // Two classes: a score of two at most, but for unsure images.
    expect(collapsed.score).toBeLessThan(2.5);
    expect(real.score).toBeGreaterThan(8);
  });
});
