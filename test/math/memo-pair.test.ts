import { expect, it } from "vitest";
import { memoPair } from "../../src/math/memo-pair.ts";
import { openContext } from "../metrics/context.ts";

it("computes once for each two things and key, in their order", () => {
  const context = openContext();
  const [a, b, c] = [{}, {}, {}];
  let calls = 0;
  const of = (x: object, y: object, key = "k") => memoPair(context, x, y, key, () => ++calls);
  expect([of(a, b), of(a, c), of(b, a), of(a, b, "other")]).toEqual([1, 2, 3, 4]);
  expect([of(a, b), of(a, c), of(b, a), of(a, b, "other")]).toEqual([1, 2, 3, 4]);
});
