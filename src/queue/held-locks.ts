/** The jobs that a worker has, and whether their locks still hold. */
import type { Worker } from "bullmq";

interface Held {
  readonly controller: AbortController;
  renewed: number;
  isLost: boolean;
}

/** A job that a worker has. */
export interface HeldJob {
  /** Aborted where the lock is or may be lost. */
  readonly signal: AbortSignal;
  readonly isLost: boolean;
  release(): void;
}

export class HeldLocks {
  private readonly silence: number;
  private readonly jobs = new Map<string, Held>();

  /** @param silence milliseconds without a renewal after which a lock counts as lost: before it is */
  constructor(silence: number) {
    this.silence = silence;
  }

  get count(): number {
    return this.jobs.size;
  }

  listen(worker: Pick<Worker, "on">): void {
    worker.on("locksRenewed", ({ jobIds }) => {
      for (const id of jobIds) {
        const held = this.jobs.get(id);
        if (held) held.renewed = performance.now();
      }
    });
    worker.on("lockRenewalFailed", (ids) => {
      for (const id of ids) this.lose(id);
    });
  }

  /** The event of a failed renewal comes too late where the server cannot be reached. */
  loseSilent(now = performance.now()): void {
    for (const [id, { renewed }] of this.jobs) if (now - renewed > this.silence) this.lose(id);
  }

  private lose(id: string): void {
    const held = this.jobs.get(id);
    if (!held || held.isLost) return;
    held.isLost = true;
    held.controller.abort();
  }

  hold(id: string): HeldJob {
    const held: Held = { controller: new AbortController(), renewed: performance.now(), isLost: false };
    this.jobs.set(id, held);
    return {
      signal: held.controller.signal,
      get isLost() {
        return held.isLost;
      },
      // Another execution of the same job may have begun in this worker.
      release: () => {
        if (this.jobs.get(id) === held) this.jobs.delete(id);
      },
    };
  }
}
