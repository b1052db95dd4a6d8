/** What a page sees: frames as fast as it draws them, messages, and nothing while nobody looks. */
import type { GanEvalError } from "../../errors.ts";
import type { AskedLayer, ToPage } from "../protocol/plane-messages.ts";
import type { Wanted } from "./pane-messages.ts";

export interface Send {
  message(message: ToPage): void;
  frame(bytes: Uint8Array): void;
}

interface MadeFrames {
  readonly sequence: number;
  readonly frames: readonly Uint8Array[];
}

/** Milliseconds between messages of rows while rounds are played. */
const ROWS_MS = 200;

export class Screen {
  private readonly send: Send;
  private readonly now: () => number;
  private layers: readonly AskedLayer[] = [];
  /** The session's number: frames of another are not drawn. */
  number = 0;
  private sequence = 0;
  /** The frame that the page has not drawn yet. */
  private inFlight: number | undefined;
  /** Newer frames, for when it has. */
  private held: MadeFrames | undefined;
  /** Whether there is no frame of what is. */
  isStale = false;
  private hiddenSince: number | undefined;
  private rowsAt = 0;

  constructor(send: Send, now: () => number) {
    this.send = send;
    this.now = now;
  }

  /** Another session begins. */
  restart(): void {
    this.number++;
    this.inFlight = undefined;
    this.held = undefined;
  }

  get isHidden(): boolean {
    return this.hiddenSince !== undefined;
  }

  /** Since when nobody looks, in milliseconds. */
  get hiddenMs(): number {
    return this.hiddenSince === undefined ? 0 : this.now() - this.hiddenSince;
  }

  hide(isHidden: boolean): void {
    if (isHidden) this.hiddenSince ??= this.now();
    else {
      this.hiddenSince = undefined;
      this.inFlight = undefined;
      this.held = undefined;
      this.isStale = true;
    }
  }

  ask(layers: readonly AskedLayer[]): void {
    this.layers = layers;
    this.isStale = true;
  }

  /** The page has drawn a frame: it may get the newest. */
  drawn(sequence: number): void {
    if (this.inFlight === undefined || sequence < this.inFlight) return;
    this.inFlight = undefined;
    const { held } = this;
    this.held = undefined;
    if (held && !this.isHidden) this.sendFrames(held);
  }

  /** What the next reports are to show. `isHasty`: more will follow at once. */
  wanted(isHasty = false): Wanted {
    const rows = !isHasty || this.now() - this.rowsAt >= ROWS_MS;
    if (rows) this.rowsAt = this.now();
    if (this.isHidden) return { layers: [], rows };
    this.sequence++;
    const frame = { session: this.number, sequence: this.sequence, pane: 0 };
    return { frame, layers: this.layers, isHasty, rows };
  }

  /** Frames of all panes at one moment; the newest takes the place of one that waits. */
  show(frames: readonly Uint8Array[]): void {
    this.isStale = frames.length === 0;
    if (this.isStale) return;
    const made = { sequence: this.sequence, frames };
    if (this.inFlight === undefined) this.sendFrames(made);
    else this.held = made;
  }

  tell(message: ToPage): void {
    this.send.message(message);
  }

  say(error: unknown): void {
    const { code = "internal.lab", message, hint } = error as GanEvalError;
    this.tell({ kind: "error", code, message, ...(hint !== undefined && { hint }) });
  }

  private sendFrames({ sequence, frames }: MadeFrames): void {
    this.inFlight = sequence;
    for (const frame of frames) this.send.frame(frame);
  }
}
