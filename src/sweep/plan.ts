/** Which runs a sweep is made of. */
import { GanEvalError } from "../errors.ts";
import { openRandomStream } from "../train/random.ts";
import { type Axis, axisToDrawn, axisToValues } from "./axis.ts";
import { optionsToRunName } from "./run-name.ts";

export interface SweepPlan {
  /** `model` first; every axis is an option by name. */
  readonly axes: readonly Axis[];
  /** Values of each range in a grid. */
  readonly points: number;
  /** Instead of a grid: so many draws of all axes but the model, the same for every model. */
  readonly random?: number;
  /** Seeds of each choice, from `seed` on; of draws too. */
  readonly seeds: number;
  readonly seed: number;
  /** A value as its option takes it: checked, a rounded one where the option takes whole numbers. */
  readonly adapt?: (name: string, value: string) => string;
}

export interface PlannedRun {
  /** Its folder in the sweep's. */
  readonly name: string;
  /** What the sweep gives it, as text, without the seed. */
  readonly options: Readonly<Record<string, string>>;
  readonly seed: number;
}

/** More is a mistake: a grid grows fast. */
const MOST_RUNS = 10_000;

/** Every combination, the last axis turning fastest. */
function axesToGrid(
  axes: readonly (readonly [name: string, values: readonly string[]])[],
): Record<string, string>[] {
  return axes.reduce<Record<string, string>[]>(
    (grid, [name, values]) =>
      grid.flatMap((options) => values.map((value) => ({ ...options, [name]: value }))),
    [{}],
  );
}

/** Draws of the axes, one a row: uniform over lists, log-uniform over ranges above 0. */
function axesToDraws(axes: readonly Axis[], draws: number, seed: number): Record<string, string>[] {
  const random = openRandomStream(seed, "order");
  return Array.from({ length: draws }, () => {
    const shares = random.uniform(new Float32Array(axes.length));
    return Object.fromEntries(axes.map((axis, i) => [axis.name, axisToDrawn(axis, shares[i])]));
  });
}

/** @throws GanEvalError `usage.sweep-size` */
function refuseSize(runs: number): void {
  if (runs <= MOST_RUNS) return;
  throw new GanEvalError("usage.sweep-size", `expected at most ${MOST_RUNS} runs, got ${runs}`, {
    hint: "Use fewer --points, --seeds or values of --vary, or draw a random subset with --random N.",
  });
}

/**
 * Runs in the order in which they are begun: seed after seed, so that a sweep that is stopped early has covered the grid.
 * @throws GanEvalError `usage.sweep-size`, and what `adapt` throws
 */
export function planSweep({
  axes,
  points,
  random,
  seeds,
  seed,
  adapt = (_, value) => value,
}: SweepPlan): PlannedRun[] {
  const fitted = (axis: Axis): readonly [string, string[]] => [
    axis.name,
    [...new Set(axisToValues(axis, points).map((value) => adapt(axis.name, value)))],
  ];
  const isModel = ({ name }: Axis): boolean => name === "model";
  const fixed = random === undefined ? axes : axes.filter(isModel);
  const sizes = fixed.map((axis) => ("values" in axis ? axis.values.length : points));
  refuseSize(sizes.reduce((product, size) => product * size, seeds * (random ?? 1)));
  const grid = axesToGrid(fixed.map(fitted));
  const others = axes.filter((axis) => !isModel(axis));
  const draws = (random === undefined ? [{}] : axesToDraws(others, random, seed)).map((drawn) =>
    Object.fromEntries(Object.entries(drawn).map(([name, value]) => [name, adapt(name, value)])),
  );
  const choices = grid.flatMap((options) => draws.map((drawn) => ({ ...options, ...drawn })));
  const runs = Array.from({ length: seeds }, (_, i) => seed + i).flatMap((own) =>
    choices.map((options) => ({ name: optionsToRunName(options, own), options, seed: own })),
  );
  // Whole numbers of a drawn range may come up twice.
  return [...new Map(runs.map((run) => [run.name, run])).values()];
}
