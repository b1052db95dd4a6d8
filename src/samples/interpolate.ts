/** What a trained generator makes along ways from one latent to another. */

import { pointsToBounds, pointsToImage } from "../drawing/points-to-image.ts";
import { samplesToGrid } from "../drawing/sample-grid.ts";
import { GanEvalError } from "../errors.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { samplesToPixels } from "../images/decode/samples-to-pixels.ts";
import { requireFree } from "../images/sinks/target.ts";
import type { Progress } from "../progress.ts";
import { labelsToOneHot } from "../train/labels.ts";
import { drawLatents, latentWidth } from "../train/latent.ts";
import { requireImage } from "../train/networks/shapes.ts";
import { openRandomStream } from "../train/random.ts";
import { TOY_DATA, type ToyData } from "../train/toy-data.ts";
import { type ClassChoice, chooseClasses, placeToName } from "./choose-classes.ts";
import { latentPath } from "./latent-paths.ts";
import {
  type GeneratorOrigin,
  type OpenedGenerator,
  type OpenGeneratorOptions,
  openGenerator,
  originOf,
} from "./open-generator.ts";
import type { Interpolation } from "./options.ts";
import { coordinateNames, floatToText } from "./point-sink.ts";

export interface InterpolateOptions extends OpenGeneratorOptions {
  /** Of latents and classes. */
  readonly seed: number;
  /** Samples along a path, ends included. */
  readonly steps: number;
  /** How many paths. */
  readonly paths: number;
  /** Default: spherical for normal latents, linear for uniform ones, which an arc would leave. */
  readonly interpolation?: Interpolation;
  /** One a path (default: drawn, each as likely as any other). */
  readonly classes?: ClassChoice;
  /** .png; of points .csv too. */
  readonly out: string;
  /** Whether what lies at `out` is replaced (default false: an error). */
  readonly overwrite?: boolean;
  /** Ends the work with an AbortError (default: it runs to its end). */
  readonly signal?: AbortSignal;
  /** Called as the work goes on (default: nobody is). */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Interpolated extends GeneratorOrigin {
  readonly schema: "gan-eval/interpolated/1";
  readonly seed: number;
  readonly steps: number;
  readonly paths: number;
  readonly interpolation: Interpolation;
  /** One a path, of a conditional generator. */
  readonly classes?: readonly number[];
  readonly location: string;
}

/** As many as a grid may have, at one pixel a pixel. */
const MOST_PIXELS = 2 ** 26;
/** Real points under the paths. */
const REAL_POINTS = 2000;

interface Walk {
  readonly options: InterpolateOptions;
  readonly generator: OpenedGenerator;
  readonly labels: Int32Array | undefined;
  /** `[paths, steps, ...shape]` */
  readonly samples: Float32Array;
}

type Writer = (walk: Walk) => Promise<Uint8Array>;

const imagesToPng: Writer = ({ options: { steps }, generator, labels, samples }) => {
  const [height, width, channels] = requireImage(generator.network.output);
  const captions =
    labels && Array.from(labels, (label) => `class ${placeToName(label, generator.classNames)}`);
  return samplesToGrid({
    pixels: samplesToPixels(samples),
    height,
    width,
    channels,
    columns: steps,
    ...(captions && { labelsOfRows: captions }),
  });
};

const pointsToPng: Writer = async ({ options: { paths }, generator, samples }) => {
  const d = generator.network.output[0];
  const { data } = generator.config;
  const toy: ToyData | undefined = Object.hasOwn(TOY_DATA, data)
    ? TOY_DATA[data as keyof typeof TOY_DATA]
    : undefined;
  const real = toy?.sample(REAL_POINTS, openRandomStream(0, "evaluation")) ?? samples.slice(0, 0);
  const bounds = pointsToBounds(toy ? real : samples, d);
  return pointsToImage({ real, generated: samples, d, bounds, title: `${paths} paths` });
};

const pointsToCsv: Writer = async ({ options: { steps }, generator, samples }) => {
  const d = generator.network.output[0];
  const rows = Array.from({ length: samples.length / d }, (_, i) => {
    const at = Array.from(samples.subarray(i * d, (i + 1) * d), floatToText);
    return [Math.floor(i / steps), i % steps, ...at].join(",");
  });
  return new TextEncoder().encode(
    `${[["path", "step", ...coordinateNames(d)].join(","), ...rows].join("\r\n")}\r\n`,
  );
};

const WRITERS = {
  images: { ".png": imagesToPng },
  points: { ".png": pointsToPng, ".csv": pointsToCsv },
} as const satisfies Record<string, Readonly<Record<string, Writer>>>;

function chooseWriter({ network }: OpenedGenerator, out: string): Writer {
  const kind = network.output.length === 1 ? "points" : "images";
  const writers: Readonly<Record<string, Writer>> = WRITERS[kind];
  const ending = Object.keys(writers).find((end) => out.toLowerCase().endsWith(end));
  if (ending !== undefined) return writers[ending];
  throw new GanEvalError(
    "usage.out",
    `expected a file name ending in ${Object.keys(writers).join(" or ")}, got ${out}`,
  );
}

/** The latents of all paths, `[paths, steps, width]`. Each path's ends depend on the seed and its number only. */
function drawPaths(
  { latent }: OpenedGenerator,
  { seed, steps, paths }: InterpolateOptions,
  how: Interpolation,
) {
  const random = openRandomStream(seed, "evaluation");
  const width = latentWidth(latent);
  const latents = new Float32Array(paths * steps * width);
  for (let path = 0; path < paths; path++) {
    const ends = drawLatents(latent, 2, random);
    const way = latentPath(latent, ends.subarray(0, width), ends.subarray(width), steps, how);
    latents.set(way, path * steps * width);
  }
  return latents;
}

function requireSizes({ network }: OpenedGenerator, { steps, paths }: InterpolateOptions): void {
  if (![steps - 1, paths].every((count) => Number.isSafeInteger(count) && count >= 1))
    throw new GanEvalError(
      "usage.interpolation",
      `expected at least 2 steps and 1 path, got ${steps} and ${paths}`,
    );
  const pixels = network.output.slice(0, 2).reduce((size, side) => size * side, steps * paths);
  if (pixels > MOST_PIXELS)
    throw new GanEvalError(
      "usage.interpolation",
      `expected a grid of at most ${MOST_PIXELS} pixels, got ${pixels}`,
      { hint: "Use fewer --steps or --paths." },
    );
}

/**
 * Makes `steps` samples along each of `paths` ways between two random latents, and writes them as a grid of images, a
 * row for each path; points as an image, or as CSV of path, step and coordinates.
 * @throws GanEvalError as `openGenerator` and `chooseClasses`; `usage.out`, `usage.interpolation`, `usage.target-exists`
 */
export async function interpolate(options: InterpolateOptions): Promise<Interpolated> {
  const { run, seed, steps, paths, out, signal, onProgress } = options;
  const generator = await openGenerator(options);
  try {
    const write = chooseWriter(generator, out);
    requireSizes(generator, options);
    await requireFree(out, "file", options.overwrite === true);
    const { latent, classes, sampler } = generator;
    const how = options.interpolation ?? (latent.distribution === "normal" ? "spherical" : "linear");
    const labels = chooseClasses(
      options.classes ?? (classes === undefined ? undefined : "balanced"),
      paths,
      generator,
      seed,
    );
    const latents = drawPaths(generator, options, how);
    const told =
      labels &&
      labelsToOneHot(
        Array.from(labels).flatMap((label) => Array(steps).fill(label)),
        classes!,
      );
    onProgress?.({ stage: "interpolate", done: 0, total: paths * steps, unit: "images" });
    const samples = await sampler.sample(latents, told);
    onProgress?.({ stage: "interpolate", done: paths * steps, total: paths * steps, unit: "images" });
    signal?.throwIfAborted();
    const bytes = await write({ options, generator, labels, samples });
    signal?.throwIfAborted();
    await writeFileAtomically(out, [bytes]);
    return {
      schema: "gan-eval/interpolated/1",
      ...originOf(run, generator),
      seed,
      steps,
      paths,
      interpolation: how,
      ...(labels && { classes: Array.from(labels) }),
      location: out,
    };
  } finally {
    await generator.dispose();
  }
}
