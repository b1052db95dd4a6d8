/** A classifier's outputs that lie beside features in a file: StudioGAN's probabilities, and logits. */
import path from "node:path";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluate/evaluate.ts";
import { openSide } from "../../../src/evaluate/sides/side.ts";
import type { NpyArray } from "../../../src/formats/npy.ts";
import { writeNpz } from "../../../src/formats/npz.ts";
import { temporaryFolder } from "../../images/made-images.ts";
import { mat } from "../../math/seeded-features.ts";

const folder = await temporaryFolder();
const ROWS = 40;
const CLASSES = 5;
const toArray = (data: Float32Array, width: number): NpyArray => ({
  dtype: "<f4",
  shape: [data.length / width, width],
  data,
});
const features = toArray(Float32Array.from(mat(3, ROWS, 6).data), 6);
const logits = Float32Array.from(mat(4, ROWS, CLASSES).data);

/** Softmax of each row. */
const probabilities = Float32Array.from(logits, (value, at) => {
  const start = at - (at % CLASSES);
  const row = logits.subarray(start, start + CLASSES);
  return Math.exp(value) / row.reduce((sum, each) => sum + Math.exp(each), 0);
});

let made = 0;
async function write(arrays: Readonly<Record<string, NpyArray>>): Promise<string> {
  const location = path.join(folder, `${made++}.npz`);
  await writeNpz(location, new Map(Object.entries(arrays)));
  return location;
}
const toScore = async (location: string, limit?: number): Promise<number> => {
  const given = { fake: location, metrics: ["is"] as const, splits: 1, extractor: "digits" };
  const { metrics } = await evaluate({ ...given, ...(limit !== undefined && { limit }) });
  const [value] = Object.entries(metrics)
    .find(([key]) => key.endsWith("mean"))!
    .slice(1);
  return value as number;
};

describe("a file with features and a classifier's outputs", () => {
  it.each(["probs", "real_probs", "fake_probs", "softmax"])(
    "has the same Inception Score by probabilities under %s as by logits",
    async (name) => {
      const byLogits = await toScore(await write({ features, logits: toArray(logits, CLASSES) }));
      const file = await write({ real_feats: features, [name]: toArray(probabilities, CLASSES) });
      expect(byLogits).toBeGreaterThan(1.05);
      expect(Math.abs((await toScore(file)) / byLogits - 1)).toBeLessThan(1e-6);
    },
  );

  it("is cut to --limit with its outputs", async () => {
    const whole = await write({ features, logits: toArray(logits, CLASSES) });
    const half = await write({
      features: toArray((features.data as Float32Array).slice(0, 20 * 6), 6),
      logits: toArray(logits.slice(0, 20 * CLASSES), CLASSES),
    });
    expect(await toScore(whole, 20)).toBe(await toScore(half));
  });

  it("certain probabilities, whose others are 0, count", async () => {
    const certain = Float32Array.from(logits, (_, at) =>
      at % CLASSES === Math.floor(at / CLASSES) % CLASSES ? 1 : 0,
    );
    const file = await write({ real_feats: features, real_probs: toArray(certain, CLASSES) });
    expect(await toScore(file)).toBeCloseTo(CLASSES, 6);
  });

  it("is refused where probabilities do not add up to 1, or rows are of other images", async () => {
    const scaled = toArray(
      probabilities.map((value) => value / 2),
      CLASSES,
    );
    const shorter = toArray(probabilities.slice(CLASSES), CLASSES);
    for (const real_probs of [scaled, shorter])
      await expect(
        openSide(await write({ real_feats: features, real_probs }), { onError: "fail" }),
      ).rejects.toMatchObject({ code: "input.features-shape" });
  });
});
