/** What long work says of itself while it runs. */

/** How far a long piece of work has come. */
export interface Progress {
  /** What is being worked on: `real`, `fake`, `distance`. */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** What is counted: `images`. */
  readonly unit: string;
  /** What else is worth a glance: losses. */
  readonly facts?: readonly string[];
  /** A line for the user, once, before the work that it announces: a download that nobody asked for by name. */
  readonly notice?: string;
}
