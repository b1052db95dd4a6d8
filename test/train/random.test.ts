import { describe, expect, it } from "vitest";
import { openRandomStream, philoxBlock } from "../../src/train/random.ts";

const hex = (words: ArrayLike<number>): string =>
  Array.from(words, (word) => word.toString(16).padStart(8, "0")).join(" ");

describe("Philox4x32-10", () => {
  // kat_vectors of Random123.
  it.each([
    [[0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      "d16cfe09 94fdcceb 5001e420 24126ea1",
    ],
  ])("of counter %j and key %j is that of Random123", (counter, key, expected) => {
    const out = new Uint32Array(4);
    philoxBlock(counter, key, out);
    expect(hex(out)).toBe(expected);
  });
});

describe("a stream", () => {
  it("goes on from a position as if it had never stopped", () => {
    const whole = openRandomStream(7, "latent");
    whole.normal(new Float32Array(101));
    const { position } = whole;
    const rest = whole.uniform(new Float32Array(50));
    expect(openRandomStream(7, "latent", position).uniform(new Float32Array(50))).toEqual(rest);
    whole.jump(position);
    expect(whole.uniform(new Float32Array(50))).toEqual(rest);
  });

  it("differs by seed and by what it is for", () => {
    const first = (seed: number, name: "latent" | "weights") =>
      openRandomStream(seed, name).uniform(new Float32Array(4)).join();
    expect(new Set([first(1, "latent"), first(2, "latent"), first(1, "weights")]).size).toBe(3);
  });

  it("has the moments of its distributions", () => {
    const n = 200_000;
    const moments = (values: Float32Array) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
      return [mean, variance];
    };
    const stream = openRandomStream(3, "data");
    // Four standard errors: 1 / sqrt(12 n), 1 / sqrt(n) and sqrt(2 / n).
    const [uniformMean, uniformVariance] = moments(stream.uniform(new Float32Array(n)));
    expect(Math.abs(uniformMean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * n));
    expect(Math.abs(uniformVariance - 1 / 12)).toBeLessThan(0.001);
    const [normalMean, normalVariance] = moments(stream.normal(new Float32Array(n)));
    expect(Math.abs(normalMean)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(normalVariance - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  });

  it("shuffles: every number once, every place as likely", () => {
    const stream = openRandomStream(5, "order");
    expect([...stream.permutation(100)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
    const counts = new Float64Array(6);
    for (let i = 0; i < 6000; i++) counts[stream.permutation(6).indexOf(0)]++;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(20.5); // 5 degrees of freedom, 0.1 %
  });

  it("refuses a seed that is none", () => {
    expect(() => openRandomStream(-1, "data")).toThrow(/4294967295/);
  });
});
