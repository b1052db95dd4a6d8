import { describe, it } from "vitest";
import { openRandomStream } from "../../src/train/random.ts";
import { judge, type Learnt, type Lesson, learn, meanError, SEEDS } from "./learn.ts";
import { imageAt, measureAttributes } from "./shapes.ts";

const LESSON: Lesson = {
  model: "stargan",
  data: "drawn-attributes",
  rounds: 2_400,
  rate: 1e-3,
  // As the paper's: constant for the first half, then falling to 0.
  schedule: "linear-late",
  options: {
    batchSize: 8,
    filters: 12,
    blocks: 1,
    halvings: 1,
    // Instance norm takes constant channels out again, but for what a border of zeros leaves of them.
    norm: "batch",
    upSampling: "nearest-convolution",
    discriminatorFilters: 24,
    discriminatorLayers: 3,
    discriminatorSteps: 2,
    emaDecay: 0.99,
    weights: { classes: 4, reconstruction: 15 },
  },
};

const BITS = 2;

interface Changed {
  /** Share of images that show the attributes asked for. */
  readonly right: number;
  /** The same of the images as they were. */
  readonly unchanged: number;
  /** Mean |G(x, own attributes) - x| on [-1, 1]. */
  readonly error: number;
  /** Mean |1 - x|: the error of an empty image. */
  readonly white: number;
}

async function measure({ heldOut: { a, attributes }, make, count }: Learnt): Promise<Changed> {
  const order = openRandomStream(1, "wanted").permutation(count);
  const wanted = Float32Array.from(
    { length: count * BITS },
    (_, i) => attributes[order[Math.floor(i / BITS)] * BITS + (i % BITS)],
  );
  const made = await make("change", { a, wanted });
  const shareOf = (images: Float32Array): number => {
    let right = 0;
    for (let i = 0; i < count; i++) {
      const { isRed, isFilled } = measureAttributes(imageAt(images, i), imageAt(a, i));
      if (isRed === (wanted[BITS * i] === 1) && isFilled === (wanted[BITS * i + 1] === 1)) right++;
    }
    return right / count;
  };
  const same = await make("change", { a, wanted: attributes });
  const white = new Float32Array(a.length).fill(1);
  return {
    right: shareOf(made),
    unchanged: shareOf(a),
    error: meanError(same, a),
    white: meanError(white, a),
  };
}

describe.each(SEEDS)("stargan, seed %i,", (seed) => {
  it("gives shapes the attributes asked for more often than they have them", async () => {
    judge(LESSON, seed, { ...(await learn(LESSON, seed, measure)) });
  });
});
