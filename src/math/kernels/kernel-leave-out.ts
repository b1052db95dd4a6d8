/** Sums of a kernel with blocks of rows left out, from one pass over all pairs. */

import type { MemoContext } from "../compute-context.ts";
import type { Features } from "../features/statistics.ts";
import type { Blocks } from "../intervals/blocks.ts";
import { toIsLeftOut } from "../intervals/jackknife.ts";
import { memoPair } from "../memo-pair.ts";
import type { Role } from "../role.ts";
import type { Kernel } from "./kernel-rows.ts";
import {
  featuresToKernelSides,
  gatherRows,
  type KernelSide,
  type KernelSums,
  kernelSumsToPairSums,
  type PairSums,
  sidesToKernelSums,
  walkKernel,
  withKernelProducts,
} from "./kernel-sums.ts";

/** What `compute` gave for the two sides and the kernel when it was first asked for. */
export const shareKernelSums = (
  fake: Features,
  real: Features,
  kernel: Kernel,
  context: Pick<MemoContext, "memo">,
  compute: () => Promise<KernelSums>,
): Promise<KernelSums> => memoPair(context, fake, real, `kernel sums ${JSON.stringify(kernel)}`, compute);

const sumOf = (rows: readonly number[], of: Float64Array): number =>
  rows.reduce((sum, row) => sum + of[row]!, 0);

/**
 * The sums over fake (a) and real (b) rows without block `left[i]` of `blocks[i]`, for each `left` of `out`. All pairs are
 * computed once for both sides; what the rows left out sum to goes, and comes back once for the pairs among them.
 */
export async function kernelSumsWithoutBlocks(
  fake: Features,
  real: Features,
  kernel: Kernel,
  { blocks, out }: { readonly blocks: readonly Blocks[]; readonly out: readonly (readonly number[])[] },
  context: Pick<MemoContext, "memo"> & Partial<MemoContext>,
): Promise<PairSums[]> {
  const sides = featuresToKernelSides([fake, real], kernel);
  return withKernelProducts(kernel, fake.width, context, async (products) => {
    const { within, across } = await shareKernelSums(fake, real, kernel, context, () =>
      sidesToKernelSums(products, sides, context),
    );
    const all = kernelSumsToPairSums({ within, across });
    const rest: PairSums[] = [];
    for (const left of out) {
      const [a, b] = [toRowsLeftOut("fake", blocks, left), toRowsLeftOut("real", blocks, left)];
      const [partA, partB] = [gatherRows(sides[0], a), gatherRows(sides[1], b)];
      const among = async (x: KernelSide, y: KernelSide): Promise<number> => {
        if (x.terms.length === 0 || y.terms.length === 0) return 0;
        const [sums] = await walkKernel(products, x, y, context);
        return sums.reduce((total, sum) => total + sum, 0);
      };
      rest.push({
        n: all.n - a.length,
        m: all.m - b.length,
        aa: all.aa - 2 * sumOf(a, within[0]) + (await among(partA, partA)),
        bb: all.bb - 2 * sumOf(b, within[1]) + (await among(partB, partB)),
        ab: all.ab - sumOf(a, across[0]) - sumOf(b, across[1]) + (await among(partA, partB)),
      });
      context.progress?.(rest.length, out.length);
    }
    return rest;
  });
}

function toRowsLeftOut(role: Role, blocks: readonly Blocks[], left: readonly number[]): number[] {
  const isLeftOut = toIsLeftOut(role, blocks, left);
  const own = blocks.find((each) => each.role === role);
  return own === undefined ? [] : Array.from(own.ofRow.keys()).filter(isLeftOut);
}

/** Each block alone, for `out`. */
export const toEachBlock = ({ count }: Blocks): (readonly number[])[] =>
  Array.from({ length: count }, (_, block) => [block]);
