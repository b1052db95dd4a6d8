/** What cyclegan, discogan and dualgan are to show: translations of held-out images, against the right answers. */
import { judge, type Learnt, type Lesson, learn, meanError, meanRows } from "./learn.ts";

interface Translated {
  /** Mean |fake b - b| on [-1, 1]. */
  readonly error: number;
  /** The same of `a` itself in the place of fake b. */
  readonly copying: number;
  /** The same of the mean b. */
  readonly average: number;
  /** Mean |b-to-a(a-to-b(a)) - a|. */
  readonly cycle: number;
}

/** Figures of a-to-b on held-out pairs. */
async function measureTranslation({ heldOut: { a, b }, make, count }: Learnt): Promise<Translated> {
  const fake = await make("a-to-b", { a });
  const again = await make("b-to-a", { b: fake });
  return {
    error: meanError(fake, b),
    copying: meanError(a, b),
    average: meanError(meanRows(b, count), b),
    cycle: meanError(again, a),
  };
}

/** Trains, and holds the translations to the bounds of the lesson. */
export async function translate(lesson: Lesson, seed: number): Promise<void> {
  judge(lesson, seed, { ...(await learn(lesson, seed, measureTranslation)) });
}
