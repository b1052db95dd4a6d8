/** When a run played which round: seconds that it trained, and the clock. */
import type { Table } from "../../run-folder/read-table.ts";

/** What stands along the charts: rounds, seconds of training, or milliseconds since 1970. */
export type Along = "round" | "seconds" | "clock";

interface Anchors {
  readonly rounds: Float64Array;
  readonly seconds: Float64Array;
}

/** `timing.csv` counts from 0 again after each interruption: its seconds, added up. */
function timingToAnchors({ rounds, columns }: Table): Anchors {
  const given = columns.get("seconds") ?? new Float64Array(0);
  const seconds = new Float64Array(given.length);
  let base = 0;
  for (let i = 0; i < given.length; i++) {
    if (i > 0 && given[i] < given[i - 1]) base += given[i - 1];
    seconds[i] = base + given[i];
  }
  return { rounds, seconds };
}

/** Seconds at each of these rounds, which rise: straight between the rounds that were timed, at the last speed behind them. */
function roundsToSeconds(at: Float64Array, { rounds, seconds }: Anchors): Float64Array {
  const out = new Float64Array(at.length);
  const n = rounds.length;
  let next = 0;
  for (let i = 0; i < at.length; i++) {
    while (next < n - 1 && rounds[next] < at[i]) next++;
    const [r0, s0] = next === 0 ? [0, 0] : [rounds[next - 1], seconds[next - 1]];
    const speed = rounds[next] > r0 ? (seconds[next] - s0) / (rounds[next] - r0) : 0;
    out[i] = s0 + (at[i] - r0) * speed;
  }
  return out;
}

export class RunTimes {
  private readonly anchors: Anchors;
  private readonly started: number;
  /** By the memory of the rounds, and what they are told as. */
  private readonly kept = new WeakMap<ArrayBufferLike, Map<Along, Float64Array>>();

  /** @param started ISO 8601 */
  constructor(timing: Table, started: string) {
    this.anchors = timingToAnchors(timing);
    this.started = Date.parse(started);
  }

  /** Whether rounds have times at all. */
  has(along: Along): boolean {
    return (
      along === "round" ||
      (this.anchors.rounds.length > 0 && (along === "seconds" || !Number.isNaN(this.started)))
    );
  }

  /** Rounds as what stands along the charts, made once for all columns of a table. */
  toAlong(rounds: ArrayLike<number>, along: Along): Float64Array {
    const at = rounds instanceof Float64Array ? rounds : Float64Array.from(rounds);
    if (!this.has(along) || along === "round") return at;
    const own = this.kept.get(at.buffer) ?? new Map<Along, Float64Array>();
    this.kept.set(at.buffer, own);
    const found = own.get(along);
    if (found?.length === at.length) return found;
    const seconds = roundsToSeconds(at, this.anchors);
    const made = along === "seconds" ? seconds : seconds.map((value) => this.started + 1000 * value);
    own.set(along, made);
    return made;
  }
}
