/** Outlines of shapes are to be filled in the colour that belongs to each, from pairs. */
import { judge, type Learnt, type Lesson, learn, meanError, meanRows } from "./learn.ts";
import { imageAt, imageToInterior, interiorToHue } from "./shapes.ts";

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

/** Trains, and holds what is made of held-out outlines to the bounds of the lesson. */
export async function fillOutlines(lesson: Lesson, seed: number): Promise<void> {
  judge(lesson, seed, await learn(lesson, seed, measure));
}
