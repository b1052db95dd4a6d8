/** The frames of each pane: the newest, and the one before a single step, so that the step can be drawn. */
import { bytesToFrame, type Frame } from "../../../protocol/frame-codec.ts";

export interface Frames {
  readonly now: Frame;
  /** Before the step that led to `now`. */
  readonly before?: Frame;
  /** The reach of D's colours so far: it only grows. */
  readonly reach: number;
}

const areSame = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

export class FrameBook {
  private frames: (Frames | undefined)[] = [];
  private isStep = false;
  private session = 0;

  /** What is drawn of a pane. */
  of(pane: number): Frames | undefined {
    return this.frames[pane];
  }

  /** The next frames belong to this; those of an older one are late. */
  begin(session: number): void {
    this.session = session;
    this.frames = [];
    this.isStep = false;
  }

  /** Whether the next change of the samples is one step from what is shown. */
  expect(isStep: boolean): void {
    this.isStep = isStep;
    this.frames = this.frames.map((frames) => frames && { now: frames.now, reach: frames.reach });
  }

  /** Undefined where it is of a session that was closed. */
  take(bytes: ArrayBuffer): Frame | undefined {
    const frame = bytesToFrame(bytes);
    if (frame.session !== this.session) return undefined;
    const old = this.frames[frame.pane];
    const hasMoved = old !== undefined && !areSame(old.now.samples, frame.samples);
    const before = this.isStep ? (hasMoved ? old.now : old?.before) : undefined;
    // At round 0 D is another.
    const reach = frame.round === 0 ? 0 : (old?.reach ?? 0);
    this.frames[frame.pane] = { now: frame, ...(before && { before }), reach };
    return frame;
  }

  /** After a picture was drawn. */
  keepReach(pane: number, reach: number): void {
    const frames = this.frames[pane];
    if (frames && frames.reach !== reach) this.frames[pane] = { ...frames, reach };
  }
}
