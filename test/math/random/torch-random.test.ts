import { describe, expect, test } from "vitest";
import { createTorchRandom } from "../../../src/math/random/torch-random.ts";

// PyTorch 2.15 on the CPU: g = torch.Generator().manual_seed(2020), and calls with generator=g in the order given.
describe("PyTorch's generator of seed 2020", () => {
  test("permutations, number for number", () => {
    const random = createTorchRandom(2020);
    expect([...random.randperm(10)]).toEqual([0, 7, 5, 4, 2, 6, 1, 8, 9, 3]);
    const large = random.randperm(50_000);
    expect([...large.slice(0, 6)]).toEqual([20584, 30122, 41700, 31509, 15216, 26696]);
    expect(Int32Array.from(large).sort()).toEqual(Int32Array.from({ length: 50_000 }, (_, i) => i));
    expect([...random.randperm(0)]).toEqual([]);
  });

  test("normal numbers: blocks of 16 and what hangs over, then few, then a permutation", () => {
    const random = createTorchRandom(2020);
    const expectClose = (got: Float32Array, wanted: readonly number[]) => {
      expect(got.length).toBe(wanted.length);
      wanted.forEach((value, i) => {
        expect(Math.abs(got[i]! - value)).toBeLessThan(1e-6);
      });
    };
    const many = random.randn(37);
    expectClose(many.slice(0, 3), [-0.008669259957969189, -0.3212534189224243, -1.2898602485656738]);
    expectClose(
      many.slice(-6),
      [
        -0.5231020450592041, -0.16360396146774292, -1.8201007843017578, -0.28099697828292847,
        -0.9075478315353394, -1.7135200500488281,
      ],
    );
    expectClose(random.randn(3), [-0.26205456256866455, 0.04061870276927948, 0.29702746868133545]);
    // The second of the last pair was kept.
    expectClose(random.randn(2), [-0.20873871445655823, -0.8979946970939636]);
    expectClose(random.randn(35).slice(32), [0.9332666993141174, -0.6701365113258362, 0.29083529114723206]);
    expect([...random.randperm(5)]).toEqual([0, 4, 2, 3, 1]);
  });

  test("refuses seeds that are no 32-bit numbers", () => {
    for (const seed of [-1, 0.5, 2 ** 32, Number.NaN])
      expect(() => createTorchRandom(seed)).toThrow(expect.objectContaining({ code: "usage.seed" }));
  });
});
