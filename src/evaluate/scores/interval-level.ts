/** The level of every interval in a result. */

/** The share of intervals that hold the mean of their value. */
export const LEVEL = 0.95;
