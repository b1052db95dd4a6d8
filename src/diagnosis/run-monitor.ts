/** Whoever looks at a run while it is trained, and may warn or end it. Diagnosis brings one; training knows no verdict. */
import type { RunRecord } from "../run-folder/read-run.ts";
import type { RoundRecord } from "../train/round-record.ts";

/** What is wrong with a run. */
export interface JudgedState {
  /** `mode-collapse` */
  readonly id: string;
  /** One line, with its numbers. */
  readonly summary: string;
}

export interface RunMonitor {
  record(record: RoundRecord): void;
  score(
    round: number,
    scores: Readonly<Record<string, number>>,
    signals: Readonly<Record<string, number>>,
  ): void;
  /** Forgets what came after a round. */
  rewindTo(round: number): void;
  /** What is wrong now, worst first. */
  judge(): readonly JudgedState[];
}

/** Takes a run up as it lies in its folder: of a new one nothing is recorded yet. */
export type OpenMonitor = (run: RunRecord) => RunMonitor;
