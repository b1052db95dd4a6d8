/** The definitions that metrics are held against give the golden values. */
import { expect, it } from "vitest";
import {
  FAKE,
  meanOf,
  naiveClipped,
  naiveCover,
  naiveModes,
  naiveProbabilistic,
  naiveRarity,
  naiveSymmetric,
  REAL,
} from "./wave-points.ts";

/** Sums in another order. */
const expectNear = (got: number, wanted: number) => expect(Math.abs(got - wanted)).toBeLessThan(1e-12);

it("clipped density and coverage of the wave points are the golden ones", () => {
  const got = naiveClipped(REAL, FAKE, 5);
  expectNear(got.median, 0.8536516294742346);
  expectNear(got.raw, 0.18);
  expectNear(got.own, 0.675);
  expectNear(got.density, 0.26666666666666666);
  expectNear(got.covered, 0.2);
});

it("symmetric precision and recall of the wave points are the golden ones", () => {
  const got = naiveSymmetric(REAL, FAKE, 5);
  expect(got).toEqual({
    precision: 0.25,
    complement: 0.2,
    recall: 0.2916666666666667,
    coverage: 0.4166666666666667,
  });
});

it("probabilistic precision and recall of the wave points are the golden ones", () => {
  const got = naiveProbabilistic(REAL, FAKE, 4);
  expectNear(got.radius.real, 0.9771606450109815);
  expectNear(got.radius.fake, 0.8405466647234711);
  expectNear(got.precision, 0.20849897431397668);
  expectNear(got.recall, 0.154035094079395);
});

it("cover of the wave points is the golden one", () => {
  expect(naiveCover(REAL, FAKE, 3, 3)).toEqual({ precision: 0.55, recall: 1 });
});

it("rarity of the wave points is the golden one", () => {
  const inside = naiveRarity(REAL, FAKE, 3).filter((value) => !Number.isNaN(value));
  expect(inside).toHaveLength(4);
  expectNear(meanOf(inside), 0.7601002440584889);
});

it("modes of the wave points are the golden ones", () => {
  expectNear(naiveModes(REAL, 1), 4.001101472918858);
  expectNear(naiveModes(FAKE, 1), 3.088099476354199);
});
