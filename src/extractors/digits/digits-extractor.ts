/** The embedded extractor: features of 28x28 grey digits without any download, in the manner of TF-GAN's MNIST metrics. */

import type { Engine, Program, Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError, type Warning } from "../../errors.ts";
import type { Image } from "../../images/source.ts";
import type { FeatureExtractor, FeatureLayer, FeatureMatrix } from "../extractor.ts";
import {
  DIGITS_CLASSES,
  DIGITS_FEATURES,
  DIGITS_SIDE,
  type DigitsWeightName,
  digitsNetwork,
} from "./digits-network.ts";
import { type DigitsWeights, readDigitsWeights } from "./digits-weights.ts";
import { type DigitNotices, imageToDigit } from "./image-to-digit.ts";

const PIXELS = DIGITS_SIDE * DIGITS_SIDE;

type DigitsEnd = "features" | "logits";
type DigitsProgram = Program<"images", DigitsEnd>;

export interface DigitsExtractorOptions {
  /** Images in one run of the network (default 64); the last run of a batch is filled up with black. */
  readonly batchSize?: number;
  /** Other weights for the same network; those of the package if left out. */
  readonly weights?: DigitsWeights;
  /** What an image is, in warnings (default `image`). */
  readonly counted?: string;
}

/** The warning for each remark, for a count of images. */
const REMARKS: Readonly<Record<keyof DigitNotices, (images: string) => Warning>> = {
  resized: (images) => ({
    code: "resized-for-digits",
    message: `${images} of another size resized to ${DIGITS_SIDE}x${DIGITS_SIDE}`,
    hint: "Only images of digits that fill the frame as MNIST's do give figures that mean something.",
  }),
  coloured: (images) => ({
    code: "coloured-for-digits",
    message: `${images} in colour turned into grey`,
    hint: "The digits extractor is for grey digits; for colour images take --extractor inception.",
  }),
  light: (images) => ({
    code: "light-for-digits",
    message: `${images} lighter than dark`,
    hint: "The digits extractor expects white digits on black, as MNIST has them: invert the images if they are black on white.",
  }),
};

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

class DigitsExtractor implements FeatureExtractor {
  readonly id = "digits";
  readonly hash: string;
  readonly ends = { features: DIGITS_FEATURES, logits: DIGITS_CLASSES };
  readonly featureEnd = "features";
  readonly logitsEnd = "logits";
  readonly resize = "digits-28";
  readonly takesGrey = true;
  readonly computedBy: FeatureExtractor["computedBy"];
  private readonly program: DigitsProgram;
  private readonly batchSize: number;
  private readonly counted: string;
  private readonly counts: Record<keyof DigitNotices, number> = { resized: 0, coloured: 0, light: 0 };

  constructor(
    program: DigitsProgram,
    engine: Engine,
    hash: string,
    { batchSize, counted }: { batchSize: number; counted: string },
  ) {
    this.program = program;
    this.hash = hash;
    this.batchSize = batchSize;
    this.counted = counted;
    this.computedBy = { engine: engine.name, device: engine.device, threads: engine.threads };
  }

  async extract(batch: readonly Image[]): Promise<Record<DigitsEnd, FeatureMatrix>> {
    const features = new Float32Array(batch.length * DIGITS_FEATURES);
    const logits = new Float32Array(batch.length * DIGITS_CLASSES);
    for (let start = 0; start < batch.length; start += this.batchSize) {
      const part = batch.slice(start, start + this.batchSize);
      const run = await this.program.run({ images: this.imagesToInput(part) });
      const rows = (end: DigitsEnd, width: number) =>
        (run[end].data as Float32Array).subarray(0, part.length * width);
      features.set(rows("features", DIGITS_FEATURES), start * DIGITS_FEATURES);
      logits.set(rows("logits", DIGITS_CLASSES), start * DIGITS_CLASSES);
    }
    return {
      features: { data: features, rows: batch.length, width: DIGITS_FEATURES },
      logits: { data: logits, rows: batch.length, width: DIGITS_CLASSES },
    };
  }

  private imagesToInput(images: readonly Image[]): Uint8Array {
    const input = new Uint8Array(this.batchSize * PIXELS);
    for (const [row, image] of images.entries()) {
      const digit = imageToDigit(image);
      input.set(digit.grey, row * PIXELS);
      for (const notice of Object.keys(this.counts) as (keyof DigitNotices)[])
        if (digit[notice]) this.counts[notice]++;
    }
    return input;
  }

  warnings(): Warning[] {
    return (Object.keys(this.counts) as (keyof DigitNotices)[])
      .filter((notice) => this.counts[notice] > 0)
      .map((notice) => REMARKS[notice](countOf(this.counts[notice], this.counted)));
  }

  dispose(): Promise<void> {
    return this.program.dispose();
  }
}

/** Bytes as they are in the files, 0 (background) to 255 (ink), to both ends. */
function imagesToEnds(images: tf.Tensor, { arrays }: DigitsWeights): Record<DigitsEnd, tf.Tensor> {
  // Made here, they are constants of a compiled graph, and an eager engine frees them with the rest of the call.
  const weights = Object.fromEntries(
    Object.entries(arrays).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape], "float32")]),
  ) as Tensors<DigitsWeightName>;
  return digitsNetwork(tf.div(tf.cast(images, "float32"), 255), weights);
}

/**
 * Opens the extractor on an engine.
 * @throws GanEvalError `usage.batch-size`; `unavailable.weights` if the installation lacks the weights
 */
export async function openDigitsExtractor(
  engine: Engine,
  { batchSize = 64, weights, counted = "image" }: DigitsExtractorOptions = {},
): Promise<FeatureExtractor & { readonly ends: Readonly<Record<DigitsEnd & FeatureLayer, number>> }> {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new GanEvalError("usage.batch-size", `expected a batch size from 1 on, got ${batchSize}`);
  const trained = weights ?? (await readDigitsWeights());
  const program = await engine.compile(
    ({ images }) => imagesToEnds(images, trained),
    { images: { shape: [batchSize, DIGITS_SIDE, DIGITS_SIDE, 1], dtype: "uint8" } },
    // In a thread of its own so small a network would wait more than it works.
    { name: "digits", background: engine.memory !== undefined },
  );
  return new DigitsExtractor(program, engine, trained.hash, { batchSize, counted });
}
