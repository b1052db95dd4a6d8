/** What many nights say together: a drift that no single night shows, or a baseline that can be tightened. */
import { squaresOf } from "../math/intervals/random-effects.ts";
import { meanOf } from "../math/mean.ts";
import { keyToDirection, nameToKey } from "../metrics/values.ts";
import type { Shift } from "./check-result.ts";
import { type Evidence, evidenceToBetween, LEVEL, type SeedsByKey } from "./decide.ts";
import { LEAST_NIGHTS } from "./options.ts";
import { amountToSize, type Rule } from "./rule.ts";
import { chanceToReach, type Seeds, seedsToChance } from "./seeds.ts";

/** The share of what one night may change that many nights may not. */
const SHARE = 0.5;

/**
 * The mean of the last nights, tonight's with them, against the baseline, which stays where it is however slowly they move:
 *
 *     mean_i x_i - b,   variance max(s^2, mean v_i) / k + v_b,
 *
 * v the variances of single nights (seeds.ts), s^2 that between nights. It is a shift where it is beyond chance at
 * LEVEL / values, and beyond half of the change that a rule allows in one night. Only values under a rule with a limit on
 * change, whose metric is better one way.
 *
 * @param evidence its history begins after the baseline was made
 * @param most nights that are taken together
 */
export function nightsToShifts(rules: readonly Rule[], evidence: Evidence, most: number): Shift[] {
  const { current, baseline } = evidence;
  if (baseline === undefined) return [];
  const limits = new Map<string, number>();
  for (const { name, level, limits: of } of rules) {
    const key = nameToKey(name, [...current.keys()]);
    const amounts = [of.maxIncrease, of.maxDecrease, of.maxWorse].flatMap((amount) => amount ?? []);
    const reference = key === undefined ? undefined : baseline.get(key);
    if (level === "off" || key === undefined || reference === undefined || amounts.length === 0) continue;
    if (keyToDirection(key) === "none") continue;
    limits.set(key, Math.min(...amounts.map((amount) => amountToSize(amount, meanOf(reference.values)))));
  }
  return [...limits].flatMap(([key, limit]) => {
    const shift = keyToShift(key, evidence, most, LEVEL / limits.size);
    return shift && Math.abs(shift.mean - shift.baseline) > SHARE * limit ? [shift] : [];
  });
}

function keyToShift(key: string, evidence: Evidence, most: number, level: number): Shift | undefined {
  const of = (values: SeedsByKey): readonly Seeds[] => {
    const seeds = values.get(key);
    return seeds?.values.every(Number.isFinite) ? [seeds] : [];
  };
  const nights = [...evidence.history.slice(-(most - 1)), evidence.current].flatMap(of);
  const [baseline] = of(evidence.baseline!);
  if (nights.length < LEAST_NIGHTS || baseline === undefined) return undefined;
  const between = evidenceToBetween(key, evidence);
  const chances = [baseline, ...nights].map((seeds) => seedsToChance([seeds], between));
  if (chances.some((chance) => chance === undefined)) return undefined;
  const [ofBaseline, ...variances] = chances.map((chance) => chance!.standardError ** 2);
  const means = nights.map(({ values }) => meanOf(values));
  const night = Math.max(squaresOf(means) / (means.length - 1), meanOf(variances)) / means.length;
  const degrees =
    (night + ofBaseline) ** 2 / (night ** 2 / (means.length - 1) + ofBaseline ** 2 / chances[0]!.degrees);
  const reach = chanceToReach({ standardError: Math.sqrt(night + ofBaseline), degrees }, level);
  const mean = meanOf(means);
  const reference = meanOf(baseline.values);
  const difference = mean - reference;
  if (Math.abs(difference) <= reach) return undefined;
  const isWorse = difference > 0 === (keyToDirection(key) === "lower");
  return {
    key,
    towards: isWorse ? "worse" : "better",
    nights: means.length,
    mean,
    baseline: reference,
    interval: [difference - reach, difference + reach],
  };
}
