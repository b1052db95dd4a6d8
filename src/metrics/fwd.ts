/** The Frechet wavelet distance: Frechet distances of wavelet packets of the images themselves; needs no network. */
import { GanEvalError } from "../errors.ts";
import type { Image } from "../images/source.ts";
import type { ComputeContext } from "../math/compute-context.ts";
import { type Features, featuresToMoments } from "../math/features/statistics.ts";
import { checkOneSize } from "../math/images/image-sizes.ts";
import { imagesToPacketLeaves } from "../math/images/wavelet-packets.ts";
import { measureQuarters, type Part, sidesToQuarters } from "../math/intervals/split-halves.ts";
import { checkLeast, checkWhole } from "./check-parameters.ts";
import { momentsToFrechet } from "./fid.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.fwd);

type Sized = Pick<Image, "pixels" | "width" | "height">;

export type WaveletOptions = Partial<typeof DEFAULTS> & ComputeContext;

/** A covariance divides by one less. */
const LEAST = 2;
/** Added to the size of a coefficient before its logarithm is taken: the authors'. */
const LOG_OFFSET = 1e-6;

/**
 * Frechet wavelet distance of two sets of images of one size: the full tree of Haar wavelet packets after `levels` steps
 * (default 4) has 4^levels leaves of 3 (height / 2^levels) (width / 2^levels) coefficients of an image with levels from 0 to 1;
 *
 *     FWD = mean over leaves of the Frechet distance (`momentsToFrechet`, ddof 1) between both sides' coefficients.
 *
 * All images c brighter than before are 3 (height / 2^levels) (width / 2^levels) c^2 away. It sees frequencies that networks
 * for classification do not, and no contents. As a Frechet distance it is too large for few images: give more than a leaf has
 * coefficients (768 of 256x256), and compare equal numbers. `logScale` compares ln(|coefficient| + 1e-6). Sums are exact,
 * moments in float64; the time is that of 4^levels small Frechet distances and 2^levels walks over the pixels.
 * Source: Veeramacheneni et al. 2025 (arXiv 2312.15289).
 *
 * @throws GanEvalError `usage.fwd-levels`, `input.too-few-samples` for fewer than 2 images a side, `input.mixed-sizes`,
 *   `input.packet-size`
 */
export function imagesToWaveletDistance(
  real: readonly Sized[],
  fake: readonly Sized[],
  options: WaveletOptions = {},
): number {
  const { levels, logScale, threads, signal, progress } = { ...DEFAULTS, ...options };
  checkWhole("fwd-levels", levels, 1, `The authors use ${DEFAULTS.levels}.`);
  checkLeast(Math.min(real.length, fake.length), LEAST, "per side for a covariance", "Give more images.");
  checkOneSize([...real, ...fake]);
  checkPacketSize(real[0], levels);
  const side = 2 ** levels;
  const scale = 1 / (255 * side);
  const toMoments = ({ data, ...shape }: Features) => {
    if (logScale)
      for (let at = 0; at < data.length; at++) data[at] = Math.log(Math.abs(data[at]) * scale + LOG_OFFSET);
    return featuresToMoments({ data, ...shape }, { ...(threads && { threads }) });
  };
  let sum = 0;
  for (let rows = 0; rows < side; rows++) {
    signal?.throwIfAborted();
    const [ofReal, ofFake] = [real, fake].map((images) => imagesToPacketLeaves(images, levels, rows));
    for (const [columns, leaf] of ofReal.entries())
      sum += momentsToFrechet(toMoments(leaf), toMoments(ofFake[columns]), options).distance;
    progress?.(rows + 1, side);
  }
  return (logScale ? 1 : scale ** 2) * (sum / side ** 2);
}

function checkPacketSize({ width, height }: Sized, levels: number): void {
  const side = 2 ** levels;
  if (width % side === 0 && height % side === 0) return;
  let most = levels;
  while (width % 2 ** most !== 0 || height % 2 ** most !== 0) most--;
  throw new GanEvalError(
    "input.packet-size",
    `expected images whose sides are multiples of ${side} for ${levels} levels of wavelet packets, got ${width}x${height}`,
    {
      hint:
        most === 0
          ? "Bring both sides to an even size, or leave fwd out of --metrics."
          : `Use --fwd-levels ${most}, the most that this size allows, for all that is compared; or bring both sides to another size.`,
    },
  );
}

/** Each takes as long as two measurements. */
const CUTS = 10;

export const row = metric({
  id: "fwd",
  label: "Fréchet wavelet distance (FWD)",
  unit: "squared coefficients",
  direction: "lower",
  needs: { real: ["images"], fake: ["images"] },
  source: {
    paper:
      "Veeramacheneni et al. 2025, Fréchet Wavelet Distance: A Domain-Agnostic Metric for Image Generation (arXiv 2312.15289)",
    library: "PyTorch-FWD, for images whose sides are multiples of 2^levels",
  },
  defaults: DEFAULTS,
  least: () => ({ real: LEAST, fake: LEAST }),
  keys: { distance: "frechet_wavelet_distance" },
  names: { distance: "Frechet wavelet distance" },
  range: [0, Number.POSITIVE_INFINITY],
  hasFloor: true,
  hasFloorRatio: true,
  floorOrder: { distance: 1 },
  measure: ({ real, fake }, parameters, context) => ({
    distance: imagesToWaveletDistance(real!.images!, fake.images!, { ...context, ...parameters }),
  }),
  quarter: ({ real, fake }, seed, parameters, context) => {
    const sides = [real!.images!, fake.images!] as const;
    const counts = sides.map(({ length }) => length);
    checkLeast(Math.min(...counts), 4 * LEAST, "per side for quarters", "Give more images.");
    const measure = async ({ isIn }: Part) => {
      const [some, others] = sides.map((images, side) => images.filter((_, at) => isIn(side, at)));
      const options = { ...context, ...parameters, progress: () => {} };
      return { distance: imagesToWaveletDistance(some, others, options) };
    };
    return measureQuarters(sidesToQuarters(counts, seed, CUTS), measure, context.progress);
  },
});
