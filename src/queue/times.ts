/** How soon things happen with a queue: all of it follows from how long a job's lock lasts. */

/** Seconds that a job's lock lasts unless it is renewed. */
export const LOCK_SECONDS = 60;

/** In milliseconds, as shares of the lock; at the default lock the figures behind them. */
const SHARES = {
  /** The lock of a job in the queue. 60 s */
  lock: 1,
  /** From one look for jobs of dead workers to the next. 15 s */
  stalled: 1 / 4,
  /** From one comparison of the plan with the queue to the next. 15 s */
  heal: 1 / 4,
  /** Without a renewal for so long a worker stops its run, before the lock is over. 45 s */
  silence: 3 / 4,
  /** How long a worker waits for another that holds the run's folder. 10 s */
  held: 1 / 6,
  /** Before the second attempt; twice as long before each further one. 5 s */
  backoff: 1 / 12,
  /** From one question to the server, whether it is there, to the next. 5 s */
  contact: 1 / 12,
  /** A run that fails so soon after its start, because of its machine, counts against the machine. 60 s */
  early: 1,
} as const;

export type QueueTimes = { readonly [Name in keyof typeof SHARES]: number } & {
  /** The lease of `run.lock`, in seconds. */
  readonly lease: number;
};

export const lockToTimes = (seconds: number): QueueTimes => ({
  ...(Object.fromEntries(
    Object.entries(SHARES).map(([name, share]) => [name, Math.round(seconds * 1000 * share)]),
  ) as Record<keyof typeof SHARES, number>),
  lease: seconds,
});
