import { describe, expect, test } from "vitest";
import { rowsToQuarters } from "../../../src/math/intervals/split-halves.ts";
import { openFloatSorter } from "../../../src/math/slices/float-sort.ts";
import {
  sidesToSlicedCost,
  slicedCostsOfQuarters,
  sortedToCost,
} from "../../../src/math/slices/sliced-cost.ts";
import { mat, takeRows } from "../seeded-features.ts";

describe("sorting floats", () => {
  test("is the array's own, with negative numbers, zeros and infinities, at every length", () => {
    for (const length of [0, 1, 2, 100, 3000]) {
      const values = mat(1, length, 1, 1e3).data;
      values.set(
        [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-42, -1e-42, 3, 3].slice(0, length),
      );
      const expected = values.toSorted();
      const unsorted = values.slice();
      openFloatSorter(length).sort(values);
      expect([...values]).toEqual([...expected]);
      const places = openFloatSorter(length).sortWithPlaces(unsorted.slice());
      expect(Array.from(places, (place) => unsorted[place])).toEqual([...expected]);
      expect(Int32Array.from(places).sort()).toEqual(Int32Array.from({ length }, (_, i) => i));
    }
  });
});

describe("the cost of sorted numbers", () => {
  const [x, y] = [Float64Array.of(0, 1, 3), Float64Array.of(5, 6, 8)];

  test("golden", () => {
    expect(sortedToCost(x, y, 1)).toBe(5);
    expect(sortedToCost(x, y, 2)).toBe(25);
  });

  test("of unequal numbers is that of each repeated to their common multiple", () => {
    const [a, b] = [mat(1, 6, 1).data.sort(), mat(2, 4, 1).data.sort()];
    const twice = Float32Array.from(a, (_, i) => a[i]!);
    const repeat = (values: Float32Array, times: number) =>
      Float32Array.from({ length: values.length * times }, (_, i) => values[Math.floor(i / times)]!);
    for (const power of [1, 2] as const)
      expect(sortedToCost(twice, b, power)).toBeCloseTo(sortedToCost(repeat(a, 2), repeat(b, 3), power), 14);
  });
});

describe("costs along directions", () => {
  const [a, b] = [mat(3, 150, 5, 1, 20), mat(4, 110, 5, 0.8, 20.3)];
  const directions = mat(5, 300, 5);

  /** Projections in float64, sorted, and the formula. */
  function naiveCost(left: typeof a, right: typeof b, power: 1 | 2): number {
    let sum = 0;
    for (let u = 0; u < directions.rows; u++) {
      const projected = [left, right].map(({ data, rows, width }) =>
        Float64Array.from({ length: rows }, (_, i) => {
          let value = 0;
          for (let k = 0; k < width; k++) value += data[i * width + k]! * directions.data[u * width + k]!;
          return value;
        }).sort(),
      );
      sum += sortedToCost(projected[0]!, projected[1]!, power);
    }
    return sum / directions.rows;
  }

  // Float32 about the mean: 1e-7 of the projections' spread, beside costs of a third of it; squares of that.
  test.each([1, 2] as const)("are the formula, power %i, whatever the offset", async (power) => {
    expect((await sidesToSlicedCost([a, b], directions, power)) / naiveCost(a, b, power)).toBeCloseTo(1, 6);
  });

  test("of halves and quarters are those of their rows", async () => {
    const cuts = [rowsToQuarters(a.rows, 1, 3), rowsToQuarters(b.rows, 2, 3)] as const;
    const costs = await slicedCostsOfQuarters([a, b], cuts, directions, 2);
    expect(costs.length).toBe(3);
    for (const [cut, { halves, quarters }] of costs.entries()) {
      const costOf = (isIn: (quarter: number) => boolean): number => {
        const [x, y] = [a, b].map((side, i) => {
          const quarterOf = cuts[i]!.ofRow[cut]!;
          return takeRows(
            side,
            Array.from(quarterOf.keys()).filter((row) => isIn(quarterOf[row]!)),
          );
        });
        return naiveCost(x!, y!, 2);
      };
      halves.forEach((cost, half) => {
        expect(cost / costOf((quarter) => quarter >> 1 === half)).toBeCloseTo(1, 6);
      });
      quarters.forEach((cost, quarter) => {
        expect(cost / costOf((each) => each === quarter)).toBeCloseTo(1, 6);
      });
    }
  });
});
