import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { latentPath, pathBetween } from "../../src/samples/latent-paths.ts";

const lengthOf = (x: Float32Array): number => Math.hypot(...x);
const vector = (size: number) =>
  fc
    .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: size, maxLength: size })
    .map((x) => Float32Array.from(x));

describe("a spherical path", () => {
  it("of a right angle: cosine and sine", () => {
    const path = pathBetween(Float32Array.of(1, 0), Float32Array.of(0, 1), 4, "spherical");
    for (let step = 0; step < 4; step++) {
      expect(path[2 * step]).toBeCloseTo(Math.cos((step * Math.PI) / 6), 6);
      expect(path[2 * step + 1]).toBeCloseTo(Math.sin((step * Math.PI) / 6), 6);
    }
  });

  it("between vectors of one length keeps it", () => {
    fc.assert(
      fc.property(vector(5), vector(5), (a, b) => {
        fc.pre(lengthOf(a) > 0.1 && lengthOf(b) > 0.1);
        const same = b.map((value) => (value * lengthOf(a)) / lengthOf(b));
        const dot = a.reduce((sum, value, i) => sum + value * same[i], 0) / lengthOf(a) ** 2;
        fc.pre(Math.abs(dot) < 0.999);
        const path = pathBetween(a, same, 7, "spherical");
        for (let step = 0; step < 7; step++)
          expect(lengthOf(path.subarray(step * 5, (step + 1) * 5)) / lengthOf(a)).toBeCloseTo(1, 4);
      }),
    );
  });

  it("between parallel, opposite or empty vectors is a line", () => {
    for (const to of [Float32Array.of(2, 4), Float32Array.of(-1, -2), Float32Array.of(0, 0)]) {
      const from = Float32Array.of(1, 2);
      expect(pathBetween(from, to, 5, "spherical")).toEqual(pathBetween(from, to, 5, "linear"));
    }
  });
});

it.each(["spherical", "linear"] as const)("a %s path begins and ends at its ends, to the bit", (how) => {
  fc.assert(
    fc.property(vector(4), vector(4), fc.integer({ min: 2, max: 9 }), (from, to, steps) => {
      const path = pathBetween(from, to, steps, how);
      expect(path.slice(0, 4)).toEqual(from);
      expect(path.slice(-4)).toEqual(to);
      expect(path.every(Number.isFinite)).toBe(true);
    }),
  );
});

it("codes go straight and categories stay", () => {
  const spec = { noise: 2, distribution: "normal", categories: [3], codes: 1 } as const;
  const from = Float32Array.of(1, 0, 0, 1, 0, -1);
  const to = Float32Array.of(0, 1, 1, 0, 0, 1);
  const path = latentPath(spec, from, to, 3, "spherical");
  const half = Math.SQRT1_2;
  expect(Array.from(path)).toEqual(
    [from, [half, half, 0, 1, 0, 0], [0, 1, 0, 1, 0, 1]].flatMap((row) =>
      Array.from(row, (x) => expect.closeTo(x, 6)),
    ),
  );
});
