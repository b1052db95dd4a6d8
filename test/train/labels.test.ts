import { expect, it } from "vitest";
import { drawLabels, labelsToOneHot } from "../../src/train/labels.ts";
import { openRandomStream } from "../../src/train/random.ts";

it("labels become rows with a 1 at each", () => {
  expect([...labelsToOneHot([2, 0], 3)]).toEqual([0, 0, 1, 1, 0, 0]);
});

it("drawn labels have every class as often as any other, and no other", () => {
  const counts = Array.from({ length: 7 }, () => 0);
  for (const label of drawLabels(7000, 7, openRandomStream(1, "labels"))) counts[label]++;
  expect(counts).toHaveLength(7);
  const chiSquared = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquared).toBeLessThan(22.5); // 6 degrees of freedom, 0.1 %
});
