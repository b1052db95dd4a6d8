/** A session of the plane: what a page asks is done in its turn, and between two things it plays. */
import { GanEvalError } from "../../errors.ts";
import { steadyClock } from "../../steady-clock.ts";
import type { ToLab } from "../protocol/plane-messages.ts";
import { Exports } from "./exports.ts";
import { FrameBudget } from "./frame-budget.ts";
import { HANDLERS, INTERRUPTS, type Queued } from "./handlers.ts";
import type { Lockstep } from "./lockstep.ts";
import { type OpenPane, openPaneThread } from "./pane-thread.ts";
import { Screen, type Send } from "./screen.ts";

export type { Send } from "./screen.ts";

export interface PlaneSession {
  receive(message: ToLab): void;
  /** Ends threads and exports that are under way. */
  close(): Promise<void>;
}

export interface PlaneSessionOptions {
  /** Where exports go. */
  readonly folder: string;
  readonly isReadOnly: boolean;
  /** Opens a pane (default: in a thread of its own). */
  readonly openPane?: OpenPane;
  /** Milliseconds for durations (default: a clock that is never set). */
  readonly now?: () => number;
}

const JUDGE_MS = 500;
/** How long training goes on that nobody sees. */
const HIDDEN_MS = 10_000;

class Session {
  readonly screen: Screen;
  readonly exports: Exports;
  readonly budget: FrameBudget;
  readonly openPane: OpenPane;
  /** The panes; undefined before the page opens some. */
  lockstep: Lockstep | undefined;
  private readonly now: () => number;
  private readonly queue: Queued[] = [];
  private wake: () => void = () => {};
  private isClosed = false;
  private judged: { readonly key: string; readonly at: number; readonly took: number } | undefined;
  private readonly done: Promise<void>;

  constructor(send: Send, { openPane = openPaneThread, now = steadyClock, ...options }: PlaneSessionOptions) {
    this.now = now;
    this.openPane = openPane;
    this.screen = new Screen(send, now);
    this.exports = new Exports(this.screen, { ...options, openPane });
    this.budget = new FrameBudget(now);
    this.done = this.work();
  }

  receive(message: ToLab): void {
    if (message.kind === "drawn") this.screen.drawn(message.sequence);
    else if (message.kind === "hidden") this.hide(message.isHidden);
    else if (message.kind === "layers") this.screen.ask(message.asked);
    else if (message.kind === "speed") this.budget.begin(message.roundsPerSecond);
    else this.queue.push(message);
    this.wake();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.wake();
    await this.done;
  }

  /** Whether something waits that takes the place of what is going on. */
  get isInterrupted(): boolean {
    return this.isClosed || this.queue.some(({ kind }) => INTERRUPTS.includes(kind));
  }

  private hide(isHidden: boolean): void {
    this.screen.hide(isHidden);
    if (!isHidden) this.budget.begin();
  }

  private async work(): Promise<void> {
    while (!this.isClosed) {
      const { lockstep } = this;
      const message = this.queue.shift();
      try {
        if (message) await this.handle(message);
        else if (lockstep?.isPlaying && this.screen.hiddenMs <= HIDDEN_MS) await this.playOn(lockstep);
        else await this.rest(lockstep);
      } catch (error) {
        // What cannot be done is not tried again by itself.
        if (lockstep) lockstep.isPlaying = false;
        this.screen.isStale = false;
        if (!this.isClosed) this.screen.say(error);
      }
    }
    await this.exports.close();
    await Promise.allSettled(this.lockstep?.panes.map((pane) => pane.close()) ?? []);
  }

  /** @throws GanEvalError `usage.lab-message` for what only open panes can do, and for a pane that is not there */
  private async handle(message: Queued): Promise<void> {
    const { lockstep } = this;
    if (message.kind === "open") return HANDLERS.open(this, message);
    if (lockstep === undefined)
      throw new GanEvalError("usage.lab-message", `expected open before ${message.kind}, got nothing open`);
    const { length } = lockstep.panes;
    if ("pane" in message && message.pane !== undefined && message.pane >= length)
      throw new GanEvalError("usage.lab-message", `expected a pane below ${length}, got ${message.pane}`);
    const handler = HANDLERS[message.kind] as (
      session: Session,
      of: Queued,
      on: Lockstep,
    ) => Promise<void> | void;
    await handler(this, message, lockstep);
  }

  /** A frame, verdicts, or nothing, until somebody asks for something. */
  private async rest(lockstep: Lockstep | undefined): Promise<void> {
    if (lockstep && !this.screen.isHidden) {
      if (this.screen.isStale) return lockstep.look();
      if (this.judged?.key !== this.keyOf(lockstep)) return this.judge(lockstep, true);
    }
    await this.sleep();
  }

  private async playOn(lockstep: Lockstep): Promise<void> {
    const { budget, screen } = this;
    const { due } = budget;
    if (due === 0) return this.sleep(budget.wait);
    await lockstep.advance(lockstep.round + due, screen.wanted(true));
    if (lockstep.isPlaying) await this.judgeInTime(lockstep);
  }

  private sleep(ms?: number): Promise<void> {
    if (this.queue.length > 0 || this.isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => {};
        resolve();
      };
    });
  }

  /** What the panes scored on their way, and exact numbers: at most two times a second, and a tenth of the time. */
  private async judgeInTime(lockstep: Lockstep): Promise<void> {
    const { at = 0, took = 0 } = this.judged ?? {};
    if (this.screen.isHidden || this.now() - at < Math.max(JUDGE_MS, 9 * took)) return;
    await this.judge(lockstep, false);
  }

  private keyOf({ history: { position } }: Lockstep): string {
    return `${this.screen.number} ${position.span} ${position.round}`;
  }

  private async judge(lockstep: Lockstep, scores: boolean): Promise<void> {
    const started = this.now();
    this.judged = { key: scores ? this.keyOf(lockstep) : "", at: started, took: 0 };
    if (lockstep.isInRound) return;
    const all = await lockstep.each((pane) => pane.judge(scores));
    this.judged = { ...this.judged, at: this.now(), took: this.now() - started };
    for (const [pane, judged] of all.entries()) this.screen.tell({ kind: "judged", pane, ...judged });
    if (!lockstep.isPlaying) await lockstep.tellCommand();
  }
}

export type { Session };

/** Opens a session for one page. It plays nothing until the page opens something. */
export function openPlaneSession(send: Send, options: PlaneSessionOptions): PlaneSession {
  const session = new Session(send, options);
  return { receive: (message) => session.receive(message), close: () => session.close() };
}
