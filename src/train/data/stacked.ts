/**
 * Stacked images: three grey ones at random are the channels of one, so that classes are many and known. Of MNIST's
 * digits there are 1,000 (Metz et al. 2017, Srivastava et al. 2017).
 */

import { GanEvalError } from "../../errors.ts";
import { pixelsToSamples } from "../../images/decode/pixels-to-samples.ts";
import { openRandomStream, type RandomStream } from "../random.ts";
import type { ImageArrays, TrainingData } from "../training-data.ts";
import { loadImages } from "./images.ts";
import {
  HELD_OUT_SEED,
  type HeldOut,
  imageCount,
  type OpenDataOptions,
  type OpenedData,
} from "./opened-data.ts";

const LAYERS = 3;
/** Stacks that are scored, of each part. */
const SCORED = 10_000;

/** n stacks. The class of one is its images' as digits: `(r K + g) K + b` of K classes. */
export function drawStacked(source: ImageArrays, n: number, random: RandomStream): ImageArrays {
  const { pixels, labels, classes = 0 } = source;
  const count = imageCount(source);
  const [height, width] = source.shape;
  const area = height * width;
  const chosen = random.uniform(new Float32Array(n * LAYERS));
  const stacked = new Uint8Array(n * area * LAYERS);
  const stackedLabels = new Int32Array(n);
  for (let i = 0; i < n; i++)
    for (let layer = 0; layer < LAYERS; layer++) {
      const image = Math.floor(chosen[i * LAYERS + layer] * count);
      const [from, to] = [image * area, i * area * LAYERS + layer];
      for (let k = 0; k < area; k++) stacked[to + k * LAYERS] = pixels[from + k];
      if (labels) stackedLabels[i] = stackedLabels[i] * classes + labels[image];
    }
  return {
    pixels: stacked,
    shape: [height, width, LAYERS],
    ...(labels && { labels: stackedLabels, classes: classes ** LAYERS }),
  };
}

const stacksToSamples = ({ pixels, labels }: ImageArrays): HeldOut => ({
  samples: pixelsToSamples(pixels),
  ...(labels && { labels }),
});

/** Fresh stacks, without an end. */
function stackedToTrainingData(source: ImageArrays, seed: number): TrainingData {
  const random = openRandomStream(seed, "data");
  const [height, width] = source.shape;
  return {
    shape: [height, width, LAYERS],
    ...(source.classes !== undefined && { classes: source.classes ** LAYERS }),
    get position() {
      return { epoch: 0, taken: 0, stream: random.position };
    },
    jump: ({ stream }) => random.jump(stream),
    next: (size) => stacksToSamples(drawStacked(source, size, random)),
  };
}

/**
 * Stacks of a location's images; held-out ones are stacks of those set apart.
 * @throws GanEvalError `usage.channels` for other channels than three; what opening images throws
 */
export async function stackedToOpenedData(
  location: string,
  of: string,
  options: OpenDataOptions,
): Promise<OpenedData> {
  if (options.channels !== undefined && options.channels !== LAYERS)
    throw new GanEvalError(
      "usage.channels",
      `expected 3 channels of stacked images, got ${options.channels}`,
      {
        hint: "Leave --channels out.",
      },
    );
  const loaded = await loadImages(of, { ...options, channels: 1 });
  const { train, heldOut, label, hash, warnings } = loaded;
  const draw = (source: ImageArrays, n: number) =>
    drawStacked(source, n, openRandomStream(HELD_OUT_SEED, "evaluation"));
  const [height, width] = train.shape;
  return {
    kind: "images",
    label: `stacks of three of ${label}`,
    location,
    shape: [height, width, LAYERS],
    ...(train.classes !== undefined && { classes: train.classes ** LAYERS }),
    hash,
    training: (seed) => stackedToTrainingData(train, seed),
    heldOut: (n) => (heldOut ? stacksToSamples(draw(heldOut, n)) : { samples: new Float32Array(0) }),
    get pixels() {
      return { train: draw(train, SCORED), ...(heldOut && { heldOut: draw(heldOut, SCORED) }) };
    },
    warnings,
  };
}
