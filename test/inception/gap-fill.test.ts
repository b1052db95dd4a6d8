import { describe, expect, it } from "vitest";
import { WEIGHTS } from "../../src/inception/architecture.ts";
import { fillGaps } from "../../src/inception/gap-fill.ts";

const sizeOf = (shape: readonly number[]) => shape.reduce((product, dim) => product * dim, 1);
const isMissing = ({ name }: { readonly name: string }) => /^softmax|^conv_[12]\//.test(name);
const missing = WEIGHTS.filter(isMissing);
const given = new Map(
  WEIGHTS.filter((spec) => !isMissing(spec)).map(({ name }) => [name, new Float32Array(1)]),
);

describe("gaps in a network's weights", () => {
  it("are filled by the seed, and what is there stays", () => {
    const { weights, filled } = fillGaps(given, 2015);
    expect(filled).toEqual(missing.map(({ name }) => name));
    for (const [name, values] of given) expect(weights.get(name)).toBe(values);
    expect(weights.size).toBe(WEIGHTS.length);
    expect(fillGaps(given, 2015).weights).toEqual(weights);
    expect(fillGaps(given, 2016).weights).not.toEqual(weights);
  });

  it("have He's variance 2 / fan-in, the classifier 1 / fan-in, and end at 3 deviations", () => {
    const { weights } = fillGaps(given, 7);
    for (const { name, shape, fanIn } of missing) {
      const values = weights.get(name)!;
      expect(values.length).toBe(sizeOf(shape));
      const variance = (name.startsWith("softmax/") ? 1 : 2) / fanIn;
      const deviation = Math.sqrt(variance);
      for (const value of values) expect(Math.abs(value)).toBeLessThanOrEqual(3 * deviation * (1 + 1e-6));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const square = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
      // Five standard errors; a square of such a sum has a relative deviation of 1.3.
      const error = 5 / Math.sqrt(values.length);
      expect(Math.abs(mean / deviation)).toBeLessThan(error);
      expect(Math.abs(square / variance - 1)).toBeLessThan(1.3 * error);
    }
  });
});
