/** How far a sweep is: rounds of the whole, and how many runs have ended. */
import type { Progress } from "../progress.ts";

/** Rounds of the whole: of runs that have not said how many they have, as many as the others have on average. */
export class SweepProgress {
  private readonly totals = new Map<string, number>();
  private readonly played = new Map<string, number>();
  private readonly runs: number;
  /** Runs that have ended or said how long they are. */
  private readonly known = new Set<string>();
  ended = 0;
  failed = 0;
  running = 0;

  constructor(runs: number) {
    this.runs = runs;
  }

  set(name: string, done: number, total: number): void {
    this.known.add(name);
    this.played.set(name, done);
    this.totals.set(name, total);
  }

  /** A run that ends before its rounds are played, or never began, takes no more time. */
  end(name: string): void {
    this.known.add(name);
    const total = this.totals.get(name);
    if (total !== undefined) this.played.set(name, total);
    this.ended++;
  }

  toProgress(): Progress {
    const sum = (of: ReadonlyMap<string, number>): number => [...of.values()].reduce((a, b) => a + b, 0);
    const each = this.totals.size === 0 ? 0 : sum(this.totals) / this.totals.size;
    const total = Math.round(sum(this.totals) + (this.runs - this.known.size) * each);
    return {
      stage: "sweep",
      done: Math.min(sum(this.played), total),
      total: Math.max(1, total),
      unit: "rounds",
      facts: [
        `${this.ended} of ${this.runs} runs done`,
        ...(this.running > 0 ? [`${this.running} at work`] : []),
        ...(this.failed > 0 ? [`${this.failed} failed`] : []),
      ],
    };
  }
}
