/** What a budget of k runs gets: the best of k that are drawn from those there are. */
import type { Budget, ComparedMetric } from "./comparison.ts";
import { byMerit } from "./seed-statistics.ts";

/** Above so many runs, budgets are spaced by ratio. */
const EVERY_BUDGET = 60;

/** 1, 2, ... runs; of many about sixty, spaced by ratio. */
function runsToBudgets(runs: number): number[] {
  if (runs <= EVERY_BUDGET) return Array.from({ length: runs }, (_, i) => i + 1);
  const spaced = Array.from({ length: EVERY_BUDGET }, (_, i) => Math.round(runs ** (i / (EVERY_BUDGET - 1))));
  return [...new Set(spaced)];
}

/**
 * Probabilities that the best of k of n runs, drawn without putting back, is the i-th best: C(n - i, k - 1) / C(n, k),
 * each from the one before it.
 * @returns [n - k + 1], those that are not 0
 */
export function bestOfKChances(n: number, k: number): Float64Array {
  const chances = new Float64Array(n - k + 1);
  chances[0] = k / n;
  for (let i = 1; i < chances.length; i++) chances[i] = (chances[i - 1] * (n - i - k + 1)) / (n - i);
  return chances;
}

/** Rounding of a sum of chances must not push a quantile to the next run. */
const SLACK = 1e-12;

/**
 * The best of k, exactly: expectation and quantiles over all draws of k of the runs. Failures are null, and worse than any
 * value.
 * Source: the estimator of Dodge et al. 2019, "Show Your Work", for draws without putting back.
 */
export function valuesToBudget(
  name: string,
  values: readonly (number | null)[],
  direction: ComparedMetric["direction"],
): Budget {
  const sorted = values.toSorted(byMerit(direction));
  const points = runsToBudgets(sorted.length).map((k) => {
    const chances = bestOfKChances(sorted.length, k);
    const quantile = (share: number): number | null => {
      let sum = 0;
      const at = chances.findIndex((chance) => {
        sum += chance;
        return sum >= share - SLACK;
      });
      return sorted[at] ?? null;
    };
    const possible = sorted.slice(0, chances.length);
    const expected = possible.includes(null)
      ? null
      : chances.reduce((sum, chance, i) => sum + chance * possible[i]!, 0);
    return { k, expected, low: quantile(0.05), median: quantile(0.5), high: quantile(0.95) };
  });
  return { name, runs: sorted.length, points };
}
