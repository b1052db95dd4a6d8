/** How sure a method is, of several trained seeds of it: what training varies, what sampling varies, and both together. */
import { meanOf } from "../mean.ts";
import { studentQuantile } from "./student.ts";

/** One value of every seed, and how sure each is as the value of its own checkpoint. */
export interface MeasuredSeeds {
  /** [seeds] */
  readonly values: readonly number[];
  /** [seeds] Of sampling alone; absent where they are not known. */
  readonly standardErrors?: readonly number[];
  /** [seeds] The share of these variances that comes of the reference images, which all seeds are measured with. */
  readonly referenceShares?: readonly number[];
}

/** A variance, and the degrees of freedom it is known with. */
export interface KnownVariance {
  readonly variance: number;
  readonly degrees: number;
}

/** A value of a method. Deviations are null where the seeds' standard errors are not known. */
export interface MethodSpread {
  readonly seeds: number;
  readonly mean: number;
  /** Between the seeds' values, n - 1: what training varies and what drawing samples of each generator varies. */
  readonly seedDeviation: number;
  /** Of one checkpoint, if fresh images were drawn: the root of the mean square of the seeds' standard errors. */
  readonly samplingDeviation: number | null;
  /** Between seeds beyond sampling: what training varies; 0 where sampling explains all. */
  readonly trainingDeviation: number | null;
  /** Of the reference images, which moves all seeds alike; 0 where they are held fixed. */
  readonly referenceDeviation: number | null;
  /** Of the mean over seeds, 95 %. */
  readonly interval: { readonly low: number; readonly high: number };
  readonly degrees: number;
}

/** sum (x - mean x)^2 */
export function squaresOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

const LEVEL = 0.95;

/** Of the 20 blocks of a side. */
const REFERENCE_DEGREES = 19;

/**
 * The value of a method: its expectation over seeds of training and over fresh images, from S seeds. Seed i measures
 *
 *     x_i = m + t_i + e_i + r,
 *
 * t_i what training makes of the seed, variance T^2; e_i of the images drawn from its generator, E^2; r of the reference
 * images, R^2, the same in every x_i. Between the seeds' values there is s^2, which estimates T^2 + E^2 with S - 1 degrees of
 * freedom, whatever their ratio: r is in all and cancels. So the mean over seeds has the variance
 *
 *     s^2 / S + R^2,
 *
 * and the interval is mean -+ t times its root, t of Student's distribution with the degrees of freedom of Satterthwaite's
 * rule. All seeds weigh the same: they are measured with equally many images, so that their variances are nearly equal, and
 * weights from estimated errors would lean towards small values of a metric whose error grows with it. With equal weights this
 * is the interval of Hartung and Knapp, widened by R^2; s^2 is not raised to E^2 where it happens to be lower, for then
 * it holds more than 95 %. T^2 = max(0, s^2 - E^2) is the estimate of Hedges and Olkin (DerSimonian and Laird's with
 * equal weights). Where the standard errors are not known, R^2 is left out: the interval is about this reference.
 * Sources: DerSimonian & Laird 1986; Hartung & Knapp 2001; Satterthwaite 1946.
 *
 * @param known s^2 from elsewhere, as of this and earlier nights; by default that of these seeds
 * @returns undefined where s^2 has no degrees of freedom: of one seed
 */
export function seedsToMethod(
  { values, standardErrors, referenceShares }: MeasuredSeeds,
  known?: KnownVariance,
): MethodSpread | undefined {
  const seeds = values.length;
  const own = { variance: seeds > 1 ? squaresOf(values) / (seeds - 1) : 0, degrees: seeds - 1 };
  const { variance, degrees } = known ?? own;
  if (seeds === 0 || degrees < 1) return undefined;
  const sampling = standardErrors && meanOf(standardErrors.map((error) => error ** 2));
  const reference =
    standardErrors && meanOf(standardErrors.map((error, i) => error ** 2 * (referenceShares?.[i] ?? 0)));
  const mean = meanOf(values);
  const parts: readonly KnownVariance[] = [
    { variance: variance / seeds, degrees },
    { variance: reference ?? 0, degrees: REFERENCE_DEGREES },
  ];
  const total = parts.reduce((sum, part) => sum + part.variance, 0);
  const spread = parts.reduce((sum, part) => sum + part.variance ** 2 / part.degrees, 0);
  const ofTotal = spread > 0 ? total ** 2 / spread : degrees;
  const reach = total > 0 ? studentQuantile((1 + LEVEL) / 2, ofTotal) * Math.sqrt(total) : 0;
  return {
    seeds,
    mean,
    seedDeviation: Math.sqrt(variance),
    samplingDeviation: sampling === undefined ? null : Math.sqrt(sampling),
    trainingDeviation:
      sampling === undefined ? null : Math.sqrt(Math.max(0, variance - (sampling - reference!))),
    referenceDeviation: reference === undefined ? null : Math.sqrt(reference),
    interval: { low: mean - reach, high: mean + reach },
    degrees: ofTotal,
  };
}
