/** The sliced Wasserstein distance of patches on the levels of Laplacian pyramids. */

import { GanEvalError } from "../errors.ts";
import type { Image } from "../images/source.ts";
import type { ComputeContext } from "../math/compute-context.ts";
import type { Features } from "../math/features/statistics.ts";
import { checkOneSize } from "../math/images/image-sizes.ts";
import { imageToLevel, sizeToLevels } from "../math/images/laplacian-pyramid.ts";
import {
  measureQuarters,
  type Part,
  type QuarterValues,
  sidesToQuarters,
} from "../math/intervals/split-halves.ts";
import { createRandomState, type RandomState } from "../math/random/random-state.ts";
import { sidesToSlicedCost } from "../math/slices/sliced-cost.ts";
import { checkLeast, checkWhole } from "./check-parameters.ts";
import { type MetricContext, metric, type Sides } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";
import { drawLines } from "./swd.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS["lap-swd"]);

/** Pixels along a patch's side. */
const PATCH = 7;
const CHANNELS = 3;
/** Papers print the distance times this. */
const SCALE = 1000;

type Sized = Pick<Image, "pixels" | "width" | "height">;
export interface LaplacianDistance {
  /** Over the levels. */
  readonly mean: number;
  /** From details of the images' own size to the smallest images. */
  readonly perLevel: readonly number[];
}

/** As many of both sides, drawn where there are more. */
function cutSides(
  fake: readonly Sized[],
  real: readonly Sized[],
  most: number,
  random: RandomState,
): readonly [readonly Sized[], readonly Sized[]] {
  const count = Math.min(fake.length, real.length, most);
  const cut = (side: readonly Sized[]) =>
    side.length === count ? side : Array.from(random.choice(side.length, count), (i) => side[i]!);
  return [cut(fake), cut(real)];
}

/** [images * patches] Upper left corners. */
function drawCorners(count: number, width: number, height: number, random: RandomState): Int32Array {
  const below = (limit: number) => Math.floor((random.next() / 2 ** 32) * limit);
  const [columns, rows] = [width - PATCH + 1, height - PATCH + 1];
  return Int32Array.from({ length: count }, () => below(rows) * width + below(columns));
}

/** [patches, 147], each channel of mean 0 and variance 1 over all of them. */
function imagesToPatches(
  images: readonly Sized[],
  level: number,
  levels: number,
  corners: Int32Array,
): Features {
  const area = PATCH * PATCH;
  const width = CHANNELS * area;
  const data = new Float32Array(corners.length * width);
  const perImage = corners.length / images.length;
  for (const [p, image] of images.entries()) {
    const planes = imageToLevel(image, level, levels);
    for (let k = 0; k < perImage; k++) {
      const corner = corners[p * perImage + k]!;
      let to = (p * perImage + k) * width;
      for (const plane of planes.channels)
        for (let y = 0; y < PATCH; y++)
          for (let x = 0; x < PATCH; x++) data[to++] = plane[corner + y * planes.width + x]!;
    }
  }
  for (let channel = 0; channel < CHANNELS; channel++) normalise(data, channel * area, area, width);
  return { data, rows: corners.length, width };
}

/** `count` columns of each row from `first` on, together to mean 0 and variance 1; a constant channel to 0. */
function normalise(data: Float32Array, first: number, count: number, width: number): void {
  const values = (data.length / width) * count;
  let sum = 0;
  for (let at = first; at < data.length; at += width) for (let k = 0; k < count; k++) sum += data[at + k]!;
  const mean = sum / values;
  let squares = 0;
  for (let at = first; at < data.length; at += width)
    for (let k = 0; k < count; k++) squares += (data[at + k]! - mean) ** 2;
  const scale = squares > 0 ? Math.sqrt(values / squares) : 0;
  for (let at = first; at < data.length; at += width)
    for (let k = 0; k < count; k++) data[at + k] = (data[at + k]! - mean) * scale;
}

function checkImages(fake: readonly Sized[], real: readonly Sized[]): void {
  checkLeast(Math.min(fake.length, real.length), 1, "per side for patches", "Give images.");
  checkOneSize([...real, ...fake]);
  const { width, height } = real[0]!;
  if (Math.min(width, height) < PATCH)
    throw new GanEvalError(
      "input.too-small",
      `expected images of at least ${PATCH} pixels per side, got ${width}x${height}`,
      { hint: "Patches are 7x7: leave lap-swd out of --metrics." },
    );
}

/**
 * Sliced Wasserstein distance of patches, level by level of Laplacian pyramids: 128 patches of 7x7 an image and level, at
 * places drawn for the images' positions (the same on both sides, so that a set and itself are at zero), channels
 * normalised over a side's patches; the mean over 512 random directions in 147 dimensions of the Wasserstein-1 distance,
 * times 1000 as papers print it. Levels are halved while the shorter side keeps 16 pixels (28x28 has one, 64x64 three).
 * Sides are cut to equal numbers, at most `pictures`, drawn by `seed`; memory is 1.2 kB an image and patch.
 *
 * The settings are those of Karras et al. 2018, and values depend on the number of images; theirs are of 16,384 and
 * TF-GAN advises 8,192. TF-GAN itself takes 64 patches, normalises each patch alone and has 147 directions: other numbers.
 *
 * @throws GanEvalError `input.too-few-samples`, `input.mixed-sizes`, `input.too-small`, `usage.lap-swd-pictures`,
 *   `usage.lap-swd-patches`, `usage.lap-swd-directions`, `usage.seed`
 */
export async function imagesToLaplacianDistance(
  real: readonly Sized[],
  fake: readonly Sized[],
  options: Partial<typeof DEFAULTS> & ComputeContext = {},
): Promise<LaplacianDistance> {
  const { pictures: most, patches, directions, seed } = { ...DEFAULTS, ...options };
  const { progress, ...context } = options;
  checkWhole("lap-swd-pictures", most, 1, `The default is ${DEFAULTS.pictures}.`);
  checkWhole("lap-swd-patches", patches, 1, `Papers report ${DEFAULTS.patches}.`);
  checkWhole("lap-swd-directions", directions, 1, `Papers report ${DEFAULTS.directions}.`);
  checkImages(fake, real);
  const random = createRandomState(seed);
  const sides = cutSides(fake, real, most, random);
  const { width, height } = sides[0][0]!;
  const levels = sizeToLevels(width, height);
  const lines = drawLines(CHANNELS * PATCH * PATCH, { directions, seed });
  const perLevel: number[] = [];
  for (let level = 0; level < levels; level++) {
    const [w, h] = [width, height].map((size) => Math.ceil(size / 2 ** level)) as [number, number];
    const corners = drawCorners(sides[0].length * patches, w, h, random);
    const [a, b] = sides.map((side) => imagesToPatches(side, level, levels, corners));
    perLevel.push(SCALE * (await sidesToSlicedCost([a!, b!], lines, 1, context)));
    progress?.(level + 1, levels);
  }
  return { mean: perLevel.reduce((sum, value) => sum + value, 0) / levels, perLevel };
}

const toValues = ({ mean, perLevel }: LaplacianDistance) => ({
  mean,
  finest: perLevel[0]!,
  coarsest: perLevel.at(-1)!,
});

type LaplacianValues = ReturnType<typeof toValues>;

/** Each takes as long as two measurements. */
const CUTS = 4;

/** Of parts of the images, with patches of their own. */
async function quarter(
  { real, fake }: Sides,
  seed: number,
  parameters: typeof DEFAULTS,
  context: MetricContext,
): Promise<QuarterValues<LaplacianValues>[]> {
  const sides = [real!.images!, fake.images!] as const;
  const counts = sides.map(({ length }) => length);
  checkLeast(Math.min(...counts), 4, "per side for quarters", "Give more images.");
  const measure = async ({ share, isIn }: Part): Promise<LaplacianValues> => {
    const [some, others] = sides.map((images, side) => images.filter((_, at) => isIn(side, at)));
    const images = Math.max(1, Math.floor(parameters.pictures / share));
    const options = { ...context, ...parameters, pictures: images, progress: () => {} };
    return toValues(await imagesToLaplacianDistance(some!, others!, options));
  };
  return measureQuarters(sidesToQuarters(counts, seed, CUTS), measure, context.progress);
}

export const row = metric({
  id: "lap-swd",
  label: "Sliced Wasserstein distance of patches (SWD)",
  unit: "1000 standard deviations",
  direction: "lower",
  needs: { real: ["images"], fake: ["images"] },
  source: {
    paper:
      "Karras et al. 2018, Progressive Growing of GANs for Improved Quality, Stability, and Variation (arXiv 1710.10196)",
    library:
      "progressive_growing_of_gans metrics/sliced_wasserstein.py; TF-GAN differs (its patches are normalised alone)",
  },
  defaults: DEFAULTS,
  keys: {
    mean: "laplacian_sliced_wasserstein_mean",
    finest: "laplacian_sliced_wasserstein_finest",
    coarsest: "laplacian_sliced_wasserstein_coarsest",
  },
  names: {
    mean: "SWD of patches",
    finest: "SWD of the finest details",
    coarsest: "SWD of the smallest images",
  },
  range: [0, Number.POSITIVE_INFINITY],
  hasFloor: true,
  measure: async ({ real, fake }, parameters, context) =>
    toValues(await imagesToLaplacianDistance(real!.images!, fake.images!, { ...context, ...parameters })),
  quarter,
});
