/** A round played part by part, and back again. */
import type { Checkpoint } from "../../train/checkpoint.ts";
import type { RoundRecord } from "../../train/round-record.ts";
import type { Trainer } from "../../train/trainer.ts";
import type { PhaseFacts, PlayerName } from "../protocol/plane-messages.ts";
import {
  isUpdated,
  type Outputs,
  type ShownStep,
  shownToFacts,
  shownToScalars,
  stepToPhases,
} from "./phases.ts";

export class RoundSteps {
  private readonly trainer: Trainer;
  private readonly generatorSeesReal: boolean;
  private readonly onRound: (record: RoundRecord) => void;
  /** The state at the beginning of the round that is half played. */
  private start: Checkpoint | undefined;
  /** Steps of it that are applied. */
  private applied = 0;
  private shown: ShownStep | undefined;
  private outputs: Outputs | undefined;

  constructor(trainer: Trainer, generatorSeesReal: boolean, onRound: (record: RoundRecord) => void) {
    this.trainer = trainer;
    this.generatorSeesReal = generatorSeesReal;
    this.onRound = onRound;
  }

  get facts(): PhaseFacts | undefined {
    return this.shown && shownToFacts(this.shown);
  }

  /** What the step that is shown says already. */
  scalars(isProbability: boolean): Record<string, number> {
    const { shown, outputs } = this;
    return shown && outputs ? shownToScalars(shown, outputs, isProbability) : {};
  }

  /** The next part of a step. */
  async phase(): Promise<void> {
    if (!this.shown || isUpdated(this.shown)) return this.begin();
    const next = { ...this.shown, at: this.shown.at + 1 };
    if (isUpdated(next)) await this.apply();
    else this.shown = next;
  }

  /** To the end of a step. */
  async update(): Promise<void> {
    if (!this.shown || isUpdated(this.shown)) await this.begin();
    await this.apply();
  }

  /** To the end of the next step that trains a player. */
  async player(player: PlayerName): Promise<void> {
    do await this.update();
    while (!this.shown!.place.trains.includes(player));
  }

  /** To the end of the round. */
  async round(): Promise<void> {
    const record = await this.trainer.playRound(true);
    this.forget();
    this.onRound(record);
  }

  /** Takes a part back; false where the round has none. */
  async back(): Promise<boolean> {
    const { shown, trainer } = this;
    if (!shown || !trainer.isInRound) return false;
    if (!isUpdated(shown) && shown.at > 0) {
      this.shown = { ...shown, at: shown.at - 1 };
      return true;
    }
    const applied = this.applied - (isUpdated(shown) ? 1 : 0);
    trainer.restore(this.start!);
    this.forget();
    for (let i = 0; i < applied; i++) await this.update();
    if (isUpdated(shown)) await this.toGradients();
    return true;
  }

  /** The round's steps but its last, and of that everything but the update. */
  async toLastGradients(): Promise<void> {
    const { trainer } = this;
    const start = trainer.save();
    let steps = 0;
    for (const { rounds } = trainer; trainer.rounds === rounds; steps++) {
      await trainer.computeStep();
      await trainer.applyStep();
    }
    trainer.restore(start);
    this.forget();
    for (let i = 1; i < steps; i++) await this.update();
    await this.toGradients();
  }

  /** Nothing is shown part by part any more. */
  forget(): void {
    this.shown = undefined;
    this.outputs = undefined;
    if (this.trainer.isInRound) return;
    this.start = undefined;
    this.applied = 0;
  }

  /** Drops the round that is half played. */
  drop(): void {
    if (this.trainer.isInRound && this.start) this.trainer.restore(this.start);
    this.forget();
  }

  private async begin(): Promise<void> {
    const { trainer } = this;
    if (!trainer.isInRound) {
      this.start = trainer.save();
      this.applied = 0;
    }
    const { place } = trainer;
    this.outputs = await trainer.computeStep();
    this.shown = { place, phases: stepToPhases(place.trains, this.generatorSeesReal), at: 0 };
  }

  private async toGradients(): Promise<void> {
    await this.begin();
    this.shown = { ...this.shown!, at: this.shown!.phases.length - 2 };
  }

  private async apply(): Promise<void> {
    const record = await this.trainer.applyStep(true);
    this.applied++;
    this.shown = { ...this.shown!, at: this.shown!.phases.length - 1 };
    if (record) this.onRound(record);
  }
}
