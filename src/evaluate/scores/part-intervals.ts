/** Intervals from parts of the sides: halves, and halves and quarters. */

import type { Bounds, Interval } from "../../math/intervals/interval.ts";
import {
  type HalfValues,
  halvesToInterval,
  mapQuarters,
  type QuarterValues,
  quartersToInterval,
} from "../../math/intervals/split-halves.ts";
import type { Values } from "../../metrics/metric.ts";
import { type IntervalMethod, type MeasuredMetric, valueToBounds } from "./interval-method.ts";
import { partsOrNothing } from "./parts-or-nothing.ts";

interface Parts<T> {
  /** As a warning calls one. */
  readonly part: string;
  /** How a metric measures them, cut by cut; undefined where it has no such way. */
  readonly toMeasure: (measured: MeasuredMetric) => (() => readonly T[] | Promise<readonly T[]>) | undefined;
  /** Of one value, from the parts of every cut. */
  readonly toInterval: (value: number, parts: readonly T[], name: string, bounds: Bounds) => Interval;
}

/** The method of metrics that measure such parts; no interval where a part is too few. */
const partsToMethod = <T>({ part, toMeasure, toInterval }: Parts<T>): IntervalMethod => ({
  applies: (measured) => toMeasure(measured) !== undefined,
  async compute(measured, names) {
    const { planned, values, options } = measured;
    const { row } = planned;
    const parts = await partsOrNothing(row, { wanted: "interval", part }, toMeasure(measured)!, options);
    if (parts === undefined) return {};
    return Object.fromEntries(
      names.map((name) => [
        name,
        { ...toInterval(values[name]!, parts, name, valueToBounds(row, name)), cuts: parts.length },
      ]),
    );
  },
});

export const splitHalves = partsToMethod<HalfValues<Values>>({
  part: "half a side",
  toMeasure: ({ planned: { row, parameters }, sides, options, context }) =>
    row.halve && (() => row.halve!(sides, options.seed, parameters, context)),
  toInterval: (value, halves, name, bounds) =>
    halvesToInterval(
      value,
      halves.map(([one, other]) => [one[name]!, other[name]!]),
      bounds,
    ),
});

export const splitQuarters = partsToMethod<QuarterValues<Values>>({
  part: "a quarter of a side",
  toMeasure: ({ planned: { row, parameters }, sides, options, context }) =>
    row.quarter && (() => row.quarter!(sides, options.seed, parameters, context)),
  toInterval: (value, quarters, name, bounds) =>
    quartersToInterval(
      value,
      quarters.map((each) => mapQuarters(each, (part) => part[name]!)),
      bounds,
    ),
});
