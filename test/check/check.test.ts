import { describe, expect, it } from "vitest";
import { resultsToBaseline } from "../../src/check/baseline.ts";
import { type CheckRequest, checkResults } from "../../src/check/check.ts";
import { resultsToNight } from "../../src/check/history.ts";
import type { Measured } from "../../src/check/measured.ts";
import { valueToRules } from "../../src/check/rule.ts";
import type { Protocol } from "../../src/evaluate/result.ts";
import { evaluation } from "../cli/evaluation.ts";
import { FID, night } from "./measured-nights.ts";

const NOW = Date.parse("2026-02-03T04:05:06.000Z");
const RULES = await valueToRules({ fid: { maxWorse: "5 %" }, [FID]: { max: 200 } }, "error");
const seed = (value: number, changes: Partial<Measured> = {}) =>
  night({ [FID]: value }, { [FID]: 0.1 }, changes);
const baselineOf = (...results: readonly Measured[]) => resultsToBaseline(results, NOW - 86_400_000);
const check = (results: readonly Measured[], changes: Partial<CheckRequest> = {}) =>
  checkResults({
    results,
    rules: RULES,
    baseline: baselineOf(seed(100)),
    now: NOW,
    ...changes,
  });
const codes = ({ warnings }: ReturnType<typeof check>) => warnings.map(({ code }) => code);

const { protocol, inputs } = evaluation();
const protocolOf = (changes: Partial<Protocol>): Partial<Measured> => ({
  protocol: { ...protocol, ...changes },
});
const inputsOf = (changes: Measured["inputs"]): Partial<Measured> => ({ inputs: { ...inputs, ...changes } });

describe("a check", () => {
  it("passes or fails by the outcomes, failed ones first", () => {
    expect(check([seed(101)])).toMatchObject({
      ...{ schema: "gan-eval/check/1", passed: true, seeds: 1, warnings: [], nights: 0 },
      chance: { level: 0.01, comparisons: 2 },
      baseline: { seeds: 1, when: "2026-02-02T04:05:06.000Z" },
      provenance: { when: "2026-02-03T04:05:06.000Z", seconds: null },
    });
    const failed = check([seed(300)], { rules: [{ ...RULES[1], level: "warn" }, RULES[0]] });
    expect(failed.passed).toBe(false);
    expect(failed.outcomes.map(({ status }) => status)).toEqual(["failed", "warned"]);
    expect(check([seed(300)], { rules: [{ ...RULES[1], level: "warn" }] }).passed).toBe(true);
  });

  it.each<[string, Partial<Measured>]>([
    ["extractor", protocolOf({ extractor: "digits" })],
    ["extractorHash", protocolOf({ extractorHash: "0" })],
    ["featureEnd", protocolOf({ featureEnd: "768" })],
    ["resize", protocolOf({ resize: "clean" })],
    ["ddof", protocolOf({ ddof: 0 })],
    ["dims", protocolOf({ dims: 768 })],
    ["compat", protocolOf({ compat: { name: "ttur", library: "TTUR", changed: [], differs: "" } })],
    ["parameters.is.splits", protocolOf({ parameters: { is: { splits: 1 } } })],
    ["real.count", inputsOf({ real: { ...inputs.real!, count: 9 } })],
    ["fake.count", inputsOf({ fake: { ...inputs.fake!, count: 9 } })],
    ["real.contentHash", inputsOf({ real: { ...inputs.real!, contentHash: "c" } })],
  ])("of another %s than the baseline's: refused by name, or forced with a warning", (field, changes) => {
    const unlike = [seed(101, changes)];
    expect(() => check(unlike)).toThrow(
      expect.objectContaining({ code: "input.check-unlike", message: expect.stringContaining(field) }),
    );
    const forced = check(unlike, { force: true });
    expect(codes(forced)).toContain("unlike-baseline");
    expect(forced.differences).toMatchObject([{ field: expect.stringContaining(field) }]);
    expect(forced.passed).toBe(true);
  });

  it("of another seed of draws, other places or more metrics is alike", () => {
    const other = seed(101, {
      ...protocolOf({
        seed: 7,
        parameters: { ...protocol.parameters, is: { splits: 10, shuffle: true, seed: 7 }, kid: { k: 1 } },
      }),
      ...inputsOf({ real: { ...inputs.real!, location: "elsewhere" } }),
    });
    expect(check([other]).differences).toEqual([]);
  });

  it("does not know whether real images are the same where nothing says so, and says that", () => {
    const statistics = { location: "real.npz", kind: "statistics", count: 60000 };
    expect(codes(check([seed(101, inputsOf({ real: statistics }))]))).toContain("real-unverified");
  });

  it("of seeds that were measured in different ways: refused, forced or not", () => {
    for (const force of [false, true])
      expect(() => check([seed(101), seed(101, protocolOf({ resize: "clean" }))], { force })).toThrow(
        expect.objectContaining({ code: "input.check-unlike" }),
      );
  });

  it("counts the same images once, and says where they are the baseline's own", () => {
    const one = seed(101);
    const twice = check([one, one, seed(102)]);
    expect(twice.seeds).toBe(2);
    expect(codes(twice)).toEqual(["same-fakes"]);
    expect(codes(check([one], { baseline: baselineOf(one) }))).toEqual(["baseline-fakes"]);
  });

  it("says that a value has no interval, and that a bound is on the good side", () => {
    expect(codes(check([night({ [FID]: 101 })]))).toContain("no-interval");
    expect(
      codes(check([seed(101)], { rules: [{ name: "fid", level: "error", limits: { min: 1 } }] })),
    ).toEqual(["rule-direction"]);
  });
});

describe("the history of a check", () => {
  const nightsOf = (values: readonly number[], changes: Partial<Measured> = {}) =>
    values.map((value, i) =>
      resultsToNight([seed(value, changes)], new Date(NOW - 3_600_000 * (20 - i)).toISOString(), true),
    );

  it("tells of drift, and of a baseline that can be tightened; neither fails", () => {
    const drift = check([seed(104)], { nights: nightsOf([104, 103.9, 104.1, 104, 104.2]) });
    expect(drift).toMatchObject({ passed: true, nights: 5, shifts: [{ towards: "worse", nights: 6 }] });
    expect(codes(drift)).toEqual(["drift"]);
    const better = check([seed(90)], { nights: nightsOf([90, 91, 90, 89]) });
    expect(better).toMatchObject({ shifts: [{ towards: "better", nights: 5 }], warnings: [] });
  });

  it("learns how seeds vary from nights that passed only", () => {
    const wild = [seed(60), seed(100), seed(300), seed(90), seed(110)];
    const night = (passed: boolean) => resultsToNight(wild, new Date(NOW - 3_600_000).toISOString(), passed);
    expect(check([seed(110)], { nights: [night(false)] }).passed).toBe(false);
    expect(check([seed(110)], { nights: [night(true)] }).passed).toBe(true);
  });

  it("begins with the baseline", () => {
    const later = resultsToBaseline([seed(100)], NOW - 3_600_000 * 16.5);
    const nights = nightsOf([104, 103.9, 104.1, 104, 104.2]);
    expect(check([seed(104)], { nights, baseline: later }).shifts).toEqual([]);
  });

  it("leaves out nights of another protocol, counted, and this night's own images", () => {
    const unlike = nightsOf([104, 104], protocolOf({ resize: "clean" }));
    const result = check([seed(104)], { nights: [...unlike, ...nightsOf([104])] });
    expect(result.nights).toBe(1);
    expect(result.warnings).toMatchObject([
      { code: "history-unlike", message: expect.stringContaining("2 of 3 nights") },
    ]);
    const tonight = seed(104);
    const again = check([tonight], {
      nights: [resultsToNight([tonight], new Date(NOW).toISOString(), true)],
    });
    expect(again.nights).toBe(0);
  });
});
