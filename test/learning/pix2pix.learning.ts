/** pix2pix is to fill outlines of shapes in the colour that belongs to each. */
import { describe, expect, it } from "vitest";
import {
  figuresToText,
  type Learnt,
  type Lesson,
  learn,
  meanError,
  meanRows,
  report,
  SEEDS,
} from "./learn.ts";
import { imageAt, imageToInterior, interiorToHue } from "./shapes.ts";

const LESSON: Lesson = {
  model: "pix2pix",
  data: "drawn-outline",
  rounds: 1500,
  rate: 1e-3,
  options: { batchSize: 8, filters: 12, discriminatorFilters: 8, discriminatorLayers: 2 },
};

async function measure({ heldOut: { a, b }, make, count }: Learnt) {
  const fake = await make("a-to-b", { a });
  const hues = Array.from({ length: count }, (_, i) => {
    const interior = imageToInterior(imageAt(b, i));
    return [imageAt(fake, i), imageAt(b, i)].map((image) => interiorToHue(image, interior));
  });
  return {
    error: meanError(fake, b),
    copying: meanError(a, b),
    average: meanError(meanRows(b, count), b),
    hues: hues.filter(([made, right]) => made === right).length / count,
  };
}

describe.each(SEEDS)("pix2pix, seed %i,", (seed) => {
  it("fills outlines in the colour of their shape", async () => {
    const figures = await learn(LESSON, seed, measure);
    report("pix2pix", seed, figures);
    const baseline = Math.min(figures.copying, figures.average);
    expect(figures.error, figuresToText(figures)).toBeLessThan(0.5 * baseline);
    expect(figures.hues, figuresToText(figures)).toBeGreaterThan(0.9);
  });
});
