/** The levels of a rule: what follows where it is missed. */

/** What follows where a rule is missed: nothing is judged, a warning, exit 1. Apart from rule.ts, for help loads no zod. */
export const LEVELS = ["off", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];
