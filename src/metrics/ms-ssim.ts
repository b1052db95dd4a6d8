/** MS-SSIM: how alike the images of one side are. */

import type { ComputeContext } from "../math/compute-context.ts";
import { checkOneSize } from "../math/images/image-sizes.ts";
import { imagesToSimilarities, type Levels } from "../math/images/structural-similarity.ts";
import { createRandomState } from "../math/random/random-state.ts";
import { checkLeast, checkWhole } from "./check-parameters.ts";
import { type MetricContext, metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS["ms-ssim"]);

/** Images that are compared with each other. */
interface Batch {
  /** Positions in the side. */
  readonly members: Int32Array;
  /** [members, members] */
  readonly similarities: Float64Array;
}

function imagesToBatches(
  images: readonly Levels[],
  { batches, size, seed }: typeof DEFAULTS,
  { signal, progress }: ComputeContext,
): Batch[] {
  checkWhole("ms-ssim-batches", batches, 1, `Papers report ${DEFAULTS.batches}.`);
  checkWhole("ms-ssim-size", size, 2, `Papers report ${DEFAULTS.size}.`);
  checkLeast(images.length, 2, "for a similarity of images", "Give more images.");
  checkOneSize(images);
  const count = Math.min(batches, Math.max(1, Math.floor(images.length / size)));
  const order = createRandomState(seed).permutation(images.length);
  return Array.from({ length: count }, (_, batch) => {
    signal?.throwIfAborted();
    const members = order.subarray(batch * size, (batch + 1) * size);
    const similarities = imagesToSimilarities(Array.from(members, (member) => images[member]!));
    progress?.(batch + 1, count);
    return { members, similarities };
  });
}

/** The mean over batches of the mean over pairs of different images, of those that are kept. */
function batchesToMean(batches: readonly Batch[], isKept: (image: number) => boolean): number {
  let [sum, count] = [0, 0];
  for (const { members, similarities } of batches) {
    const kept = Array.from(members.keys()).filter((i) => isKept(members[i]!));
    if (kept.length < 2) continue;
    let ofBatch = 0;
    for (const i of kept) for (const j of kept) if (i !== j) ofBatch += similarities[i * members.length + j]!;
    sum += ofBatch / (kept.length * (kept.length - 1));
    count++;
  }
  return sum / count;
}

/**
 * How alike images of one side are: the mean multi-scale structural similarity (structural-similarity.ts) over all
 * pairs within each of 5 batches of 64, drawn without replacement by NumPy's RandomState(seed). 1 for equal images.
 * Fewer images make fewer batches, fewer than 64 one. Read it beside the value of real images: a generator whose
 * images are more alike than those has lost modes. Compare_gan's convention and, for the same batches, its numbers to
 * 1e-4 (it computes in float32).
 *
 * @throws GanEvalError `input.too-few-samples` for less than 2 images, `input.mixed-sizes`, `input.too-large`,
 *   `usage.ms-ssim-batches`, `usage.ms-ssim-size`, `usage.seed`
 */
export const imagesToMsSsim = (
  images: readonly Levels[],
  options: Partial<typeof DEFAULTS> & ComputeContext = {},
): number => batchesToMean(imagesToBatches(images, { ...DEFAULTS, ...options }, options), () => true);

const shareBatches = (images: readonly Levels[], parameters: typeof DEFAULTS, context: MetricContext) =>
  context.memo(images, `similarities ${JSON.stringify(parameters)}`, () =>
    imagesToBatches(images, parameters, context),
  );

export const row = metric({
  id: "ms-ssim",
  label: "Similarity of the fake images (MS-SSIM)",
  unit: "similarity, 0 to 1",
  direction: "lower",
  needs: { fake: ["images"] },
  source: {
    paper: "Odena et al. 2017, Conditional Image Synthesis with Auxiliary Classifier GANs (arXiv 1610.09585)",
    library: "compare_gan ms_ssim_score.py, image_similarity.py",
  },
  defaults: DEFAULTS,
  least: () => ({ fake: 2 }),
  keys: { similarity: "ms_ssim" },
  names: { similarity: "MS-SSIM of fakes" },
  range: [0, 1],
  measure: ({ fake }, parameters, context) => ({
    similarity: batchesToMean(shareBatches(fake.images!, parameters, context), () => true),
  }),
  leaveOut: ({ fake }, { count, ofRow }, parameters, context) => {
    const batches = shareBatches(fake.images!, parameters, context);
    return Array.from({ length: count }, (_, block) => ({
      similarity: batchesToMean(batches, (image) => ofRow[image] !== block),
    }));
  },
});
