/** Samples of a trained generator, as many as wanted, written where metrics read them. */

import { GanEvalError } from "../errors.ts";
import { samplesToPixels } from "../images/decode/samples-to-pixels.ts";
import { openImageSink } from "../images/sinks/open.ts";
import type { Progress } from "../progress.ts";
import { steadyClock as ownSteadyClock } from "../steady-clock.ts";
import { labelsToOneHot } from "../train/labels.ts";
import { LATENTS_DRAWN, LatentStream, latentWidth } from "../train/latent.ts";
import { requireImage } from "../train/networks/shapes.ts";
import { openRandomStream } from "../train/random.ts";
import { type ClassChoice, chooseClasses, placeToLabel } from "./choose-classes.ts";
import {
  type GeneratorOrigin,
  type OpenedGenerator,
  type OpenGeneratorOptions,
  openGenerator,
  originOf,
} from "./open-generator.ts";
import { openPointSink } from "./point-sink.ts";

export interface GenerateOptions extends OpenGeneratorOptions {
  /** How many samples. */
  readonly n: number;
  /** Of latents and classes. */
  readonly seed: number;
  /** Classes of a conditional generator (default: drawn, each as likely as any other). */
  readonly classes?: ClassChoice;
  /** Images: a folder, .zip, .npz, -ubyte or .idx. Points: .npy, .npz or .csv. */
  readonly out: string;
  /** Whether what lies at `out` is replaced (default false: an error). */
  readonly overwrite?: boolean;
  /** Ends the work with an AbortError (default: it runs to its end). */
  readonly signal?: AbortSignal;
  /** Called as the work goes on (default: nobody is). */
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds for durations (default: a clock that is never set). */
  readonly steadyClock?: () => number;
}

export interface Generated extends GeneratorOrigin {
  readonly schema: "gan-eval/generated/1";
  readonly seed: number;
  readonly n: number;
  /** Of one sample. */
  readonly shape: readonly number[];
  /** How many of each class, of a conditional generator. */
  readonly classes?: readonly number[];
  /** What the data that it was trained on called them. */
  readonly classNames?: readonly string[];
  readonly location: string;
  readonly kind: "folder" | "zip" | "npz" | "idx" | "npy" | "csv";
  readonly seconds: number;
}

/** Takes samples in order; nothing is seen at the location before `finish`. */
interface SampleSink {
  readonly kind: Generated["kind"];
  write(samples: Float32Array, n: number): Promise<void>;
  finish(): Promise<void>;
  abort(): Promise<void>;
}

async function openSink(
  { network, classNames }: OpenedGenerator,
  { out, n, overwrite }: GenerateOptions,
  places: Int32Array | undefined,
): Promise<SampleSink> {
  const common = { count: n, overwrite: overwrite === true };
  if (network.output.length === 1) return openPointSink(out, { ...common, d: network.output[0] });
  const [height, width, channels] = requireImage(network.output);
  const labels = places?.map((place) => placeToLabel(place, classNames));
  const sink = await openImageSink(out, { ...common, height, width, channels, ...(labels && { labels }) });
  return {
    kind: sink.kind,
    write: (samples, count) => sink.write(samplesToPixels(samples), count),
    finish: () => sink.finish(),
    abort: () => sink.abort(),
  };
}

/** Hands samples to `take`, from a stream of their own: the same seed makes the same samples. */
async function makeSamples(
  generator: OpenedGenerator,
  { n, seed, batchSize, signal, onProgress }: GenerateOptions,
  labels: Int32Array | undefined,
  take: (samples: Float32Array, n: number) => Promise<void>,
): Promise<void> {
  const { sampler, latent, classes, network } = generator;
  const stream = new LatentStream(latent, openRandomStream(seed, "evaluation"));
  const width = latentWidth(latent);
  const unit = network.output.length === 1 ? "points" : "images";
  for (let done = 0; done < n; ) {
    signal?.throwIfAborted();
    onProgress?.({ stage: "generate", done, total: n, unit });
    const latents = stream.take(Math.min(batchSize, n - done));
    const count = latents.length / width;
    const told = labels && labelsToOneHot(labels.subarray(done, done + count), classes!);
    await take(await sampler.sample(latents, told), count);
    done += count;
  }
  signal?.throwIfAborted();
  onProgress?.({ stage: "generate", done: n, total: n, unit });
}

function countClasses(labels: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
}

/**
 * Draws latents from a seed, and writes what a run's generator makes of them. The same run, checkpoint, seed and batch
 * size give the same bytes.
 * @throws GanEvalError as `openGenerator`, `chooseClasses` and `openImageSink`; nothing is left behind, whatever ends it
 */
export async function generate(options: GenerateOptions): Promise<Generated> {
  const { run, n, seed, out, steadyClock = ownSteadyClock } = options;
  const started = steadyClock();
  if (!Number.isSafeInteger(n) || n < 1)
    throw new GanEvalError("usage.samples", `expected at least 1 sample, got ${n}`);
  const generator = await openGenerator({
    ...options,
    batchSize: Math.min(options.batchSize, n, LATENTS_DRAWN),
  });
  try {
    const labels = chooseClasses(options.classes, n, generator, seed);
    const sink = await openSink(generator, options, labels);
    try {
      await makeSamples(generator, options, labels, (samples, count) => sink.write(samples, count));
      await sink.finish();
    } catch (error) {
      await sink.abort();
      throw error;
    }
    return {
      schema: "gan-eval/generated/1",
      ...originOf(run, generator),
      seed,
      n,
      shape: generator.network.output,
      ...(labels && { classes: countClasses(labels, generator.classes!) }),
      ...(labels && generator.classNames && { classNames: generator.classNames }),
      location: out,
      kind: sink.kind,
      seconds: (steadyClock() - started) / 1000,
    };
  } finally {
    await generator.dispose();
  }
}
