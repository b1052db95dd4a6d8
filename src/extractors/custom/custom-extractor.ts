/** Any network that a user has, as a feature extractor. */
import { createHash } from "node:crypto";
import type { ArrayValue, Engine } from "../../engine/engine.ts";
import { GanEvalError, type Warning } from "../../errors.ts";
import type { ResizeMode } from "../../images/resize/resize.ts";
import type { Image } from "../../images/source.ts";
import { locationToExtractorId } from "../../metrics/extractor-family.ts";
import type { FeatureExtractor, FeatureLayer, FeatureMatrix } from "../extractor.ts";
import type { ImageInput } from "../image-input.ts";
import type { CustomExtractorOptions } from "./custom-options.ts";
import { type NetworkProgram, nameToOutput } from "./image-network.ts";
import { arrayToReduction, type Reduction } from "./output-to-rows.ts";
import {
  openPreprocessedInput,
  type Preprocessing,
  preprocessingToText,
  shapeToPreprocessing,
} from "./preprocessing.ts";
import { readImageNetwork } from "./read-image-network.ts";

export interface OpenCustomOptions extends CustomExtractorOptions {
  /** How images come to the network's size (default clean). */
  readonly resize?: ResizeMode;
  /** Images in one run, where the network leaves their number open (default 16). */
  readonly batchSize?: number;
}

/** An end, the network's name for it, and how its output becomes rows. */
interface CustomEnd extends Reduction {
  readonly end: FeatureLayer;
  readonly output: string;
}

/** An image that repeats nowhere, scaled as networks expect them. */
const probeImage = (length: number, phase: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(phase + 12.9898 * i));

/** How far an image's output may be from itself in another batch: rounding, and no more. */
const SAME = 1e-3;

/**
 * Runs one image beside blanks and beside others. @returns how each output becomes rows
 * @throws GanEvalError `input.extractor-output`; `input.batch-dependent` where the others make a difference
 */
async function probe(
  program: NetworkProgram,
  { batch, stride }: { batch: number; stride: number },
  toReduction: (array: ArrayValue, output: number) => Reduction,
  location: string,
): Promise<readonly Reduction[]> {
  const images = new Float32Array(batch * stride);
  images.set(probeImage(stride, 1));
  const alone = await program.run(images.slice());
  const reductions = alone.map(toReduction);
  for (let row = 1; row < batch; row++) images.set(probeImage(stride, row + 1), row * stride);
  const together = await program.run(images);
  for (const [i, { toRows }] of reductions.entries()) {
    const [first, second] = [alone, together].map((arrays) => toRows(arrays[i].data as Float32Array, 1));
    let [largest, difference] = [0, 0];
    for (const [k, value] of first.entries()) {
      largest = Math.max(largest, Math.abs(value));
      difference = Math.max(difference, Math.abs(value - second[k]));
    }
    if (difference > SAME * largest)
      throw new GanEvalError(
        "input.batch-dependent",
        `expected ${location} to give an image the same features in any context, got a difference of ${(difference / largest).toPrecision(2)} of the largest`,
        { hint: "It was exported as it is in training (batch norm, dropout): call model.eval() first." },
      );
  }
  return reductions;
}

interface Opened {
  readonly program: NetworkProgram;
  readonly input: ImageInput;
  readonly preprocessing: Preprocessing;
  readonly batchSize: number;
  readonly ends: readonly CustomEnd[];
}

class CustomExtractor implements FeatureExtractor {
  readonly id: string;
  readonly hash: string;
  readonly ends: FeatureExtractor["ends"];
  readonly featureEnd = "features";
  readonly logitsEnd = "logits";
  readonly resize: string;
  readonly takesGrey: boolean;
  readonly computedBy: FeatureExtractor["computedBy"];
  private readonly opened: Opened;

  constructor(id: string, hash: string, engine: Engine, opened: Opened) {
    const { preprocessing, ends } = opened;
    this.id = id;
    this.hash = hash;
    this.opened = opened;
    this.ends = Object.fromEntries(ends.map(({ end, width }) => [end, width]));
    this.resize = preprocessingToText(preprocessing);
    this.takesGrey = preprocessing.channels === 1;
    this.computedBy = { engine: engine.name, device: engine.device, threads: engine.threads };
  }

  async extract(batch: readonly Image[]): Promise<Record<FeatureLayer, FeatureMatrix>> {
    const { program, input, batchSize, ends } = this.opened;
    const made = ends.map(({ width }) => new Float32Array(batch.length * width));
    for (let start = 0; start < batch.length; start += batchSize) {
      const part = batch.slice(start, start + batchSize);
      // Always a full batch: another size might add in another order.
      const arrays = await input.run(part, (images) => program.run(images));
      for (const [i, end] of ends.entries())
        made[i].set(end.toRows(arrays[i].data as Float32Array, part.length), start * end.width);
    }
    return Object.fromEntries(
      ends.map(({ end, width }, i) => [end, { data: made[i], rows: batch.length, width }]),
    );
  }

  warnings(): Warning[] {
    return this.opened.ends.flatMap(({ end, output, said }) =>
      said === undefined
        ? []
        : {
            code: "output-reduced",
            message: `${end} of ${this.id}: output ${output} is not one row an image, ${said}`,
            hint: `Name another with --${end === "logits" ? "logits-output" : "output"} if that is not what you mean.`,
          },
    );
  }

  async dispose(): Promise<void> {
    await this.opened.program.dispose();
    await this.opened.input.dispose();
  }
}

/**
 * Opens the network in an ONNX file or tensorflow.js folder. It is run twice, to see the width of its outputs and that
 * an image's features do not depend on the batch.
 * @throws GanEvalError `input.cannot-read`, `input.extractor-network`, `input.extractor-input`,
 *   `input.extractor-output`, `input.batch-dependent`; `usage.extractor-output`, `usage.input-size`, `usage.layout`,
 *   `usage.scaling`, `usage.batch-size`, `usage.engine`
 */
export async function openCustomExtractor(
  engine: Engine,
  location: string,
  options: OpenCustomOptions = {},
): Promise<FeatureExtractor> {
  const { batchSize: asked = 16 } = options;
  if (!Number.isInteger(asked) || asked < 1)
    throw new GanEvalError("usage.batch-size", `expected a batch size of at least 1, got ${asked}`);
  const network = await readImageNetwork(location);
  const features = nameToOutput(network, options.output, "output");
  const outputs = [["features", features]];
  if (options.logitsOutput !== undefined)
    outputs.push(["logits", nameToOutput(network, options.logitsOutput, "logits-output")]);
  const preprocessing = shapeToPreprocessing(network.inputShape, options, location);
  const { height, width, channels, layout } = preprocessing;
  const sides = layout === "nchw" ? [channels, height, width] : [height, width, channels];
  const batchSize = network.inputShape[0] ?? asked;
  const names = outputs.map(([, name]) => name);
  const program = await network.compile(engine, [batchSize, ...sides], names);
  try {
    const rows = program.anyBatch ? Math.min(2, batchSize) : batchSize;
    const stride = channels * height * width;
    const toReduction = (array: ArrayValue, i: number) => arrayToReduction(array, rows, layout, names[i]);
    const reductions = await probe(program, { batch: rows, stride }, toReduction, location);
    const ends = outputs.map(([end, output], i) => ({ end, output, ...reductions[i] }));
    const protocol = JSON.stringify([network.hash, layout, preprocessingToText(preprocessing), outputs]);
    const hash = createHash("sha256").update(protocol).digest("hex");
    return new CustomExtractor(locationToExtractorId(location), hash, engine, {
      program,
      input: await openPreprocessedInput(engine, preprocessing, batchSize),
      preprocessing,
      batchSize,
      ends,
    });
  } catch (error) {
    await program.dispose();
    throw error;
  }
}
