/** Plays rounds of a scheme on data, and can be left and taken up again at any round, to the same bytes. */
import type { ArrayData, ArrayValue, Engine } from "../engine/engine.ts";
import { GanEvalError } from "../errors.ts";
import { checkFields, refuseOther } from "./check-trainer.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { under } from "./networks/names.ts";
import { PlayedRound, type RoundPlace, refuseDiverged } from "./played-round.ts";
import type { NetworkRole } from "./players.ts";
import { openRandomStream, type RandomStream } from "./random.ts";
import { mean, outputsToRecord, type RoundOutputs, type RoundRecord } from "./round-record.ts";
import { type ScheduleName, scheduleToRate } from "./schedules.ts";
import { checkScheme } from "./scheme/check-scheme.ts";
import type { FeedSources } from "./scheme/feeds.ts";
import { frozenArrays } from "./scheme/frozen.ts";
import { streamOf } from "./scheme/inputs.ts";
import { phaseAt, stepsBefore } from "./scheme/plan.ts";
import { ReplayPool } from "./scheme/pool.ts";
import { type PlannedStep, type RunProgress, type Scheme, takesPart } from "./scheme/scheme.ts";
import { DeviceSteps } from "./steps/device-steps.ts";
import { HostSteps } from "./steps/host-steps.ts";
import { type Home, type PlayerUpdate, type Steps, stepToInputs } from "./steps/steps.ts";
import { TrainedNetwork } from "./trained-network.ts";
import type { FieldData } from "./training-data.ts";
import type { StepNorms } from "./updates/parameters.ts";
import { TrainingMemory } from "./updates/training-memory.ts";

export interface TrainerOptions {
  readonly seed: number;
  /** Learning rates by the players' role. */
  readonly rates: Readonly<Record<NetworkRole, number>>;
  /** How the rates change over the run; constant if left out. */
  readonly schedule?: ScheduleName;
  /** Length of the run in rounds, which schedules and falling noise are stretched over. */
  readonly rounds: number;
}

/** Names of a checkpoint's numbers that count updates outside of rounds, before the player. */
const ALONE = "alone/";

/** Streams that every checkpoint names, drawn from or not. */
const ALWAYS_SAVED = ["latent", "penalty", "labels", "instance"];

export type { RoundPlace } from "./played-round.ts";

export class Trainer {
  scheme: Scheme;
  private readonly data: FieldData;
  private options: TrainerOptions;
  private readonly trainedNetworks: Readonly<Record<string, TrainedNetwork>>;
  private readonly streams: Readonly<Record<string, RandomStream>>;
  private readonly pools: Readonly<Record<string, ReplayPool>>;
  /** What weights, gradients and optimizers take in memory. */
  readonly bytes: number;
  private readonly steps: Steps;
  private batch: Readonly<Record<string, Float32Array | Int32Array>> | undefined;
  /** Inputs of the last batch that a step which repeats it gets again. */
  private readonly repeated = new Map<string, ArrayData>();
  private readonly carried: Record<string, number> = {};
  private finished = 0;
  /** The round that is half played. */
  private played: PlayedRound | undefined;
  /** What pools take when the computed step is applied. */
  private made: Readonly<Record<string, Float32Array>> = {};
  /** Updates of each player that no round of the plan counts. */
  private alone: Record<string, number> = {};
  /** What the learning rates are multiplied by: below 1 after a divergence. */
  rateFactor = 1;

  private constructor(engine: Engine, scheme: Scheme, data: FieldData, options: TrainerOptions) {
    this.scheme = scheme;
    this.data = data;
    this.options = options;
    const { networks, players, inputs, pools = {}, frozen = {} } = scheme;
    const owned = Object.values(players).flatMap((player) =>
      player.owns.map((name) => [name, networks[name], player] as const),
    );
    this.bytes = owned.reduce((sum, [, network, player]) => sum + TrainedNetwork.bytes(network, player), 0);
    const memory = new TrainingMemory(this.bytes);
    this.trainedNetworks = Object.fromEntries(
      owned.map(([name, network, player]) => [name, new TrainedNetwork(memory, name, network, player)]),
    );
    const frozenByName: Record<string, Float32Array> = Object.assign(
      {},
      ...Object.entries(frozen).map(([name, arrays]) => frozenArrays(name, scheme, arrays)),
    );
    const { seed } = options;
    const drawn = Object.entries(inputs).flatMap(([name, input]) => streamOf(name, input) ?? []);
    this.streams = Object.fromEntries(
      [...ALWAYS_SAVED, ...drawn, ...Object.keys(pools).map((name) => `pools/${name}`)].map((name) => [
        name,
        openRandomStream(seed, name),
      ]),
    );
    this.pools = Object.fromEntries(
      Object.entries(pools).map(([name, pool]) => [
        name,
        new ReplayPool(pool, this.streams[`pools/${name}`]),
      ]),
    );
    for (const [name, input] of Object.entries(inputs))
      if (input.kind === "carried") this.carried[name] = input.initial;
    const weights = openRandomStream(seed, "weights");
    for (const name of Object.keys(networks)) this.trainedNetworks[name]?.begin(weights);
    const { streams, repeated } = this;
    const sources: FeedSources = {
      ...{ scheme, streams, repeated, pools: this.pools },
      inputs: {
        batchSize: scheme.batchSize,
        batch: () => this.batch!,
        progress: () => this.progress,
        carried: (name) => this.carried[name],
      },
    };
    const { memory: deviceMemory } = engine;
    const given = [this.trainedNetworks, frozenByName, sources, () => this.scheme] as const;
    this.steps = deviceMemory
      ? new DeviceSteps(deviceMemory, ...given, data)
      : new HostSteps(engine, ...given);
  }

  /**
   * Compiles the scheme's steps and draws its weights.
   * @throws GanEvalError `usage.*` where data and scheme do not fit, `usage.scheme` where its parts do not
   */
  static async open(
    engine: Engine,
    scheme: Scheme,
    data: FieldData,
    options: TrainerOptions,
  ): Promise<Trainer> {
    checkScheme(scheme);
    checkFields(scheme, data);
    const trainer = new Trainer(engine, scheme, data, options);
    try {
      await trainer.steps.openPlan();
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
    if (count === undefined) return 0;
    const { epoch, taken } = "epoch" in position ? position : Object.values(position)[0];
    return Number(epoch) + Number(taken) / count;
  }

  /** Plays a round, or what is left of it; with `measure` it is recorded. @throws GanEvalError `run.diverged` where a loss is not finite */
  async playRound(measure: true): Promise<RoundRecord>;
  async playRound(measure?: boolean): Promise<RoundRecord | undefined>;
  async playRound(measure = false): Promise<RoundRecord | undefined> {
    const { finished } = this;
    let record: RoundRecord | undefined;
    while (this.finished === finished) {
      await this.computeStep(measure);
      record = await this.applyStep(measure);
    }
    return record;
  }

  /** Whether a round is begun and not finished. */
  get isInRound(): boolean {
    return this.played !== undefined;
  }

  /** The step that comes next, or that is computed. */
  get place(): RoundPlace {
    return (this.played ?? this.beginRound()).place;
  }

  /**
   * Computes the next step of the round: its losses, logits and gradients. No weight moves. Without `needsLogits` those
   * that lie on a device may stay there.
   */
  async computeStep(needsLogits = true): Promise<Pick<PlayedRound, "losses" | "logits">> {
    this.played ??= this.beginRound();
    const { played } = this;
    if (played.isComputed) return played;
    const { losses, logits } = await this.compute(played.step, needsLogits);
    Object.assign(played.losses, losses);
    Object.assign(played.logits, logits);
    played.isComputed = true;
    return played;
  }

  /**
   * Moves the weights by the step that is computed. The round's last step ends it, and with `measure` gives its record:
   * `measure` is the same for all of its steps.
   * @throws GanEvalError `run.diverged` where a loss of the round that ends is not finite
   */
  async applyStep(measure = false): Promise<RoundRecord | undefined> {
    const { played } = this;
    if (!played?.isComputed) throw new GanEvalError("internal.round-step", "internal: no step is computed");
    const { trains } = played.step;
    const updateOf = (player: string): PlayerUpdate => {
      const { number, isLast } = played.count(player);
      const step = this.updatesBefore(player) + number;
      return { step, rate: played.rates[player], measure: measure && isLast };
    };
    Object.assign(played.norms, await this.apply(trains, updateOf));
    this.moveCarried(played.step, played.logits);
    played.next();
    if (!played.isOver) return undefined;
    this.played = undefined;
    this.finished++;
    played.refuseDiverged(this.finished);
    if (!measure) return undefined;
    const { losses, logits, rates, norms } = played;
    const outputs: RoundOutputs = { losses, logits, rates, norms, carried: { ...this.carried } };
    return outputsToRecord(this.scheme, this.finished, outputs);
  }

  /**
   * One update of one player on a batch of its own, between rounds: it counts for the optimizer, and not as a round.
   * @throws GanEvalError `run.diverged` where a loss is not finite
   */
  async playAlone(player: string): Promise<Pick<PlayedRound, "losses" | "logits">> {
    if (this.isInRound) throw new GanEvalError("internal.round-step", "internal: a round is half played");
    const step: PlannedStep = { trains: [player], times: 1, batch: "new" };
    const { losses, logits } = await this.compute(step, true);
    const rate = this.rates()[player];
    await this.apply(step.trains, () => ({ step: this.updatesBefore(player) + 1, rate, measure: false }));
    this.alone[player] = (this.alone[player] ?? 0) + 1;
    this.moveCarried(step, logits);
    refuseDiverged(losses, this.finished);
    return { losses, logits };
  }

  /** Updates that a player has taken in finished rounds and between them. */
  updatesBefore(player: string): number {
    return stepsBefore(this.scheme, player, this.finished) + (this.alone[player] ?? 0);
  }

  /** Updates that a player has taken, those of the round that is being played with them. */
  updatesSoFar(player: string): number {
    return this.updatesBefore(player) + (this.played?.takenBy(player) ?? 0);
  }

  /** Learning rates by role, from the next round on. What the optimizers carry stays. */
  setRates(rates: TrainerOptions["rates"]): void {
    this.options = { ...this.options, rates };
  }

  /**
   * Bounds, decays and the plan of another scheme of the same networks, inputs, terms and optimizers, from the next round
   * on; updates are counted on. What Adam carries are sums, which are rescaled to their new decays.
   */
  setRules({ players, plan }: Pick<Scheme, "players" | "plan">): void {
    if (this.isInRound) throw new GanEvalError("internal.round-step", "internal: a round is half played");
    this.requireHome("all");
    const updates = Object.keys(players).map((player) => [player, this.updatesBefore(player)] as const);
    this.scheme = { ...this.scheme, players, plan };
    for (const player of Object.values(players))
      for (const name of player.owns) this.trainedNetworks[name].follow(player);
    this.steps.changed();
    this.countOn(Object.fromEntries(updates));
  }

  /** Counts updates on from what each player has taken elsewhere. */
  countOn(updates: Readonly<Record<string, number>>): void {
    for (const [player, count] of Object.entries(updates))
      this.alone[player] = count - stepsBefore(this.scheme, player, this.finished);
  }

  private beginRound(): PlayedRound {
    return new PlayedRound(phaseAt(this.scheme, this.finished), this.rates());
  }

  /** Runs a step: what it gives besides gradients and buffers, which lie where they belong. */
  private async compute(
    planned: PlannedStep,
    needsLogits: boolean,
  ): Promise<Pick<PlayedRound, "losses" | "logits">> {
    const open = await this.steps.open(planned);
    await this.takeBatch(open.readsData, planned);
    const inputs = stepToInputs(open, planned);
    const reads = needsLogits || Object.values(this.scheme.inputs).some(({ kind }) => kind === "carried");
    const { losses, logits, made } = await this.steps.compute(open, inputs, reads);
    this.made = made;
    return { losses, logits };
  }

  /** Moves statistics, weights and pools by the step that was run last; the norms of networks that are measured. */
  private async apply(
    trains: readonly string[],
    updateOf: (player: string) => PlayerUpdate,
  ): Promise<Record<string, StepNorms>> {
    const norms = await this.steps.apply(new Map(trains.map((player) => [player, updateOf(player)])));
    for (const [pool, images] of Object.entries(this.made)) this.pools[pool].take(images);
    this.made = {};
    return norms;
  }

  /**
   * Brings weights and what goes with them here from the device that trains them. Before what reads them (`save`,
   * `toState`, `arraysOf` and what was compiled over its arrays) where the engine has a device's memory; it costs nothing
   * elsewhere.
   */
  async bringHome(what: Home = "all"): Promise<void> {
    await this.steps.bringHome(what);
  }

  private requireHome(what: Home): void {
    if (!this.steps.isHome(what))
      throw new GanEvalError("internal.round-step", "internal: weights were read that a device has moved on");
  }

  /** Weights, running statistics and what the optimizers carry, as they are now: copies. */
  toState(): Record<string, ArrayValue> {
    this.requireHome("all");
    return Object.assign({}, ...Object.values(this.trainedNetworks).map((network) => network.toState()));
  }

  /** Everything to go on from. Between rounds: of one that is half played the batch is drawn already. */
  save(): Checkpoint {
    if (this.isInRound) throw new GanEvalError("internal.round-step", "internal: a round is half played");
    const streams = Object.fromEntries(
      Object.entries(this.streams).map(([name, { position }]) => [name, position]),
    );
    this.requireHome("all");
    const { seed } = this.options;
    const state = this.ownArrays();
    const numbers: Record<string, number> = { ...this.carried, rateFactor: this.rateFactor };
    for (const [name, pool] of Object.entries(this.pools)) numbers[`pools/${name}`] = pool.stored;
    for (const [player, count] of Object.entries(this.alone))
      if (count !== 0) numbers[`${ALONE}${player}`] = count;
    return { state, progress: { rounds: this.finished, seed, streams, data: this.data.position, numbers } };
  }

  /** Goes on from a checkpoint of the same scheme; a round that is half played is dropped. @throws GanEvalError `input.checkpoint-game` for that of another */
  restore({ state, progress }: Checkpoint): void {
    this.played = undefined;
    refuseOther(this.ownArrays(), state);
    for (const network of Object.values(this.trainedNetworks)) network.fromState(state);
    this.steps.changed();
    for (const [name, stream] of Object.entries(this.streams)) stream.jump(progress.streams[name] ?? 0);
    for (const [name, pool] of Object.entries(this.pools))
      pool.fromState(state[`pools/${name}`], progress.numbers[`pools/${name}`] ?? 0);
    this.data.jump(progress.data);
    this.finished = progress.rounds;
    for (const [name, input] of Object.entries(this.scheme.inputs))
      if (input.kind === "carried") this.carried[name] = progress.numbers[name] ?? input.initial;
    this.rateFactor = progress.numbers.rateFactor ?? 1;
    this.alone = Object.fromEntries(
      Object.keys(this.scheme.players).map((player) => [player, progress.numbers[`${ALONE}${player}`] ?? 0]),
    );
    this.batch = undefined;
    this.repeated.clear();
  }

  /**
   * A network's arrays to sample with, by `weights/...` and `buffers/...`: the running average's, where there is one. They
   * move on with training.
   */
  arraysOf(network: string): Record<string, ArrayValue> {
    const trained = this.trainedNetworks[network];
    this.requireHome("networks");
    if (trained !== undefined) return trained.toNetworkArrays();
    return under("weights", this.scheme.frozen?.[network] ?? {});
  }

  /** The generator's arrays, of a model of generator and discriminator. */
  get generator(): Record<string, ArrayValue> {
    return this.arraysOf("generator");
  }

  /** The discriminator's, likewise. */
  get discriminator(): Record<string, ArrayValue> {
    return this.arraysOf("discriminator");
  }

  async dispose(): Promise<void> {
    await this.steps.dispose();
  }

  private get progress(): RunProgress {
    const share = Math.min(1, this.finished / Math.max(1, this.options.rounds));
    return { round: this.finished, share };
  }

  /** Copies of all arrays of a checkpoint. */
  private ownArrays(): Record<string, ArrayValue> {
    return Object.assign(
      {},
      ...Object.values(this.trainedNetworks).map((network) => network.toState()),
      Object.fromEntries(Object.entries(this.pools).map(([name, pool]) => [`pools/${name}`, pool.toState()])),
    );
  }

  /** The learning rate of each player in this round. */
  private rates(): Record<string, number> {
    const { rates, schedule = "constant", rounds } = this.options;
    return Object.fromEntries(
      Object.entries(this.scheme.players).map(([name, { role, rateFactor = 1 }]) => [
        name,
        this.rateFactor * scheduleToRate(schedule, rateFactor * rates[role], this.finished, rounds),
      ]),
    );
  }

  private async takeBatch(readsData: boolean, { batch }: PlannedStep): Promise<void> {
    if (batch === "new") this.repeated.clear();
    if (readsData && (batch === "new" || this.batch === undefined))
      this.batch = await this.nextBatch(this.scheme.batchSize);
  }

  private nextBatch(
    size: number,
  ): ReturnType<FieldData["next"]> | ReturnType<NonNullable<FieldData["nextRows"]>> {
    return this.steps.takesRows ? this.data.nextRows!(size) : this.data.next(size);
  }

  private moveCarried({ trains }: PlannedStep, logits: Readonly<Record<string, Float32Array>>): void {
    for (const [name, input] of Object.entries(this.scheme.inputs)) {
      if (input.kind !== "carried" || !takesPart(input, trains)) continue;
      const [{ name: judge }] = this.scheme.discriminators;
      const [real, fake] = [mean(logits[`logits/${judge}/real`]), mean(logits[`logits/${judge}/fake`])];
      this.carried[name] = input.next(this.carried[name], { real, fake });
    }
  }
}
