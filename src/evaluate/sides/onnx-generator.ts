/** A generator in an ONNX file as a source of images: latents drawn from the seed go in, images come out. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { InferenceSession, OnnxValue, Tensor } from "onnxruntime-common";
import { onDevice } from "../../engine/device-queue.ts";
import type { Engine } from "../../engine/engine.ts";
import { openEngine } from "../../engine/index.ts";
import { loadOnnxRuntime, type Ort } from "../../engine/onnxruntime.ts";
import { requireSameOutputs } from "../../engine/self-check.ts";
import { toOnnxRuntimeOptions } from "../../engine/session.ts";
import { GanEvalError } from "../../errors.ts";
import { bytesToOnnxDescription, type OnnxPort } from "../../extractors/onnx/onnx-model.ts";
import { requireOnnxEngine } from "../../extractors/onnx/onnx-network.ts";
import { samplesToPixels } from "../../images/decode/samples-to-pixels.ts";
import type { ImageGenerator, PixelBatch } from "../../images/sources/generator.ts";
import { SEED_OPTION } from "../../options/seed.ts";
import { withDefaults } from "../../options/table.ts";
import { drawLabels, labelsToOneHot } from "../../train/labels.ts";
import { LATENT_NOTE, type LatentSpec, LatentStream, latentWidth } from "../../train/latent.ts";
import { openRandomStream } from "../../train/random.ts";
import type { FeatureSettings } from "../with-option-defaults.ts";
import { FILE_ROWS } from "./options.ts";

export type GeneratorFileOptions = Partial<
  Pick<FeatureSettings, "engine" | "device" | "threads" | "selfCheck" | "samples" | "latents" | "pixelRange">
> & {
  /** Of latents and classes (default 2020). */
  readonly seed?: number;
};

/** TensorProto.DataType.FLOAT */
const FLOAT32 = 1;

const otherGenerator = (location: string, got: string, hint: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.generator-file", `expected a generator of images in ${location}, got ${got}`, {
    hint,
    cause,
  });

const FORM =
  "Export it with one float32 input, latents [n, width]; perhaps a second, one-hot classes [n, classes]; and images [n, 3, height, width] or [n, height, width, 3].";

/** Numbers of one example. */
const portToWidth = (port: OnnxPort, location: string): number => {
  const [, ...sides] = port.shape;
  const width = sides.reduce<number>((size, side) => size * (side ?? Number.NaN), 1);
  if (port.type === FLOAT32 && sides.length > 0 && width > 0) return width;
  throw otherGenerator(location, `an input ${port.name} that is not float32 of a known width`, FORM);
};

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;

/** A note of the file, if it is one of latents. */
function noteToSpec(noted: string): LatentSpec | undefined {
  try {
    const spec = JSON.parse(noted) as Partial<LatentSpec>;
    const { noise, distribution, categories = [], codes = 0 } = spec;
    const isSpec =
      (distribution === "normal" || distribution === "uniform") &&
      [noise, codes, ...categories].every(isCount);
    return isSpec ? (spec as LatentSpec) : undefined;
  } catch {
    return undefined;
  }
}

/** What the file states, where it is ours, unless another distribution is asked for. */
function toLatentSpec(
  width: number,
  metadata: Readonly<Record<string, string>>,
  latents: LatentSpec["distribution"] | undefined,
  location: string,
): LatentSpec {
  const noted = metadata[LATENT_NOTE];
  if (latents !== undefined || noted === undefined)
    return { noise: width, distribution: latents ?? "normal" };
  const spec = noteToSpec(noted);
  if (spec === undefined)
    throw otherGenerator(
      location,
      `metadata ${LATENT_NOTE} that state no latents (${noted.slice(0, 80)})`,
      "Export it again, or say what its latents are: --latents normal or --latents uniform.",
    );
  return latentWidth(spec) === width ? spec : { noise: width, distribution: "normal" };
}

/** Values as whole levels, by the range that they are in. */
const TO_LEVELS: Readonly<Record<string, (values: Float32Array) => ArrayLike<number>>> = {
  "-1..1": (values) => samplesToPixels(values),
  "0..1": (values) => samplesToPixels(values.map((value) => 2 * value - 1)),
  "0..255": (values) => values.map(Math.round),
};

/** How far a value may lie outside of its range: the rounding of a last tanh or sigmoid. */
const SLACK = 1e-3;

function requireRange(values: Float32Array, range: string, location: string): void {
  const [low, high] = range.split("..").map(Number);
  const slack = SLACK * (high - low);
  const outside = values.find((value) => !(value >= low - slack && value <= high + slack));
  if (outside === undefined) return;
  throw otherGenerator(
    location,
    `a value of ${outside} where ${range} was expected`,
    "Name the range of its output: --pixel-range -1..1, 0..1 or 0..255.",
  );
}

/** `[n, c, h, w]` to `[n, h, w, c]`. */
function toChannelsLast(levels: ArrayLike<number>, [n, c, h, w]: readonly number[]): Uint8Array {
  const last = new Uint8Array(levels.length);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < c; k++)
      for (let at = 0; at < h * w; at++) last[(i * h * w + at) * c + k] = levels[(i * c + k) * h * w + at];
  return last;
}

/** An output as a batch of images, the first `count` of it. */
function outputToBatch(output: OnnxValue, count: number, range: string, location: string): PixelBatch {
  const { data, dims, type } = output as unknown as {
    data: Float32Array | Uint8Array;
    dims: readonly number[];
    type: string;
  };
  const channelAxis = [1, 3].find((axis) => dims.length === 4 && (dims[axis] === 3 || dims[axis] === 1));
  if (channelAxis === undefined || (type !== "float32" && type !== "uint8"))
    throw otherGenerator(location, `an output of ${type} [${dims.join(", ")}]`, FORM);
  const size = data.length / dims[0];
  const values = data.subarray(0, count * size);
  if (values instanceof Float32Array) requireRange(values, range, location);
  const levels = values instanceof Float32Array ? TO_LEVELS[range](values) : values;
  if (channelAxis === 3)
    return { data: levels, shape: [count, dims[1], dims[2], dims[3]] as PixelBatch["shape"] };
  const shape = [count, ...dims.slice(1)];
  return { data: toChannelsLast(levels, shape), shape: [count, dims[2], dims[3], dims[1]] };
}

interface OpenedGenerator {
  readonly session: InferenceSession;
  readonly engine: Engine;
  readonly ort: Ort;
  /** The inputs of the file, and numbers of an example. */
  readonly inputs: readonly (OnnxPort & { readonly width: number })[];
  readonly output: string;
  readonly latent: LatentSpec;
  /** Images of a run, where the file fixes them. */
  readonly batch: number | undefined;
}

async function openSession(location: string, options: GeneratorFileOptions): Promise<OpenedGenerator> {
  const bytes = await readFile(location);
  const { inputs, outputs, metadata } = bytesToOnnxDescription(bytes, location);
  if (inputs.length < 1 || inputs.length > 2 || outputs.length === 0)
    throw otherGenerator(location, `${inputs.length} inputs and ${outputs.length} outputs`, FORM);
  const sized = inputs.map((port) => ({ ...port, width: portToWidth(port, location) }));
  const latent = toLatentSpec(sized[0].width, metadata, options.latents, location);
  const engine = await openEngine({
    engine: options.engine ?? "auto",
    device: options.device ?? "auto",
    threads: options.threads,
    selfCheck: options.selfCheck,
  });
  try {
    requireOnnxEngine(engine, location);
    const ort = await loadOnnxRuntime();
    const create = () => ort.InferenceSession.create(location, toOnnxRuntimeOptions(engine));
    const session = await onDevice(engine.device, create).catch((cause) => {
      throw otherGenerator(location, `a model that ONNX Runtime rejects: ${cause.message}`, FORM, cause);
    });
    return { session, engine, ort, inputs: sized, output: outputs[0], latent, batch: inputs[0].shape[0] };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

/** @throws GanEvalError `unavailable.device-differs` where the CPU makes other images of the same latents */
async function requireSameOnCpu(
  { engine, ort, output }: OpenedGenerator,
  location: string,
  feeds: Record<string, Tensor>,
  made: OnnxValue,
): Promise<void> {
  const options = toOnnxRuntimeOptions({ device: "cpu", threads: engine.threads });
  const session = await ort.InferenceSession.create(location, options);
  try {
    const expected = (await session.run(feeds, [output]))[output];
    const dataOf = (value: OnnxValue) => ({ [output]: (value as Tensor).data as Float32Array });
    const checked = { name: path.basename(location), device: engine.device };
    requireSameOutputs(dataOf(made), dataOf(expected), checked);
  } finally {
    await session.release();
  }
}

/**
 * Opens an ONNX file as `samples` images of a generator. Its first input takes latents `[n, ...]`, a second one-hot
 * classes `[n, classes]`, drawn evenly. The same file and seed give the images that `generate` makes of the same run.
 * @throws GanEvalError `input.generator-file` for another network or values out of range, `usage.engine`,
 *   `unavailable.device`, and of `images` `unavailable.device-differs`
 */
export async function openOnnxGenerator(
  location: string,
  options: GeneratorFileOptions,
): Promise<ImageGenerator> {
  const { samples, pixelRange } = withDefaults(FILE_ROWS, options);
  const { seed = SEED_OPTION.default } = options;
  const opened = await openSession(location, options);
  const { session, engine, ort, inputs, output, latent, batch } = opened;
  let isChecked = engine.selfCheck !== true;
  const openLatents = () => new LatentStream(latent, openRandomStream(seed, "evaluation"));
  let stream = openLatents();
  const [, classes] = inputs;
  const labels = classes && drawLabels(samples, classes.width, openRandomStream(seed, "labels"));
  return {
    count: samples,
    name: `${path.basename(location)} (${latent.distribution} latents, seed ${seed})`,
    async images(n, start) {
      // The first of a pass: the seed is drawn from again.
      if (start === 0) stream = openLatents();
      const taken = stream.take(Math.min(n, batch ?? n));
      const count = taken.length / inputs[0].width;
      const rows = batch ?? count;
      const told = labels && labelsToOneHot(labels.subarray(start, start + count), classes.width);
      const fed = inputs.map(({ name, shape, width }, i) => {
        const data = new Float32Array(rows * width);
        data.set(i === 0 ? taken : told!);
        return [name, new ort.Tensor("float32", data, [rows, ...shape.slice(1)] as number[])];
      });
      const feeds: Record<string, Tensor> = Object.fromEntries(fed);
      const run = () => session.run(feeds, [output]);
      const results = await onDevice(engine.device, run).catch((cause) => {
        throw otherGenerator(location, `an error of ONNX Runtime: ${cause.message}`, FORM, cause);
      });
      if (!isChecked) await requireSameOnCpu(opened, location, feeds, results[output]);
      isChecked = true;
      return outputToBatch(results[output], count, pixelRange, location);
    },
    async close() {
      await onDevice(engine.device, () => session.release());
      await engine.dispose();
    },
  };
}
