/** The weights of a player with their gradients and what the optimizer carries, and one step of the optimizer. */
import type { ArrayValue } from "../../engine/engine.ts";
import type { Specs } from "../networks/layer-row.ts";
import { sizeOf } from "../networks/shapes.ts";
import { OPTIMIZERS, type Optimizer, type OptimizerName, type OptimizerOptions } from "../optimizers.ts";
import { UPDATE_NUMBERS, type UpdateNumbers } from "./kernels.ts";
import { align, type TrainingMemory } from "./training-memory.ts";

const SUMS = 3;

/** Arrays by name, over the training memory. */
export type Arrays = Readonly<Record<string, Float32Array<ArrayBuffer>>>;

/** Euclidean norms of each weight array, in the order of the network's weights, as the step found them. */
export interface StepNorms {
  readonly gradients: Float64Array;
  readonly weights: Float64Array;
  /** Of what was taken from the weights. */
  readonly steps: Float64Array;
  /** How many entries of each gradient are exactly 0: those of units that are dead for a whole batch. */
  readonly zeros?: Float64Array;
}

export interface StepOptions {
  /** From 1. */
  readonly step: number;
  readonly rate: number;
  readonly optimizer: OptimizerOptions;
  /** Weights are clipped to [-clipValue, clipValue] afterwards. */
  readonly clipValue?: number;
}

/** Where the arrays of a block lie from its beginning, in bytes. */
interface Place {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  readonly bytes: number;
}

function specsToPlaces(specs: Specs): { readonly places: readonly Place[]; readonly bytes: number } {
  let offset = 0;
  const places = Object.entries(specs).map(([name, { shape }]) => {
    const length = sizeOf(shape);
    const place = { name, offset, length, bytes: align(4 * length) };
    offset += place.bytes;
    return place;
  });
  return { places, bytes: offset };
}

export class Parameters {
  readonly weights: Arrays;
  readonly gradients: Arrays;
  /** By what it is (`first`, `second`), then by the weight's name. */
  readonly carried: Readonly<Record<string, Arrays>>;
  /** The running average of the weights, if one is kept. */
  readonly averages?: Arrays;
  private readonly optimizer: Optimizer;
  private readonly memory: TrainingMemory;
  private readonly places: readonly Place[];
  private readonly bytes: number;
  private readonly at: Readonly<Record<string, number>>;

  /** What all of it takes in a training memory. */
  static bytes(specs: Specs, optimizer: OptimizerName, averaged: boolean): number {
    const { places, bytes } = specsToPlaces(specs);
    const blocks = 2 + OPTIMIZERS[optimizer].carries.length + (averaged ? 1 : 0);
    return blocks * bytes + align(8 * UPDATE_NUMBERS.length) + align(8 * SUMS * places.length);
  }

  constructor(memory: TrainingMemory, specs: Specs, optimizer: OptimizerName, averaged: boolean) {
    this.memory = memory;
    this.optimizer = OPTIMIZERS[optimizer];
    const { places, bytes } = specsToPlaces(specs);
    const at: Record<string, number> = {};
    const block = (name: string): Arrays => {
      at[name] = memory.allocate(bytes);
      return Object.fromEntries(
        places.map(({ name: key, offset, length }) => [key, memory.floats(at[name] + offset, length)]),
      );
    };
    this.places = places;
    this.bytes = bytes;
    this.weights = block("weights");
    this.gradients = block("gradients");
    this.carried = Object.fromEntries(this.optimizer.carries.map((what) => [what, block(what)]));
    if (averaged) this.averages = block("averages");
    at.numbers = memory.allocate(8 * UPDATE_NUMBERS.length);
    at.sums = memory.allocate(8 * SUMS * places.length);
    this.at = at;
  }

  /** Sets the weights, and the average with them. */
  fill(arrays: Readonly<Record<string, ArrayValue>>): void {
    for (const [name, { data }] of Object.entries(arrays)) {
      this.weights[name].set(data);
      this.averages?.[name].set(data);
    }
  }

  /** Takes one step of the optimizer along the gradients as they lie there; `measure` gives the norms too. */
  step(options: StepOptions, measure: true): StepNorms;
  step(options: StepOptions, measure: boolean): StepNorms | undefined;
  step({ step, rate, optimizer, clipValue }: StepOptions, measure: boolean): StepNorms | undefined {
    const { kernels } = this.memory;
    const { kernel, carries } = this.optimizer;
    const numbers: Partial<UpdateNumbers> = {
      ...this.optimizer.numbers(step, rate, optimizer),
      bound: clipValue ?? Number.POSITIVE_INFINITY,
      decay: optimizer.weightDecay ?? 0,
    };
    this.memory
      .doubles(this.at.numbers, UPDATE_NUMBERS.length)
      .set(UPDATE_NUMBERS.map((name) => numbers[name] ?? 0));
    const pass = kernels[measure ? (`${kernel}Measured` as const) : kernel];
    const { weights, gradients, numbers: numbersAt, sums } = this.at;
    const [first, second = 0] = carries.map((what) => this.at[what]);
    for (const [i, { offset, bytes }] of this.places.entries())
      pass(
        weights + offset,
        gradients + offset,
        first + offset,
        second + offset,
        bytes,
        numbersAt,
        sums + 8 * SUMS * i,
      );
    return measure
      ? { gradients: this.norms(0), weights: this.norms(1), steps: this.norms(2), zeros: this.zeros() }
      : undefined;
  }

  /** average = decay average + (1 - decay) weights. */
  average(decay: number): void {
    this.memory.kernels.blend(this.at.averages, this.at.weights, this.bytes, decay);
  }

  /** The sum of squares of all gradients: what a player's bound is measured by. */
  get gradientSquares(): number {
    return this.memory.kernels.squares(this.at.gradients, this.bytes);
  }

  scaleGradients(factor: number): void {
    this.memory.kernels.scale(this.at.gradients, this.bytes, factor);
  }

  private zeros(): Float64Array {
    return Float64Array.from(this.places, ({ name }) => {
      const gradient = this.gradients[name];
      let count = 0;
      for (let i = 0; i < gradient.length; i++) if (gradient[i] === 0) count++;
      return count;
    });
  }

  private norms(which: number): Float64Array {
    const sums = this.memory.doubles(this.at.sums, SUMS * this.places.length);
    return Float64Array.from(this.places, (_, i) => Math.sqrt(sums[SUMS * i + which]));
  }
}
