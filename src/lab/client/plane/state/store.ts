/** Both states of the page in one place, and who is told when they change. */
import type { ToPage } from "../../../protocol/plane-messages.ts";
import type { FrameFacts } from "../canvas/frame-facts.ts";
import { hear, type LabState, NO_LAB } from "./lab-state.ts";
import { FIRST_WISH, type Wish } from "./wish.ts";

export interface PlaneState {
  readonly lab: LabState;
  readonly wish: Wish;
  /** Of each pane, of the frame that was drawn last. */
  readonly drawn: readonly (FrameFacts | undefined)[];
  /** What of the address was not understood. */
  readonly complaints: readonly string[];
  /** The control whose change was asked for last: an error is shown beside it. */
  readonly asked?: string;
  /** It plays phase by phase. */
  readonly isSlow: boolean;
  /** A round that it is on its way to. */
  readonly goal?: number | undefined;
}

/** While it plays, states come with every frame: numbers that change faster cannot be read. */
const PLAYING_MS = 120;

export class PlaneStore {
  current: PlaneState = { lab: NO_LAB, wish: FIRST_WISH, drawn: [], complaints: [], isSlow: false };
  private readonly listeners = new Set<() => void>();
  private waiting: ReturnType<typeof setTimeout> | undefined;

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  hear(message: ToPage): void {
    const { lab } = this.current;
    const isStream =
      lab.isPlaying && (message.kind === "state" ? message.isPlaying : message.kind === "rows");
    this.change({ ...this.current, lab: hear(lab, message) }, isStream);
  }

  /** A control asks for something: what was said before is over. */
  ask(asked: string): void {
    const { error: _, ...lab } = this.current.lab;
    this.change({ ...this.current, lab, asked });
  }

  wish(changes: Partial<Wish>): void {
    this.change({ ...this.current, wish: { ...this.current.wish, ...changes } });
  }

  put(changes: Partial<Omit<PlaneState, "wish">>, canWait = false): void {
    this.change({ ...this.current, ...changes }, canWait);
  }

  private change(next: PlaneState, canWait = false): void {
    this.current = next;
    if (canWait) this.waiting ??= setTimeout(() => this.tell(), PLAYING_MS);
    else this.tell();
  }

  private tell(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    for (const listener of this.listeners) listener();
  }
}
