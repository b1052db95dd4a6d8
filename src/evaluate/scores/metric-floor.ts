/** The floors of a metric's values: what real images score against other real ones. */
import type { Sides } from "../../metrics/metric.ts";
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

/** The floors of a metric's values, by the names that results give these; none where real images are too few. */
export async function metricToFloors(
  { row, parameters }: PlannedMetric,
  sides: Sides,
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
    Object.keys(row.keys).map((value) => [
      valueToKey(row, value, options.family),
      valueToFloor(values[value]!, row.floorOrder?.[value], sides, floor),
    ]),
  );
}
