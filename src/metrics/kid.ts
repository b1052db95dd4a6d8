/** The Kernel Inception Distance: the polynomial kernel's MMD over subsets. */

import { GanEvalError } from "../errors.ts";
import type { ComputeContext } from "../math/compute-context.ts";
import type { Features } from "../math/features/statistics.ts";
import { kernelSumsWithoutBlocks, shareKernelSums, toEachBlock } from "../math/kernels/kernel-leave-out.ts";
import type { Kernel } from "../math/kernels/kernel-rows.ts";
import { type Subsets, subsetsToSums } from "../math/kernels/kernel-subsets.ts";
import {
  featuresToKernelSides,
  type KernelSums,
  pairSumsToUnbiased,
  withKernelProducts,
} from "../math/kernels/kernel-sums.ts";
import { createRandomState } from "../math/random/random-state.ts";
import { createTorchRandom } from "../math/random/torch-random.ts";
import { checkWhole } from "./check-parameters.ts";
import { type MetricContext, metric, type Sides } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.kid);

type KidParameters = typeof DEFAULTS;

export interface KidOptions extends Partial<KidParameters>, ComputeContext {}

export interface KernelInceptionDistance {
  /** Over the subsets. */
  readonly mean: number;
  /** Over the subsets, ddof 0. */
  readonly std: number;
  readonly perSubset: Float64Array;
}

type Draw = (n: number, m: number, parameters: KidParameters) => Subsets;

/** Sides of a subset are drawn in turn, from one generator. */
function drawInTurn(
  take: (rows: number, size: number) => Int32Array,
  [fakes, reals]: readonly [number, number],
  { subsets, subsetSize }: KidParameters,
  realFirst: boolean,
): Subsets {
  return Array.from({ length: subsets }, () => {
    const first = take(realFirst ? reals : fakes, subsetSize);
    const second = take(realFirst ? fakes : reals, subsetSize);
    return realFirst ? [second, first] : [first, second];
  });
}

/** How libraries draw their subsets: NumPy's `choice` or PyTorch's `randperm`, which side first, and of what size. */
const DRAWS: Readonly<Record<string, Draw>> = {
  "torch-fidelity": (n, m, parameters) =>
    drawInTurn(createRandomState(parameters.seed).choice, [n, m], parameters, false),
  // It draws from its second argument first: generated features, in its calls with statistics or a generator.
  "clean-fid": (n, m, parameters) =>
    drawInTurn(
      createRandomState(parameters.seed).choice,
      [n, m],
      { ...parameters, subsetSize: Math.min(n, m, parameters.subsetSize) },
      false,
    ),
  torchmetrics: (n, m, parameters) => {
    const { randperm } = createTorchRandom(parameters.seed);
    return drawInTurn((rows, size) => randperm(rows).slice(0, size), [n, m], parameters, true);
  },
};

/** A subset is of different rows; clean-fid takes smaller ones where there are fewer. */
const parametersToLeast = ({ draw, subsetSize }: KidParameters): number =>
  draw === "clean-fid" ? 2 : subsetSize;

function drawSubsets(n: number, m: number, parameters: KidParameters): Subsets {
  const { subsets, subsetSize, draw } = parameters;
  if (!Object.hasOwn(DRAWS, draw))
    throw new GanEvalError(
      "usage.kid-draw",
      `expected --kid-draw to be one of ${Object.keys(DRAWS).join(", ")}, got "${draw}"`,
      { hint: "The default is --kid-draw torch-fidelity." },
    );
  checkWhole("kid-subsets", subsets, 1, `Papers report ${DEFAULTS.subsets}.`);
  checkWhole("kid-subset-size", subsetSize, 2, `Papers report ${DEFAULTS.subsetSize}.`);
  const least = parametersToLeast(parameters);
  if (Math.min(n, m) < least)
    throw new GanEvalError(
      "input.too-few-samples",
      `expected at least ${least} samples per side for one subset, got ${n} (fake) and ${m} (real)`,
      { hint: `Give more images, or --kid-subset-size ${Math.max(2, Math.min(n, m))}.` },
    );
  return DRAWS[draw]!(n, m, parameters);
}

/** The kernel of the parameters for features of a width. Throws `usage.kid-kernel`. */
function toKernel({ kernel, degree, gamma, coef0, sigma }: KidParameters, width: number): Kernel {
  const isWhole = Number.isInteger(degree) && degree >= 1;
  if (kernel === "polynomial" && isWhole && gamma >= 0 && Number.isFinite(gamma) && Number.isFinite(coef0))
    return { name: "polynomial", degree, gamma: gamma === 0 ? 1 / width : gamma, coef0 };
  if (kernel === "rbf" && sigma > 0) return { name: "rbf", gamma: 1 / (2 * sigma ** 2) };
  throw new GanEvalError(
    "usage.kid-kernel",
    `expected a polynomial kernel (degree at least 1, gamma at least 0, coef0) or rbf (sigma above 0), got ${
      kernel === "rbf" ? `rbf, sigma ${sigma}` : `${kernel}, degree ${degree}, gamma ${gamma}, coef0 ${coef0}`
    }`,
    { hint: "Papers report --kid-kernel polynomial --kid-degree 3 --kid-gamma 0 --kid-coef0 1." },
  );
}

/**
 * Kernel Inception Distance of features [n, d] and [m, d]: over subsets of s rows a side,
 *
 *     sum_{i != j} k(x_i, x_j) / (s (s - 1)) + sum_{i != j} k(y_i, y_j) / (s (s - 1)) - 2 sum_{i,j} k(x_i, y_j) / s^2,
 *
 * the unbiased MMD^2, k(x, y) = (gamma x'y + coef0)^degree or exp(-|x - y|^2 / (2 sigma^2)); near zero, below it too, for
 * equal distributions. Products of rows about the common mean in float32, the mean's part, kernels and sums in float64:
 * 3e-9 of a KID of 0.0004 from torch-fidelity's metric_kid.py in float64 on 10,000 features of width 2048
 * (bench/kernels.js), where that library in float32, as it runs on its own features, is off by 1e-5.
 *
 * @throws GanEvalError `input.too-few-samples` where a side has fewer rows than a subset, `usage.kid-kernel`,
 *   `usage.kid-draw`, `usage.kid-subsets`, `usage.kid-subset-size`, `input.feature-width`, `input.features-not-finite`
 */
export async function featuresToKid(
  real: Features,
  fake: Features,
  options: KidOptions = {},
): Promise<KernelInceptionDistance> {
  return (await measureKid(real, fake, { ...DEFAULTS, ...options }, options)).distance;
}

async function measureKid(
  real: Features,
  fake: Features,
  parameters: KidParameters,
  context: ComputeContext,
): Promise<{ distance: KernelInceptionDistance; sums?: KernelSums }> {
  const kernel = toKernel(parameters, fake.width);
  const subsets = drawSubsets(fake.rows, real.rows, parameters);
  const sides = featuresToKernelSides([fake, real], kernel);
  return withKernelProducts(kernel, fake.width, context, async (products) => {
    const { perSubset: pairs, sums } = await subsetsToSums(products, sides, subsets, context);
    const perSubset = Float64Array.from(pairs, pairSumsToUnbiased);
    const mean = perSubset.reduce((sum, value) => sum + value, 0) / perSubset.length;
    const variance = perSubset.reduce((sum, value) => sum + (value - mean) ** 2, 0) / perSubset.length;
    return { distance: { mean, std: Math.sqrt(variance), perSubset }, ...(sums && { sums }) };
  });
}

/** Of the unbiased MMD^2 of all rows, whose expectation is that of the mean over subsets. */
async function measureWithout(
  { real, fake }: Sides,
  without: Parameters<typeof kernelSumsWithoutBlocks>[3],
  parameters: KidParameters,
  context: MetricContext,
) {
  const kernel = toKernel(parameters, fake.features!.width);
  const left = await kernelSumsWithoutBlocks(fake.features!, real!.features!, kernel, without, context);
  return left.map((sums) => ({ mean: pairSumsToUnbiased(sums), std: Number.NaN }));
}

export const row = metric({
  id: "kid",
  label: "Kernel distance (KID)",
  unit: "squared kernel units",
  direction: "lower",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper: "Bińkowski et al. 2018, Demystifying MMD GANs (arXiv 1801.01401)",
    library: "MMD-GAN compute_scores.py; torch-fidelity metric_kid.py; clean-fid; torchmetrics",
  },
  defaults: DEFAULTS,
  least: (parameters) => {
    const rows = parametersToLeast(parameters);
    return { real: rows, fake: rows, fewer: (there) => `--kid-subset-size ${Math.max(2, there)}` };
  },
  keys: { mean: "kernel_{extractor}_distance_mean", std: "kernel_{extractor}_distance_std" },
  names: { mean: "Kernel {Extractor} distance" },
  hasFloor: true,
  withoutInterval: { std: "a spread itself" },
  measure: async ({ real, fake }, parameters, context) => {
    const [fakes, reals] = [fake.features!, real!.features!];
    const { distance, sums } = await measureKid(reals, fakes, parameters, context);
    if (sums) shareKernelSums(fakes, reals, toKernel(parameters, fakes.width), context, async () => sums);
    return { mean: distance.mean, std: distance.std };
  },
  leaveOut: (sides, blocks, parameters, context) =>
    measureWithout(sides, { blocks: [blocks], out: toEachBlock(blocks) }, parameters, context),
  leaveOutNone: async (sides, parameters, context) => {
    const [all] = await measureWithout(sides, { blocks: [], out: [[]] }, parameters, context);
    return all!;
  },
  leaveOutPairs: (sides, blocks, pairs, parameters, context) =>
    measureWithout(sides, { blocks, out: pairs }, parameters, context),
  /** Of a mean of independent draws of subsets. */
  drawVariance: ({ std }, { subsets }) => (subsets > 1 ? { mean: std ** 2 / (subsets - 1) } : {}),
});
