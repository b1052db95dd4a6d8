/** Intervals by the delete-block jackknife: each side's rows in blocks, each block left out in turn. */

import type { Blocks } from "../../math/intervals/blocks.ts";
import {
  drawPairs,
  leftOutToInterval,
  leftOutToReferenceShare,
  pairsToSecondOrder,
  rowsToBlocks,
} from "../../math/intervals/jackknife.ts";
import type { Role } from "../../math/role.ts";
import type { Metric, SideData, Values } from "../../metrics/metric.ts";
import { sideOfRows } from "../sides/side-rows.ts";
import { type IntervalMethod, type MeasuredMetric, valueToBounds } from "./interval-method.ts";
import { openContext } from "./score-context.ts";

const BLOCKS = 20;

/** Pairs of blocks that are left out together, of each kind, where they are few: enough to see a part of the variance. */
const PAIRS = 10;

/** Fewer rows than this a block say nothing. */
const LEAST_PER_BLOCK = 2;

/** With fewer blocks a side, pairs of them say nothing. */
const LEAST_FOR_PAIRS = 4;

/** One side's blocks, and the values without each. */
interface LeftOut {
  readonly blocks: Blocks;
  readonly values: readonly Values[];
}

/** What a metric sees of a side in rows, if it sees rows: images before features before logits. */
function sideToRowCount(side: SideData, row: Metric, role: Role): number | undefined {
  const needs = row.needs[role] ?? [];
  if (needs.includes("pairs")) return side.pairs?.rows;
  if (needs.includes("groups")) return side.groups?.rows;
  if (needs.includes("images")) return side.images?.length;
  if (needs.includes("spatial")) return side.spatialFeatures?.rows;
  if (needs.includes("logits")) return side.logits?.rows;
  return side.features?.rows;
}

/** The sides whose rows are resampled: a pair is a row of the fake side, its real image none of its own. */
const rowToRoles = ({ needs }: Metric): Role[] =>
  (Object.keys(needs) as Role[]).filter((role) => role === "fake" || !needs[role]!.includes("pairs"));

/** Values with each block left out, by measuring the rest: for metrics that have no faster way. */
async function measureWithoutBlocks(
  { planned: { row, parameters }, sides, options }: MeasuredMetric,
  { role, count, ofRow }: Blocks,
): Promise<Values[]> {
  const stage = `${row.id}: interval`;
  const values: Values[] = [];
  for (let block = 0; block < count; block++) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ stage, done: block, total: count, unit: "steps" });
    const side = sideOfRows(sides[role]!, (i) => ofRow[i] !== block, options);
    const context = { ...openContext(stage, options), progress: () => {}, warn: () => {} };
    values.push(await row.measure({ ...sides, [role]: side }, parameters, context));
  }
  return values;
}

/** Blocks of every side that has rows enough, and the sides that have not: these are held fixed. */
async function sidesToLeftOut(
  measured: MeasuredMetric,
): Promise<{ readonly leftOut: readonly LeftOut[]; readonly fixed: readonly Role[] }> {
  const { planned, sides, context, options } = measured;
  const { row, parameters } = planned;
  const leftOut: LeftOut[] = [];
  const fixed: Role[] = [];
  for (const role of rowToRoles(row)) {
    const rows = sideToRowCount(sides[role]!, row, role);
    const count = Math.min(BLOCKS, Math.floor((rows ?? 0) / LEAST_PER_BLOCK));
    if (rows === undefined || count < 2) {
      fixed.push(role);
      continue;
    }
    const blocks = rowsToBlocks(role, rows, count, options.seed);
    const values = row.leaveOut
      ? await row.leaveOut(sides, blocks, parameters, context)
      : await measureWithoutBlocks(measured, blocks);
    leftOut.push({ blocks, values });
  }
  return { leftOut, fixed };
}

/** The second-order variance of a value: of all pairs of blocks, and of those with a block of the reference. */
interface SecondOrder {
  readonly all: number;
  readonly reference: number;
}

const isReference = (role: Role): boolean => role !== "fake";

/** The second-order variance of each value, from pairs of blocks within each side and across the two. */
async function leftOutToSecondOrder(
  { planned: { row, parameters }, sides, values, context, options }: MeasuredMetric,
  leftOut: readonly LeftOut[],
): Promise<(value: string) => SecondOrder> {
  if (!row.leaveOutPairs) return () => ({ all: 0, reference: 0 });
  const whole = (await row.leaveOutNone?.(sides, parameters, context)) ?? values;
  const kinds = leftOut.flatMap((a, i) => leftOut.slice(i).map((b) => [a, b] as const));
  const seen: { readonly ofReference: boolean; readonly toVariance: (value: string) => number }[] = [];
  for (const [a, b] of kinds) {
    const blocks = [a.blocks, b.blocks] as const;
    const oneSide = a === b;
    if (Math.min(a.blocks.count, b.blocks.count) < LEAST_FOR_PAIRS) continue;
    const pairs = drawPairs(blocks, row.pairs === "all" ? Number.POSITIVE_INFINITY : PAIRS, options.seed);
    const both = await row.leaveOutPairs(sides, blocks, pairs, parameters, context);
    seen.push({
      ofReference: blocks.some(({ role }) => isReference(role)),
      toVariance: (value) =>
        pairsToSecondOrder(whole[value]!, {
          oneSide,
          counts: [a.blocks.count, b.blocks.count],
          pairs,
          without: [a.values.map((each) => each[value]!), b.values.map((each) => each[value]!)],
          withoutBoth: both.map((each) => each[value]!),
        }),
    });
  }
  return (value) => {
    const variances = seen.map(({ ofReference, toVariance }) => [ofReference, toVariance(value)] as const);
    const sum = (of: typeof variances): number => of.reduce((total, [, variance]) => total + variance, 0);
    return { all: sum(variances), reference: sum(variances.filter(([ofReference]) => ofReference)) };
  };
}

export const deleteBlockJackknife: IntervalMethod = {
  applies: () => true,
  async compute(measured, names) {
    const { planned, sides, values, context, options } = measured;
    const { row, parameters } = planned;
    const { leftOut, fixed } = await sidesToLeftOut(measured);
    if (leftOut.length === 0) {
      options.warn({
        code: "no-interval",
        message: `${row.id}: no interval: neither side has images or features to resample`,
        hint: "Give more images or features, instead of statistics.",
      });
      return {};
    }
    const drawVariance = row.drawVariance?.(values, parameters, sides, context) ?? {};
    const secondOrder = await leftOutToSecondOrder(measured, leftOut);
    const blocks = Math.min(...leftOut.map((side) => side.blocks.count));
    // What cannot be measured without some blocks has no interval (a support without collisions).
    const known = names.filter((value) =>
      leftOut.every((side) => side.values.every((each) => Number.isFinite(each[value]))),
    );
    return Object.fromEntries(
      known.map((value) => {
        const toValues = ({ values: each }: LeftOut): number[] => each.map((of) => of[value]!);
        const { all, reference } = secondOrder(value);
        const interval = leftOutToInterval(values[value]!, leftOut.map(toValues), {
          ...valueToBounds(row, value),
          secondOrder: all,
          ...(drawVariance[value] !== undefined && { drawVariance: drawVariance[value] }),
        });
        const referenceShare = leftOutToReferenceShare(
          {
            leftOut: leftOut.filter(({ blocks: { role } }) => isReference(role)).map(toValues),
            secondOrder: reference,
          },
          interval.standardError,
        );
        return [value, { ...interval, blocks, referenceShare, ...(fixed.length > 0 && { fixed }) }];
      }),
    );
  },
};
