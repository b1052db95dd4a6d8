/** Generated images beside the training images nearest to them: what memorisation looks like. */
import { GanEvalError } from "../../errors.ts";
import { samplesToPixels } from "../../images/decode/samples-to-pixels.ts";
import { openGenerator } from "../../samples/open-generator.ts";
import type { OpenedData } from "../../train/data/opened-data.ts";
import { labelsToOneHot } from "../../train/labels.ts";
import { drawLatents } from "../../train/latent.ts";
import { openRandomStream } from "../../train/random.ts";

export interface NearestImages {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Of the checkpoint that the images are of. */
  readonly round: number;
  /** Training images that were looked through. */
  readonly searched: number;
  readonly pairs: readonly {
    readonly generated: Uint8Array;
    readonly real: Uint8Array;
    /** Root of the mean squared difference of levels, 0 to 255. */
    readonly distance: number;
  }[];
}

/** More take seconds and tell no more. */
const MOST_SEARCHED = 60_000;

function pixelsToNearest(
  image: Uint8Array,
  images: Uint8Array,
  count: number,
): { at: number; distance: number } {
  const size = image.length;
  let best = Number.POSITIVE_INFINITY;
  let at = 0;
  for (let i = 0; i < count; i++) {
    let sum = 0;
    const from = i * size;
    // An image is left as soon as it is further away than the best.
    for (let k = 0; k < size && sum < best; k++) {
      const difference = image[k] - images[from + k];
      sum += difference * difference;
    }
    if (sum < best) {
      best = sum;
      at = i;
    }
  }
  return { at, distance: Math.sqrt(best / size) };
}

/**
 * The nearest by squared difference of pixels, of the generator's best checkpoint, or its last.
 * @throws GanEvalError as `openGenerator` does; `input.samples` of a generator that diverged;
 *   `input.run-data` of data of another size
 */
export async function runToNearestImages(
  folder: string,
  data: OpenedData,
  n: number,
): Promise<NearestImages | undefined> {
  if (!data.pixels) return undefined;
  const { pixels, shape } = data.pixels.train;
  const generator = await openGenerator({
    ...{ run: folder, batchSize: n, engine: "auto", device: "auto" },
  });
  try {
    const { config, latent, classes, sampler, round } = generator;
    const [height, width, channels] = shape;
    const size = height * width * channels;
    const output = generator.network.output;
    if (`${output}` !== `${shape}`)
      throw new GanEvalError(
        "input.run-data",
        `expected images of [${output}], like the generator's, got data of [${shape}]`,
      );
    const labels =
      classes === undefined
        ? undefined
        : labelsToOneHot(
            Int32Array.from({ length: n }, (_, i) => i % classes),
            classes,
          );
    const latents = drawLatents(latent, n, openRandomStream(config.seed, "preview"));
    const made = samplesToPixels(await sampler.sample(latents, labels));
    const searched = Math.min(MOST_SEARCHED, pixels.length / size);
    return {
      ...{ height, width, channels, round, searched },
      pairs: Array.from({ length: n }, (_, i) => {
        const generated = made.subarray(i * size, (i + 1) * size);
        const { at, distance } = pixelsToNearest(generated, pixels, searched);
        return { generated, real: pixels.subarray(at * size, (at + 1) * size), distance };
      }),
    };
  } finally {
    await generator.dispose();
  }
}
