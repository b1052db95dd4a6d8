/** How long rounds took that were played, and when it is time for a row of timing.csv. */
import type { Run } from "../run-folder/run.ts";

/** Milliseconds between rows of timing.csv. */
const TIMING_MS = 5000;

export class PlayClock {
  private readonly now: () => number;
  /** When the last row was written, and of which round. */
  private timed: { readonly at: number; readonly round: number };
  /** Of rounds alone, without what is written and scored between them. */
  seconds = 0;
  rounds = 0;

  constructor(now: () => number, round: number) {
    this.now = now;
    this.timed = { at: now(), round };
  }

  /** Begins anew where the run went back to. */
  restart(round: number): void {
    this.timed = { at: this.now(), round };
  }

  /** A round that began at `startedAt` was played. */
  count(startedAt: number): void {
    this.seconds += (this.now() - startedAt) / 1000;
    this.rounds++;
  }

  get roundsPerSecond(): number {
    return this.rounds / Math.max(1e-9, this.seconds);
  }

  async write(run: Run, round: number, ends: boolean): Promise<void> {
    const at = this.now();
    if (at - this.timed.at < TIMING_MS && !ends) return;
    const seconds = (at - this.timed.at) / 1000;
    await run.time(round, this.seconds, (round - this.timed.round) / Math.max(1e-9, seconds));
    this.timed = { at, round };
  }
}
