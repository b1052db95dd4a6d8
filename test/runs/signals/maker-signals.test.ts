import { describe, expect, it } from "vitest";
import { targetToSigns } from "../../../src/runs/signals/maker-signals.ts";
import { openRandomStream } from "../../../src/train/random.ts";

const [N, SIZE] = [64, 48];
const draw = (seed: number, n = N): Float32Array =>
  openRandomStream(seed, "evaluation")
    .uniform(new Float32Array(n * SIZE))
    // Rows of very different contrast, so that distances between them differ.
    .map((value, i) => (2 * value - 1) * ((Math.floor(i / SIZE) % 7) / 6));

const source = draw(1);
const target = draw(2);

describe("signs of a maker's outputs", () => {
  it("of outputs that are the target's own are a spread of 1 and a distance of 1", () => {
    const signs = targetToSigns(target, source, N)(target);
    expect(signs.output_spread).toBe(1);
    expect(signs.input_distance).toBe(1);
  });

  it("of one output for all inputs are a spread of 0, however far it is from them", () => {
    const one = Float32Array.from({ length: N * SIZE }, (_, i) => target[i % SIZE]);
    const signs = targetToSigns(target, source, N)(one);
    expect(signs.output_spread).toBe(0);
    expect(signs.input_dependence).toBe(0);
    expect(signs.input_distance).toBeGreaterThan(0.5);
  });

  it("of copies are a distance of 0 and a dependence of 1", () => {
    const signs = targetToSigns(target, source, N)(source);
    expect(signs.input_distance).toBe(0);
    expect(signs.input_dependence).toBeCloseTo(1, 12);
  });

  it("of a turned scale are a full dependence: only distances count, not levels", () => {
    const inverted = source.map((value) => -value / 2);
    const signs = targetToSigns(target, source, N)(inverted);
    expect(signs.input_dependence).toBeCloseTo(1, 6);
    expect(signs.input_distance).toBeGreaterThan(0.5);
  });

  it("of outputs of other inputs are a dependence near 0", () => {
    const order = openRandomStream(3, "evaluation").permutation(N);
    const made = Float32Array.from(
      { length: N * SIZE },
      (_, i) => -source[order[Math.floor(i / SIZE)] * SIZE + (i % SIZE)],
    );
    const signs = targetToSigns(target, source, N)(made);
    // Four standard errors of 64 rows.
    expect(Math.abs(signs.input_dependence)).toBeLessThan(0.5);
    expect(signs.output_spread).toBeGreaterThan(0.5);
  });

  it("leave a correlation out of fewer than 32 rows, and what needs images without them", () => {
    const few = targetToSigns(draw(5, 31), draw(6, 31), 31)(draw(4, 31));
    expect(Object.keys(few)).toEqual(["output_spread", "input_distance"]);
    expect(Object.keys(targetToSigns(target, undefined, N)(target))).toEqual(["output_spread"]);
  });

  it("of inputs of another size are a spread and a dependence, and no distance", () => {
    const half = source.filter((_, i) => i % 2 === 0);
    expect(Object.keys(targetToSigns(target, half, N)(target))).toEqual([
      "output_spread",
      "input_dependence",
    ]);
  });

  it("are finite where the target is one image", () => {
    const flat = new Float32Array(N * SIZE);
    for (const value of Object.values(targetToSigns(flat, flat, N)(flat)))
      expect(Number.isFinite(value)).toBe(true);
  });
});
