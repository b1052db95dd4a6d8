/** RKE: how many modes one side amounts to, by the Renyi entropy of a Gaussian kernel. */
import type { ComputeContext } from "../math/compute-context.ts";
import type { Features } from "../math/features/statistics.ts";
import type { Blocks } from "../math/intervals/blocks.ts";
import { toIsLeftOut } from "../math/intervals/jackknife.ts";
import { featuresToKernelSides, walkKernel, withKernelProducts } from "../math/kernels/kernel-sums.ts";
import { checkWidth, warnOfWidth } from "./kernel-width.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.rke);

export interface RenyiOptions extends ComputeContext {
  /** Width of the kernel, in feature units (default 10). */
  readonly sigma?: number;
}

/**
 * RKE mode count of features [n, d],
 *
 *     modes = 1 / mean_ij k(x_i, x_j)^2,  k(x, y) = exp(-|x - y|^2 / (2 sigma^2)):
 *
 * exp of the Renyi entropy of order 2 of the kernel matrix over n, the number of kernel widths apart that samples lie in;
 * from 1 to n. k^2 is a kernel of the width sigma / sqrt 2, so that no eigenvalue is needed. Products in float32 about the
 * mean, kernels and sums in float64: right to 1e-6 of itself. Compare values of one sigma, one network and equal n.
 * Source: Jalali et al. 2023, and their rke-score package, compute_rke_mc_frobenius_norm (its inverse).
 *
 * @throws GanEvalError `usage.kernel-width`, `input.feature-width`, `input.too-few-samples`, `input.features-not-finite`
 */
export async function featuresToModeCount(features: Features, options: RenyiOptions = {}): Promise<number> {
  const { sigma = DEFAULTS.sigma } = options;
  return toModes(features.rows, sumOf(await featuresToBlockSums(features, sigma, undefined, options)));
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** @param others the sum over pairs of different rows */
const toModes = (n: number, others: number): number => n ** 2 / (n + others);

/** [blocks, blocks] The sums of k^2 over the pairs of different rows, by the blocks that they are in. */
async function featuresToBlockSums(
  features: Features,
  sigma: number,
  blocks: Pick<Blocks, "count" | "ofRow"> | undefined,
  context: ComputeContext,
): Promise<Float64Array> {
  checkWidth("--rke-sigma", sigma);
  const kernel = { name: "rbf", gamma: 1 / sigma ** 2 } as const;
  const [side] = featuresToKernelSides([features, features], kernel);
  return withKernelProducts(kernel, features.width, context, async (products) => {
    if (blocks === undefined) {
      const [sums] = await walkKernel(products, side, side, context);
      return sums;
    }
    const { count, ofRow } = blocks;
    const sums = new Float64Array(count * count);
    await walkKernel(products, side, side, {
      ...context,
      visit: (i, from, values, times) => {
        for (let c = 0; c < values.length; c++) {
          const [a, b] = [ofRow[i], ofRow[from + c]];
          sums[a * count + b] += values[c];
          if (times === 2) sums[b * count + a] += values[c];
        }
      },
    });
    return sums;
  });
}

/** The mode counts without some of the blocks, [out.length], from one pass over the pairs. */
async function modesWithout(
  features: Features,
  sigma: number,
  { ofRow, count, role }: Blocks,
  out: readonly (readonly number[])[],
  context: ComputeContext,
) {
  const sums = await featuresToBlockSums(features, sigma, { ofRow, count }, context);
  return out.map((left) => {
    let others = 0;
    for (let a = 0; a < count; a++)
      for (let b = 0; b < count; b++)
        if (!left.includes(a) && !left.includes(b)) others += sums[a * count + b];
    const blocks = left.map(() => ({ ofRow, count, role }));
    const isOut = toIsLeftOut(role, blocks, left);
    let rows = 0;
    for (let row = 0; row < features.rows; row++) if (!isOut(row)) rows++;
    return { modes: toModes(rows, others) };
  });
}

export const row = metric({
  id: "rke",
  label: "Mode count by Renyi kernel entropy (RKE)",
  unit: "effective modes",
  direction: "higher",
  needs: { fake: ["features"] },
  source: {
    paper:
      "Jalali et al. 2023, An Information-Theoretic Evaluation of Generative Models in Learning Multi-modal Distributions (NeurIPS 2023)",
    library: "rke-score",
  },
  defaults: DEFAULTS,
  keys: { modes: "rke_{extractor}_modes" },
  names: { modes: "RKE modes" },
  range: [1, Number.POSITIVE_INFINITY],
  measure: async ({ fake }, { sigma }, context) => {
    const features = fake.features!;
    const modes = await featuresToModeCount(features, { ...context, sigma });
    warnOfWidth("rke", "--rke-sigma", modes, features.rows, context.warn);
    return { modes };
  },
  leaveOut: ({ fake }, blocks, { sigma }, context) =>
    modesWithout(
      fake.features!,
      sigma,
      blocks,
      Array.from({ length: blocks.count }, (_, block) => [block]),
      context,
    ),
  pairs: "all",
  leaveOutPairs: ({ fake }, [blocks], pairs, { sigma }, context) =>
    modesWithout(fake.features!, sigma, blocks, pairs, context),
});
