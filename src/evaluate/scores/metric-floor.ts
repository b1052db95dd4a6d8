/** The floors of a metric's values: what real images score against other real ones. */
import type { Sides, Values } from "../../metrics/metric.ts";
import { valueToKey } from "../../metrics/table.ts";
import type { PlannedMetric } from "../plan.ts";
import type { FloorRecord } from "../result.ts";
import { type FloorSides, sidesToFloorSides } from "./floor.ts";
import { partsOrNothing } from "./parts-or-nothing.ts";
import { openContext, type ScoreOptions } from "./score-context.ts";

const toReciprocals = (real: number, fake: number): number => 1 / real + 1 / fake;

/** A floor that was measured on fewer images, brought to the numbers of the comparison where it is known how. */
function valueToFloor(
  measured: number,
  order: number | undefined,
  sides: Sides,
  { real, fake, of }: FloorSides,
): FloorRecord {
  const here = toReciprocals(sides.real?.count ?? real, sides.fake.count ?? fake);
  const there = toReciprocals(real, fake);
  if (order === undefined || here === there) return { value: measured, real, fake, of };
  return { value: measured * (here / there) ** order, measured, real, fake, of };
}

/**
 * The floor with the ratio of the value to it: FD(fake, real) / FD(other real, real), at the same numbers of images. The bias
 * of few images is above and below the line, and so is the unit: 1 is as good as real images, by any network. None where
 * the floor is 0.
 * Source: FDr of arXiv 2604.28190.
 */
const withRatio = (floor: FloorRecord, value: number): FloorRecord =>
  floor.value > 0 ? { ...floor, ratio: value / floor.value } : floor;

/**
 * The floors of a metric's values, by the names that results give these; none where real images are too few.
 * @param compared the values of the comparison
 */
export async function metricToFloors(
  { row, parameters }: PlannedMetric,
  sides: Sides,
  compared: Values,
  options: ScoreOptions,
): Promise<Record<string, FloorRecord>> {
  const floor = sidesToFloorSides(sides, row, options);
  if (floor === undefined) {
    options.warn({
      code: "no-floor",
      message: `${row.id}: no floor: the real side consists of statistics, or has too few images to split in two`,
      hint: "Give real images or features, or held-out ones with --held-out DIR.",
    });
    return {};
  }
  const context = { ...openContext(`${row.id}: floor`, options), warn: () => {} };
  const measure = () => row.measure(floor.sides, parameters, context);
  const part = floor.of === "real" ? "half the real side" : "the held-out side";
  const values = await partsOrNothing(row, { wanted: "floor", part }, measure, options);
  if (values === undefined) return {};
  return Object.fromEntries(
    Object.keys(row.keys).map((value, i) => {
      const record = valueToFloor(values[value]!, row.floorOrder?.[value], sides, floor);
      const hasRatio = row.hasFloorRatio === true && i === 0;
      return [
        valueToKey(row, value, options.family),
        hasRatio ? withRatio(record, compared[value]!) : record,
      ];
    }),
  );
}
