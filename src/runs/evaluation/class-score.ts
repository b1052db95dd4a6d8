/** How many classes a generator makes, and how evenly, against real images that the same network has seen. */

import { classesToCoverage, logitsToStackedClasses } from "../../math/clusters/class-coverage.ts";
import type { Features } from "../../math/features/statistics.ts";
import { type MetricContext, metric } from "../../metrics/metric.ts";

/**
 * Real classes as the same network sees them, so that its errors cancel. All have to occur, or the divergence could be
 * infinite; where one does not, or images are stacks (1,000 classes), equal frequencies are expected instead.
 */
function logitsToFrequencies(logits: Features, places: number): Int32Array | undefined {
  const { predicted, classes } = logitsToStackedClasses(logits, places);
  const { counts, hit } = classesToCoverage(predicted, classes);
  return hit === classes && places === 1 ? counts : undefined;
}

const frequenciesOnce = (logits: Features, places: number, { memo }: MetricContext) =>
  memo(logits, `class frequencies, ${places}`, () => logitsToFrequencies(logits, places));

/** A score of training alone, in the form of a metric: `classes` that occur, and `classes_kl` from the real ones. */
export const row = metric({
  id: "classes",
  label: "Classes",
  unit: "classes",
  direction: "higher",
  directions: { kl: "lower" },
  needs: { real: ["logits"], fake: ["logits"] },
  ofFamilies: { stacked_digits: { places: 3 } },
  source: { paper: "Srivastava et al. 2017, VEEGAN (arXiv 1705.07761)", library: "none" },
  defaults: { places: 1 },
  keys: { hit: "classes", kl: "classes_kl" },
  names: { hit: "Classes", kl: "Classes KL" },
  measure: ({ real, fake }, { places }, context) => {
    const { predicted, classes } = logitsToStackedClasses(fake.logits!, places);
    const frequencies = frequenciesOnce(real!.logits!, places, context);
    const { hit, divergence } = classesToCoverage(predicted, classes, frequencies);
    return { hit, kl: divergence };
  },
});
