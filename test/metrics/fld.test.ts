import { describe, expect, it } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { featuresToLikelihood, row } from "../../src/metrics/fld.ts";
import { mat, sliceRows, takeRows } from "../math/seeded-features.ts";

const [real, heldOut] = [mat(1, 300, 16), mat(2, 250, 16)];

const mapValues = (of: Features, to: (value: number) => number): Features => ({
  ...of,
  data: of.data.map(to),
});

describe("the feature likelihood divergence", () => {
  it("has the golden gap, of fld's mixture in float32, and its divergence within what halves of the training samples differ", async () => {
    const fake = mat(3, 150, 16, 0.9, 0.1);
    const { divergence, gap } = await featuresToLikelihood(real, fake, heldOut);
    expect(Math.abs(gap - -0.27271509)).toBeLessThan(1e-3);
    // By five halves of theirs: -1.75, -1.92, -1.39, -1.54, -0.93.
    expect(Math.abs(divergence - -1.5)).toBeLessThan(1);
  });

  it("is about 0 of new samples, with a small gap", async () => {
    const { divergence, gap } = await featuresToLikelihood(real, mat(3, 150, 16), heldOut);
    expect(Math.abs(divergence)).toBeLessThan(6);
    expect(Math.abs(gap)).toBeLessThan(40);
  });

  it("of half of the training samples, fitted to the other half, is its own baseline", async () => {
    // The seed's half as fakes and the rest as training samples: 0 but for which half is drawn of the rest.
    const { divergence } = await featuresToLikelihood(
      sliceRows(real, 0, 150),
      sliceRows(real, 150, 300),
      heldOut,
    );
    expect(Math.abs(divergence)).toBeLessThan(8);
  });

  it("is high of copies, whose gap is far below that of new samples", async () => {
    const fresh = await featuresToLikelihood(real, mat(3, 150, 16), heldOut);
    const copies = await featuresToLikelihood(
      real,
      takeRows(
        real,
        Array.from({ length: 150 }, (_, i) => i),
      ),
      heldOut,
    );
    expect(copies.gap).toBeLessThan(fresh.gap - 50);
    expect(copies.divergence).toBeGreaterThan(fresh.divergence + 10);
  });

  it("is high of samples elsewhere, and of a mode that is missing", async () => {
    const fresh = await featuresToLikelihood(real, mat(3, 150, 16), heldOut);
    const elsewhere = await featuresToLikelihood(real, mat(4, 150, 16, 1, 1.5), heldOut);
    expect(elsewhere.divergence).toBeGreaterThan(fresh.divergence + 10);
    const two = (of: Features) => ({
      ...of,
      data: of.data.map((value, at) => value + (Math.floor(at / 16) % 2 === 0 ? 4 : -4)),
    });
    const oneOf = mapValues(mat(5, 150, 16), (value) => value + 4);
    const both = await featuresToLikelihood(two(real), two(mat(5, 150, 16)), two(heldOut));
    const missing = await featuresToLikelihood(two(real), oneOf, two(heldOut));
    expect(missing.divergence).toBeGreaterThan(both.divergence + 10);
  });

  it("sees neither scale nor shift of a column, nor the order of fakes and held-out samples", async () => {
    const fake = mat(3, 100, 16);
    const all = await featuresToLikelihood(real, fake, heldOut);
    const near = async (wanted: Promise<{ divergence: number; gap: number }>) => {
      const got = await wanted;
      expect(got.divergence).toBeCloseTo(all.divergence, 2);
      expect(got.gap).toBeCloseTo(all.gap, 2);
    };
    const other = (of: Features) => mapValues(of, (value) => 4 * value + 8);
    await near(featuresToLikelihood(other(real), other(fake), other(heldOut)));
    const turned = (of: Features) =>
      takeRows(
        of,
        Array.from({ length: of.rows }, (_, i) => of.rows - 1 - i),
      );
    await near(featuresToLikelihood(real, turned(fake), turned(heldOut)));
  });

  it("measures rows that are all equal and columns that are constant, and refuses what it cannot", async () => {
    const equal = takeRows(real, Array(20).fill(0));
    const { divergence, gap } = await featuresToLikelihood(equal, equal, equal);
    expect(Number.isFinite(divergence) && Number.isFinite(gap)).toBe(true);
    const refused = (one: Features, two: Features, three: Features, options = {}) =>
      featuresToLikelihood(one, two, three, options).catch(({ code }) => code);
    expect(await refused(mat(1, 1, 16), mat(2, 9, 16), heldOut)).toBe("input.too-few-samples");
    expect(await refused(real, mat(2, 9, 16), mat(3, 1, 16))).toBe("input.too-few-samples");
    expect(await refused(real, mat(2, 9, 5), heldOut)).toBe("input.feature-width");
    expect(
      await refused(
        real,
        mapValues(mat(2, 9, 16), () => Number.NaN),
        heldOut,
      ),
    ).toBe("input.features-not-finite");
    expect(await refused(real, mat(2, 9, 16), heldOut, { samples: 1 })).toBe("usage.fld-samples");
  });

  it("has names and a direction for both values", () => {
    expect(row.directions).toEqual({ gap: "none" });
    expect(Object.keys(row.keys)).toEqual(["divergence", "gap"]);
  });
});
