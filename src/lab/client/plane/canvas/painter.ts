/** Draws frames when the browser paints, and tells the lab when it has: the next may come. */

/** With reduced motion, milliseconds between two frames while it plays. */
const CALM_MS = 500;

export interface PainterHooks {
  /** Frames are drawn: the lab may send the next. */
  readonly drawn: (sequences: readonly number[]) => void;
  readonly isCalm: () => boolean;
  /** Whether frames follow one another by themselves. */
  readonly isPlaying: () => boolean;
}

export class Painter {
  /** Pixels of a plane's side, for scales beside it. */
  size = 0;
  private readonly draws = new Set<() => void>();
  private fresh: number[] = [];
  private isAsked = false;
  private last = Number.NEGATIVE_INFINITY;
  private readonly hooks: PainterHooks;

  constructor(hooks: PainterHooks) {
    this.hooks = hooks;
  }

  /** @returns how to take it away again */
  add(draw: () => void): () => void {
    this.draws.add(draw);
    this.ask();
    return () => {
      this.draws.delete(draw);
    };
  }

  /** A frame has come, or something else changed what is to be seen. */
  ask(sequence?: number): void {
    if (sequence !== undefined) this.fresh.push(sequence);
    if (this.isAsked) return;
    this.isAsked = true;
    const wait =
      sequence !== undefined && this.hooks.isCalm() && this.hooks.isPlaying()
        ? this.last + CALM_MS - performance.now()
        : 0;
    if (wait > 0) setTimeout(() => requestAnimationFrame(() => this.paint()), wait);
    else requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    this.isAsked = false;
    const begin = performance.now();
    for (const draw of this.draws) draw();
    this.last = performance.now();
    const done = this.fresh;
    this.fresh = [];
    if (done.length === 0) return;
    this.hooks.drawn(done);
    // For those who measure.
    const detail = { milliseconds: this.last - begin, sequence: done[done.length - 1] };
    document.dispatchEvent(new CustomEvent("plane-drawn", { detail }));
  }
}
