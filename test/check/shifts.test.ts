import { describe, expect, it } from "vitest";
import type { Evidence } from "../../src/check/decide.ts";
import { resultsToSeeds } from "../../src/check/measured.ts";
import { LEAST_NIGHTS } from "../../src/check/options.ts";
import { valueToRules } from "../../src/check/rule.ts";
import { nightsToShifts } from "../../src/check/shifts.ts";
import { FID, night } from "./measured-nights.ts";

const RULES = await valueToRules({ fid: { maxWorse: "5 %" } }, "error");

/** Nights of a distance against a baseline of 100, each with a standard error of 1; the last is tonight. */
function evidenceOf(values: readonly number[], key = FID): Evidence {
  const nights = values.map((value) => resultsToSeeds([night({ [key]: value }, { [key]: 1 })]));
  return {
    current: nights.at(-1)!,
    baseline: resultsToSeeds([night({ [key]: 100 }, { [key]: 0.5 })]),
    history: nights.slice(0, -1),
    passed: nights.slice(0, -1),
  };
}

const repeated = (value: number, nights: number) =>
  Array.from({ length: nights }, (_, i) => value + (i % 2 === 0 ? 0.5 : -0.5));

describe("drift", () => {
  it("that no night's limit sees is seen in many", () => {
    const [shift, ...others] = nightsToShifts(RULES, evidenceOf(repeated(104, 14)), 14);
    expect(others).toEqual([]);
    expect(shift).toMatchObject({ key: FID, towards: "worse", nights: 14, baseline: 100 });
    expect(shift.mean).toBeCloseTo(104, 12);
    expect(shift.interval[0]).toBeGreaterThan(0);
  });

  it("creeps up on no later night: the reference stays, whatever yesterday was", () => {
    const creeping = Array.from({ length: 30 }, (_, i) => 100 + 0.3 * i);
    expect(nightsToShifts(RULES, evidenceOf(creeping), 14)).toHaveLength(1);
  });

  it("below half of a night's limit, or within chance, is none", () => {
    expect(nightsToShifts(RULES, evidenceOf(repeated(102.4, 14)), 14)).toEqual([]);
    expect(nightsToShifts(RULES, evidenceOf([94, 112, 96, 111, 102, 103]), 14)).toEqual([]);
  });

  it("needs nights, a baseline, and a rule about change", async () => {
    expect(nightsToShifts(RULES, evidenceOf(repeated(104, LEAST_NIGHTS - 1)), 14)).toEqual([]);
    expect(nightsToShifts(RULES, evidenceOf(repeated(104, LEAST_NIGHTS)), 14)).toHaveLength(1);
    const { baseline: _, ...without } = evidenceOf(repeated(104, 14));
    expect(nightsToShifts(RULES, without, 14)).toEqual([]);
    const others = await valueToRules({ fid: { max: 200 }, [FID]: { maxWorse: 1, level: "off" } }, "error");
    expect(nightsToShifts(others, evidenceOf(repeated(104, 14)), 14)).toEqual([]);
  });

  it("is held to more where more values are looked at, for one of many shifts by chance", async () => {
    const nights = repeated(104, 14).map((value) =>
      resultsToSeeds([night({ [FID]: value, recall: 50 }, { [FID]: 1, recall: 1 })]),
    );
    const evidence = {
      current: nights.at(-1)!,
      baseline: resultsToSeeds([night({ [FID]: 100, recall: 50 }, { [FID]: 0.5, recall: 0.5 })]),
      history: nights.slice(0, -1),
      passed: nights.slice(0, -1),
    };
    const rules = await valueToRules({ fid: { maxWorse: "5 %" }, recall: { maxWorse: 5 } }, "error");
    const widthOf = ([{ interval }]: ReturnType<typeof nightsToShifts>) => interval[1] - interval[0];
    expect(widthOf(nightsToShifts(rules, evidence, 14))).toBeGreaterThan(
      1.03 * widthOf(nightsToShifts(RULES, evidence, 14)),
    );
  });

  it("is of the last nights only", () => {
    const recovered = [...repeated(110, 20), ...repeated(100, 14)];
    expect(nightsToShifts(RULES, evidenceOf(recovered), 14)).toEqual([]);
    expect(nightsToShifts(RULES, evidenceOf(recovered), 34)).toHaveLength(1);
  });
});

describe("a baseline that can be tightened", () => {
  it("is one that many nights are better than, whichever way that is", async () => {
    expect(nightsToShifts(RULES, evidenceOf(repeated(95, 7)), 14)).toMatchObject([
      { towards: "better", nights: 7 },
    ]);
    const recall = await valueToRules({ recall: { maxWorse: 5 } }, "error");
    expect(nightsToShifts(recall, evidenceOf(repeated(95, 7), "recall"), 14)).toMatchObject([
      { towards: "worse" },
    ]);
    expect(nightsToShifts(recall, evidenceOf(repeated(105, 7), "recall"), 14)).toMatchObject([
      { towards: "better" },
    ]);
  });
});
