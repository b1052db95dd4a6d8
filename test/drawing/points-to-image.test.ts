import { describe, expect, test } from "vitest";
import { type PointsImage, pointsToBounds, pointsToImage } from "../../src/drawing/points-to-image.ts";
import { GanEvalError } from "../../src/errors.ts";
import { type Drawn, pngToDrawn } from "../reports/drawn.ts";

/** The plot: the legend lies above it, the axes' numbers to the left and below. */
const PLOT = { left: 47, top: 33, right: 466, bottom: 452 };
const isGenerated = ([r, , b]: readonly number[]): boolean => r - b > 40;
const isReal = ([r, , b]: readonly number[]): boolean => b - r > 8 && r < 230;

const square = { low: [-1, -1], high: [1, 1] };
const plane = (change: Partial<PointsImage>): PointsImage => ({
  real: new Float32Array(0),
  generated: new Float32Array(0),
  d: 2,
  bounds: square,
  ...change,
});
const draw = async (image: PointsImage): Promise<Drawn> => pngToDrawn(await pointsToImage(image));

/** A small part of the plot around a place in units of the axes -1..1. */
function around(x: number, y: number) {
  const at = {
    x: Math.round(46 + ((x + 1) / 2) * 420),
    y: Math.round(32 + ((1 - y) / 2) * 420),
  };
  return { left: at.x - 5, right: at.x + 6, top: at.y - 5, bottom: at.y + 6 };
}

describe("points of a plane", () => {
  test("lie where their coordinates say, y upwards, and nowhere else", async () => {
    const drawn = await draw(
      plane({ real: Float32Array.of(-0.5, 0.75), generated: Float32Array.of(0.3, -0.9) }),
    );
    expect([drawn.width, drawn.height]).toEqual([480, 480]);
    const [real, generated] = [drawn.count(isReal, PLOT), drawn.count(isGenerated, PLOT)];
    expect(real).toBeGreaterThan(20);
    expect(generated).toBeGreaterThan(4);
    expect(drawn.count(isReal, around(-0.5, 0.75))).toBe(real);
    expect(drawn.count(isGenerated, around(0.3, -0.9))).toBe(generated);
  });

  test("beyond the axes are not drawn but noted, NaN too", async () => {
    const inside = await draw(plane({ generated: Float32Array.of(0, 0) }));
    const outside = await draw(plane({ generated: Float32Array.of(0, 0, 1.5, 0, Number.NaN, 0) }));
    expect(outside.count(isGenerated, PLOT)).toBe(inside.count(isGenerated, PLOT));
    const legend = { left: 0, top: 0, right: 480, bottom: 31 };
    const isInk = ([r]: readonly number[]) => r < 128;
    expect(outside.count(isInk, legend)).toBeGreaterThan(inside.count(isInk, legend));
  });

  test("do not move with the points of another image of the run", async () => {
    const one = await draw(plane({ generated: Float32Array.of(0.5, 0.5) }));
    const two = await draw(plane({ generated: Float32Array.of(0.5, 0.5, -0.9, -0.9, 0.9, -0.9) }));
    const part = around(0.5, 0.5);
    for (let y = part.top; y < part.bottom; y++)
      for (let x = part.left; x < part.right; x++) expect(two.at(x, y)).toEqual(one.at(x, y));
  });
});

describe("values on a line", () => {
  const line = (change: Partial<PointsImage>) => plane({ d: 1, bounds: { low: [-1], high: [1] }, ...change });
  // 60 bins between -1 and 1: one of 10 values in each of two, eight in a third
  const real = Float32Array.from([-0.49, 0.01, ...new Array(8).fill(0.51)]);

  test("are densities: bars as high as their share", async () => {
    const drawn = await draw(line({ real }));
    const bar = (x: number) => drawn.count(isReal, { ...around(x, 0), top: PLOT.top, bottom: PLOT.bottom });
    const high = bar(0.51);
    expect(high).toBeGreaterThan(100);
    // one row of pixels of a bar seven wide, and the gridline that shows through
    expect(Math.abs(bar(0.01) - high / 8)).toBeLessThan(30);
    expect(bar(-0.49)).toBeCloseTo(bar(0.01), -1.5);
    expect(bar(-0.9)).toBe(0);
  });

  test("of a peak that is cut off reach the top of the plot", async () => {
    const collapsed = await draw(line({ real, generated: new Float32Array(50).fill(0.01) }));
    const top = { ...PLOT, bottom: PLOT.top + 4 };
    expect(collapsed.count(isGenerated, top)).toBe(0);
    const wide = Float32Array.from({ length: 100 }, (_, i) => i / 50 - 0.99);
    const peaked = await draw(line({ real: wide, generated: new Float32Array(50).fill(0.01) }));
    expect(peaked.count(isGenerated, top)).toBeGreaterThan(4);
  });
});

test("axes have room around the points, and equal units", () => {
  const { low, high } = pointsToBounds(Float32Array.of(0, 0, 4, 2), 2);
  expect([low, high]).toEqual([
    [-1, -2],
    [5, 4],
  ]);
  expect(pointsToBounds(Float32Array.of(3), 1)).toEqual({ low: [2.25], high: [3.75] });
});

test("the same points give the same bytes", async () => {
  const image = plane({
    real: Float32Array.of(0.1, 0.2),
    generated: Float32Array.of(0.3, 0.4),
    title: "step 1",
  });
  expect(await pointsToImage(image)).toEqual(await pointsToImage(image));
});

test.each([
  ["three dimensions", { d: 3 }],
  ["half a point", { real: Float32Array.of(1) }],
  ["an axis without length", { bounds: { low: [0, 0], high: [1, 0] } }],
  ["an axis without end", { bounds: { low: [0, 0], high: [1, Number.POSITIVE_INFINITY] } }],
  ["one axis for two", { bounds: { low: [0], high: [1] } }],
])("%s: refused", async (_, change) => {
  const error = await pointsToImage(plane(change)).catch((error) => error);
  expect(error).toBeInstanceOf(GanEvalError);
  expect(error.code).toBe("usage.points");
});
