/** Geometry and scales of the plane's drawing; pixels are looked at in browser tests. */
import { describe, expect, it } from "vitest";
import {
  fieldToSegments,
  logitsToMiddle,
  logitToSide,
  manifoldToAreas,
  pushToLength,
  toRoundReach,
} from "../../../src/plane/drawing/plane-drawing.js";
import { modelToEquilibrium } from "../../../src/plane/exact/equilibrium.ts";
import { LOSSES, type LossName } from "../../../src/train/losses.ts";
import { smallModel } from "../plane-models.ts";

describe("the contour of a field", () => {
  const side = 30;
  const field = (value: (x: number, y: number) => number) =>
    Float32Array.from({ length: side ** 2 }, (_, i) => value((i % side) + 0.5, Math.floor(i / side) + 0.5));

  it("of a cone is a circle, closed, of the circle's length", () => {
    const segments = fieldToSegments(
      field((x, y) => Math.hypot(x - 15, y - 15)),
      side,
      9,
    );
    let length = 0;
    const ends = new Map<string, number>();
    for (let i = 0; i < segments.length; i += 4) {
      const [x0, y0, x1, y1] = segments.slice(i, i + 4);
      length += Math.hypot(x1 - x0, y1 - y0);
      expect(Math.abs(Math.hypot(x0 - 15, y0 - 15) - 9)).toBeLessThan(0.05);
      for (const end of [`${x0.toFixed(6)} ${y0.toFixed(6)}`, `${x1.toFixed(6)} ${y1.toFixed(6)}`])
        ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    expect(Math.abs(length - 18 * Math.PI)).toBeLessThan(0.3);
    expect([...ends.values()].every((count) => count === 2)).toBe(true);
  });

  it("of a plane lies exactly where the plane has the level, and is empty where none is reached", () => {
    const slope = field((x, y) => x + 2 * y);
    const segments = fieldToSegments(slope, side, 40.3);
    expect(segments.length).toBeGreaterThan(0);
    const isWithin = (at: number) => at >= 0.5 && at <= side - 0.5;
    for (let i = 0; i < segments.length; i += 2)
      if (isWithin(segments[i]) && isWithin(segments[i + 1]))
        expect(segments[i] + 2 * segments[i + 1]).toBeCloseTo(40.3, 4);
    // It goes on to the edges of the plane.
    expect(Math.min(...segments)).toBe(0);
    expect(Math.max(...segments.filter((_, i) => i % 2 === 0))).toBe(side);
    expect(fieldToSegments(slope, side, 1000)).toEqual([]);
  });

  it("at a saddle joins the corners that the middle belongs to", () => {
    // High corners lower left and upper right; the middle is high: the low corners are cut off one by one.
    const inner = (level: number) => {
      const segments = fieldToSegments([1, 0, 0, 1], 2, level);
      return Array.from({ length: segments.length / 4 }, (_, i) => segments.slice(4 * i, 4 * i + 4)).filter(
        (ends) => ends.every((at) => at >= 0.5 && at <= 1.5),
      );
    };
    const toCorner = ([x0, y0, x1, y1]: number[], x: number, y: number) =>
      Math.hypot((x0 + x1) / 2 - x, (y0 + y1) / 2 - y);
    const low = inner(0.4);
    expect(low).toHaveLength(2);
    for (const ends of low)
      expect(Math.min(toCorner(ends, 1.5, 0.5), toCorner(ends, 0.5, 1.5))).toBeLessThan(0.5);
    const high = inner(0.6);
    expect(high).toHaveLength(2);
    for (const ends of high)
      expect(Math.min(toCorner(ends, 0.5, 0.5), toCorner(ends, 1.5, 1.5))).toBeLessThan(0.5);
  });
});

describe("the scales", () => {
  it("of arrows are the same for all pictures: proportional where pushes vanish, then so much for each tenfold", () => {
    expect(pushToLength(0)).toBe(0);
    expect(pushToLength(2e-5) / pushToLength(1e-5)).toBeCloseTo(2, 2);
    expect(pushToLength(1000) - pushToLength(100)).toBeCloseTo(pushToLength(100) - pushToLength(10), 3);
  });

  it("of heat are symmetric, and D = 1/2 is the ground", () => {
    const scale = { isProbability: true, middle: 0, reach: 1 };
    expect(logitToSide(0, scale)).toBe(0);
    expect(logitToSide(2, scale)).toBeCloseTo(2 / (1 + Math.exp(-2)) - 1, 12);
    const critic = { isProbability: false, middle: 3, reach: 2 };
    expect([1, 3, 4, 9].map((value) => logitToSide(value, critic))).toEqual([-1, 0, 0.5, 1]);
  });

  it("have ends that are 1, 2 or 5 times a power of ten", () => {
    expect([0.013, 0.02, 0.3, 1, 7, 2100].map(toRoundReach)).toEqual([0.02, 0.02, 0.5, 1, 10, 5000]);
    expect(toRoundReach(0)).toBe(1);
  });

  it("have the output of the equilibrium in the middle, for every loss that has one", () => {
    for (const loss of Object.keys(LOSSES) as LossName[]) {
      const output = modelToEquilibrium(smallModel(loss)).find(({ of }) => of === "real")?.value;
      if (output === undefined) continue;
      const logit = LOSSES[loss].isProbability ? Math.log(output / (1 - output)) : output;
      expect(logitsToMiddle(loss, [9, 9], [9, 9])).toBeCloseTo(logit, 12);
    }
    expect(logitsToMiddle("wasserstein", [7, 9], [1, 3])).toBe(5);
  });
});

describe("cells of the manifold", () => {
  it("have negative areas where the sheet is folded over", () => {
    const sheet = [0, 1, 0.5].flatMap((_, row) => [0, 1, 0.5].flatMap((x) => [x, row]));
    const areas = manifoldToAreas(sheet, 3);
    expect([...areas]).toEqual([1, -0.5, 1, -0.5]);
  });
});
