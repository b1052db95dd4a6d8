import { describe, expect, it } from "vitest";
import { choicesToRequest, fitValue, nameToTerm } from "../../src/sweep/run-choices.ts";

describe("the weight of a term as an axis", () => {
  it("sets that term's weight and leaves the others", () => {
    const { model } = choicesToRequest(
      { model: "cyclegan", "weight.cycle": 5, termWeights: "identity=2" },
      "a",
    );
    expect(model).toEqual({ model: "cyclegan", termWeights: { cycle: 5, identity: 2 } });
  });

  it("is told from an option by its name", () => {
    expect(nameToTerm("weight.cycle-divergence")).toBe("cycle-divergence");
    expect([nameToTerm("weights"), nameToTerm("weight."), nameToTerm("b1")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each(["-1", "much", ""])("refuses %j, which is no weight", (value) => {
    expect(() => fitValue("weight.cycle", value)).toThrow("a number of at least 0 for weight.cycle");
  });
});
