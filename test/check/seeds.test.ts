import { describe, expect, it } from "vitest";
import { chanceToReach, intervalsToSeeds, seedsToBetween, seedsToChance } from "../../src/check/seeds.ts";
import { meanOf } from "../../src/math/mean.ts";
import { createRandomState } from "../../src/math/random/random-state.ts";
import { surely } from "./measured-nights.ts";

const none = { variance: 0, degrees: 0 };

/** Quantiles of scipy.stats. */
const NORMAL_99 = 2.3263478740408408;
const STUDENT_4_99 = 3.7469473879791968;

const single = (value: number, error: number) => intervalsToSeeds([value], [surely(value, error)]);
const jackknife = (value: number, error: number) => ({
  ...surely(value, error),
  method: "delete-block jackknife" as const,
  blocks: 20,
});

describe("the seeds of a value", () => {
  it("have standard errors only where every one of them has an interval", () => {
    const [one, other] = [surely(1, 3), jackknife(2, 4)];
    expect(intervalsToSeeds([1, 2], [one, undefined])).toEqual({ values: [1, 2] });
    expect(intervalsToSeeds([1, 2], [undefined, undefined])).toEqual({ values: [1, 2] });
    expect(intervalsToSeeds([1, 2], [one, other])).toEqual({
      values: [1, 2],
      standardErrors: [3, 4],
      degrees: 1e6 + 19,
    });
  });

  it("show their interval where there is one seed", () => {
    const { low, high } = surely(1, 3);
    expect(intervalsToSeeds([1], [surely(1, 3)]).interval).toEqual([low, high]);
    expect(intervalsToSeeds([1, 1], [surely(1, 3), surely(1, 3)]).interval).toBeUndefined();
  });
});

describe("chance", () => {
  it("of one seed a night is the standard errors' root of squares", () => {
    const chance = seedsToChance([single(10, 3), single(10, 4)], none)!;
    expect(chance.standardError).toBeCloseTo(5, 12);
    expect(chanceToReach(chance, 0.01)).toBeCloseTo(5 * NORMAL_99, 4);
  });

  it("of jackknives has Satterthwaite's degrees of freedom", () => {
    const of = (value: number, error: number) => intervalsToSeeds([value], [jackknife(value, error)]);
    expect(seedsToChance([of(1, 2)], none)!.degrees).toBeCloseTo(19, 9);
    expect(seedsToChance([of(1, 2), of(1, 2)], none)!.degrees).toBeCloseTo(38, 9);
    // (4 + 1)^2 / (16 / 19 + 1 / 19)
    expect(seedsToChance([of(1, 2), of(1, 1)], none)!.degrees).toBeCloseTo((25 * 19) / 17, 9);
  });

  it("of several seeds has what varies between them, and no more certainty than their number gives", () => {
    const current = intervalsToSeeds([9, 10, 11], [surely(9, 0.1), surely(10, 0.1), surely(11, 0.1)]);
    const baseline = intervalsToSeeds([4, 5, 6], [surely(4, 0.1), surely(5, 0.1), surely(6, 0.1)]);
    const between = seedsToBetween([current, baseline]);
    expect(between).toEqual({ variance: 1, degrees: 4 });
    const chance = seedsToChance([current, baseline], between)!;
    expect(chance.standardError).toBeCloseTo(Math.sqrt(2 / 3), 12);
    expect(chanceToReach(chance, 0.01)).toBeCloseTo(STUDENT_4_99 * Math.sqrt(2 / 3), 6);
  });

  it("of seeds that agree by luck is no less than their intervals say", () => {
    const seeds = intervalsToSeeds([10, 10, 10], [surely(10, 3), surely(10, 3), surely(10, 3)]);
    const chance = seedsToChance([seeds], seedsToBetween([seeds]))!;
    expect(chance.standardError).toBeCloseTo(Math.sqrt(3), 12);
  });

  it("without intervals comes from between seeds alone; of one seed nothing is known", () => {
    const seeds = intervalsToSeeds([9, 11], [undefined, undefined]);
    expect(seedsToChance([seeds], seedsToBetween([seeds]))).toEqual({ standardError: 1, degrees: 1 });
    const [one] = [intervalsToSeeds([9], [undefined])];
    expect(seedsToChance([one], seedsToBetween([one]))).toBeUndefined();
  });

  it("of fewer seeds than that has the certainty of their intervals", () => {
    const current = intervalsToSeeds([9, 11], [surely(9, 1), surely(11, 1)]);
    const baseline = intervalsToSeeds([5], [surely(5, 1)]);
    const between = seedsToBetween([current, baseline]);
    expect(between).toEqual({ variance: 2, degrees: 1 });
    const chance = seedsToChance([current, baseline], between)!;
    expect(chance.standardError).toBeCloseTo(Math.sqrt(2 * 1.5), 12);
    expect(chance.degrees).toBeGreaterThan(1000);
  });

  it.each([
    ["one seed a night", 1, 1, [], [0]],
    ["three seeds, before others passed", 3, 3, [], [0]],
    ["five seeds in the baseline: however much training varies", 3, 5, [], [0, 1, 3]],
    ["two nights that passed: however much training varies", 3, 1, [3, 3], [0, 1, 3]],
  ])("is exceeded by equal nights in no more than the level: %s", (_, now, before, passed, taus) => {
    // Seeds vary by tau beyond the standard error of 1, which the jackknife's 19 degrees estimate.
    const random = createRandomState(5);
    const uniform = () => (random.next() + 0.5) / 2 ** 32;
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const LEVEL = 0.01;
    const NIGHTS = 1500;
    const reaches = new Map<number, number>();
    const toReach = (degrees: number): number => {
      const rounded = Math.round(degrees);
      if (!reaches.has(rounded))
        reaches.set(rounded, chanceToReach({ standardError: 1, degrees: rounded }, LEVEL));
      return reaches.get(rounded)!;
    };
    for (const tau of taus) {
      const draw = (seeds: number) => {
        const values = Array.from({ length: seeds }, () => normal() + tau * normal());
        const errors = values.map(() =>
          Math.sqrt(Array.from({ length: 19 }, normal).reduce((sum, z) => sum + z * z, 0) / 19),
        );
        return intervalsToSeeds(
          values,
          values.map((value, at) => jackknife(value, errors[at])),
        );
      };
      let alarms = 0;
      for (let i = 0; i < NIGHTS; i++) {
        const [current, baseline] = [draw(now), draw(before)];
        const between = seedsToBetween([baseline, ...passed.map(draw)]);
        const { standardError, degrees } = seedsToChance([current, baseline], between)!;
        if (meanOf(current.values) - meanOf(baseline.values) > toReach(degrees) * standardError) alarms++;
      }
      // Binomial: 15 expected at most, standard deviation 3.9; three of them above.
      expect(alarms, `tau ${tau}`).toBeLessThanOrEqual(NIGHTS * LEVEL + 12);
    }
  });
});
