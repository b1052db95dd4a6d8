import { describe, expect, test } from "vitest";
import type { Features } from "../../src/math/features/statistics.ts";
import { directionsToMind, featuresToMind, row } from "../../src/metrics/mind.ts";
import { mat, sliceRows } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

const [real, fake] = [mat(1, 200, 16), mat(2, 160, 16, 0.8, 0.15)];

/** Some of the columns. */
const columns = ({ data, rows, width }: Features, count: number): Features => ({
  data: Float32Array.from(
    { length: rows * count },
    (_, i) => data[Math.floor(i / count) * width + (i % count)]!,
  ),
  rows,
  width: count,
});

describe("MIND", () => {
  test("golden, along given directions", async () => {
    const directions = mat(6, 64, 16);
    for (let at = 0; at < directions.data.length; at += 16) {
      const direction = directions.data.subarray(at, at + 16);
      const length = Math.hypot(...direction);
      for (let k = 0; k < 16; k++) direction[k]! /= length;
    }
    const found = await directionsToMind(sliceRows(real, 0, 160), fake, directions);
    expect(found / 2.3155779341271234).toBeCloseTo(1, 6);
  });

  // The formula of torch-fidelity 0.5 dev in PyTorch 2.15, with its draws, float32 projections in float64 products.
  test("is torch-fidelity's, draws and all: a part of the larger side, 1000 directions of seed 2020", async () => {
    expect((await featuresToMind(real, fake)) / 1.946719692919236).toBeCloseTo(1, 6);
    // 15 normal numbers are drawn in another way than 16.
    const few = await featuresToMind(columns(real, 3), columns(fake, 3), { projections: 5 });
    expect(few / 0.20883519761006664).toBeCloseTo(1, 6);
  });

  test("is zero for a set in another order, symmetric, and 3 |v|^2 for a shift", async () => {
    const turned = { ...fake, data: fake.data.slice() };
    for (let i = 0; i < 160; i++) turned.data.set(fake.data.subarray(i * 16, i * 16 + 16), (159 - i) * 16);
    expect(await featuresToMind(turned, fake)).toBe(0);
    const other = sliceRows(real, 0, 160);
    expect(await featuresToMind(other, fake)).toBeCloseTo(await featuresToMind(fake, other), 12);
    const moved = { ...fake, data: fake.data.map((value, i) => value + (i % 16 === 2 ? 2 : 0)) };
    // The mean of u_2^2 over 1,000 directions: 1 / 16, of a spread of sqrt(2) / 16; four standard errors.
    const found = await featuresToMind(moved, fake);
    expect(Math.abs(found / 12 - 1)).toBeLessThan((4 * Math.SQRT2) / Math.sqrt(1000));
  });

  test("of halves and quarters is along the directions of the whole", async () => {
    const sides = { fake: { count: 160, features: fake }, real: { count: 200, features: real } };
    const cuts = await row.quarter!(sides, 1, row.defaults, openContext());
    const whole = (await row.measure(sides, row.defaults, openContext())).distance;
    // Halves of as many rows see the same distance, but for their noise and for what fewer rows add to it.
    const ofHalves = cuts.flatMap(({ halves }) => halves.map(({ distance }) => distance));
    expect(Math.abs(ofHalves.reduce((a, b) => a + b) / ofHalves.length / whole - 1)).toBeLessThan(0.25);
    expect(new Set(cuts.flatMap(({ quarters }) => quarters.map(({ distance }) => distance))).size).toBe(
      4 * cuts.length,
    );
  });

  test("refuses no projections", async () => {
    await expect(featuresToMind(real, fake, { projections: 0 })).rejects.toThrow(
      expect.objectContaining({ code: "usage.mind-projections" }),
    );
  });
});
