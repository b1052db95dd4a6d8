/** The numbers of two equal normal distributions, of which one is shifted: exact, and as trained networks estimate them. */
import { shiftToDivergences } from "../../../../plane/exact/shift.ts";
import { drawNormal, pointsToTrainedJs, pointsToTrainedWasserstein } from "./estimates.ts";

const POINTS = 500;
export const REAL = drawNormal(POINTS, 1);
const FAKE = drawNormal(POINTS, 2);
/** Of the difference that stands for a slope, in deviations. */
const STEP = 1e-3;

export const shiftFakes = (theta: number): Float64Array =>
  FAKE.map((value, i) => (i % 2 === 0 ? value + theta : value));

export interface ShiftValues {
  readonly "shift.theta": number;
  readonly "shift.js": number;
  readonly "shift.kl": number;
  readonly "shift.wasserstein": number;
  /** By the deviation. */
  readonly "shift.js_slope": number;
  readonly "shift.wasserstein_slope": number;
  readonly "shift.trained_js": number;
  readonly "shift.trained_wasserstein": number;
}

export function shiftToValues(theta: number): ShiftValues {
  const here = shiftToDivergences(theta);
  const beside = shiftToDivergences(theta + STEP);
  const fake = shiftFakes(theta);
  return {
    "shift.theta": theta,
    "shift.js": here.js,
    "shift.kl": here.kl,
    "shift.wasserstein": here.wasserstein,
    "shift.js_slope": (beside.js - here.js) / STEP,
    "shift.wasserstein_slope": (beside.wasserstein - here.wasserstein) / STEP,
    "shift.trained_js": pointsToTrainedJs(REAL, fake),
    "shift.trained_wasserstein": pointsToTrainedWasserstein(REAL, fake),
  };
}
