import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as zod from "zod";
import { isPart, itemsOfPart, part, partToText } from "../../src/options/part.ts";

const kind = part().schema(zod);

describe("parts", () => {
  it("share out all items, each once, in their order", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 40 }), (count, of) => {
        const items = Array.from({ length: count }, (_, i) => i);
        const shares = Array.from({ length: of }, (_, index) => itemsOfPart(items, { index, of }));
        expect(shares.flat().sort((a, b) => a - b)).toEqual(items);
        for (const [index, share] of shares.entries()) for (const i of share) expect(i % of).toBe(index);
      }),
    );
  });

  it("are read as they are written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 - 1 }), fc.nat(), (of, n) => {
        const made = { index: n % of, of };
        expect(kind.parse(partToText(made))).toEqual(made);
      }),
    );
  });

  it.each(["16/16", "4/3", "0/0", "-1/4", "1.5/4", "1", "1/", "/4", "1/4/4", "a/b", "3,16", ""])(
    "%j is none",
    (text) => {
      expect(kind.safeParse(text).success).toBe(false);
    },
  );

  it.each([
    [-1, 4],
    [4, 4],
    [0.5, 4],
    [0, Number.NaN],
  ])("a program's %d of %d is none", (index, of) => {
    expect(isPart({ index, of })).toBe(false);
  });
});
