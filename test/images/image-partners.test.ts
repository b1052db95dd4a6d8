import { describe, expect, it } from "vitest";
import { namesToPositions, nameToStem, unmatchedNames } from "../../src/images/image-partners.ts";

const refuse = (first: string, second: string): never => {
  throw new Error(`${first} and ${second}`);
};

describe("partners", () => {
  it("have one name, whatever their extension and their form of Unicode", () => {
    expect(nameToStem("a/b.c.png")).toBe("a/b.c");
    expect(nameToStem("a.b/c")).toBe("a.b/c");
    expect(nameToStem("caf\u0065\u0301.png")).toBe(nameToStem("caf\u00e9.jpg"));
  });

  it("are found by their positions, and those without one are named", () => {
    const positions = namesToPositions(["a.png", "b.png", "c.png"], refuse);
    expect(positions.get(nameToStem("c.jpg"))).toBe(2);
    expect(unmatchedNames(["b.jpg", "d.jpg"], positions)).toEqual(["d.jpg"]);
  });

  it("are refused where one set has a name twice", () => {
    expect(() => namesToPositions(["a.png", "b.png", "a.jpg"], refuse)).toThrow("a.png and a.jpg");
  });
});
