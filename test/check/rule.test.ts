import { describe, expect, it } from "vitest";
import { needsBaseline, valueToRules, withFlags } from "../../src/check/rule.ts";

const rulesOf = (value: unknown) => valueToRules(value, "error");

describe("rules", () => {
  it("amounts are absolute or shares, levels the rule's own or the default", async () => {
    const [fid, recall] = await rulesOf({
      fid: { max: 25, maxIncrease: "5 %" },
      recall: { maxWorse: 0.02, level: "warn" },
    });
    expect(fid).toEqual({
      name: "fid",
      level: "error",
      limits: { max: 25, maxIncrease: { size: 0.05, isRelative: true } },
    });
    expect(recall).toMatchObject({ level: "warn", limits: { maxWorse: { size: 0.02, isRelative: false } } });
    expect([fid, recall].map(needsBaseline)).toEqual([true, true]);
    expect((await rulesOf({ fid: { max: 1 } })).map(needsBaseline)).toEqual([false]);
  });

  it.each<[string, unknown, string]>([
    ["no rules", {}, "expected rules, got none"],
    ["only rules that are off", { fid: { max: 1, level: "off" } }, 'not "off"'],
    ["a list", [], "an object of rules"],
    ["a rule without a limit", { fid: {} }, "got neither"],
    ["a rule with only a level", { fid: { level: "warn" } }, "got neither"],
    ["limits beside an expression", { fid: { max: 1, expression: "true" } }, "got both"],
    ["a limit that is none", { fid: { maximum: 1 } }, '"maximum"'],
    ["a limit that is no number", { fid: { max: "25" } }, "max expects a number"],
    ["a negative change", { fid: { maxIncrease: -1 } }, "maxIncrease expects"],
    ["a change that is no amount", { fid: { maxIncrease: "5 percent" } }, "maxIncrease expects"],
    ["a change without end", { fid: { maxIncrease: "1e999" } }, "maxIncrease expects"],
    ["a level that is none", { fid: { max: 1, level: "fatal" } }, "level expects"],
    ["no name", { "": { max: 1 } }, "1 to 200"],
    ["a name of a thousand letters", { ["x".repeat(1000)]: { max: 1 } }, "1 to 200"],
    ["null", { fid: null }, "an object of limits"],
  ])("%s: refused", async (_, value, message) => {
    await expect(rulesOf(value)).rejects.toMatchObject({
      code: "usage.check-rule",
      message: expect.stringContaining(message),
    });
  });

  it("a misspelt limit is guessed", async () => {
    await expect(rulesOf({ fid: { maxIncrese: 1 } })).rejects.toMatchObject({
      hint: "Did you mean maxIncrease?",
    });
  });

  it("names of an object's own parts are only names", async () => {
    const [rule] = await rulesOf(JSON.parse('{"__proto__": {"max": 1}}'));
    expect(rule).toMatchObject({ name: "__proto__", limits: { max: 1 } });
    expect(({} as { max?: number }).max).toBeUndefined();
  });

  it("flags are laid over the file's, limit by limit", () => {
    const merged = withFlags(
      { fid: { max: 25, maxIncrease: "5 %", level: "warn" } },
      { max: ["fid=20", "a=b=3"], maxIncrease: ["recall=2%"] },
    );
    expect(merged).toEqual({
      fid: { max: 20, maxIncrease: "5 %", level: "warn" },
      "a=b": { max: 3 },
      recall: { maxIncrease: "2%" },
    });
  });

  it("a flag that limits one value twice: refused, with both", () => {
    for (const limit of ["max", "min", "maxIncrease", "maxDecrease", "maxWorse"])
      expect(() => withFlags({}, { [limit]: ["fid=1", "recall=1", "fid=5"] })).toThrow(
        expect.objectContaining({
          code: "usage.check-rule",
          message: expect.stringMatching(/^--\S+ expects one limit for fid, got fid=1 and fid=5$/),
        }),
      );
  });

  it.each(["fid", "fid=", "=5"])("a flag %j: refused", (word) => {
    expect(() => withFlags({}, { maxWorse: [word] })).toThrow(
      expect.objectContaining({ message: expect.stringContaining("--max-worse expects NAME=NUMBER") }),
    );
  });
});
