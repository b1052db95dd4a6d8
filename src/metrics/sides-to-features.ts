/** What metrics of features take of sides. */
import type { TwoSides } from "../math/neighbours/shared.ts";
import type { Sides } from "./metric.ts";

/** The features of sides that a metric asked for. */
export const sidesToFeatures = (sides: Sides): TwoSides => ({
  real: sides.real!.features!,
  fake: sides.fake.features!,
});
