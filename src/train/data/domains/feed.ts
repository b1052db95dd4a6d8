/** Batches of several fields from stores of samples: orders, augmentation, copies and columns put together. */
import { LEVELS } from "../../../images/decode/pixels-to-samples.ts";
import type { Shape } from "../../networks/shapes.ts";
import type { RandomStream } from "../../random.ts";
import type { DataPosition } from "../../training-data.ts";
import { type Augmentation, type Crop, cropImage, drawCrops, isRandom } from "./augment.ts";
import { imageToLow, sizeToLow } from "./low-resolution.ts";
import type { PassOrder } from "./pass-order.ts";
import type { Size } from "./sample-form.ts";
import type { ImageField } from "./sample-set.ts";
import type { SampleStore } from "./sample-store.ts";
import type { Awaitable, Fields, HeldOutFields, SchemeData } from "./scheme-data.ts";

/** Images of fields that are trained on in one order. */
export interface Feed {
  /** Of its order in a position. */
  readonly name: string;
  /** Each field, and where its images are in a sample of the store. */
  readonly fields: readonly (readonly [field: ImageField, at: number])[];
  readonly train: SampleStore;
  readonly heldOut: SampleStore;
  readonly order: PassOrder;
  /** The names of held-out images of one field. */
  heldOutNames(at: number): readonly string[];
}

/** Numbers that belong to the samples of the first feed: attributes, classes as one-hot rows. */
export interface Columns {
  readonly field: "attributes" | "labels";
  readonly names: readonly string[];
  /** `[samples, names.length]` of 0 and 1. */
  readonly train: Uint8Array;
  readonly heldOut: Uint8Array;
}

export interface FeedParts {
  /** The first has the field `a`. */
  readonly feeds: readonly Feed[];
  readonly columns: readonly Columns[];
  readonly size: Size;
  readonly channels: number;
  readonly augmentation: Augmentation;
  readonly augment: RandomStream;
  /** Adds `low`, a copy of `a` with sides divided by this. */
  readonly scale?: number;
  readonly paired: boolean;
}

type Samples = readonly (readonly Uint8Array[])[];

const whenAll = <T, R>(values: readonly Awaitable<T>[], then: (values: T[]) => R): Awaitable<R> =>
  values.some((value) => value instanceof Promise)
    ? Promise.all(values).then(then)
    : then(values as readonly T[] as T[]);

/** `[images, ...]` in [-1, 1]. */
function bytesToSamples(images: readonly Uint8Array[]): Float32Array {
  const stride = images[0]?.length ?? 0;
  const samples = new Float32Array(images.length * stride);
  for (const [i, bytes] of images.entries())
    for (let k = 0; k < stride; k++) samples[i * stride + k] = LEVELS[bytes[k]];
  return samples;
}

const chooseRows = (all: Uint8Array, width: number, chosen: Int32Array): Float32Array =>
  Float32Array.from(
    { length: chosen.length * width },
    (_, i) => all[chosen[Math.floor(i / width)] * width + (i % width)],
  );

const range = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** The images of one feed, of the size that is trained on, as the fields of a batch. */
function samplesToFields(
  samples: Samples,
  { fields }: Feed,
  crops: readonly Crop[] | undefined,
  { size, channels, augmentation, scale }: FeedParts,
): Fields {
  const images = fields.map(([field, at]): [string, Uint8Array[]] => [
    field,
    samples.map((of, i) =>
      crops ? cropImage(of[at], [augmentation.from[1], channels], size, crops[i]) : of[at],
    ),
  ]);
  const start = images.find(([field]) => field === "a");
  if (scale !== undefined && start) {
    const low = sizeToLow(size, scale);
    images.push(["low", start[1].map((bytes) => imageToLow(bytes, size, channels, low))]);
  }
  return Object.fromEntries(images.map(([field, bytes]) => [field, bytesToSamples(bytes)]));
}

function partsToHeldOut(parts: FeedParts): HeldOutFields {
  const { feeds, columns, paired } = parts;
  const perField = feeds.flatMap((feed) => feed.fields.map(([field, at]) => ({ field, at, feed })));
  const sizes = perField.map(({ field, feed }) => [field, feed.heldOut.positions.length] as const);
  const clip = (from: number, to: number, count: number) => range(Math.max(0, from), Math.min(to, count));
  const count = Math.min(...sizes.map(([, of]) => of));
  return {
    count,
    paired,
    counts: Object.fromEntries(sizes),
    names: Object.fromEntries(perField.map(({ field, at, feed }) => [field, feed.heldOutNames(at)])),
    fields(from, to) {
      const chosen = clip(from, to, count);
      const of = columns.map(({ field, names, heldOut }) => [
        field,
        chooseRows(heldOut, names.length, chosen),
      ]);
      return whenAll(
        feeds.map(({ heldOut }) => heldOut.read(chosen)),
        (read): Fields =>
          Object.assign(
            {},
            ...read.map((samples, i) => samplesToFields(samples, feeds[i], undefined, parts)),
            Object.fromEntries(of),
          ),
      );
    },
    images(name, from, to) {
      const { feed, at } = perField.find(({ field }) => field === name)!;
      const chosen = clip(from, to, feed.heldOut.positions.length);
      return whenAll([feed.heldOut.read(chosen)], ([samples]) => bytesToSamples(samples.map((of) => of[at])));
    },
  };
}

function partsToShapes({ feeds, columns, size, channels, scale }: FeedParts): Record<string, Shape> {
  const fields = feeds.flatMap((feed) => feed.fields.map(([field]) => field));
  return {
    ...Object.fromEntries(fields.map((field) => [field, [...size, channels]])),
    ...(scale !== undefined && { low: [...sizeToLow(size, scale), channels] }),
    ...Object.fromEntries(columns.map(({ field, names }) => [field, [names.length]])),
  };
}

/** Where every order stands, and the augmentation. */
function partsToPosition({ feeds, augment }: FeedParts): Record<string, DataPosition> {
  return {
    ...Object.fromEntries(feeds.map(({ name, order }) => [name, order.position])),
    augment: { epoch: 0, taken: 0, stream: augment.position },
  };
}

export function partsToSchemeData(parts: FeedParts): SchemeData {
  const { feeds, columns, augmentation, augment } = parts;
  const namesOf = (field: Columns["field"]) => columns.find((one) => one.field === field)?.names;
  const [attributes, classNames] = [namesOf("attributes"), namesOf("labels")];
  return {
    fields: partsToShapes(parts),
    count: Math.max(...feeds.map(({ train }) => train.positions.length)),
    ...(attributes && { attributes }),
    ...(classNames && { classNames }),
    next(n) {
      const chosen = feeds.map(({ order }) => order.take(n));
      const crops = feeds.map(() =>
        isRandom(augmentation) ? drawCrops(augmentation, n, augment) : undefined,
      );
      const reading = feeds.map(({ train }, i) => train.read(chosen[i]));
      for (const { train, order } of feeds) train.announce(order.peek(n));
      const rows = columns.map(({ field, names, train }) => [
        field,
        chooseRows(train, names.length, chosen[0]),
      ]);
      return whenAll(
        reading,
        (read): Fields =>
          Object.assign(
            {},
            ...read.map((samples, i) => samplesToFields(samples, feeds[i], crops[i], parts)),
            Object.fromEntries(rows),
          ),
      );
    },
    get position() {
      return partsToPosition(parts);
    },
    jump(position) {
      for (const { name, order } of feeds) order.jump(position[name]);
      augment.jump(position.augment.stream);
    },
    heldOut: partsToHeldOut(parts),
  };
}
