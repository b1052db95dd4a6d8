/** What a network is trained on, batch by batch, from a position that a checkpoint can hold. */
import { GanEvalError } from "../errors.ts";
import type { Shape } from "./networks/layers.ts";
import { openRandomStream } from "./random.ts";
import type { ToyData } from "./toy-data.ts";

/** Where the next batch is taken from. */
export interface DataPosition {
  /** Passes over the data that are finished; 0 for data without an end. */
  readonly epoch: number;
  /** Examples of this pass that were given out. */
  readonly taken: number;
  /** The random stream's position: at the beginning of this pass, or, without an end, now. */
  readonly stream: number;
}

export interface TrainingData {
  /** Of one example. */
  readonly shape: Shape;
  /** Examples in a pass; undefined for data without an end. */
  readonly count?: number;
  readonly position: DataPosition;
  jump(position: DataPosition): void;
  /** Row-major `[size, ...shape]`. */
  next(size: number): Float32Array;
}

/** Fresh samples of a distribution, without an end. */
export function toyToTrainingData(toy: ToyData, seed: number): TrainingData {
  const random = openRandomStream(seed, "data");
  return {
    shape: [toy.d],
    get position() {
      return { epoch: 0, taken: 0, stream: random.position };
    },
    jump: ({ stream }) => random.jump(stream),
    next: (size) => toy.sample(size, random),
  };
}

/**
 * Pictures held as bytes, `[count, height, width, channels]`, given out as -1..1, every pass in an order of its own. A
 * rest that does not fill a batch is left out of its pass: a compiled round has one batch size.
 * @throws GanEvalError `usage.batch-size` where a batch is larger than the data
 */
export function picturesToTrainingData(
  pixels: Uint8Array,
  shape: readonly [height: number, width: number, channels: number],
  seed: number,
): TrainingData {
  const stride = shape.reduce((size, side) => size * side, 1);
  const count = pixels.length / stride;
  const random = openRandomStream(seed, "order");
  let position: DataPosition = { epoch: 0, taken: 0, stream: 0 };
  let order = random.permutation(count);
  const begin = (epoch: number, stream: number): void => {
    random.jump(stream);
    order = random.permutation(count);
    position = { epoch, taken: 0, stream };
  };
  return {
    shape,
    count,
    get position() {
      return position;
    },
    jump({ epoch, taken, stream }) {
      begin(epoch, stream);
      position = { epoch, taken, stream };
    },
    next(size) {
      if (size > count)
        throw new GanEvalError(
          "usage.batch-size",
          `expected a batch of at most ${count} pictures, got ${size}`,
          {
            hint: "Take a smaller --batch-size, or more pictures.",
          },
        );
      if (position.taken + size > count) begin(position.epoch + 1, random.position);
      const batch = new Float32Array(size * stride);
      for (let i = 0; i < size; i++) {
        const from = order[position.taken + i] * stride;
        for (let k = 0; k < stride; k++) batch[i * stride + k] = pixels[from + k] / 127.5 - 1;
      }
      position = { ...position, taken: position.taken + size };
      return batch;
    },
  };
}
