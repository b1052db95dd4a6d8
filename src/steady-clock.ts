/** The clock for durations. The time of day may be set back or forward while a program runs; this clock is not. */

/** Milliseconds since some instant; only differences mean something. */
export const steadyClock = (): number => performance.now();
