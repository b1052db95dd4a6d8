/** The distance of one class, and the mean over classes: how sure it is, and what it is between real images. */
import { leftOutToInterval, rowsToBlocks } from "../../math/intervals/jackknife.ts";
import { meanOf } from "../../math/mean.ts";
import type { MetricContext, SideData } from "../../metrics/metric.ts";
import type { PlannedMetric } from "../plan.ts";
import type { FloorRecord, IntervalRecord } from "../result.ts";
import { sidesToFloorSides } from "../scores/floor.ts";
import { LEVEL } from "../scores/interval-level.ts";

/** What is kept of a class; its features and moments are not, of a thousand classes they fill no memory. */
export interface MeasuredClass {
  readonly distance: number;
  /** Distances with each block of a side left out, an array a side. */
  readonly leftOut: readonly (readonly number[])[];
  /** Between two parts of the real images. */
  readonly floor?: Omit<FloorRecord, "of">;
}

export interface ClassMeasure {
  readonly planned: PlannedMetric;
  readonly ci?: boolean;
  readonly floor?: boolean;
  readonly seed: number;
}

const BLOCKS = 10;
const LEAST_PER_BLOCK = 2;

/** The value of a metric that stands for it. */
export const firstValueOf = ({ row }: PlannedMetric): string => Object.keys(row.keys)[0]!;

/** 10 blocks a side, fewer where the class is small: 20 more distances. */
async function sidesToLeftOut(
  sides: { readonly real: SideData; readonly fake: SideData },
  { planned, seed }: ClassMeasure,
  context: MetricContext,
): Promise<number[][]> {
  const { row, parameters } = planned;
  const leftOut: number[][] = [];
  for (const role of ["real", "fake"] as const) {
    const rows = sides[role].features!.rows;
    const count = Math.min(BLOCKS, Math.floor(rows / LEAST_PER_BLOCK));
    if (count < 2 || row.leaveOut === undefined) continue;
    const values = await row.leaveOut(sides, rowsToBlocks(role, rows, count, seed), parameters, context);
    leftOut.push(values.map((each) => each[firstValueOf(planned)]!));
  }
  return leftOut;
}

/** Measures a class, with what the interval and the floor of the mean will need of it. */
export async function sidesToMeasuredClass(
  sides: { readonly real: SideData; readonly fake: SideData },
  measure: ClassMeasure,
  context: MetricContext,
): Promise<MeasuredClass> {
  const { planned, ci, seed } = measure;
  const { row, parameters } = planned;
  const { threads } = context;
  const quiet: MetricContext = { ...context, progress: () => {} };
  const distanceOf = async (pair: { readonly real?: SideData; readonly fake: SideData }) =>
    (await row.measure(pair, parameters, quiet))[firstValueOf(planned)]!;
  const parts = measure.floor
    ? sidesToFloorSides(sides, row, { seed, ...(threads !== undefined && { threads }) })
    : undefined;
  return {
    distance: await distanceOf(sides),
    leftOut: ci ? await sidesToLeftOut(sides, measure, quiet) : [],
    ...(parts && {
      floor: { value: await distanceOf(parts.sides), real: parts.real, fake: parts.fake },
    }),
  };
}

/** Each class counts the same, however many images it has. */
export const classesToMean = (classes: readonly MeasuredClass[]): number =>
  meanOf(classes.map(({ distance }) => distance));

/**
 * The interval of the mean over classes: a delete-block jackknife inside each class and side, whose variances add, since
 * they are drawn apart (a stratified sample). Undefined where no class has blocks to leave out.
 */
export function classesToInterval(
  classes: readonly MeasuredClass[],
  { planned: { row }, seed }: ClassMeasure,
): IntervalRecord | undefined {
  const leftOut = classes.flatMap((each) => each.leftOut);
  if (leftOut.length === 0) return undefined;
  const interval = leftOutToInterval(
    classesToMean(classes),
    leftOut.map((values) => values.map((value) => value / classes.length)),
    { level: LEVEL, ...(row.range && { range: row.range }) },
  );
  const blocks = Math.min(...leftOut.map((values) => values.length));
  return { ...interval, level: LEVEL, method: "delete-block jackknife", blocks, seed };
}

/** The mean over classes of the distance between real images; undefined where a class has too few of them. */
export function classesToFloor(classes: readonly MeasuredClass[]): FloorRecord | undefined {
  const floors = classes.flatMap(({ floor }) => floor ?? []);
  if (floors.length < classes.length || floors.length === 0) return undefined;
  const total = (side: "real" | "fake") => floors.reduce((sum, floor) => sum + floor[side], 0);
  return {
    value: meanOf(floors.map(({ value }) => value)),
    real: total("real"),
    fake: total("fake"),
    of: "real",
  };
}
