import { describe, expect, test } from "vitest";
import { createRandomState } from "../../../src/math/random/random-state.ts";
import { mat, mulberry32 } from "../seeded-features.ts";

describe("NumPy's RandomState(2020), number for number", () => {
  test("32-bit outputs", () => {
    const state = createRandomState(2020);
    expect(Array.from({ length: 8 }, () => state.next())).toEqual([
      4236026720, 639299976, 3751189827, 2669525622, 2189340355, 944261211, 1167525501, 4124016259,
    ]);
  });

  test("the ten-thousandth output of seed 5489, the check of the C++ standard", () => {
    const state = createRandomState(5489);
    for (let i = 0; i < 9999; i++) state.next();
    // [rand.predef]
    expect(state.next()).toBe(4123659995);
  });

  test("permutations", () => {
    expect([...createRandomState(2020).permutation(10)]).toEqual([2, 4, 9, 1, 5, 7, 6, 3, 8, 0]);
    expect([...createRandomState(2020).permutation(1000).slice(0, 10)]).toEqual([
      725, 986, 815, 656, 469, 76, 668, 286, 904, 284,
    ]);
    const large = createRandomState(2020).permutation(50_000);
    expect([...large.slice(0, 8)]).toEqual([24397, 39273, 6546, 13504, 49765, 31361, 27741, 47758]);
    expect([...large.slice(-4)]).toEqual([44739, 47734, 40259, 41824]);
    expect(Int32Array.from(large).sort()).toEqual(Int32Array.from({ length: 50_000 }, (_, i) => i));
    expect([...createRandomState(1).permutation(0)]).toEqual([]);
  });

  test("choices without replacement, one after the other", () => {
    const state = createRandomState(2020);
    expect([...state.choice(100, 5)]).toEqual([43, 12, 93, 23, 87]);
    expect([...state.choice(100, 5)]).toEqual([79, 65, 55, 39, 86]);
    expect(() => state.choice(3, 4)).toThrow(/at most 3/);
  });

  test("the least and the largest seed that NumPy takes", () => {
    expect(() => createRandomState(2 ** 32 - 1)).not.toThrow();
    expect(() => createRandomState(0)).not.toThrow();
  });

  test("seeds that NumPy refuses", () => {
    for (const seed of [-1, 0.5, 2 ** 32, Number.NaN]) {
      expect(() => createRandomState(seed)).toThrow(expect.objectContaining({ code: "usage.seed" }));
    }
  });
});

test("the inputs of the golden values are made again", () => {
  const uniform = mulberry32(1);
  expect([uniform(), uniform(), uniform()]).toEqual([
    0.6270739405881613, 0.002735721180215478, 0.5274470399599522,
  ]);
  expect([...mat(1, 200, 16).data.slice(0, 3)]).toEqual([
    -0.34274330735206604, 0.7305323481559753, 0.25937893986701965,
  ]);
  expect(mat(2, 160, 16, 0.8, 0.15).data[0]).toBe(0.025636345148086548);
});
