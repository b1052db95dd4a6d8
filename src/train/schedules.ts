/** How a learning rate changes over a run. */

export interface Schedule {
  readonly label: string;
  /** What the rate is multiplied by after a share of the run, in [0, 1). */
  readonly factor: (share: number) => number;
}

/** Every schedule, by the name of `--schedule`. */
export const SCHEDULES = {
  constant: { label: "constant", factor: () => 1 },
  linear: { label: "linear decay to zero", factor: (share) => 1 - share },
  "linear-late": {
    label: "constant for the first half, then linear decay to zero",
    factor: (share) => Math.min(1, 2 * (1 - share)),
  },
  cosine: {
    label: "cosine decay to zero",
    factor: (share) => (1 + Math.cos(Math.PI * share)) / 2,
  },
  exponential: { label: "exponential decay to one hundredth", factor: (share) => 0.01 ** share },
} as const satisfies Readonly<Record<string, Schedule>>;

export type ScheduleName = keyof typeof SCHEDULES;

/** The rate of round `round` (from 0) of `rounds`. */
export const scheduleToRate = (name: ScheduleName, rate: number, round: number, rounds: number): number =>
  rate * SCHEDULES[name].factor(rounds > 0 ? Math.min(round, rounds - 1) / rounds : 0);
