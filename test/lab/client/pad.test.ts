/** Points that are drawn by hand. */
import { describe, expect, it } from "vitest";
import { changePad, EMPTY_PAD, type PadAction } from "../../../src/lab/client/plane/pad/pad-state.ts";
import {
  eraseFromStroke,
  type Place,
  pointsToCsv,
  strokesToPoints,
  strokeToPlaces,
} from "../../../src/lab/client/plane/pad/resample.ts";

/** Along half a circle, as far as each share of the way. */
const arc = (shares: readonly number[]): Place[] =>
  shares.map((share) => [Math.cos(Math.PI * share), Math.sin(Math.PI * share)]);

const evenly = (n: number): number[] => Array.from({ length: n + 1 }, (_, i) => i / n);

/** Points by part of the half circle. */
function shareByPart(places: readonly Place[], parts: number): number[] {
  const counts = new Array<number>(parts).fill(0);
  for (const [x, y] of places) {
    const part = Math.floor((Math.atan2(y, x) / Math.PI) * parts);
    counts[Math.max(0, Math.min(parts - 1, part))]++;
  }
  return counts.map((count) => count / places.length);
}

describe("a stroke", () => {
  it("has the same density per length whether it is drawn fast, slowly, or both by turns", () => {
    const slow = strokeToPlaces(arc(evenly(3000)), 0.005);
    const fast = strokeToPlaces(arc(evenly(40)), 0.005);
    const mixed = strokeToPlaces(
      arc([...evenly(1000).map((s) => s / 2), ...evenly(20).map((s) => (1 + s) / 2)]),
      0.005,
    );
    expect(Math.abs(fast.length / slow.length - 1)).toBeLessThan(0.05);
    for (const drawn of [slow, fast, mixed])
      for (const share of shareByPart(drawn, 4)) expect(Math.abs(share * 4 - 1)).toBeLessThan(0.05);
  });

  it("keeps its spacing over corners and repeated places", () => {
    const places = strokeToPlaces(
      [
        [0, 0],
        [0.25, 0],
        [0.25, 0],
        [0.25, 0.25],
      ],
      0.1,
    );
    expect(places.map((place) => place.map((value) => Number(value.toFixed(6))))).toEqual([
      [0, 0],
      [0.1, 0],
      [0.2, 0],
      [0.25, 0.05],
      [0.25, 0.15],
      [0.25, 0.25],
    ]);
    expect(strokeToPlaces([[1, 1]], 0.1)).toEqual([[1, 1]]);
    expect(strokeToPlaces([], 0.1)).toEqual([]);
  });

  it("gives the same points for the same drawing, with the deviation of the brush", () => {
    const stroke: Place[] = [
      [-1, 0],
      [1, 0],
    ];
    const points = strokesToPoints([stroke], { spacing: 0.001, deviation: 0.1 });
    expect(strokesToPoints([stroke], { spacing: 0.001, deviation: 0.1 })).toEqual(points);
    const heights = points.filter((_, i) => i % 2 === 1);
    const deviation = Math.sqrt(heights.reduce((sum, y) => sum + y * y, 0) / heights.length);
    // 2,000 draws: a standard error of 1.6 %.
    expect(Math.abs(deviation / 0.1 - 1)).toBeLessThan(0.06);
    expect(pointsToCsv(points.subarray(0, 2))).toMatch(/^x,y\n[-\d.e]+,[-\d.e]+\n$/);
  });

  it("is cut by the eraser, and left alone where that does not touch it", () => {
    const stroke: Place[] = [
      [-1, 0],
      [1, 0],
    ];
    const parts = eraseFromStroke(stroke, [0, 0], 0.2);
    expect(parts).toHaveLength(2);
    for (const [x] of parts.flat()) expect(Math.abs(x)).toBeGreaterThan(0.2);
    expect(eraseFromStroke(stroke, [0, 1], 0.2)).toEqual([stroke]);
    expect(eraseFromStroke(stroke, [0, 0], 2)).toEqual([]);
  });
});

describe("the pad", () => {
  const act = (...actions: PadAction[]) => actions.reduce(changePad, EMPTY_PAD);
  const stroke: PadAction[] = [
    { does: "begin", place: [0, 0] },
    { does: "draw", places: [[1, 0]] },
    { does: "end" },
  ];

  it("takes strokes, erasures and clearing back one by one", () => {
    const erase: PadAction[] = [
      { does: "press" },
      {
        does: "erase",
        places: [
          [0.5, 0],
          [0.6, 0],
        ],
        radius: 0.1,
      },
      { does: "end" },
    ];
    expect(act(...stroke, ...stroke).strokes).toHaveLength(2);
    expect(act(...stroke, ...erase).strokes).toHaveLength(2);
    expect(act(...stroke, ...erase, { does: "undo" }).strokes).toEqual([
      [
        [0, 0],
        [1, 0],
      ],
    ]);
    expect(act(...stroke, { does: "clear" }, { does: "undo" }).strokes).toHaveLength(1);
    expect(act(...stroke, { does: "undo" }, { does: "undo" }).strokes).toEqual([]);
  });

  it("draws only while it is pressed", () => {
    expect(act(...stroke, { does: "draw", places: [[5, 5]] }).strokes).toEqual([
      [
        [0, 0],
        [1, 0],
      ],
    ]);
  });
});
