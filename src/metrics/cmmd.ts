/** CMMD: the maximum mean discrepancy of CLIP embeddings. */
import type { ComputeContext } from "../math/compute-context.ts";
import type { Features } from "../math/features/statistics.ts";
import { kernelSumsWithoutBlocks, shareKernelSums, toEachBlock } from "../math/kernels/kernel-leave-out.ts";
import type { Kernel } from "../math/kernels/kernel-rows.ts";
import {
  featuresToKernelSides,
  type KernelSums,
  kernelSumsToPairSums,
  type PairSums,
  pairSumsToBiased,
  sidesToKernelSums,
  withKernelProducts,
} from "../math/kernels/kernel-sums.ts";
import type { Role } from "../math/role.ts";
import { type MetricContext, metric, type SideData, type Sides } from "./metric.ts";

/** exp(-|x - y|^2 / (2 10^2)), and what the authors multiply by. */
const KERNEL: Kernel = { name: "rbf", gamma: 1 / (2 * 10 ** 2) };
const SCALE = 1000;

/** How far from 1 the length of a row that counts as normalised may be: half-precision embeddings are. */
const LENGTH_TOLERANCE = 1e-3;

/**
 * CLIP maximum mean discrepancy of embeddings [n, d] and [m, d] of length 1:
 *
 *     1000 (mean k(x_i, x_j) + mean k(y_i, y_j) - 2 mean k(x_i, y_j)),  k(x, y) = exp(-|x - y|^2 / (2 10^2)),
 *
 * over all pairs, a row with itself included: zero for equal sets, and 1000 (E 1 - k) (1/n + 1/m) too large for others.
 * Rows are taken as they are; the metric's row brings them to length 1. Products in float32 about the common mean,
 * kernels and sums in float64; agrees with cmmd-pytorch's distance.py in float64 to 1e-6 of the value.
 *
 * @throws GanEvalError `input.feature-width`, `input.too-few-samples`, `input.features-not-finite`
 */
export async function embeddingsToCmmd(
  real: Features,
  fake: Features,
  context: ComputeContext = {},
): Promise<number> {
  return sumsToCmmd(kernelSumsToPairSums(await embeddingsToSums(real, fake, context)));
}

const sumsToCmmd = (sums: PairSums): number => SCALE * pairSumsToBiased(sums);

async function embeddingsToSums(
  real: Features,
  fake: Features,
  context: ComputeContext,
): Promise<KernelSums> {
  const sides = featuresToKernelSides([fake, real], KERNEL);
  return withKernelProducts(KERNEL, fake.width, context, (products) =>
    sidesToKernelSums(products, sides, context),
  );
}

/** Rows at length 1 (a row of zeros stays), and how many were not. */
export function featuresToUnitRows({ data, rows, width }: Features): { unit: Features; changed: number } {
  const unit = new Float32Array(data.length);
  let changed = 0;
  for (let at = 0; at < data.length; at += width) {
    let square = 0;
    for (let k = 0; k < width; k++) square += data[at + k]! ** 2;
    const length = Math.sqrt(square);
    if (!(Math.abs(length - 1) <= LENGTH_TOLERANCE)) changed++;
    for (let k = 0; k < width; k++) unit[at + k] = length === 0 ? 0 : data[at + k]! / length;
  }
  return { unit: { data: unit, rows, width }, changed };
}

/** A side's rows at length 1, made once. */
const toUnitRows = ({ features }: SideData, context: MetricContext) =>
  context.memo(features!, "unit rows", () => featuresToUnitRows(features!));

function warnNotNormalised(
  role: Role,
  { features }: SideData,
  changed: number,
  context: MetricContext,
): void {
  if (changed === 0) return;
  const share = ((100 * changed) / features!.rows).toFixed(1);
  context.warn({
    code: "not-normalised",
    message: `CMMD: ${share} % of the ${role} embeddings did not have length 1 and were normalised`,
    hint: "CMMD is defined for L2-normalised CLIP embeddings. Its values for other features are comparable only with each other.",
  });
}

async function measureWithout(
  { real, fake }: Sides,
  without: Parameters<typeof kernelSumsWithoutBlocks>[3],
  context: MetricContext,
) {
  const [reals, fakes] = [toUnitRows(real!, context), toUnitRows(fake, context)];
  const left = await kernelSumsWithoutBlocks(fakes.unit, reals.unit, KERNEL, without, context);
  return left.map((sums) => ({ distance: sumsToCmmd(sums) }));
}

export const row = metric({
  id: "cmmd",
  label: "CLIP maximum mean discrepancy (CMMD)",
  unit: "1000 squared kernel units",
  direction: "lower",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper: "Jayasumana et al. 2024, Rethinking FID (arXiv 2401.09603)",
    library: "google-research/cmmd; cmmd-pytorch distance.py",
  },
  defaults: {},
  keys: { distance: "cmmd" },
  names: { distance: "CMMD" },
  range: [0, Number.POSITIVE_INFINITY],
  hasFloor: true,
  floorOrder: { distance: 1 },
  measure: async ({ real, fake }, _parameters, context) => {
    const [reals, fakes] = [toUnitRows(real!, context), toUnitRows(fake, context)];
    warnNotNormalised("real", real!, reals.changed, context);
    warnNotNormalised("fake", fake, fakes.changed, context);
    const sums = await shareKernelSums(fakes.unit, reals.unit, KERNEL, context, () =>
      embeddingsToSums(reals.unit, fakes.unit, context),
    );
    return { distance: sumsToCmmd(kernelSumsToPairSums(sums)) };
  },
  leaveOut: (sides, blocks, _parameters, context) =>
    measureWithout(sides, { blocks: [blocks], out: toEachBlock(blocks) }, context),
  leaveOutPairs: (sides, blocks, pairs, _parameters, context) =>
    measureWithout(sides, { blocks, out: pairs }, context),
});
