import { describe, expect, it } from "vitest";
import { decide, type Evidence, LEVEL, rulesToComparisons } from "../../src/check/decide.ts";
import { resultsToSeeds } from "../../src/check/measured.ts";
import { valueToRules } from "../../src/check/rule.ts";
import { FID, night } from "./measured-nights.ts";

/** Chance reaches Z = scipy.stats.norm.ppf(0.99) = 2.3263 standard errors where one limit is judged. */

interface Given {
  readonly now: readonly number[];
  readonly before?: readonly number[];
  readonly error?: number;
  readonly key?: string;
  readonly nights?: readonly number[];
}

const toSeeds = (values: readonly number[], key: string, error: number | undefined) =>
  resultsToSeeds(values.map((value) => night({ [key]: value }, error === undefined ? {} : { [key]: error })));

function evidenceOf({ now, before, error, key = FID, nights = [] }: Given): Evidence {
  return {
    current: toSeeds(now, key, error),
    ...(before && { baseline: toSeeds(before, key, error) }),
    history: nights.map((value) => toSeeds([value], key, undefined)),
    passed: [],
  };
}

async function outcomeOf(rules: object, given: Given) {
  const [outcome] = decide(await valueToRules(rules, "error"), evidenceOf(given));
  return outcome;
}

describe("absolute limits", () => {
  it.each([
    // The limit is 25, chance reaches Z * 0.1 = 0.2326 beyond it.
    [24.9, "passed", false],
    [25, "passed", false],
    [25.2, "passed", true],
    [25.24, "failed", true],
  ])("max: %f %s", async (value, status, exceeds) => {
    const outcome = await outcomeOf({ fid: { max: 25 } }, { now: [value], error: 0.1 });
    expect(outcome).toMatchObject({
      ...{ status, exceeds, key: FID, limit: "max", found: value, values: [value] },
      expected: { comparison: "<=", bound: 25 },
    });
    expect(outcome.why === undefined).toBe(!(exceeds && status === "passed"));
  });

  it.each([
    [0.41, "passed"],
    [0.4, "passed"],
    [0.39, "passed"],
    [0.3766, "failed"],
  ])("min: %f %s", async (value, status) => {
    const given = { now: [value], error: 0.01, key: "recall" };
    expect((await outcomeOf({ recall: { min: 0.4 } }, given)).status).toBe(status);
  });

  it("a standard error of 0 leaves nothing to chance", async () => {
    expect((await outcomeOf({ fid: { max: 25 } }, { now: [25.0001], error: 0 })).status).toBe("failed");
    expect((await outcomeOf({ fid: { max: 25 } }, { now: [25], error: 0 })).status).toBe("passed");
  });
});

describe("limits on change", () => {
  it.each([
    ["beyond the limit and beyond chance", 110, 1, "failed"],
    ["beyond the limit, within chance", 110, 5, "passed"],
    ["beyond chance, within the limit", 104, 0.1, "passed"],
    ["at the limit", 105, 0.1, "passed"],
    ["just beyond both", 105.01, 0.1, "failed"],
    // Z * sqrt(2) * 3 = 9.870
    ["just within chance", 109.86, 3, "passed"],
    ["just beyond chance", 109.88, 3, "failed"],
    ["better", 50, 1, "passed"],
  ])("%s", async (_, value, error, status) => {
    const given = { now: [value], before: [100], error };
    for (const limit of ["maxIncrease", "maxWorse"])
      expect((await outcomeOf({ fid: { [limit]: "5 %" } }, given)).status, limit).toBe(status);
  });

  it("maxWorse goes the way of the metric, the others say theirs", async () => {
    const up = { now: [0.6], before: [0.5], error: 0.001, key: "recall" };
    const down = { ...up, now: [0.4] };
    const statusOf = async (limit: string, given: Given) =>
      (await outcomeOf({ recall: { [limit]: 0.05 } }, given)).status;
    expect(await statusOf("maxWorse", up)).toBe("passed");
    expect(await statusOf("maxWorse", down)).toBe("failed");
    expect(await statusOf("maxIncrease", up)).toBe("failed");
    expect(await statusOf("maxDecrease", up)).toBe("passed");
    expect(await statusOf("maxDecrease", down)).toBe("failed");
  });

  it("maxWorse of a value that is better no way: refused", async () => {
    const given = { now: [1], before: [1], error: 1, key: "inception_score_std" };
    await expect(outcomeOf({ inception_score_std: { maxWorse: 1 } }, given)).rejects.toMatchObject({
      code: "usage.check-direction",
    });
  });

  it("shares are of the baseline's size, below zero too", async () => {
    const given = { now: [-1.8], before: [-2], error: 0.01 };
    expect((await outcomeOf({ fid: { maxIncrease: "9 %" } }, given)).expected!.bound).toBeCloseTo(-1.82, 12);
    expect((await outcomeOf({ fid: { maxIncrease: "9 %" } }, given)).status).toBe("failed");
  });
});

describe("levels and names", () => {
  it("error fails, warn warns, off is not judged", async () => {
    const rules = {
      fid: { max: 1 },
      [FID]: { max: 1, level: "warn" },
      recall: { max: 1, level: "off" },
    };
    const outcomes = decide(await valueToRules(rules, "error"), evidenceOf({ now: [2], error: 0 }));
    expect(outcomes.map(({ rule, status }) => [rule, status])).toEqual([
      ["fid", "failed"],
      [FID, "warned"],
    ]);
  });

  it("a name that is no metric's: usage, with a guess", async () => {
    await expect(
      outcomeOf({ frechet_inception_distanc: { max: 1 } }, { now: [2], error: 0 }),
    ).rejects.toMatchObject({
      code: "usage.check-unknown-metric",
      hint: `Did you mean ${FID}?`,
    });
  });

  it.each(["recall", "kid", "pr"])(
    "a metric that was not measured (%s): the rule matches nothing, an error",
    async (name) => {
      await expect(outcomeOf({ [name]: { max: 1 } }, { now: [2], error: 0 })).rejects.toMatchObject({
        code: "input.check-missing",
      });
    },
  );

  it("a change without a baseline, or without the value in it: errors", async () => {
    const rules = { fid: { maxWorse: 1 } };
    await expect(outcomeOf(rules, { now: [2], error: 0 })).rejects.toMatchObject({
      code: "usage.check-baseline",
    });
    const evidence = { ...evidenceOf({ now: [2] }), baseline: toSeeds([1], "recall", 0) };
    expect(() =>
      decide(
        [{ name: "fid", level: "error", limits: { maxWorse: { size: 1, isRelative: false } } }],
        evidence,
      ),
    ).toThrow(expect.objectContaining({ code: "input.check-missing" }));
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "%f was not measured: an error, no verdict",
    async (value) => {
      for (const rules of [{ fid: { max: 1 } }, { "a rule": { expression: "current.fid < 1" } }])
        await expect(outcomeOf(rules, { now: [value], error: 0 })).rejects.toMatchObject({
          code: "input.check-not-finite",
        });
    },
  );
});

describe("chance", () => {
  it("the level is divided among all limits that are judged", async () => {
    const rules = await valueToRules(
      { fid: { max: 1, maxWorse: 1 }, a: { expression: "true" }, recall: { min: 1, level: "off" } },
      "warn",
    );
    expect(rulesToComparisons(rules)).toBe(3);
    // scipy.stats.norm.ppf(1 - 0.01 / 4) = 2.8070; 25 + 2.8070 * 0.1
    const four = (value: number) =>
      outcomeOf({ fid: { max: 25, min: 0 }, [FID]: { max: 99, min: 0 } }, { now: [value], error: 0.1 });
    expect((await four(25.28)).status).toBe("passed");
    expect((await four(25.281)).status).toBe("failed");
    expect(LEVEL).toBe(0.01);
  });

  it("seeds count together: their mean is judged, and all are shown", async () => {
    const given = { now: [108, 110, 112], before: [99, 100, 101], error: 0.1 };
    const outcome = await outcomeOf({ fid: { maxWorse: "5 %" } }, given);
    expect(outcome).toMatchObject({ found: 110, values: [108, 110, 112], baseline: 100, status: "failed" });
    // The same change between seeds that vary by ten times as much is chance.
    const wild = { now: [90, 110, 130], before: [90, 100, 110], error: 0.1 };
    expect(await outcomeOf({ fid: { maxWorse: "5 %" } }, wild)).toMatchObject({
      ...{ exceeds: true, beyondChance: false, status: "passed" },
    });
  });

  it("a seed that collapsed tonight is no chance: what varies is learnt from the baseline and nights that passed", async () => {
    const given = { now: [100, 100, 900], before: [99, 100, 101], error: 0.1 };
    expect((await outcomeOf({ fid: { maxWorse: "5 %" } }, given)).status).toBe("failed");
    expect((await outcomeOf({ fid: { max: 105 } }, given)).status).toBe("failed");
    const rules = await valueToRules({ fid: { max: 105 } }, "error");
    const evidence = {
      ...evidenceOf({ now: [108], error: 0.1 }),
      passed: [toSeeds([90, 100, 110, 90, 110], FID, 0.1)],
    };
    expect(decide(rules, evidence)[0].status).toBe("passed");
  });

  it("one seed above a limit that the mean keeps is no failure", async () => {
    expect((await outcomeOf({ fid: { max: 25 } }, { now: [24, 24, 25.5], error: 0.1 })).status).toBe(
      "passed",
    );
  });

  it("a value without an interval is judged as it is", async () => {
    expect(await outcomeOf({ fid: { max: 25 } }, { now: [25.001] })).toMatchObject({
      ...{ status: "failed", beyondChance: null },
    });
    expect((await outcomeOf({ fid: { max: 25 } }, { now: [25] })).status).toBe("passed");
  });
});

describe("expressions", () => {
  const drift = { "no jump": { expression: "current.fid < 1.1 * median(history.fid)" } };

  it.each([
    [[100, 102, 98], 109, "passed"],
    [[100, 102, 98], 111, "passed"],
    // 110 + Z * 1 = 112.33
    [[100, 102, 98], 112.3, "passed"],
    [[100, 102, 98], 112.4, "failed"],
  ])("over %j: %f %s", async (nights, value, status) => {
    expect(await outcomeOf(drift, { now: [value], error: 1, nights })).toMatchObject({
      ...{ rule: "no jump", limit: "expression", status, terms: { "current.fid": value } },
    });
  });

  it("without nights there is nothing to judge yet", async () => {
    expect(await outcomeOf(drift, { now: [1], error: 1 })).toMatchObject({ status: "not-judged" });
  });

  it("a metric that does not exist is an error in expressions too, prototypes' names among them", async () => {
    for (const name of ["fdi", "constructor", "__proto__", "toString"])
      await expect(
        outcomeOf({ a: { expression: `current.${name} < 1` } }, { now: [1] }),
      ).rejects.toMatchObject({
        code: "usage.check-unknown-metric",
      });
  });

  it("of up to six values are judged at every corner, and refused of seven", async () => {
    const seven = ["precision", "recall", "density", "coverage", "f_score", FID, "cmmd"];
    const judge = async (keys: readonly string[]) => {
      const ones = Object.fromEntries(keys.map((key) => [key, 1]));
      const expression = `${keys.map((key) => `current.${key}`).join(" + ")} < 1`;
      const rules = await valueToRules({ all: { expression } }, "error");
      const current = resultsToSeeds([night(ones, ones)]);
      return decide(rules, { current, history: [], passed: [] });
    };
    expect((await judge(seven.slice(0, 6)))[0]).toMatchObject({ exceeds: true, beyondChance: false });
    await expect(judge(seven)).rejects.toMatchObject({ code: "usage.check-expression" });
  });

  it("of a night are asked of the values that every seed of it has", () => {
    const both = resultsToSeeds([night({ [FID]: 1, recall: 0.5 }), night({ [FID]: 2 })]);
    expect([...both.keys()]).toEqual([FID]);
    expect(both.get(FID)!.values).toEqual([1, 2]);
  });
});
