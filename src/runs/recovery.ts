/** Checkpoints of finite weights, and the way back to one after a divergence. */
import { GanEvalError, isCode } from "../errors.ts";
import type { CheckpointOptions, Run } from "../run-folder/run.ts";
import type { RunConfig } from "../run-folder/run-config.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import type { Trainer } from "../train/trainer.ts";
import { eventsToRateFactor, findRollBack, ROLL_BACK } from "./roll-back.ts";
import type { RunObservers } from "./run-observers.ts";

const isFiniteState = ({ state }: Checkpoint): boolean =>
  Object.values(state).every(({ data }) => (data as Float32Array).every(Number.isFinite));

export class Recovery {
  private readonly run: Run;
  private readonly config: Pick<RunConfig, "onNan" | "keepCheckpoints">;
  private readonly trainer: Trainer;
  private readonly observers: RunObservers;

  constructor(run: Run, config: RunConfig, trainer: Trainer, observers: RunObservers) {
    this.run = run;
    this.config = config;
    this.trainer = trainer;
    this.observers = observers;
  }

  /** @throws GanEvalError `run.diverged` for weights that are not finite, which are not saved */
  async checkpoint(options: Omit<CheckpointOptions, "keep"> = {}): Promise<void> {
    const { trainer } = this;
    await trainer.bringHome();
    const checkpoint = trainer.save();
    if (!isFiniteState(checkpoint))
      throw new GanEvalError(
        "run.diverged",
        `expected finite weights, got others in round ${trainer.rounds}`,
        {
          hint: "Take a smaller learning rate, or bound the gradients with --gradient-clip.",
        },
      );
    await this.run.checkpoint(checkpoint, { keep: this.config.keepCheckpoints, ...options });
  }

  /** After a divergence: an earlier state again, with half the rates. @throws the error, where that is not wanted or in vain */
  async recover(error: unknown): Promise<void> {
    const { run, config, trainer } = this;
    if (!isCode(error, "run.diverged")) throw error;
    const round = trainer.rounds;
    await run.event(round, "diverged", error.message);
    if (config.onNan !== "roll-back") throw error;
    const found = await findRollBack(run, round, error);
    if (found === undefined) throw error;
    trainer.restore(found.checkpoint);
    const to = trainer.rounds;
    await run.rewindTo(to);
    this.observers.rewindTo(to);
    const factor = eventsToRateFactor(run.description.events) / 2;
    await run.event(round, ROLL_BACK, `back to round ${to}, learning rates times ${factor}`, { to });
    trainer.rateFactor = factor;
  }

  /** Takes a round back whose scoring was interrupted: a resumed run plays and scores it again, to the same bytes. */
  async unplay(before: Checkpoint): Promise<void> {
    const { run, trainer } = this;
    const { round: saved } = run.description;
    trainer.restore(before);
    await run.rewindTo(trainer.rounds);
    if (trainer.rounds !== saved) await this.checkpoint({ isInterim: true });
  }
}
