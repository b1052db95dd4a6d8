/** Distances of pairs of images by a network, on an engine. */
import type { ArrayValue, Engine, Program } from "../../engine/engine.ts";
import { loadTensorflow } from "../../engine/tensorflow.ts";
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { Image } from "../../images/source.ts";
import { arraysToTensors } from "./apply-layers.ts";
import { openLpips } from "./lpips.ts";
import { imagesToDistances, type TappedNetwork } from "./perceptual-distance.ts";
import { RANDOM_LAYERS, RANDOM_TAPS, seedToRandomArrays } from "./random-network.ts";

export interface ImageDistance {
  /** What the distance was measured with, for the record. */
  readonly record: Readonly<Record<string, string | number>>;
  /** One distance a pair of images of one size. @throws GanEvalError `input.too-small` */
  measure(a: readonly Image[], b: readonly Image[]): Promise<Float64Array>;
  close(): Promise<void>;
}

interface Distance extends TappedNetwork {
  readonly name: string;
  readonly arrays: Readonly<Record<string, ArrayValue>>;
  /** The least side of an image. */
  readonly least: number;
  readonly record: ImageDistance["record"];
}

export interface ImageDistanceOptions {
  readonly lpipsBackbone?: string | undefined;
  readonly lpipsWeights?: string | undefined;
  /** Of the random network. */
  readonly seed: number;
}

type DistanceName = "lpips" | "random";

/** Each distance, its weights read. */
const DISTANCES: Readonly<Record<DistanceName, (options: ImageDistanceOptions) => Promise<Distance>>> = {
  lpips: async ({ lpipsBackbone, lpipsWeights }) => {
    const { network, hashes, ...lpips } = await openLpips(lpipsBackbone, lpipsWeights);
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

/** Pairs in one run; the last run of a size is filled up with black. */
const BATCH = 4;

/** Programs are made for one size of images; so many are kept. */
const MOST_PROGRAMS = 4;

type DistanceProgram = Program<"a" | "b", "distances">;

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
  private readonly programs = new Map<string, DistanceProgram>();

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
      const { distances: run } = await (await this.open(height, width)).run({
        a: imagesToInput(a.slice(start, end), bytes),
        b: imagesToInput(b.slice(start, end), bytes),
      });
      distances.set(Float64Array.from(run.data.subarray(0, end - start)), start);
      start = end;
    }
    return distances;
  }

  async close(): Promise<void> {
    for (const program of this.programs.values()) await program.dispose();
    this.programs.clear();
  }

  /** The program of a size. */
  private async open(height: number, width: number): Promise<DistanceProgram> {
    const { arrays, least, name } = this.distance;
    const size = `${height}x${width}`;
    const known = this.programs.get(size);
    if (known) return known;
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
    const toRange = (bytes: tf.Tensor) => tf.sub(tf.div(tf.cast(bytes, "float32"), 127.5), 1);
    const input = { shape: [BATCH, height, width, 3], dtype: "uint8" } as const;
    const program = await this.engine.compile(
      ({ a, b }) => ({
        distances: imagesToDistances(toRange(a), toRange(b), this.distance, arraysToTensors(arrays)),
      }),
      { a: input, b: input },
      { name: `distance-${size}`, background: true },
    );
    this.programs.set(size, program);
    return program;
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
