import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seedsToMethod } from "../../../src/math/intervals/random-effects.ts";
import { createRandomState } from "../../../src/math/random/random-state.ts";

/** Independent normal numbers. */
function openNormal(seed: number): () => number {
  const random = createRandomState(seed);
  const uniform = () => (random.next() + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

interface Variances {
  readonly training: number;
  readonly fakes: number;
  readonly reference: number;
}

/** The share of methods whose interval holds their value, 0. Standard errors are known as the jackknife knows them. */
function simulate(seeds: number, { training, fakes, reference }: Variances, repeats: number): number {
  const normal = openNormal(7 + seeds);
  const chi = (degrees: number): number => {
    let sum = 0;
    for (let i = 0; i < degrees; i++) sum += normal() ** 2;
    return sum / degrees;
  };
  let holding = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const common = Math.sqrt(reference) * normal();
    const values = Array.from({ length: seeds }, () => common + Math.sqrt(training + fakes) * normal());
    const known = reference * chi(19);
    const own = values.map(() => fakes * chi(19));
    const { interval } = seedsToMethod({
      values,
      standardErrors: own.map((variance) => Math.sqrt(variance + known)),
      referenceShares: own.map((variance) => (known === 0 ? 0 : known / (variance + known))),
    })!;
    if (interval.low <= 0 && interval.high >= 0) holding++;
  }
  return holding / repeats;
}

describe("the interval of a method", () => {
  const cases: [string, Variances][] = [
    ["training varies three times as much as sampling", { training: 9, fakes: 0.5, reference: 0.5 }],
    ["training varies as much as sampling", { training: 1, fakes: 0.5, reference: 0.5 }],
    ["training varies not at all", { training: 0, fakes: 0.5, reference: 0.5 }],
    ["the reference is held fixed", { training: 1, fakes: 1, reference: 0 }],
  ];
  it.each(cases)("holds its value in 95 +- 3 %% of cases with 3, 5 and 10 seeds where %s", (_, variances) => {
    for (const seeds of [3, 5, 10]) {
      const share = simulate(seeds, variances, 4000);
      expect(share, `${seeds} seeds`).toBeGreaterThan(0.92);
      expect(share, `${seeds} seeds`).toBeLessThan(0.98);
    }
  });

  it("is too narrow without the reference, which the deviation between seeds does not see", () => {
    const normal = openNormal(3);
    let holding = 0;
    for (let repeat = 0; repeat < 1000; repeat++) {
      const common = normal();
      const values = Array.from({ length: 10 }, () => common + normal());
      const { interval } = seedsToMethod({ values })!;
      if (interval.low <= 0 && interval.high >= 0) holding++;
    }
    expect(holding).toBeLessThan(700);
  });
});

describe("the spread of a method", () => {
  it("splits the variance between seeds into training and sampling, and leaves the reference out of both", () => {
    // Variance 4 between seeds; of each standard error's square, 1, three quarters are of the reference.
    const spread = seedsToMethod({
      values: [8, 10, 12],
      standardErrors: [1, 1, 1],
      referenceShares: [0.75, 0.75, 0.75],
    })!;
    expect(spread).toMatchObject({ seeds: 3, mean: 10, seedDeviation: 2, samplingDeviation: 1 });
    expect(spread.trainingDeviation).toBeCloseTo(Math.sqrt(4 - 0.25), 12);
    expect(spread.referenceDeviation).toBeCloseTo(Math.sqrt(0.75), 12);
    // s^2 / S + R^2 = 4 / 3 + 3 / 4, by Satterthwaite 4.03 degrees of freedom.
    expect(spread.degrees).toBeCloseTo((4 / 3 + 3 / 4) ** 2 / ((4 / 3) ** 2 / 2 + (3 / 4) ** 2 / 19), 12);
  });

  it("has no training in it where sampling explains all", () => {
    const spread = seedsToMethod({ values: [1, 1.01], standardErrors: [1, 1] })!;
    expect(spread.trainingDeviation).toBe(0);
  });

  it("is undefined of one seed, unless the variance between seeds is known from elsewhere", () => {
    expect(seedsToMethod({ values: [1] })).toBeUndefined();
    expect(seedsToMethod({ values: [] })).toBeUndefined();
    expect(seedsToMethod({ values: [1] }, { variance: 4, degrees: 5 })!.seedDeviation).toBe(2);
  });

  it("moves with the values, and scales with them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 2, maxLength: 8 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.double({ min: -100, max: 100, noNaN: true }),
        (values, scale, shift) => {
          const errors = values.map(() => 0.5);
          const shares = values.map(() => 0.3);
          const of = seedsToMethod({ values, standardErrors: errors, referenceShares: shares })!;
          const moved = seedsToMethod({
            values: values.map((value) => scale * value + shift),
            standardErrors: errors.map((error) => scale * error),
            referenceShares: shares,
          })!;
          expect(moved.interval.low).toBeCloseTo(scale * of.interval.low + shift, 6);
          expect(moved.interval.high).toBeCloseTo(scale * of.interval.high + shift, 6);
          expect(moved.trainingDeviation!).toBeCloseTo(scale * of.trainingDeviation!, 6);
        },
      ),
    );
  });
});
