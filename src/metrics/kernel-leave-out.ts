/** Sums of a kernel with blocks of rows left out, from one pass over all pairs. */
import type { Kernel } from "./kernel-rows.ts";
import {
  featuresToKernelSides,
  gatherRows,
  type KernelSums,
  kernelSumsToPairSums,
  type PairSums,
  sidesToKernelSums,
  walkKernel,
  withKernelProducts,
} from "./kernel-sums.ts";
import type { Blocks, MetricContext } from "./metric.ts";
import { onceOfTwo } from "./once-of-two.ts";
import type { Features } from "./statistics.ts";

/** What `compute` gave for the two sides and the kernel when it was first asked for. */
export const shareKernelSums = (
  fake: Features,
  real: Features,
  kernel: Kernel,
  context: Pick<MetricContext, "once">,
  compute: () => Promise<KernelSums>,
): Promise<KernelSums> => onceOfTwo(context, fake, real, `kernel sums ${JSON.stringify(kernel)}`, compute);

/**
 * The sums over fake (a) and real (b) rows with each block of one side left out. All pairs are computed once for both
 * sides; what a block's rows sum to goes, and comes back once for the pairs within it.
 */
export async function kernelSumsWithoutBlocks(
  fake: Features,
  real: Features,
  kernel: Kernel,
  blocks: Blocks,
  context: Pick<MetricContext, "once"> & Partial<MetricContext>,
): Promise<PairSums[]> {
  const sides = featuresToKernelSides([fake, real], kernel);
  const isFake = blocks.role === "fake";
  const own = isFake ? 0 : 1;
  return withKernelProducts(kernel, fake.width, context, async (products) => {
    const sums = await shareKernelSums(fake, real, kernel, context, () =>
      sidesToKernelSums(products, sides, context),
    );
    const all = kernelSumsToPairSums(sums);
    const left: PairSums[] = [];
    for (const rows of blocksToRows(blocks)) {
      const part = gatherRows(sides[own], rows);
      const [pairs] = await walkKernel(products, part, part, context);
      let [within, across] = [0, 0];
      for (const [i, row] of rows.entries()) {
        within += pairs[i]! - 2 * sums.within[own][row]!;
        across += sums.across[own][row]!;
      }
      left.push(
        isFake
          ? { ...all, n: all.n - rows.length, aa: all.aa + within, ab: all.ab - across }
          : { ...all, m: all.m - rows.length, bb: all.bb + within, ab: all.ab - across },
      );
      context.progress?.(left.length, blocks.count);
    }
    return left;
  });
}

function blocksToRows({ count, ofRow }: Blocks): number[][] {
  const rows: number[][] = Array.from({ length: count }, () => []);
  for (const [row, block] of ofRow.entries()) rows[block]!.push(row);
  return rows;
}
