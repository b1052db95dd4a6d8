import { describe, expect, it } from "vitest";
import { codeWidth, drawLatents, type LatentSpec, latentWidth } from "../../src/train/latent.ts";
import { openRandomStream } from "../../src/train/random.ts";

const N = 3000;
const draw = (spec: LatentSpec, n = N, seed = 1) => {
  const values = drawLatents(spec, n, openRandomStream(seed, "latent"));
  const width = latentWidth(spec);
  return Array.from({ length: n }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
};
const moments = (values: readonly number[]) => {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length) };
};

/** Noise, a code of 3, a code of 4, two numbers. */
const CODED: LatentSpec = { noise: 5, distribution: "normal", categories: [3, 4], codes: 2 };

describe("latents", () => {
  it("are noise, then a one-hot block for each category, then codes within [-1, 1)", () => {
    expect([latentWidth(CODED), codeWidth(CODED)]).toEqual([14, 9]);
    for (const row of draw(CODED)) {
      for (const [from, size] of [
        [5, 3],
        [8, 4],
      ])
        expect(row.slice(from, from + size).sort()).toEqual([...Array(size - 1).fill(0), 1]);
      for (const code of row.slice(12)) expect(code >= -1 && code < 1).toBe(true);
    }
  });

  it("have every category as often as any other, whatever the codes beside it", () => {
    const counts = Array.from({ length: 12 }, () => 0);
    for (const row of draw(CODED)) counts[row.indexOf(1, 5) - 5 + 3 * (row.indexOf(1, 8) - 8)]++;
    const chiSquared = counts.reduce((sum, count) => sum + (count - N / 12) ** 2 / (N / 12), 0);
    expect(chiSquared).toBeLessThan(31.3); // 11 degrees of freedom, 0.1 %
  });

  it("have noise of mean 0, normal with deviation 1 or uniform in [-1, 1)", () => {
    const normal = draw({ noise: 4, distribution: "normal" }).flat();
    const uniform = draw({ noise: 4, distribution: "uniform" }).flat();
    // Four standard errors of 12,000 numbers: 0.037, 0.026; 0.021, 0.01.
    expect(Math.abs(moments(normal).mean)).toBeLessThan(0.037);
    expect(Math.abs(moments(normal).deviation - 1)).toBeLessThan(0.026);
    expect(Math.abs(moments(uniform).mean)).toBeLessThan(0.021);
    expect(Math.abs(moments(uniform).deviation - 1 / Math.sqrt(3))).toBeLessThan(0.01);
    expect(uniform.every((x) => x >= -1 && x < 1)).toBe(true);
    expect(Math.max(...normal)).toBeGreaterThan(2);
  });

  it("have the same noise with codes behind it as without, and go on where the stream is", () => {
    const stream = openRandomStream(3, "latent");
    const plain = { noise: 5, distribution: "normal" } as const;
    const first = drawLatents(plain, 4, stream);
    const second = drawLatents(plain, 4, stream);
    expect(second).not.toEqual(first);
    expect(draw(CODED, 4, 3).flatMap((row) => row.slice(0, 5))).toEqual([...first]);
  });

  it("of no numbers are refused", () => {
    expect(() => drawLatents({ noise: 0, distribution: "normal" }, 1, openRandomStream(1, "latent"))).toThrow(
      /at least 1 number, got 0/,
    );
    expect(draw({ noise: 0, distribution: "normal", categories: [2] }, 1)[0]).toHaveLength(2);
  });
});
