/** Plays rounds of a game on data, and can be left and taken up again at any round, to the same bytes. */
import type { ArrayValue, Engine, StatefulProgram } from "../engine/engine.ts";
import { GanEvalError } from "../errors.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { sizeOf } from "./networks/layers.ts";
import { under, within } from "./networks/names.ts";
import { openRandomStream, type RandomStream } from "./random.ts";
import {
  type Game,
  gameToRound,
  gameToSignature,
  gameToState,
  type PlayerName,
  stepToScalars,
} from "./round.ts";
import type { TrainingData } from "./training-data.ts";

export interface TrainerOptions {
  readonly seed: number;
  readonly rates: Readonly<Record<PlayerName, number>>;
}

/** What a round measured: numbers, and the gradient norms of each weight array. */
export interface RoundRecord {
  /** From 1. */
  readonly round: number;
  readonly scalars: Readonly<Record<string, number>>;
  readonly gradientNorms: Readonly<Record<PlayerName, Float32Array>>;
}

const NORMS = "/gradient-norms";

/** Streams that a round draws from. */
const DRAWN = ["latent", "penalty"] as const;

export class Trainer {
  private readonly program: StatefulProgram;
  private readonly game: Game;
  private readonly data: TrainingData;
  private readonly options: TrainerOptions;
  private readonly inputs: readonly [name: string, draw: () => Float32Array][];
  private readonly streams: Readonly<Record<(typeof DRAWN)[number], RandomStream>>;
  private finished = 0;

  constructor(program: StatefulProgram, game: Game, data: TrainingData, options: TrainerOptions) {
    this.program = program;
    this.game = game;
    this.data = data;
    this.options = options;
    const { seed } = options;
    this.streams = { latent: openRandomStream(seed, "latent"), penalty: openRandomStream(seed, "penalty") };
    this.inputs = Object.entries(gameToSignature(game)).map(([name, { shape }]) => [
      name,
      this.inputToDraw(name, sizeOf(shape)),
    ]);
  }

  /** Rounds that are finished. */
  get rounds(): number {
    return this.finished;
  }

  async playRound(): Promise<RoundRecord> {
    const inputs = Object.fromEntries(this.inputs.map(([name, draw]) => [name, draw()]));
    const outputs = Object.entries(await this.program.run(inputs));
    this.finished++;
    const norms = outputs.filter(([name]) => name.endsWith(NORMS));
    return {
      round: this.finished,
      scalars: Object.fromEntries(
        outputs.filter(([name]) => !name.endsWith(NORMS)).map(([name, { data }]) => [name, data[0]]),
      ),
      gradientNorms: Object.fromEntries(
        norms.map(([name, { data }]) => [name.slice(0, -NORMS.length), data]),
      ) as Record<PlayerName, Float32Array>,
    };
  }

  async save(): Promise<Checkpoint> {
    const streams = Object.fromEntries(DRAWN.map((name) => [name, this.streams[name].position]));
    const { seed } = this.options;
    return {
      state: await this.program.readState(),
      progress: { rounds: this.finished, seed, streams, data: this.data.position },
    };
  }

  /** Goes on from a checkpoint of the same game. @throws GanEvalError `input.checkpoint-game` for that of another */
  async restore({ state, progress }: Checkpoint): Promise<void> {
    const own = await this.program.readState();
    refuseOther(own, state);
    await this.program.writeState(
      Object.fromEntries(Object.entries(state).map(([name, { data }]) => [name, data])),
    );
    for (const name of DRAWN) this.streams[name].jump(progress.streams[name] ?? 0);
    this.data.jump(progress.data);
    this.finished = progress.rounds;
  }

  /** The generator's arrays as they are now, by `weights/...` and `buffers/...`. */
  async readGenerator(): Promise<Record<string, ArrayValue>> {
    const generator = within(await this.program.readState(), "generator");
    return {
      ...under("weights", within(generator, "weights")),
      ...under("buffers", within(generator, "buffers")),
    };
  }

  dispose(): Promise<void> {
    return this.program.dispose();
  }

  /** How each of the round's inputs is made, by its name. */
  private inputToDraw(name: string, size: number): () => Float32Array {
    const { latent, penalty } = this.streams;
    if (name.startsWith("real/")) return () => this.data.next(this.game.batchSize);
    if (/^latent(\/|$)/.test(name)) return () => latent.normal(new Float32Array(size));
    if (/^(penalty|noise)\//.test(name)) return () => penalty.uniform(new Float32Array(size));
    const match = /^(generator|discriminator)\/(?:(\d+)\/)?(\w+)$/.exec(name);
    if (!match)
      throw new GanEvalError("internal.round-input", `internal: nothing is known of the input ${name}`);
    const player = match[1] as PlayerName;
    const perRound = player === "generator" ? 1 : this.game.discriminatorSteps;
    const within = Number(match[2] ?? 0);
    return () => {
      const step = this.finished * perRound + within + 1;
      return Float32Array.of(stepToScalars(this.game, player, step, this.options.rates[player])[match[3]]);
    };
  }
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
      { hint: "Resume with the options that the run was begun with." },
    );
  }
}

/** Compiles the game's round and draws its weights. */
export async function openTrainer(
  engine: Engine,
  game: Game,
  data: TrainingData,
  options: TrainerOptions,
): Promise<Trainer> {
  if (`${data.shape}` !== `${game.discriminator.network.input}`)
    throw new GanEvalError(
      "usage.network",
      `expected networks for data of shape [${data.shape}], got a discriminator of [${game.discriminator.network.input}]`,
    );
  const state = gameToState(game, openRandomStream(options.seed, "weights"));
  const program = await engine.compileStep(gameToRound(game), gameToSignature(game), state, {
    name: "round",
  });
  return new Trainer(program, game, data, options);
}
