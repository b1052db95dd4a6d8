import { describe, expect, it } from "vitest";
import { type Features, featuresToMoments, selectRows } from "../../src/math/features/statistics.ts";
import type { Blocks } from "../../src/math/intervals/blocks.ts";
import { featuresToFrechet } from "../../src/metrics/fid.ts";
import { distancesToMifid, featuresToMifid, row } from "../../src/metrics/mifid.ts";
import { mat, sliceRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

const positive = (features: Features): Features => ({
  ...features,
  data: features.data.map((value) => Math.abs(value) + Math.fround(0.1)),
});
const [real, fake] = [positive(mat(1, 200, 16)), positive(mat(2, 160, 16, 0.8, 0.15))];
const side = (features: Features) => ({
  count: features.rows,
  features,
  statistics: featuresToMoments(features),
});

describe("the memorization-informed Fréchet distance", () => {
  it("is the golden one (NumPy)", async () => {
    const found = await featuresToMifid(real, fake);
    expect(found.distance).toBeCloseTo(0.07253072465835293, 13);
    expect(found.mifid).toBeCloseTo(2.372197027264713, 10);
  });

  it("of a near copy's distances is the golden one", () => {
    expect(distancesToMifid(0.010412779454159082, 3.6291050338498054e-5)).toBeCloseTo(286.92416874591856, 9);
    expect(distancesToMifid(1e-8, 1e-9)).toBe(0);
  });

  it("is the Fréchet distance where the fakes are no nearer than the threshold", async () => {
    const frechet = featuresToFrechet(real, fake).distance;
    const found = await featuresToMifid(real, fake, { threshold: 0.07 });
    expect(found.mifid).toBeCloseTo(frechet, 12);
    expect(found.distance).toBeCloseTo(0.0725, 3);
  });

  it("is large for near copies, 0 for the set itself, and blind to signs", async () => {
    const noise = mat(9, 160, 16, 0.01);
    const copies = { ...noise, data: noise.data.map((value, i) => value + real.data[i]!) };
    const near = await featuresToMifid(real, copies);
    expect(near.mifid).toBeGreaterThan(100 * featuresToFrechet(real, copies).distance);
    const same = await featuresToMifid(real, real);
    expect(same.distance).toBeLessThan(1e-15);
    expect(same.mifid).toBe(0);
    const turned = { ...fake, data: fake.data.map((value) => -value) };
    expect((await featuresToMifid(real, turned)).distance).toBe((await featuresToMifid(real, fake)).distance);
  });

  it("the nearest is each fake's among the real, by the definition, over many tiles", async () => {
    const [many, few] = [positive(mat(3, 2100, 5)), positive(mat(4, 1030, 5))];
    const cosine = (i: number, j: number) => {
      const [a, b] = [few.data.subarray(5 * i, 5 * i + 5), many.data.subarray(5 * j, 5 * j + 5)];
      return a.reduce((sum, value, k) => sum + value * b[k]!, 0) / Math.hypot(...a) / Math.hypot(...b);
    };
    let sum = 0;
    for (let i = 0; i < few.rows; i++) {
      let least = 1;
      for (let j = 0; j < many.rows; j++) least = Math.min(least, 1 - cosine(i, j));
      sum += least;
    }
    // The nearest by float32: of two within 1e-7 either.
    expect((await featuresToMifid(many, few)).distance).toBeCloseTo(sum / few.rows, 7);
  });

  it("leaves rows of zeros out of the distance", async () => {
    const withZeros = (features: Features): Features => ({
      data: Float32Array.from([...features.data, ...new Float32Array(features.width)]),
      rows: features.rows + 1,
      width: features.width,
    });
    expect((await featuresToMifid(withZeros(real), withZeros(fake))).distance).toBe(
      (await featuresToMifid(real, fake)).distance,
    );
  });

  it("with a block left out is that of the other rows", async () => {
    for (const role of ["real", "fake"] as const) {
      const features = { real, fake };
      const blocks = {
        role,
        count: 5,
        ofRow: Int32Array.from({ length: features[role].rows }, (_, i) => (i * 3) % 5),
      };
      const sides = { real: side(real), fake: side(fake) };
      const got = await row.leaveOut!(sides, blocks, row.defaults, openContext());
      for (const [block, values] of got.entries()) {
        const rest = { ...features, [role]: selectRows(features[role], (i) => blocks.ofRow[i] !== block) };
        const expected = await featuresToMifid(rest.real, rest.fake);
        expect(values.distance).toBeCloseTo(expected.distance, 12);
        // Moments by subtraction.
        expect(values.mifid).toBeCloseTo(expected.mifid, 9);
      }
    }
  });

  it("with two blocks left out is that of the other rows, of one side and of two", async () => {
    const blocksOf = (role: "real" | "fake"): Blocks => ({
      role,
      count: 5,
      ofRow: Int32Array.from({ length: (role === "real" ? real : fake).rows }, (_, i) => (i * 3) % 5),
    });
    const [ofReal, ofFake] = [blocksOf("real"), blocksOf("fake")];
    for (const blocks of [
      [ofReal, ofReal],
      [ofFake, ofFake],
      [ofReal, ofFake],
    ] as const) {
      const sides = { real: side(real), fake: side(fake) };
      const [got] = await row.leaveOutPairs!(sides, blocks, [[1, 4]], row.defaults, openContext());
      const rest = (of: Features, role: "real" | "fake") =>
        selectRows(of, (i) => !blocks.some((each, at) => each.role === role && each.ofRow[i] === [1, 4][at]));
      const expected = await featuresToMifid(rest(real, "real"), rest(fake, "fake"));
      expect(got!.distance).toBeCloseTo(expected.distance, 12);
      expect(got!.mifid).toBeCloseTo(expected.mifid, 9);
    }
  });

  it("the row measures what the function does", async () => {
    const found = await row.measure({ real: side(real), fake: side(fake) }, row.defaults, openContext());
    expect(found).toEqual(await featuresToMifid(real, fake));
  });

  it("refuses nothing but zeros, unlike widths, NaN and thresholds that are none", async () => {
    const codeOf = (...call: Parameters<typeof featuresToMifid>) =>
      featuresToMifid(...call).then(
        () => "none",
        ({ code }) => code,
      );
    const zeros = { ...fake, data: new Float32Array(fake.data.length) };
    expect(await codeOf(real, zeros)).toBe("input.too-few-samples");
    expect(await codeOf(real, mat(1, 20, 5))).toBe("input.feature-width");
    expect(await codeOf(real, { ...fake, data: fake.data.map(() => Number.NaN) })).toBe(
      "input.features-not-finite",
    );
    expect(await codeOf(real, sliceRows(fake, 0, 1))).toBe("input.too-few-samples");
    for (const threshold of [0, 1.1, Number.NaN])
      expect(await codeOf(real, fake, { threshold })).toBe("usage.mifid-threshold");
  });
});
