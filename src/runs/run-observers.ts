/** Who follows a run while it is trained: a judge of its health, and TensorBoard's event file. */

import type { RunMonitor } from "../diagnosis/run-monitor.ts";
import { type EventFile, openEventFile } from "../formats/tensorboard-events.ts";
import { readRun } from "../run-folder/read-run.ts";
import type { Run } from "../run-folder/run.ts";
import type { RunConfig } from "../run-folder/run-config.ts";
import type { RoundRecord } from "../train/round-record.ts";
import type { TrainOptions } from "./trained-run.ts";

/** Width and height of a PNG, which stand at a fixed place. */
const pngSize = (png: Buffer): { width: number; height: number } => ({
  width: png.readUInt32BE(16),
  height: png.readUInt32BE(20),
});

export class RunObservers {
  private readonly run: Run;
  private readonly config: RunConfig;
  private judge: RunMonitor | undefined;
  private events: EventFile | undefined;
  /** Verdicts that were warned of. */
  private warned = new Set<string>();
  /** Verdicts of the last look, by id. */
  problems: readonly string[] = [];

  constructor(run: Run, config: RunConfig) {
    this.run = run;
    this.config = config;
  }

  /** @param round the last one that was played; 0 for a new run */
  async open(round: number, { openMonitor, clock }: TrainOptions, steadyClock: () => number): Promise<void> {
    const { run, config } = this;
    if (openMonitor && config.diagnoseEvery !== 0) {
      this.judge = openMonitor(await readRun(run.folder));
      this.warned = new Set(run.description.events.map(({ kind }) => kind));
    }
    if (config.tensorboard)
      this.events = openEventFile(run.folder, {
        clock,
        steadyClock,
        ...(round > 0 && { resumedAt: round + 1 }),
      });
  }

  record(record: RoundRecord): void {
    this.judge?.record(record);
    this.events?.scalars(record.round, record.scalars);
  }

  score(
    round: number,
    scores: Readonly<Record<string, number>>,
    signals: Readonly<Record<string, number>>,
  ): void {
    this.judge?.score(round, scores, signals);
    this.events?.scalars(round, scores);
  }

  sample(round: number, png: Buffer): void {
    const { width, height } = pngSize(png);
    this.events?.image(round, "samples", png, { width, height, channels: 3 });
  }

  /** Forgets what came after a round. */
  rewindTo(round: number): void {
    this.judge?.rewindTo(round);
    this.events?.goBackTo(round + 1);
  }

  /** Warns once of each thing that goes wrong; gives the verdict that ends the run, if one was to. */
  async look(round: number): Promise<string | undefined> {
    let ending: string | undefined;
    const found = this.judge?.judge() ?? [];
    this.problems = found.map(({ id }) => id);
    for (const { id, summary } of found) {
      if (this.config.stopOn?.includes(id)) ending ??= `${id}: ${summary}`;
      if (this.warned.has(id)) continue;
      this.warned.add(id);
      await this.run.event(round, id, summary);
    }
    return ending;
  }

  close(): void {
    this.events?.close();
  }
}
