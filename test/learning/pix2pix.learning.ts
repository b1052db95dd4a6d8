/** pix2pix is to fill outlines of shapes in the colour that belongs to each. */
import { describe, it } from "vitest";
import { judge, type Learnt, type Lesson, learn, meanError, meanRows, SEEDS } from "./learn.ts";
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
    judge(LESSON, seed, await learn(LESSON, seed, measure));
  });
});
