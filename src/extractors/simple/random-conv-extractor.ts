/** A convolutional network that was never trained: texture and colour statistics without any weights to download. */

import type { Engine, Program } from "../../engine/engine.ts";
import { loadTensorflow } from "../../engine/tensorflow.ts";
import type * as TensorFlow from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import { RESIZE_MODES, type ResizeMode } from "../../images/resize/resize.ts";
import type { Image } from "../../images/source.ts";
import type { FeatureExtractor, FeatureMatrix } from "../extractor.ts";
import { type ImageInput, openImageInput } from "../image-input.ts";
import { ownFiguresWarning } from "../own-figures.ts";
import { CHANNELS, type RandomConvWeights, seedToRandomConv } from "./random-conv-weights.ts";

export interface RandomConvOptions {
  /** Default 2020. */
  readonly seed?: number;
  /** Default 64x64. */
  readonly inputSize?: readonly [height: number, width: number];
  /** Default clean. */
  readonly resize?: ResizeMode;
  /** Images in one run (default 64); the last run of a batch is filled up with zeros. */
  readonly batchSize?: number;
}

/** Mean and deviation of every channel of every layer. */
const RANDOM_CONV_FEATURES = 2 * CHANNELS.reduce<number>((sum, channels) => sum + channels, 0);

/** So that the last map is 2 x 2 at least, and deviations are over more than one place. */
const LEAST_SIDE = 32;

/**
 * `x = relu(conv(x))` four times, 3x3 with stride 2 and without biases, from levels in -1..1; of each x the mean and the
 * deviation over its places, `sqrt(mean((x - mean)^2))`.
 *
 * @param images `[n, height, width, 3]`, 0..255 @returns `[n, 512]`: layer by layer, means before deviations
 */
function imagesToFeatures(
  tf: typeof TensorFlow,
  images: TensorFlow.Tensor,
  { filters }: RandomConvWeights,
): TensorFlow.Tensor {
  let maps = tf.sub(tf.div(images, 127.5), 1) as TensorFlow.Tensor4D;
  const features: TensorFlow.Tensor2D[] = [];
  for (const { data, shape } of filters) {
    maps = tf.relu(tf.conv2d(maps, tf.tensor4d(data, shape), 2, "same"));
    const mean = tf.mean(maps, [1, 2], true);
    const deviation = tf.sqrt(tf.mean(tf.square(tf.sub(maps, mean)), [1, 2]));
    features.push(tf.reshape(mean, [maps.shape[0], maps.shape[3]]), deviation as TensorFlow.Tensor2D);
  }
  return tf.concat(features, 1);
}

function checkSize([height, width]: readonly [number, number]): void {
  if (height >= LEAST_SIDE && width >= LEAST_SIDE) return;
  throw new GanEvalError(
    "usage.input-size",
    `expected images of at least ${LEAST_SIDE}x${LEAST_SIDE} for random-conv, got ${height}x${width}`,
    { hint: "Leave --input-size out; small images are enlarged." },
  );
}

class RandomConvExtractor implements FeatureExtractor {
  readonly id: string;
  readonly hash: string;
  readonly ends = { features: RANDOM_CONV_FEATURES };
  readonly featureEnd = "features";
  readonly logitsEnd = "logits";
  readonly resize: string;
  readonly takesGrey = true;
  readonly computedBy: FeatureExtractor["computedBy"];
  private readonly program: Program<"images", "features">;
  private readonly input: ImageInput;
  private readonly options: Required<RandomConvOptions>;

  constructor(
    { program, input }: { program: Program<"images", "features">; input: ImageInput },
    engine: Engine,
    hash: string,
    options: Required<RandomConvOptions>,
  ) {
    this.program = program;
    this.input = input;
    this.options = options;
    this.id = `random-conv-${options.seed}`;
    this.hash = hash;
    this.resize = `${options.resize} to ${options.inputSize.join("x")}`;
    this.computedBy = { engine: engine.name, device: engine.device, threads: engine.threads };
  }

  async extract(batch: readonly Image[]): Promise<{ features: FeatureMatrix }> {
    const { batchSize } = this.options;
    const data = new Float32Array(batch.length * RANDOM_CONV_FEATURES);
    for (let start = 0; start < batch.length; start += batchSize) {
      const part = batch.slice(start, start + batchSize);
      const { features } = await this.input.run(part, (images) => this.program.run({ images }));
      const rows = (features.data as Float32Array).subarray(0, part.length * RANDOM_CONV_FEATURES);
      data.set(rows, start * RANDOM_CONV_FEATURES);
    }
    return { features: { data, rows: batch.length, width: RANDOM_CONV_FEATURES } };
  }

  warnings() {
    return [ownFiguresWarning(`from an untrained network, seed ${this.options.seed}`)];
  }

  async dispose(): Promise<void> {
    await this.program.dispose();
    await this.input.dispose();
  }
}

/** @throws GanEvalError `usage.input-size`, `usage.batch-size`, `usage.seed` */
export async function openRandomConvExtractor(
  engine: Engine,
  { seed = 2020, inputSize = [64, 64], resize = "clean", batchSize = 64 }: RandomConvOptions = {},
): Promise<FeatureExtractor> {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new GanEvalError("usage.batch-size", `expected a batch size of at least 1, got ${batchSize}`);
  checkSize(inputSize);
  const weights = seedToRandomConv(seed);
  const tf = await loadTensorflow();
  const program = await engine.compile(
    ({ images }) => ({ features: imagesToFeatures(tf, images, weights) }),
    { images: { shape: [batchSize, ...inputSize, 3] } },
    { name: "random-conv", background: true },
  );
  const [height, width] = inputSize;
  const form = { height, width, channels: 3, layout: "nhwc", resize } as const;
  const input = await openImageInput(engine, form, batchSize, ({ pixels, ...from }, place) => {
    if (from.width === width && from.height === height) place.set(pixels);
    else RESIZE_MODES[resize](pixels, from.width, from.height, width, height, place);
  });
  const options = { seed, inputSize, resize, batchSize };
  return new RandomConvExtractor({ program, input }, engine, weights.hash, options);
}
