/** When tables are written for whoever reads along: rows wait for at most a second, and fast rounds share a write. */

const LATEST_MS = 1000;

export class FlushClock {
  private readonly now: () => number;
  private flushedAt: number;
  /** When the last round ended. */
  private endedAt: number;

  constructor(now: () => number) {
    this.now = now;
    this.flushedAt = now();
    this.endedAt = this.flushedAt;
  }

  /** A round ended: whether its rows would wait too long, if the next round takes as long as this one. */
  endRound(): boolean {
    const at = this.now();
    const took = at - this.endedAt;
    this.endedAt = at;
    return at - this.flushedAt + took >= LATEST_MS;
  }

  /** All rows are written. */
  flushed(): void {
    this.flushedAt = this.now();
  }
}
