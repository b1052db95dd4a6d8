import { describe, expect, it } from "vitest";
import { drawNormal } from "../../../../src/lab/client/plane/shift/estimates.ts";
import { shiftToValues } from "../../../../src/lab/client/plane/shift/shift-values.ts";

describe("the stage of two shifted distributions", () => {
  it("draws points of mean 0 and deviation 1 that are the same for the same seed", () => {
    const points = drawNormal(20_000, 3);
    const mean = points.reduce((sum, x) => sum + x, 0) / points.length;
    const square = points.reduce((sum, x) => sum + x * x, 0) / points.length;
    // Of 40,000 numbers: four standard errors.
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(square - 1)).toBeLessThan(0.03);
    expect(drawNormal(20_000, 3)).toEqual(points);
    expect(drawNormal(4, 4)).not.toEqual(drawNormal(4, 3));
  });

  it.each([0.5, 1, 2, 3, 5, 8, 10])(
    "a trained discriminator and critic are near the exact values at %d deviations",
    (theta) => {
      const values = shiftToValues(theta);
      expect(Math.abs(values["shift.trained_js"] - values["shift.js"])).toBeLessThan(0.04);
      expect(Math.abs(values["shift.trained_wasserstein"] - theta)).toBeLessThan(0.2);
      // Trained on the very points: it can only be too high.
      expect(values["shift.trained_js"]).toBeLessThanOrEqual(Math.LN2);
    },
  );

  it("the divergence has lost its slope at eight deviations, and the distance has not", () => {
    expect(shiftToValues(1)["shift.js_slope"]).toBeGreaterThan(0.15);
    expect(shiftToValues(8)["shift.js_slope"]).toBeLessThan(0.001);
    expect(shiftToValues(8)["shift.wasserstein_slope"]).toBeCloseTo(1, 9);
  });
});
