/** Which classes a generator makes, as a classifier sees them. */
import { GanEvalError } from "../../errors.ts";
import type { Features } from "../features/statistics.ts";

export interface ClassCoverage {
  /** Classes that there are. */
  readonly classes: number;
  /** Classes with at least one sample. */
  readonly hit: number;
  /** KL(samples || reference) of the frequencies of classes, in nats. */
  readonly divergence: number;
  /** Samples of each class. */
  readonly counts: Int32Array;
}

/**
 * The largest logit's class of each row; the first of equal ones.
 *
 * @param logits row-major `[n, classes]`
 * @throws GanEvalError `input.logits-not-finite`
 */
export function logitsToClasses({ data, rows, width }: Features): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let c = 0; c < width; c++) {
      const value = data[row * width + c];
      if (!Number.isFinite(value))
        throw new GanEvalError(
          "input.logits-not-finite",
          `expected finite logits, got ${value} in row ${row}`,
          {
            hint: "A network with broken weights gives NaN.",
          },
        );
      if (value > data[row * width + best]) best = c;
    }
    return best;
  });
}

/**
 * Classes of stacked images from those of their channels: digits (2, 0, 7) to 207.
 *
 * @param channels `[n, places]`, each below `classes`
 */
export function channelsToClasses(channels: Int32Array, places: number, classes: number): Int32Array {
  return Int32Array.from({ length: channels.length / places }, (_, i) =>
    channels.subarray(i * places, (i + 1) * places).reduce((number, digit) => number * classes + digit, 0),
  );
}

/**
 * The class of each row, where a row is the logits of one image or of `places` of them side by side (the channels of a
 * stack); of stacks there are classes ** places.
 *
 * @param logits row-major `[n, places * classes]`
 * @throws GanEvalError `usage.modes-places` where the columns are not a multiple, `input.logits-not-finite`
 */
export function logitsToStackedClasses(
  { data, rows, width }: Features,
  places = 1,
): { readonly predicted: Int32Array; readonly classes: number } {
  if (!Number.isInteger(places) || places < 1 || width % places !== 0)
    throw new GanEvalError(
      "usage.modes-places",
      `expected a number of places that divides ${width} logits, got ${places}`,
      {
        hint: "--modes-places 3 is for stacks of three digits by --extractor stacked-digits; others have 1.",
      },
    );
  const classes = width / places;
  const digits = logitsToClasses({ data, rows: rows * places, width: classes });
  return { predicted: channelsToClasses(digits, places, classes), classes: classes ** places };
}

/**
 * How many classes are hit, and KL(p || q) = sum_c p_c ln(p_c / q_c), p the samples' frequencies and q the reference's,
 * equal ones if left out: ln classes less the entropy. Infinite where a class is hit that the reference lacks. A perfect
 * sampler of n samples has (classes - 1) / 2n in the mean. The protocol of stacked MNIST: 1,000 classes, equal
 * frequencies (Srivastava et al. 2017, VEEGAN; Lin et al. 2018, PacGAN).
 *
 * @param predicted one class a sample, 0 to classes - 1
 * @param reference how frequent each class is, in any unit
 * @throws GanEvalError `usage.samples` for none, `usage.classes` for a class or reference that does not fit
 */
export function classesToCoverage(
  predicted: Int32Array,
  classes: number,
  reference: ArrayLike<number> = new Float64Array(classes).fill(1),
): ClassCoverage {
  if (predicted.length === 0) throw new GanEvalError("usage.samples", "expected samples, got none");
  if (reference.length !== classes)
    throw new GanEvalError("usage.classes", `expected ${classes} frequencies, got ${reference.length}`);
  const counts = new Int32Array(classes);
  for (const label of predicted) {
    if (!(label >= 0 && label < classes))
      throw new GanEvalError("usage.classes", `expected classes from 0 to ${classes - 1}, got ${label}`);
    counts[label]++;
  }
  const total = Array.from(reference).reduce((sum, frequency) => sum + frequency, 0);
  const divergence = counts.reduce((sum, count, label) => {
    const share = count / predicted.length;
    return share > 0 ? sum + share * Math.log((share * total) / reference[label]) : sum;
  }, 0);
  return {
    classes,
    hit: counts.filter((count) => count > 0).length,
    // Not negative; equal frequencies may round to just below zero.
    divergence: Math.max(0, divergence),
    counts,
  };
}
