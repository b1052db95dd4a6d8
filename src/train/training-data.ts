/** What a network is trained on, batch by batch, from a position that a checkpoint can hold. */
import { GanEvalError } from "../errors.ts";
import { LEVELS } from "../images/decode/pixels-to-samples.ts";
import { labelsToOneHot } from "./labels.ts";
import type { Shape } from "./networks/shapes.ts";
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

export interface Batch {
  /** Row-major `[size, ...shape]`. */
  readonly samples: Float32Array;
  /** One class a sample, where the data have classes. */
  readonly labels?: Int32Array;
}

export interface TrainingData {
  /** Of one example. */
  readonly shape: Shape;
  /** Examples in a pass; undefined for data without an end. */
  readonly count?: number;
  /** Undefined where the data have no classes. */
  readonly classes?: number;
  readonly position: DataPosition;
  /** Images as bytes, `[count, ...shape]`, where all samples are rows of it, given out as levels. */
  readonly pixels?: Uint8Array;
  jump(position: DataPosition): void;
  next(size: number): Batch;
  /** As `next`, with the rows of `pixels` in the place of samples. */
  nextRows?(size: number): BatchRows;
}

/** Which rows of the data's bytes a batch consists of. */
export interface BatchRows {
  readonly rows: Int32Array;
  readonly labels?: Int32Array;
}

/** Where the next batch is taken from: of one domain, or of each by name. */
export type FieldPosition = DataPosition | Readonly<Record<string, DataPosition>>;

/** Data of several fields, as a scheme's inputs read them: `real`, `labels`; `a`, `b`, `attributes`, `low`. */
export interface FieldData {
  /** Of one example, by field. */
  readonly fields: Readonly<Record<string, Shape>>;
  /** Examples in a pass; undefined for data without an end. */
  readonly count?: number | undefined;
  readonly position: FieldPosition;
  /** Fields that are rows of bytes, `[count, ...shape]`, given out as levels: a device may hold them. */
  readonly bytes?: Readonly<Record<string, Uint8Array>>;
  jump(position: FieldPosition): void;
  /** Row-major `[size, ...shape]` by field. */
  next(
    size: number,
  ): Readonly<Record<string, Float32Array>> | Promise<Readonly<Record<string, Float32Array>>>;
  /** As `next`, with row numbers in the place of the fields of `bytes`. */
  nextRows?(size: number): Readonly<Record<string, Float32Array | Int32Array>>;
}

/** Samples as the field `real`, and their classes one-hot as `labels`. */
export function trainingToFields(data: TrainingData): FieldData {
  const { shape, count, classes, pixels } = data;
  const withLabels = <Real>(real: Real, labels: Int32Array | undefined) => ({
    real,
    ...(labels !== undefined && classes !== undefined && { labels: labelsToOneHot(labels, classes) }),
  });
  return {
    fields: { real: shape, ...(classes !== undefined && { labels: [classes] }) },
    ...(count !== undefined && { count }),
    get position() {
      return data.position;
    },
    jump: (position) => data.jump(position as DataPosition),
    next(size) {
      const { samples, labels } = data.next(size);
      return withLabels(samples, labels);
    },
    ...(pixels !== undefined && {
      bytes: { real: pixels },
      nextRows(size: number) {
        const { rows, labels } = data.nextRows!(size);
        return withLabels(rows, labels);
      },
    }),
  };
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
    next: (size) => ({ samples: toy.sample(size, random) }),
  };
}

/** Images in memory, of one size. */
export interface ImageArrays {
  /** `[count, height, width, channels]` */
  readonly pixels: Uint8Array;
  readonly shape: readonly [height: number, width: number, channels: number];
  /** A class for each. */
  readonly labels?: Int32Array;
  readonly classes?: number;
}

/**
 * Images held as bytes, given out as -1..1, every pass in an order of its own. A rest that does not fill a batch is
 * left out of its pass: a compiled round has one batch size.
 * @throws GanEvalError `usage.batch-size` where a batch is larger than the data
 */
export function imagesToTrainingData(images: ImageArrays, seed: number): TrainingData {
  const { pixels, shape, labels, classes } = images;
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
  const choose = (size: number): BatchRows => {
    if (size > count)
      throw new GanEvalError("usage.batch-size", `expected a batch of at most ${count} images, got ${size}`, {
        hint: "Use a smaller --batch-size, or more images.",
      });
    if (position.taken + size > count) begin(position.epoch + 1, random.position);
    const rows = order.slice(position.taken, position.taken + size);
    position = { ...position, taken: position.taken + size };
    return { rows, ...(labels && { labels: Int32Array.from(rows, (image) => labels[image]) }) };
  };
  return {
    shape,
    count,
    pixels,
    ...(labels && { classes }),
    get position() {
      return position;
    },
    jump({ epoch, taken, stream }) {
      begin(epoch, stream);
      position = { epoch, taken, stream };
    },
    nextRows: choose,
    next(size) {
      const { rows, labels: chosen } = choose(size);
      const samples = new Float32Array(size * stride);
      for (const [i, image] of rows.entries()) {
        const from = image * stride;
        for (let k = 0; k < stride; k++) samples[i * stride + k] = LEVELS[pixels[from + k]];
      }
      return { samples, ...(chosen && { labels: chosen }) };
    },
  };
}
