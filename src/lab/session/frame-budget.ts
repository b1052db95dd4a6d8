/** How many rounds are played between two frames, and when. */

/** Milliseconds of a frame at 30 a second. */
const FRAME_MS = 1000 / 30;
/** How much of a new time counts. */
const SHARE = 0.2;

export class FrameBudget {
  private readonly now: () => number;
  private round: number | undefined;
  private view = 0;
  /** Rounds a second that were asked for; 0: as many as there can be. */
  private asked = 0;
  private started = 0;
  private playedSince = 0;
  private window: { at: number; rounds: number }[] = [];

  constructor(now: () => number) {
    this.now = now;
  }

  /** From here on rounds are due at the speed that is asked for. */
  begin(asked = this.asked): void {
    this.asked = asked;
    this.started = this.now();
    this.playedSince = 0;
    this.window = [];
  }

  /** Rounds to play now; 0 where the next one is not due yet. */
  get due(): number {
    const room = Math.floor((FRAME_MS - this.view) / (this.round ?? FRAME_MS));
    const most = Math.max(1, room);
    if (this.asked === 0) return most;
    const due = Math.floor(((this.now() - this.started) / 1000) * this.asked) - this.playedSince;
    // Who cannot keep up does not catch up later.
    if (due > 2 * most) this.begin();
    return Math.min(most, Math.max(0, due));
  }

  /** Milliseconds until the next round is due. */
  get wait(): number {
    if (this.asked === 0) return 0;
    const at = this.started + ((this.playedSince + 1) / this.asked) * 1000;
    return Math.max(0, at - this.now());
  }

  count(rounds: number, roundMs: number, viewMs: number): void {
    this.playedSince += rounds;
    const each = roundMs / Math.max(1, rounds);
    this.round = this.round === undefined ? each : (1 - SHARE) * this.round + SHARE * each;
    if (viewMs > 0) this.view = this.view === 0 ? viewMs : (1 - SHARE) * this.view + SHARE * viewMs;
    const at = this.now();
    this.window.push({ at, rounds });
    while (this.window.length > 2 && at - this.window[0].at > 1000) this.window.shift();
  }

  /** Rounds a second over the last second. */
  get speed(): number {
    if (this.window.length < 2) return 0;
    const [first, ...rest] = this.window;
    const seconds = (rest[rest.length - 1].at - first.at) / 1000;
    return rest.reduce((sum, { rounds }) => sum + rounds, 0) / Math.max(1e-3, seconds);
  }
}
