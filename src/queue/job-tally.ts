/** What a worker has done, in lines for the user and as a summary. */
import type { Progress } from "../progress.ts";

/** How the work on a job ended, as far as this worker is concerned. */
export type Outcome =
  | "finished"
  | "failed"
  | "interrupted"
  | "cancelled"
  | "handed on"
  | "lost"
  | "not done here";

/** What a worker did. */
export interface WorkerResult {
  readonly ended: "empty" | "max-time" | "interrupted";
  readonly seconds: number;
  /** Jobs by how they ended here. */
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  readonly failures: readonly { readonly run: string; readonly message: string }[];
}

/** More failures than a summary lists. */
const MOST_FAILURES = 20;

interface AtWork {
  done: number;
  total: number;
}

export class JobTally {
  private readonly onProgress: (progress: Progress) => void;
  private readonly began = performance.now();
  private readonly counts = new Map<Outcome, number>();
  private readonly failures: { run: string; message: string }[] = [];
  private readonly atWork = new Set<AtWork>();
  private waiting = 0;
  private ended = 0;

  constructor(onProgress: (progress: Progress) => void) {
    this.onProgress = onProgress;
  }

  setWaiting(waiting: number): void {
    this.waiting = waiting;
    this.report();
  }

  say(notice: string): void {
    this.report(notice);
  }

  private report(notice?: string): void {
    const all = [...this.atWork];
    const [done, total] = [
      all.reduce((sum, { done }) => sum + done, 0),
      all.reduce((sum, { total }) => sum + total, 0),
    ];
    this.onProgress({
      stage: "worker",
      done: this.ended,
      total: Math.max(1, this.ended + all.length + this.waiting),
      unit: "runs",
      facts: [
        `${all.length} at work${total > 0 ? ` (${Math.floor((100 * done) / total)} %)` : ""}`,
        `${this.waiting} waiting`,
      ],
      ...(notice !== undefined && { notice }),
    });
  }

  /** `unit`: what the job counts in. */
  begin(
    run: string,
    unit: string,
  ): {
    progress: (done: number, total: number) => void;
    end: (outcome: Outcome, message?: string) => void;
  } {
    const own: AtWork = { done: 0, total: 0 };
    this.atWork.add(own);
    const began = performance.now();
    return {
      progress: (done, total) => {
        // A run that is found finished is not said to begin.
        const isFirst = own.total === 0;
        Object.assign(own, { done, total });
        this.report(isFirst ? `${run} begins at ${unit} ${done} of ${total}` : undefined);
      },
      end: (outcome, message) => {
        this.atWork.delete(own);
        this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
        this.ended++;
        if (message !== undefined && this.failures.length < MOST_FAILURES)
          this.failures.push({ run, message });
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        const why = message === undefined ? "" : `: ${message}`;
        this.say(`${run} ${outcome} after ${seconds} s${why}`);
      },
    };
  }

  toResult(ended: WorkerResult["ended"]): WorkerResult {
    return {
      ended,
      seconds: Math.round(performance.now() - this.began) / 1000,
      counts: Object.fromEntries(this.counts),
      failures: this.failures,
    };
  }
}
