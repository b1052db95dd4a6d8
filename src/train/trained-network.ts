/** A network in training: its arrays in the training memory, and how they move. */
import type { ArrayValue } from "../engine/engine.ts";
import { specsToArrays, toUnit } from "./networks/initial-arrays.ts";
import type { Specs } from "./networks/layer-row.ts";
import { under } from "./networks/names.ts";
import type { Network } from "./networks/network.ts";
import { sizeOf } from "./networks/shapes.ts";
import { OPTIMIZER_DEFAULTS } from "./optimizers.ts";
import type { RandomStream } from "./random.ts";
import type { Player } from "./scheme/scheme.ts";
import { Parameters, type StepNorms } from "./updates/parameters.ts";
import type { TrainingMemory } from "./updates/training-memory.ts";

type Arrays = Readonly<Record<string, Float32Array>>;

const emptyArrays = (specs: Specs): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [name, new Float32Array(sizeOf(shape))]),
  );

/** `emaDecay` of a running average after `step` steps: short at first, so that the beginning is soon forgotten. */
export const averageDecay = (emaDecay: number, step: number): number =>
  Math.min(emaDecay, (1 + step) / (10 + step));

/**
 * What arrays that an optimizer carries are multiplied by where its decays change: Adam's are m / (1 - b1) and
 * v / (1 - b2), which then stand for the same moments. A decay of 1 takes nothing in, and has no scale.
 */
export function carriedFactors(old: Player, next: Player): Readonly<Record<string, number>> {
  if (next.optimizer !== "adam") return {};
  const [from, to] = [old, next].map((player) => ({ ...OPTIMIZER_DEFAULTS, ...player.optimizerOptions }));
  const factors = { first: (1 - from.b1) / (1 - to.b1), second: (1 - from.b2) / (1 - to.b2) };
  return Object.fromEntries(
    Object.entries(factors).filter(([, factor]) => factor !== 1 && factor > 0 && Number.isFinite(factor)),
  );
}

/** What a step of a network is told besides its gradients. */
export interface NetworkStep {
  /** From 1. */
  readonly step: number;
  readonly rate: number;
  /** What its gradients are multiplied by before: below 1 where the player's norm is bounded. */
  readonly gradientScale: number;
  readonly measure: boolean;
}

export interface NetworkBlocks {
  readonly weights: Arrays;
  readonly buffers: Arrays;
  /** By what the optimizer carries. */
  readonly carried: Readonly<Record<string, Arrays>>;
  readonly averages?: Arrays;
  readonly averageBuffers?: Arrays;
}

export class TrainedNetwork {
  readonly name: string;
  readonly network: Network;
  private player: Player;
  private readonly parameters: Parameters;
  /** Running statistics as they are, and where a step puts the next. */
  private readonly buffers: Arrays;
  private readonly nextBuffers: Arrays;
  private readonly averageBuffers: Arrays | undefined;
  private readonly emaDecay: number | undefined;

  static bytes({ weights }: Network, { optimizer, emaDecay }: Player): number {
    return Parameters.bytes(weights, optimizer, emaDecay !== undefined);
  }

  constructor(memory: TrainingMemory, name: string, network: Network, player: Player) {
    const { optimizer, emaDecay } = player;
    this.name = name;
    this.network = network;
    this.player = player;
    this.emaDecay = emaDecay;
    this.parameters = new Parameters(memory, network.weights, optimizer, emaDecay !== undefined);
    this.buffers = emptyArrays(network.buffers);
    this.nextBuffers = emptyArrays(network.buffers);
    this.averageBuffers = emaDecay === undefined ? undefined : emptyArrays(network.buffers);
  }

  /** Takes the rules of a player of the same optimizer and average. */
  follow(player: Player): void {
    for (const [what, factor] of Object.entries(carriedFactors(this.player, player)))
      for (const array of Object.values(this.parameters.carried[what]))
        for (let i = 0; i < array.length; i++) array[i] *= factor;
    this.player = player;
  }

  /** Draws the weights. */
  begin(random: RandomStream): void {
    const { weights, buffers } = this.network;
    this.parameters.fill(specsToArrays(weights, random));
    for (const [name, { data }] of Object.entries(specsToArrays(buffers, random))) {
      this.buffers[name].set(data);
      this.averageBuffers?.[name].set(data);
    }
  }

  /** All arrays, by what they are and the network's names: where a device's are brought home to. */
  get blocks(): NetworkBlocks {
    const { weights, carried, averages } = this.parameters;
    return {
      ...{ weights, carried, buffers: this.buffers },
      ...(averages && { averages }),
      ...(this.averageBuffers && { averageBuffers: this.averageBuffers }),
    };
  }

  /** What a program reads in place, by the names of a step's arrays. */
  get inputs(): Arrays {
    return {
      ...under(`${this.name}/weights`, this.parameters.weights),
      ...under(`${this.name}/buffers`, this.buffers),
    };
  }

  /** What a program writes in place: its gradients if it trains this player, and the buffers in any case. */
  outputs(trained: boolean): Arrays {
    return {
      ...(trained && under(`${this.name}/gradients`, this.parameters.gradients)),
      ...under(`${this.name}/buffers`, this.nextBuffers),
    };
  }

  /** Takes the buffers that the last run of a program wrote. */
  takeBuffers(): void {
    for (const [name, next] of Object.entries(this.nextBuffers)) this.buffers[name].set(next);
  }

  /** The sum of squares of the gradients that the last run of a program wrote. */
  get gradientSquares(): number {
    return this.parameters.gradientSquares;
  }

  /** Moves the weights along the gradients that the last run of a program wrote. */
  step({ step, rate, gradientScale, measure }: NetworkStep): StepNorms | undefined {
    const { clipValue, optimizerOptions } = this.player;
    if (gradientScale !== 1) this.parameters.scaleGradients(gradientScale);
    const norms = this.parameters.step(
      {
        step,
        rate,
        optimizer: { ...OPTIMIZER_DEFAULTS, ...optimizerOptions },
        ...(clipValue !== undefined && { clipValue }),
      },
      measure,
    );
    if (this.emaDecay !== undefined && this.averageBuffers !== undefined) {
      const decay = averageDecay(this.emaDecay, step);
      this.parameters.average(decay);
      for (const [name, { initializer }] of Object.entries(this.network.buffers)) {
        const [average, buffer] = [this.averageBuffers[name], this.buffers[name]];
        for (let i = 0; i < average.length; i++) average[i] = decay * average[i] + (1 - decay) * buffer[i];
        // A singular vector has length 1, which an average of directions has not.
        if (initializer.kind === "direction") toUnit(average);
      }
    }
    return norms;
  }

  /** Everything that must survive, by path: copies. */
  toState(): Record<string, ArrayValue> {
    return Object.fromEntries(
      Object.entries(this.arrays()).map(([name, { data, shape }]) => [name, { data: data.slice(), shape }]),
    );
  }

  /** Takes a state of the same names and shapes. */
  fromState(state: Readonly<Record<string, ArrayValue>>): void {
    for (const [name, { data }] of Object.entries(this.arrays()))
      (data as Float32Array).set(state[name].data as Float32Array);
  }

  /** The arrays to sample with, by `weights/...` and `buffers/...`: the running average's, where there is one. */
  toNetworkArrays(): Record<string, ArrayValue> {
    const { weights, buffers } = this.network;
    return {
      ...under("weights", shaped(weights, this.parameters.averages ?? this.parameters.weights)),
      ...under("buffers", shaped(buffers, this.averageBuffers ?? this.buffers)),
    };
  }

  private arrays(): Record<string, ArrayValue> {
    const { weights, buffers } = this.network;
    const { averages, carried } = this.parameters;
    const all: Record<string, ArrayValue> = {
      ...under("weights", shaped(weights, this.parameters.weights)),
      ...under("buffers", shaped(buffers, this.buffers)),
      ...(averages && under("average/weights", shaped(weights, averages))),
      ...(this.averageBuffers && under("average/buffers", shaped(buffers, this.averageBuffers))),
    };
    for (const [what, arrays] of Object.entries(carried))
      Object.assign(all, under(what, shaped(weights, arrays)));
    return under(this.name, all);
  }
}

const shaped = (specs: Specs, arrays: Arrays): Record<string, ArrayValue> =>
  Object.fromEntries(Object.entries(specs).map(([name, { shape }]) => [name, { data: arrays[name], shape }]));
