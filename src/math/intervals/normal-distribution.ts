/** The distribution function of the normal distribution, quickly. */
import { twoSidedTail } from "./normal.ts";

/** Beyond it the tail is below 1e-18. */
const REACH = 9;
const STEPS = 4096;
const H = REACH / STEPS;

/** Phi at 0, H, .. REACH, and its slope. */
let table: { readonly values: Float64Array; readonly slopes: Float64Array } | undefined;

function openTable() {
  const values = Float64Array.from({ length: STEPS + 1 }, (_, i) => 1 - twoSidedTail(i * H) / 2);
  const slopes = Float64Array.from(values, (_, i) => Math.exp(-((i * H) ** 2) / 2) / Math.sqrt(2 * Math.PI));
  return { values, slopes };
}

/**
 * Phi(z) = P(Z <= z) = (1 + erf(z / sqrt 2)) / 2 of a standard normal Z, to 1e-13: cubic Hermite interpolation between
 * 4,097 exact values and slopes.
 */
export function normalDistribution(z: number): number {
  if (z < 0) return 1 - normalDistribution(-z);
  if (z >= REACH) return 1;
  table ??= openTable();
  const { values, slopes } = table;
  const i = Math.floor(z / H);
  const t = z / H - i;
  const rise = values[i + 1] - values[i];
  const [from, to] = [slopes[i] * H, slopes[i + 1] * H];
  return values[i] + t * (from + t * (3 * rise - 2 * from - to + t * (from + to - 2 * rise)));
}
