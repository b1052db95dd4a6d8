/** A normal distribution against itself, shifted: where one divergence saturates and a distance does not. */

export interface ShiftDivergences {
  /** In nats, 0 to ln 2. */
  readonly js: number;
  /** theta^2 / 2, in nats; the same in both directions. */
  readonly kl: number;
  /** theta, in deviations. */
  readonly wasserstein: number;
}

const REACH = 10;
const STEPS = 4000;

/**
 * N(0, s^2 I) against N(theta, s^2 I), for a shift of `theta` deviations s along any one direction: only the coordinate
 * along it counts, so one integral over a line gives JSD = ln 2 - 1/2 E_p ln (1 + q / p) - 1/2 E_q ln (1 + p / q),
 * which by symmetry is ln 2 - E_p ln (1 + q / p). Trapezoids over +-10 deviations: exact to 1e-12.
 */
export function shiftToDivergences(theta: number): ShiftDivergences {
  const shift = Math.abs(theta);
  const h = (2 * REACH) / STEPS;
  let sum = 0;
  for (let i = 0; i <= STEPS; i++) {
    const x = i * h - REACH;
    // ln (q / p)
    const odds = shift * x - shift ** 2 / 2;
    const softplus = Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds)));
    sum += Math.exp((-x * x) / 2) * softplus;
  }
  const mean = (sum * h) / Math.sqrt(2 * Math.PI);
  return {
    js: Math.min(Math.LN2, Math.max(0, Math.LN2 - mean)),
    kl: shift ** 2 / 2,
    wasserstein: shift,
  };
}
