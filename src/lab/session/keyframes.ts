/** States that a pane can go back to: many of the near past, fewer of the far one, within a bound of memory. */
import type { Checkpoint } from "../../train/checkpoint.ts";
import type { PaneSpan } from "./span.ts";

interface Keyframe {
  readonly span: number;
  readonly round: number;
  readonly bytes: number;
  readonly checkpoint: Checkpoint;
}

const bytesOf = ({ state }: Checkpoint): number =>
  Object.values(state).reduce((sum, { data }) => sum + data.byteLength, 0);

export class Keyframes {
  private readonly limit: number;
  private frames: Keyframe[] = [];
  private bytes = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  has(span: number, round: number): boolean {
    return this.frames.some((frame) => frame.span === span && frame.round === round);
  }

  keep(span: number, round: number, checkpoint: Checkpoint): void {
    if (this.has(span, round)) return;
    const bytes = bytesOf(checkpoint);
    this.frames.push({ span, round, bytes, checkpoint });
    this.bytes += bytes;
    while (this.bytes > this.limit && this.frames.length > 1) this.thin();
  }

  /** In place of the one that is kept. */
  replace(span: number, round: number, checkpoint: Checkpoint): void {
    this.frames = this.frames.filter((frame) => frame.span !== span || frame.round !== round);
    this.bytes = this.frames.reduce((sum, { bytes }) => sum + bytes, 0);
    this.keep(span, round, checkpoint);
  }

  /** The last state on the way to a round of the last span, and the place in the path of the span that it is of. */
  nearest(
    path: readonly PaneSpan[],
    round: number,
  ): { readonly at: number; readonly round: number; readonly checkpoint: Checkpoint } | undefined {
    for (let at = path.length - 1; at >= 0; at--) {
      const end = at === path.length - 1 ? round : path[at + 1].from;
      const [best] = this.frames
        .filter((frame) => frame.span === path[at].id && frame.round <= end)
        .sort((a, b) => b.round - a.round);
      if (best) return { at, round: best.round, checkpoint: best.checkpoint };
    }
    return undefined;
  }

  /** Every second of the older half goes. */
  private thin(): void {
    const half = Math.max(2, this.frames.length >> 1);
    this.frames = this.frames.filter((_, i) => i >= half || i % 2 === 0);
    this.bytes = this.frames.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
