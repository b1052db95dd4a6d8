/** How a program ends when a signal tells it to: work that can be saved holds the end off until it is saved. */

/**
 * Holds the end of an interrupted program off.
 * @param what is done meanwhile, for the user: `the round is played to its end and saved`
 * @returns what ends the hold
 */
export type Hold = (what?: string) => () => void;

/** Work that neither saves anything nor looks at the signal must not hold the terminal for longer. */
const PATIENCE_TICKS = 10;
/** Counted in ticks: while the thread is blocked no tick passes, and the work gets the time to look at the signal. */
const TICK_MS = 1000;
/** npm and some shells hand one Ctrl-C on twice. */
const SAME_MS = 500;

export interface InterruptionOptions {
  /** Writes to stderr. */
  readonly say: (text: string) => void;
  /** Ends the process as the signal ends a program that does not listen. */
  readonly stopAtOnce: () => void;
  readonly steadyClock: () => number;
}

export class Interruption {
  private readonly options: InterruptionOptions;
  private readonly controller = new AbortController();
  private readonly holds = new Set<{ readonly what: string | undefined }>();
  private first = 0;

  constructor(options: InterruptionOptions) {
    this.options = options;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  readonly hold: Hold = (what) => {
    const held = { what };
    this.holds.add(held);
    return () => this.holds.delete(held);
  };

  /** A hang-up never counts as the second signal: a terminal that closes may send several. */
  receive(name: NodeJS.Signals): void {
    const { say, stopAtOnce, steadyClock } = this.options;
    if (this.signal.aborted) {
      if (name !== "SIGHUP" && steadyClock() - this.first >= SAME_MS) stopAtOnce();
      return;
    }
    this.first = steadyClock();
    const what = [...this.holds].findLast((hold) => hold.what !== undefined)?.what;
    say(`\nstopping${what === undefined ? "" : `: ${what}`} (press again to stop immediately)\n`);
    this.controller.abort();
    this.wait();
  }

  private wait(): void {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks = this.holds.size > 0 ? 0 : ticks + 1;
      if (ticks < PATIENCE_TICKS) return;
      clearInterval(timer);
      this.options.stopAtOnce();
    }, TICK_MS);
    timer.unref();
  }
}

/** Signals that ask a program to end. */
const ENDING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** @param ignored signals that do nothing to this process */
export function listenForSignals(interruption: Interruption, ignored: readonly NodeJS.Signals[]): void {
  for (const name of ENDING)
    process.on(name, ignored.includes(name) ? () => {} : () => interruption.receive(name));
}

/** Ends the process as an interrupt ends a program that does not listen: no thread is waited for. A shell reads it as 130. */
export function endByInterrupt(): void {
  process.removeAllListeners("SIGINT");
  process.kill(process.pid, "SIGINT");
}
