/** Plays rounds of a game on data, and can be left and taken up again at any round, to the same bytes. */
import type { ArrayData, ArrayValue, Engine, Program } from "../engine/engine.ts";
import { GanEvalError } from "../errors.ts";
import type { Checkpoint } from "./checkpoint.ts";
import {
  balanceOf,
  checkModel,
  type GanModel,
  generatorStepsOf,
  lossOf,
  NETWORK_ROLES,
  type NetworkRole,
  readsLabels,
  samplesOf,
} from "./gan-model.ts";
import { drawLabels, labelsToOneHot } from "./labels.ts";
import { drawLatents } from "./latent.ts";
import { nextBalance } from "./losses.ts";
import { sizeOf } from "./networks/shapes.ts";
import { openRandomStream, type RandomStream } from "./random.ts";
import { modelToStep, type Step } from "./round.ts";
import { mean, outputsToRecord, type RoundRecord } from "./round-record.ts";
import { type ScheduleName, scheduleToRate } from "./schedules.ts";
import { TrainedNetwork } from "./trained-network.ts";
import type { Batch, TrainingData } from "./training-data.ts";
import type { StepNorms } from "./updates/parameters.ts";
import { TrainingMemory } from "./updates/training-memory.ts";

export interface TrainerOptions {
  readonly seed: number;
  readonly rates: Readonly<Record<NetworkRole, number>>;
  /** How the rates change over the run; constant if left out. */
  readonly schedule?: ScheduleName;
  /** Length of the run in rounds, which schedules and falling noise are stretched over. */
  readonly rounds: number;
}

/** Streams that a round draws from. */
const DRAWN = ["latent", "penalty", "labels", "instance"] as const;

/** A compiled step and how its inputs are made. */
interface OpenStep {
  readonly step: Step;
  readonly program: Program;
  readonly feeds: readonly (readonly [name: string, feed: () => ArrayData])[];
}

export class Trainer {
  private readonly game: GanModel;
  private readonly data: TrainingData;
  private readonly options: TrainerOptions;
  private readonly trainedNetworks: Readonly<Record<NetworkRole, TrainedNetwork>>;
  private readonly streams: Readonly<Record<(typeof DRAWN)[number], RandomStream>>;
  /** What weights, gradients and optimizers take in memory. */
  readonly bytes: number;
  private steps: readonly OpenStep[] = [];
  private batch: Batch | undefined;
  private balance = 0;
  private finished = 0;
  /** What the learning rates are multiplied by: below 1 after a divergence. */
  rateFactor = 1;

  private constructor(game: GanModel, data: TrainingData, options: TrainerOptions) {
    this.game = game;
    this.data = data;
    this.options = options;
    const averaged = game.emaDecay !== undefined;
    const bytes =
      TrainedNetwork.bytes(game.generator, averaged) + TrainedNetwork.bytes(game.discriminator, false);
    this.bytes = bytes;
    const memory = new TrainingMemory(bytes);
    this.trainedNetworks = {
      generator: new TrainedNetwork(memory, "generator", game.generator, game.emaDecay),
      discriminator: new TrainedNetwork(memory, "discriminator", game.discriminator, undefined),
    };
    const { seed } = options;
    this.streams = Object.fromEntries(
      DRAWN.map((name) => [name, openRandomStream(seed, name)]),
    ) as Trainer["streams"];
    const weights = openRandomStream(seed, "weights");
    for (const name of NETWORK_ROLES) this.trainedNetworks[name].begin(weights);
  }

  /** Compiles the game's steps and draws its weights. @throws GanEvalError `usage.*` where data and game do not fit */
  static async open(
    engine: Engine,
    game: GanModel,
    data: TrainingData,
    options: TrainerOptions,
  ): Promise<Trainer> {
    checkModel(game);
    checkData(game, data);
    const trainer = new Trainer(game, data, options);
    try {
      const trained: readonly (readonly NetworkRole[])[] = game.sharedFakes
        ? [NETWORK_ROLES]
        : [["discriminator"], ["generator"]];
      const steps: OpenStep[] = [];
      for (const players of trained) steps.push(await trainer.openStep(engine, modelToStep(game, players)));
      trainer.steps = steps;
      return trainer;
    } catch (error) {
      await trainer.dispose();
      throw error;
    }
  }

  /** Rounds that are finished. */
  get rounds(): number {
    return this.finished;
  }

  /** Passes over the data that are finished, with the part of this one. */
  get epochs(): number {
    const { count, position } = this.data;
    return count === undefined ? 0 : position.epoch + position.taken / count;
  }

  /** Plays a round; with `measure` it is recorded. @throws GanEvalError `run.diverged` where a loss is not finite */
  async playRound(measure: true): Promise<RoundRecord>;
  async playRound(measure?: boolean): Promise<RoundRecord | undefined>;
  async playRound(measure = false): Promise<RoundRecord | undefined> {
    const { game } = this;
    const rates = this.rates();
    const losses: Record<string, number> = {};
    const logits: Record<string, Float32Array> = {};
    const norms = {} as Record<NetworkRole, StepNorms>;
    for (const open of this.steps) {
      const { step } = open;
      const times = step.trains.includes("discriminator") ? game.discriminatorSteps : generatorStepsOf(game);
      for (let i = 0; i < times; i++) {
        const outputs = await open.program.run(
          Object.fromEntries(open.feeds.map(([name, feed]) => [name, feed()])),
        );
        for (const name of NETWORK_ROLES) this.trainedNetworks[name].takeBuffers();
        for (const name of step.trains) {
          const count = this.finished * times + i + 1;
          const clipValue = name === "discriminator" ? game.clipValue : undefined;
          const isLast = measure && i === times - 1;
          const measured = this.trainedNetworks[name].step(count, rates[name], clipValue, isLast);
          if (measured) norms[name] = measured;
        }
        for (const [name, { data }] of Object.entries(outputs))
          if (data.length === 1 && name.includes("/")) losses[name] = data[0];
          else logits[name] = data as Float32Array;
        if (step.trains.includes("discriminator") && lossOf(game).isBalanced)
          this.balance = nextBalance(this.balance, -mean(logits.real), -mean(logits.fake), balanceOf(game));
      }
    }
    this.finished++;
    if (!Object.values(losses).every(Number.isFinite))
      throw new GanEvalError(
        "run.diverged",
        `expected finite losses, got ${lossesToText(losses)} in round ${this.finished}`,
        { hint: "Use a smaller learning rate, or bound the gradients with --gradient-clip." },
      );
    if (!measure) return undefined;
    const balance = lossOf(game).isBalanced ? this.balance : undefined;
    const { real, fake } = logits;
    return outputsToRecord(game, this.finished, { losses, real, fake, rates, norms, balance });
  }

  save(): Checkpoint {
    const streams = Object.fromEntries(DRAWN.map((name) => [name, this.streams[name].position]));
    const { seed } = this.options;
    const state = Object.assign({}, ...NETWORK_ROLES.map((name) => this.trainedNetworks[name].toState()));
    const numbers = { balance: this.balance, rateFactor: this.rateFactor };
    return { state, progress: { rounds: this.finished, seed, streams, data: this.data.position, numbers } };
  }

  /** Goes on from a checkpoint of the same game. @throws GanEvalError `input.checkpoint-game` for that of another */
  restore({ state, progress }: Checkpoint): void {
    refuseOther(this.save().state, state);
    for (const name of NETWORK_ROLES) this.trainedNetworks[name].fromState(state);
    for (const name of DRAWN) this.streams[name].jump(progress.streams[name] ?? 0);
    this.data.jump(progress.data);
    this.finished = progress.rounds;
    this.balance = progress.numbers.balance ?? 0;
    this.rateFactor = progress.numbers.rateFactor ?? 1;
  }

  /** The generator's arrays to sample with, by `weights/...` and `buffers/...`; they move on with training. */
  get generator(): Record<string, ArrayValue> {
    return this.trainedNetworks.generator.toNetworkArrays();
  }

  /** The discriminator's, likewise. */
  get discriminator(): Record<string, ArrayValue> {
    return this.trainedNetworks.discriminator.toNetworkArrays();
  }

  async dispose(): Promise<void> {
    await Promise.all(this.steps.map(({ program }) => program.dispose()));
  }

  private rates(): Record<NetworkRole, number> {
    const { rates, schedule = "constant", rounds } = this.options;
    const now = (rate: number): number =>
      this.rateFactor * scheduleToRate(schedule, rate, this.finished, rounds);
    return { generator: now(rates.generator), discriminator: now(rates.discriminator) };
  }

  private async openStep(engine: Engine, step: Step): Promise<OpenStep> {
    const { generator, discriminator } = this.trainedNetworks;
    const program = await engine.compile(
      step.fn,
      { ...step.signature, ...step.arrays },
      {
        name: `${step.trains.join(" and ")} step`,
        inPlace: {
          inputs: { ...generator.inputs, ...discriminator.inputs },
          outputs: Object.assign(
            {},
            ...NETWORK_ROLES.map((name) => this.trainedNetworks[name].outputs(step.trains.includes(name))),
          ),
        },
      },
    );
    const feeds = Object.entries(step.signature).map(
      ([name, { shape }]) => [name, this.inputToFeed(name, sizeOf(shape), step)] as const,
    );
    return { step, program, feeds };
  }

  /** How each of a step's inputs is made, by its name. The order of the signature is the order of drawing. */
  private inputToFeed(name: string, size: number, { trains }: Step): () => ArrayData {
    const { game, data, streams } = this;
    const { classes = 0 } = game;
    const n = samplesOf(game);
    switch (name) {
      case "latent":
        return () => drawLatents(game.latent, n, streams.latent);
      case "latent-labels":
        return () => labelsToOneHot(drawLabels(n, classes, streams.labels), classes);
      case "real":
        // A generator's step of its own looks at the images of the discriminator's last.
        return () => {
          if (trains.includes("discriminator") || this.batch === undefined) this.batch = data.next(n);
          return this.batch.samples as Float32Array<ArrayBuffer>;
        };
      case "real-labels":
        return () => labelsToOneHot(this.batch!.labels!, classes);
      case "balance":
        return () => Float32Array.of(this.balance);
      case "instance-deviation":
        return () => {
          const share = Math.min(1, this.finished / Math.max(1, this.options.rounds));
          return Float32Array.of((game.instanceNoise ?? 0) * (1 - share));
        };
    }
    if (name.startsWith("instance/")) return () => streams.instance.normal(new Float32Array(size));
    if (/^(penalty|noise)\//.test(name)) return () => streams.penalty.uniform(new Float32Array(size));
    throw new GanEvalError("internal.round-input", `internal: unknown input ${name}`);
  }
}

const lossesToText = (losses: Readonly<Record<string, number>>): string =>
  Object.entries(losses)
    .map(([name, loss]) => `${name} ${loss}`)
    .join(", ");

function checkData(game: GanModel, data: TrainingData): void {
  if (`${data.shape}` !== `${game.generator.network.output}`)
    throw new GanEvalError(
      "usage.network",
      `expected networks for data of shape [${data.shape}], got a generator of [${game.generator.network.output}]`,
    );
  if (readsLabels(game) && data.classes === undefined)
    throw new GanEvalError("usage.labels", "expected data with class labels for this model, got none", {
      hint: "Use IDX files with their labels, a folder with one subfolder per class, or a model without labels.",
    });
  if (readsLabels(game) && data.classes !== game.classes)
    throw new GanEvalError("usage.labels", `expected data of ${game.classes} classes, got ${data.classes}`);
  if (data.count !== undefined && samplesOf(game) > data.count)
    throw new GanEvalError(
      "usage.batch-size",
      `expected a batch of at most ${data.count} images, got ${samplesOf(game)}`,
      { hint: "Use a smaller --batch-size, or more images." },
    );
}

function refuseOther(
  own: Readonly<Record<string, ArrayValue>>,
  other: Readonly<Record<string, ArrayValue>>,
): void {
  const describe = (value: ArrayValue | undefined) => (value ? `[${value.shape}]` : "nothing");
  for (const name of new Set([...Object.keys(own), ...Object.keys(other)])) {
    const [expected, got] = [describe(own[name]), describe(other[name])];
    if (expected === got) continue;
    throw new GanEvalError(
      "input.checkpoint-game",
      `expected a checkpoint of the same networks and optimizers, got ${got} for ${name} instead of ${expected}`,
      { hint: "Resume with the run's original options." },
    );
  }
}
