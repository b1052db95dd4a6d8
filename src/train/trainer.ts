/** Plays rounds of a scheme on data, and can be left and taken up again at any round, to the same bytes. */
import type { ArrayData, ArrayValue, Engine, Program } from "../engine/engine.ts";
import { GanEvalError } from "../errors.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { under } from "./networks/names.ts";
import type { NetworkRole } from "./players.ts";
import { openRandomStream, type RandomStream } from "./random.ts";
import { mean, outputsToRecord, type RoundOutputs, type RoundRecord } from "./round-record.ts";
import { type ScheduleName, scheduleToRate } from "./schedules.ts";
import { checkScheme } from "./scheme/check-scheme.ts";
import { stepToFeeds } from "./scheme/feeds.ts";
import { frozenArrays } from "./scheme/frozen.ts";
import { readsField, streamOf } from "./scheme/inputs.ts";
import { phaseAt, stepKey, stepsBefore, stepsInRound } from "./scheme/plan.ts";
import { ReplayPool } from "./scheme/pool.ts";
import type { PlannedStep, RunProgress, Scheme } from "./scheme/scheme.ts";
import { type Reached, refuseUnreached, type Step, schemeToStep } from "./scheme/step.ts";
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

/** Streams that every checkpoint names, drawn from or not. */
const ALWAYS_SAVED = ["latent", "penalty", "labels", "instance"];

/** A compiled step and how its inputs are made. */
interface OpenStep {
  readonly step: Step;
  readonly program: Program;
  readonly readsData: boolean;
  readonly feeds: ReturnType<typeof stepToFeeds>;
}

export class Trainer {
  readonly scheme: Scheme;
  private readonly data: FieldData;
  private readonly options: TrainerOptions;
  private readonly trainedNetworks: Readonly<Record<string, TrainedNetwork>>;
  private readonly frozen: Readonly<Record<string, Float32Array>>;
  private readonly streams: Readonly<Record<string, RandomStream>>;
  private readonly pools: Readonly<Record<string, ReplayPool>>;
  /** What weights, gradients and optimizers take in memory. */
  readonly bytes: number;
  private readonly steps = new Map<string, OpenStep>();
  private batch: Readonly<Record<string, Float32Array>> | undefined;
  /** Inputs of the last batch that a step which repeats it gets again. */
  private readonly repeated = new Map<string, ArrayData>();
  private readonly carried: Record<string, number> = {};
  private finished = 0;
  /** What the learning rates are multiplied by: below 1 after a divergence. */
  rateFactor = 1;

  private constructor(scheme: Scheme, data: FieldData, options: TrainerOptions) {
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
    this.frozen = Object.assign(
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
    const trainer = new Trainer(scheme, data, options);
    try {
      const reached: Reached = { places: new Set(), networks: new Set() };
      for (const { steps } of scheme.plan)
        for (const planned of steps) {
          const key = stepKey(planned);
          if (!trainer.steps.has(key))
            trainer.steps.set(key, await trainer.openStep(engine, schemeToStep(scheme, planned, reached)));
        }
      refuseUnreached(scheme, reached);
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

  /** Plays a round; with `measure` it is recorded. @throws GanEvalError `run.diverged` where a loss is not finite */
  async playRound(measure: true): Promise<RoundRecord>;
  async playRound(measure?: boolean): Promise<RoundRecord | undefined>;
  async playRound(measure = false): Promise<RoundRecord | undefined> {
    const { scheme } = this;
    const phase = phaseAt(scheme, this.finished);
    const losses: Record<string, number> = {};
    const logits: Record<string, Float32Array> = {};
    const norms: Record<string, StepNorms> = {};
    const rates = this.rates();
    const taken: Record<string, number> = {};
    for (const planned of phase.steps) {
      const open = this.steps.get(stepKey(planned))!;
      for (let i = 0; i < planned.times; i++) {
        await this.takeBatch(open, planned);
        const outputs = await open.program.run(
          Object.fromEntries(open.feeds.map(([name, feed]) => [name, feed(planned)])),
        );
        for (const network of Object.values(this.trainedNetworks)) network.takeBuffers();
        for (const player of planned.trains) {
          taken[player] = (taken[player] ?? 0) + 1;
          const isLast = measure && taken[player] === stepsInRound(phase, player);
          Object.assign(norms, this.stepPlayer(player, taken[player], rates[player], isLast));
        }
        for (const [name, { data }] of Object.entries(outputs))
          if (name.startsWith("logits/")) logits[name] = data as Float32Array;
          else if (name.startsWith("pools/"))
            this.pools[name.split("/").slice(1, -1).join("/")].take(data as Float32Array);
          else losses[name] = data[0];
        this.moveCarried(open, logits);
      }
    }
    this.finished++;
    const bad = Object.keys(losses).filter((name) => !Number.isFinite(losses[name]));
    if (bad.length > 0)
      throw new GanEvalError(
        "run.diverged",
        `expected finite losses, got ${brokenToText(losses, bad)}${lossesToText(losses)} in round ${this.finished}`,
        { hint: "Use a smaller learning rate, or bound the gradients with --gradient-clip." },
      );
    if (!measure) return undefined;
    const outputs: RoundOutputs = { losses, logits, rates, norms, carried: { ...this.carried } };
    return outputsToRecord(scheme, this.finished, outputs);
  }

  save(): Checkpoint {
    const streams = Object.fromEntries(
      Object.entries(this.streams).map(([name, { position }]) => [name, position]),
    );
    const { seed } = this.options;
    const state: Record<string, ArrayValue> = Object.assign(
      {},
      ...Object.values(this.trainedNetworks).map((network) => network.toState()),
    );
    const numbers: Record<string, number> = { ...this.carried, rateFactor: this.rateFactor };
    for (const [name, pool] of Object.entries(this.pools)) {
      state[`pools/${name}`] = pool.toState();
      numbers[`pools/${name}`] = pool.stored;
    }
    return { state, progress: { rounds: this.finished, seed, streams, data: this.data.position, numbers } };
  }

  /** Goes on from a checkpoint of the same scheme. @throws GanEvalError `input.checkpoint-game` for that of another */
  restore({ state, progress }: Checkpoint): void {
    refuseOther(this.save().state, state);
    for (const network of Object.values(this.trainedNetworks)) network.fromState(state);
    for (const [name, stream] of Object.entries(this.streams)) stream.jump(progress.streams[name] ?? 0);
    for (const [name, pool] of Object.entries(this.pools))
      pool.fromState(state[`pools/${name}`], progress.numbers[`pools/${name}`] ?? 0);
    this.data.jump(progress.data);
    this.finished = progress.rounds;
    for (const [name, input] of Object.entries(this.scheme.inputs))
      if (input.kind === "carried") this.carried[name] = progress.numbers[name] ?? input.initial;
    this.rateFactor = progress.numbers.rateFactor ?? 1;
    this.batch = undefined;
    this.repeated.clear();
  }

  /**
   * A network's arrays to sample with, by `weights/...` and `buffers/...`: the running average's, where there is one. They
   * move on with training.
   */
  arraysOf(network: string): Record<string, ArrayValue> {
    const trained = this.trainedNetworks[network];
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
    await Promise.all([...this.steps.values()].map(({ program }) => program.dispose()));
  }

  private get progress(): RunProgress {
    const share = Math.min(1, this.finished / Math.max(1, this.options.rounds));
    return { round: this.finished, share };
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

  /** One step of a player: its networks together, by one count and one bound of the norm. */
  private stepPlayer(
    player: string,
    taken: number,
    rate: number,
    measure: boolean,
  ): Record<string, StepNorms> {
    const { owns, gradientClip } = this.scheme.players[player];
    const networks = owns.map((name) => this.trainedNetworks[name]);
    const step = stepsBefore(this.scheme, player, this.finished) + taken;
    let gradientScale = 1;
    if (gradientClip !== undefined) {
      const norm = Math.sqrt(networks.reduce((sum, { gradientSquares }) => sum + gradientSquares, 0));
      if (norm > gradientClip) gradientScale = gradientClip / norm;
    }
    return Object.fromEntries(
      networks.flatMap((network) => {
        const norms = network.step({ step, rate, gradientScale, measure });
        return norms ? [[network.name, norms]] : [];
      }),
    );
  }

  private async takeBatch({ readsData }: OpenStep, { batch }: PlannedStep): Promise<void> {
    if (batch === "new") this.repeated.clear();
    if (readsData && (batch === "new" || this.batch === undefined))
      this.batch = await this.data.next(this.scheme.batchSize);
  }

  private moveCarried({ step }: OpenStep, logits: Readonly<Record<string, Float32Array>>): void {
    for (const [name, input] of Object.entries(this.scheme.inputs)) {
      if (input.kind !== "carried" || !(name in step.signature)) continue;
      const [{ name: judge }] = this.scheme.discriminators;
      const [real, fake] = [mean(logits[`logits/${judge}/real`]), mean(logits[`logits/${judge}/fake`])];
      this.carried[name] = input.next(this.carried[name], { real, fake });
    }
  }

  private async openStep(engine: Engine, step: Step): Promise<OpenStep> {
    const trained = Object.entries(this.trainedNetworks);
    const { players, inputs } = this.scheme;
    const owned = step.planned.trains.flatMap((player) => players[player].owns);
    const program = await engine.compile(
      step.fn,
      { ...step.signature, ...step.arrays },
      {
        name: `${step.planned.trains.join(" and ")} step`,
        inPlace: {
          inputs: Object.assign({ ...this.frozen }, ...trained.map(([, network]) => network.inputs)),
          outputs: Object.assign(
            {},
            ...trained.map(([name, network]) => network.outputs(owned.includes(name))),
          ),
        },
      },
    );
    const feeds = stepToFeeds(step, {
      scheme: this.scheme,
      streams: this.streams,
      pools: this.pools,
      repeated: this.repeated,
      inputs: {
        batchSize: this.scheme.batchSize,
        batch: () => this.batch!,
        progress: () => this.progress,
        carried: (name) => this.carried[name],
      },
    });
    const readsData = Object.keys(step.signature).some(
      (name) => Object.hasOwn(inputs, name) && readsField(inputs[name]),
    );
    return { step, program, feeds, readsData };
  }
}

/** The terms that are to blame: a loss is not finite because one of its terms is not. */
function brokenToText(losses: Readonly<Record<string, number>>, bad: readonly string[]): string {
  const terms = bad.filter((name) => name.startsWith("terms/"));
  const named = terms.map((name) => `${losses[name]} for the term ${name.slice("terms/".length)}`);
  return named.length === 0 ? "" : `${named.join(" and ")}: `;
}

const lossesToText = (losses: Readonly<Record<string, number>>): string =>
  Object.entries(losses)
    .map(([name, loss]) => `${name} ${loss}`)
    .join(", ");

/** @throws GanEvalError `usage.*` where the data lack a field that the scheme reads, or have it of another shape */
function checkFields({ inputs, batchSize }: Scheme, { fields, count }: FieldData): void {
  for (const [name, input] of Object.entries(inputs)) {
    if (!readsField(input)) continue;
    const { field, shape } = input;
    const given = fields[field];
    if (`${given}` !== `${shape}`)
      throw new GanEvalError(
        "usage.scheme",
        `expected data whose field ${field} has the shape [${shape}] for the input ${name}, got ${given === undefined ? `only ${Object.keys(fields).join(", ")}` : `[${given}]`}`,
      );
  }
  if (count !== undefined && batchSize > count)
    throw new GanEvalError(
      "usage.batch-size",
      `expected a batch of at most ${count} images, got ${batchSize}`,
      {
        hint: "Use a smaller --batch-size, or more images.",
      },
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
