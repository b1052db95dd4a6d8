/** Distances of pairs of images by a network, on an engine. */
import type { ArrayValue, Engine, InputSpec, Program, Tensors } from "../../engine/engine.ts";
import { loadTensorflow } from "../../engine/tensorflow.ts";
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { Image } from "../../images/source.ts";
import type { FirstUseOptions } from "../../networks/first-use.ts";
import { arraysToTensors } from "./apply-layers.ts";
import { DirectionSums } from "./direction-sums.ts";
import { openLpips } from "./lpips.ts";
import { imagesToDirections, imagesToDistances, type TappedNetwork } from "./perceptual-distance.ts";
import { RANDOM_LAYERS, RANDOM_TAPS, seedToRandomArrays } from "./random-network.ts";

export interface ImageDistance {
  /** What the distance was measured with, for the record. */
  readonly record: Readonly<Record<string, string | number>>;
  /** One distance a pair of images of one size. @throws GanEvalError `input.too-small` */
  measure(a: readonly Image[], b: readonly Image[]): Promise<Float64Array>;
  /** The mean distance of all pairs of images of one size; NaN of fewer than two. @throws GanEvalError `input.too-small` */
  measureAll(images: readonly Image[]): Promise<number>;
  close(): Promise<void>;
}

interface Distance extends TappedNetwork {
  readonly name: string;
  readonly arrays: Readonly<Record<string, ArrayValue>>;
  /** The least side of an image. */
  readonly least: number;
  readonly record: ImageDistance["record"];
}

export interface ImageDistanceOptions extends FirstUseOptions {
  /** A file, or `alexnet` or `vgg16`. */
  readonly lpipsBackbone?: string | undefined;
  readonly lpipsWeights?: string | undefined;
  /** Of the random network. */
  readonly seed: number;
}

type DistanceName = "lpips" | "random";

/** Each distance, its weights read. */
const DISTANCES: Readonly<Record<DistanceName, (options: ImageDistanceOptions) => Promise<Distance>>> = {
  lpips: async ({ lpipsBackbone, lpipsWeights, ...options }) => {
    const { network, hashes, ...lpips } = await openLpips(lpipsBackbone, lpipsWeights, options);
    return { ...lpips, name: "LPIPS", record: { network, ...hashes } };
  },
  random: async ({ seed }) => {
    const { arrays, hash } = seedToRandomArrays(seed);
    // Nothing was learned about channels or layers: each counts the same.
    const even = RANDOM_TAPS.map((_, i): [string, ArrayValue] => [
      `lin${i}`,
      { data: Float32Array.of(1 / RANDOM_TAPS.length), shape: [1] },
    ]);
    return {
      name: "the random network",
      ...{ layers: RANDOM_LAYERS, taps: RANDOM_TAPS, least: 4 },
      arrays: { ...arrays, ...Object.fromEntries(even) },
      record: { seed, weights: hash },
      normalize: (images) => images,
    };
  },
};

/** Pairs or images in one run; the last run of a size is filled up with black. */
const BATCH = 4;

/** Programs are made for one size of images; so many are kept. */
const MOST_PROGRAMS = 4;

/** Distances of pairs, or each image's directions by tap. */
interface Programs {
  readonly distances: Program<"a" | "b", "distances">;
  readonly directions: Program<"images", string>;
}

const toRange = (bytes: tf.Tensor): tf.Tensor => tf.sub(tf.div(tf.cast(bytes, "float32"), 127.5), 1);

/** `[n, height, width, 3]` bytes of images, black where there are fewer. */
function imagesToInput(images: readonly Image[], bytes: number): Uint8Array {
  const input = new Uint8Array(BATCH * bytes);
  for (const [row, { pixels }] of images.entries()) input.set(pixels, row * bytes);
  return input;
}

class EngineDistance implements ImageDistance {
  readonly record: ImageDistance["record"];
  private readonly distance: Distance;
  private readonly engine: Engine;
  private readonly programs = new Map<string, Programs[keyof Programs]>();

  constructor(distance: Distance, engine: Engine) {
    this.record = distance.record;
    this.distance = distance;
    this.engine = engine;
  }

  async measure(a: readonly Image[], b: readonly Image[]): Promise<Float64Array> {
    const distances = new Float64Array(a.length);
    for (let start = 0; start < a.length; ) {
      const { width, height } = a[start]!;
      let end = start;
      const isOfSize = (image: Image | undefined) => image?.width === width && image.height === height;
      while (end < start + BATCH && isOfSize(a[end])) end++;
      const bytes = 3 * width * height;
      const { distances: run } = await (await this.open("distances", height, width)).run({
        a: imagesToInput(a.slice(start, end), bytes),
        b: imagesToInput(b.slice(start, end), bytes),
      });
      distances.set(Float64Array.from(run.data.subarray(0, end - start)), start);
      start = end;
    }
    return distances;
  }

  async measureAll(images: readonly Image[]): Promise<number> {
    if (images.length < 2) return Number.NaN;
    const { arrays, taps } = this.distance;
    const sums = new DirectionSums(taps.map((_, i) => arrays[`lin${i}`]!));
    const { width, height } = images[0]!;
    const program = await this.open("directions", height, width);
    for (let start = 0; start < images.length; start += BATCH) {
      const batch = images.slice(start, start + BATCH);
      const directions = await program.run({ images: imagesToInput(batch, 3 * width * height) });
      const ofTaps = taps.map((tap) => directions[tap]!);
      for (const row of batch.keys()) sums.add(ofTaps, row);
    }
    return sums.toMean();
  }

  async close(): Promise<void> {
    for (const program of this.programs.values()) await program.dispose();
    this.programs.clear();
  }

  /** What a program computes, of images of one size. */
  private compile(kind: keyof Programs, input: InputSpec, size: string): Promise<Programs[keyof Programs]> {
    const { distance, engine } = this;
    const weights = () => arraysToTensors(distance.arrays);
    const options = { name: `${kind}-${size}`, background: true };
    if (kind === "distances")
      return engine.compile(
        ({ a, b }) => ({ distances: imagesToDistances(toRange(a), toRange(b), distance, weights()) }),
        { a: input, b: input },
        options,
      );
    return engine.compile(
      ({ images }): Tensors => {
        const directions = imagesToDirections(toRange(images), distance, weights());
        return Object.fromEntries(distance.taps.map((tap, i) => [tap, directions[i]!]));
      },
      { images: input },
      options,
    );
  }

  /** The program of a size. */
  private async open<Kind extends keyof Programs>(
    kind: Kind,
    height: number,
    width: number,
  ): Promise<Programs[Kind]> {
    const { least, name } = this.distance;
    const size = `${height}x${width}`;
    const key = `${kind} ${size}`;
    const known = this.programs.get(key);
    if (known) return known as Programs[Kind];
    if (Math.min(height, width) < least)
      throw new GanEvalError(
        "input.too-small",
        `expected images of at least ${least}x${least} for ${name}, got ${size}`,
        { hint: "Enlarge the images of both sides yourself, and say so beside the value." },
      );
    const [oldest] = this.programs;
    if (oldest && this.programs.size >= MOST_PROGRAMS) {
      this.programs.delete(oldest[0]);
      await oldest[1].dispose();
    }
    const input = { shape: [BATCH, height, width, 3], dtype: "uint8" } as const;
    const program = await this.compile(kind, input, size);
    this.programs.set(key, program);
    return program as Programs[Kind];
  }
}

/**
 * Opens a distance; the engine is started after its weights are read.
 * @throws GanEvalError `unavailable.weights` for LPIPS without files, `input.perceptual-weights` for files of another network
 */
export async function openImageDistance(
  name: DistanceName,
  startEngine: () => Promise<Engine>,
  options: ImageDistanceOptions,
): Promise<ImageDistance> {
  await loadTensorflow();
  return new EngineDistance(await DISTANCES[name](options), await startEngine());
}
