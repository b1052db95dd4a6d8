/** Figures that tests measure, one line each on stdout, for the docs to quote. */
import { availableParallelism, loadavg } from "node:os";

/** Prints `figure: NAME: VALUE` with what it was measured on. */
export function tellFigure(name: string, value: string): void {
  const machine = `${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}`;
  process.stdout.write(`figure: ${name}: ${value} (${machine})\n`);
}

export const toSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

export function toMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
