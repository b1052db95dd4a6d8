import { describe, expect, it } from "vitest";
import { interpolatePositions, POSITIONS } from "../../../src/networks/architectures/positions.ts";

const grid = (side: number, value: (y: number, x: number) => number) =>
  Float32Array.from({ length: side * side * 2 }, (_, i) => {
    const place = i >> 1;
    return (i % 2 === 0 ? 1 : -1) * value(Math.floor(place / side), place % side);
  });

describe.each(POSITIONS)("positions interpolated as %s does", (mode) => {
  const to = (positions: Float32Array, from: number, side: number) =>
    interpolatePositions(positions, { from, to: side, width: 2, mode });

  it("stay what they are on their own grid", () => {
    const positions = grid(5, (y, x) => y * x);
    expect(to(positions, 5, 5)).toBe(positions);
  });

  it("keep a constant, and turn with the grid", () => {
    for (const value of to(
      grid(5, () => 3),
      5,
      7,
    ))
      expect(Math.abs(value)).toBeCloseTo(3, 5);
    const [upright, turned] = [grid(5, (y, x) => y * y + 3 * x), grid(5, (y, x) => x * x + 3 * y)];
    const [a, b] = [to(upright, 5, 3), to(turned, 5, 3)];
    for (let y = 0; y < 3; y++)
      for (let x = 0; x < 3; x++) expect(a[(y * 3 + x) * 2]).toBeCloseTo(b[(x * 3 + y) * 2]!, 5);
  });
});

describe("positions", () => {
  it("lie in the middle of the grid's places by size, and nearer to its beginning by DINOv2's factor", () => {
    const line = grid(37, (_, x) => x);
    const middle = (mode: (typeof POSITIONS)[number]) =>
      interpolatePositions(line, { from: 37, to: 16, width: 2, mode })[2 * (8 * 16 + 8)]!;
    expect(middle("huggingface")).toBeCloseTo((8.5 * 37) / 16 - 0.5, 1);
    expect(middle("dinov2") - middle("huggingface")).toBeCloseTo((8.5 * 37) / 16.1 - (8.5 * 37) / 16, 1);
  });
});
