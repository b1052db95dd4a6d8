/** What a training is started with beside its options, and how it ended. */

import type { OpenMonitor } from "../diagnosis/run-monitor.ts";
import type { Warning } from "../errors.ts";
import type { Hold } from "../interruption.ts";
import type { Progress } from "../progress.ts";
import type { RunDescription } from "../run-folder/description.ts";
import type { GeneratedData } from "../train/data/generator-source.ts";
import type { RoundRecord } from "../train/round-record.ts";
import type { OwnScheme } from "../train/schemes/own-scheme.ts";

export interface TrainOptions {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Milliseconds for durations (default: a clock that is never set). */
  readonly steadyClock?: () => number;
  readonly signal: AbortSignal;
  /** Holds the end of an interrupted program off until the run is saved (default: nothing does). */
  readonly hold?: Hold;
  readonly onProgress: (progress: Progress) => void;
  /** Takes each record as it comes; what it throws ends the run (default: nobody does). */
  readonly onRound?: (record: RoundRecord) => void;
  /** Images that a program makes (default: the config's data). */
  readonly generator?: GeneratedData;
  /** A model that a program describes (default: the config's model, which a module describes if it is no model of ours). */
  readonly scheme?: OwnScheme;
  /** Weights of the network that scores (default: the installed or downloaded ones). */
  readonly weights?: string;
  /** Where installed networks and features lie (default: $XDG_CACHE_HOME/gan-eval or ~/.cache/gan-eval). */
  readonly cacheDir?: string;
  /** GiB that training images may take in memory (default 8). */
  readonly memory?: number;
  /** Whether weights that are not installed are an error, not downloaded (default: GAN_EVAL_OFFLINE). */
  readonly offline?: boolean;
  /** Warns of what goes wrong (default: nobody looks). */
  readonly openMonitor?: OpenMonitor;
}

/** How a run ended, for whoever started it. */
export interface TrainedRun {
  readonly folder: string;
  readonly description: RunDescription;
  readonly rounds: number;
  readonly epochs: number;
  /** The last record's. */
  readonly scalars: Readonly<Record<string, number>>;
  /** The last evaluation's, and what a perfect generator would get; of makers of images, what their unchanged inputs get. */
  readonly scores?: Readonly<Record<string, number>>;
  readonly floor?: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly roundsPerSecond: number;
  readonly warnings: readonly Warning[];
  /** Why it ended before its rounds were played, if it did. */
  readonly stopped?: "early" | "verdict" | "interrupted";
}
