import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { locationsToNames } from "../../src/compare/row-names.ts";

describe("the names of a comparison's rows", () => {
  it.each([
    [
      ["runs/a", "runs/b/"],
      ["a", "b"],
    ],
    [
      ["./x/run", "/y/run"],
      ["x/run", "y/run"],
    ],
    [
      ["x\\run", "y\\run"],
      ["x/run", "y/run"],
    ],
    [
      ["a/run", "run"],
      ["a/run", "run"],
    ],
    [
      ["run", "run"],
      ["run", "run"],
    ],
    [
      ["../a", "../a/"],
      ["a", "a"],
    ],
  ])("of %j are %j: the end of the path, as much as tells them apart", (locations, names) => {
    expect(locationsToNames(locations)).toEqual(names);
  });

  it("tell unlike locations apart, end them, and are no longer than that takes", () => {
    const part = fc.constantFrom("a", "b", "c");
    const location = fc.array(part, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(location, { minLength: 1, maxLength: 6 }), (parts) => {
        const names = locationsToNames(parts.map((of) => `/${of.join("/")}`));
        const distinct = new Set(parts.map((of) => of.join("/"))).size;
        expect(new Set(names).size).toBe(distinct);
        for (const [i, name] of names.entries()) expect(parts[i]!.join("/").endsWith(name)).toBe(true);
        const depth = Math.max(...names.map((name) => name.split("/").length));
        if (depth === 1) return;
        const shorter = new Set(parts.map((of) => of.slice(1 - depth).join("/"))).size;
        expect(shorter).toBeLessThan(distinct);
      }),
    );
  });
});
