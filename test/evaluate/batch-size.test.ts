import fc from "fast-check";
import { expect, it } from "vitest";
import { countsToBatchSize, deviceToBatchSize, USUAL_BATCH } from "../../src/evaluate/batch-size.ts";

it("a side that does not fill its last batch runs in smaller ones", () => {
  expect(countsToBatchSize([40], 32)).toBe(20);
  expect(countsToBatchSize([40, 40], 32)).toBe(20);
  expect(countsToBatchSize([5], 32)).toBe(5);
  expect(countsToBatchSize([200], 32)).toBe(25);
});

it("what fills its batches keeps them", () => {
  expect(countsToBatchSize([64, 320], 32)).toBe(32);
  expect(countsToBatchSize([10_000, 10_000], 1)).toBe(1);
});

it("is never more than asked for, and never computes more rows than the size asked for would", () => {
  const rows = (counts: number[], size: number) =>
    counts.reduce((sum, count) => sum + Math.ceil(count / size) * size, 0);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 2 }),
      fc.integer({ min: 1, max: 128 }),
      (counts, atMost) => {
        const size = countsToBatchSize(counts, atMost);
        expect(size).toBeGreaterThanOrEqual(1);
        expect(size).toBeLessThanOrEqual(atMost);
        expect(rows(counts, size)).toBeLessThanOrEqual(rows(counts, atMost));
      },
    ),
  );
});

it("nobody's choice is the usual batch, and on a device what its free memory takes, within bounds", () => {
  const of = (gib: number | undefined) =>
    deviceToBatchSize("webgpu", () => (gib === undefined ? undefined : gib * 2 ** 30));
  expect(deviceToBatchSize("auto", () => 2 ** 40)).toBe(USUAL_BATCH);
  expect([undefined, 0.1, 3, 8, 23, 139].map(of)).toEqual([USUAL_BATCH, 16, 16, 64, 128, 256]);
});
