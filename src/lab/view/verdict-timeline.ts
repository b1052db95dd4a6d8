/**
 * When each verdict of the monitor began to hold and when it went: the tables as they were at some rounds, judged again as
 * a training judges itself. Rounds that were judged are not judged twice.
 */
import { judgeLive } from "../../diagnosis/rules.ts";
import { tablesToSignals } from "../../diagnosis/run-signals.ts";
import type { Evidence, Verdict, VerdictId } from "../../diagnosis/verdict.ts";
import type { RunRecord } from "../../run-folder/read-run.ts";
import type { Table } from "../../run-folder/read-table.ts";
import { firstFrom } from "../series/places.ts";

/** Looks over a run; with more, every second one is dropped. */
const MOST_LOOKS = 48;
/** What the monitor of a training keeps: the rows of the first rounds, and the last rows. */
const [FIRST_ROUNDS, LAST_ROWS] = [100, 600];

export interface VerdictSpan {
  readonly id: VerdictId;
  readonly title: string;
  readonly severity: Verdict["severity"];
  /** Rounds of the looks that saw it first and last. */
  readonly from: number;
  readonly to: number;
  /** Whether the newest look still sees it. */
  readonly isHeld: boolean;
  /** Of its last look. */
  readonly summary: string;
  readonly evidence: readonly Evidence[];
}

type Look = readonly Verdict[];

function cutTable<T extends Table>(table: T, round: number): T {
  const { rounds, columns } = table;
  const end = firstFrom(rounds, round + 1);
  const first = Math.min(firstFrom(rounds, FIRST_ROUNDS + 1), Math.max(0, end - LAST_ROWS));
  const last = Math.max(first, end - LAST_ROWS);
  const cut = (values: Float64Array): Float64Array => {
    const out = new Float64Array(first + end - last);
    out.set(values.subarray(0, first));
    out.set(values.subarray(last, end), first);
    return out;
  };
  return {
    ...table,
    rounds: cut(rounds),
    columns: new Map([...columns].map(([name, values]) => [name, cut(values)])),
  };
}

const judgeAt = (record: RunRecord, round: number): Look =>
  judgeLive(
    tablesToSignals({
      description: record.description,
      status: "running",
      losses: cutTable(record.losses, round),
      scores: cutTable(record.scores, round),
      signals: cutTable(record.signals, round),
      layers: record.layers.map((layer) => cutTable(layer, round)),
    }),
  );

export class VerdictTimeline {
  private looks = new Map<number, Look>();
  /** Rounds between two looks. */
  step = 0;

  /** Judges what is new. */
  update(record: RunRecord): void {
    const { rounds } = record.losses;
    const last = rounds[rounds.length - 1] ?? 0;
    if (last < [...this.looks.keys()].reduce((a, b) => Math.max(a, b), 0)) this.looks.clear();
    if (rounds.length === 0) return;
    const whole = Math.max(1, record.description.rounds);
    // As often as the monitor looked itself, or as a page has room for.
    const { diagnoseEvery } = record.description.config as { diagnoseEvery?: number };
    this.step ||= diagnoseEvery || Math.max(1, Math.ceil(whole / MOST_LOOKS));
    while (Math.max(whole, last) / this.step > MOST_LOOKS) this.step *= 2;
    for (const round of this.looks.keys()) if (round % this.step !== 0) this.looks.delete(round);
    for (let round = this.step; round <= last; round += this.step)
      if (!this.looks.has(round)) this.looks.set(round, judgeAt(record, round));
  }

  /** By when they began. */
  get spans(): VerdictSpan[] {
    const rounds = [...this.looks.keys()].sort((a, b) => a - b);
    const open = new Map<VerdictId, VerdictSpan>();
    const closed: VerdictSpan[] = [];
    for (const round of rounds) {
      const seen = this.looks.get(round)!;
      for (const [id, span] of open)
        if (!seen.some((verdict) => verdict.id === id)) {
          closed.push({ ...span, isHeld: false });
          open.delete(id);
        }
      for (const { id, title, severity, summary, evidence } of seen) {
        const from = open.get(id)?.from ?? round;
        open.set(id, { id, title, severity, from, to: round, isHeld: true, summary, evidence });
      }
    }
    return [...closed, ...open.values()].sort((a, b) => a.from - b.from);
  }
}
