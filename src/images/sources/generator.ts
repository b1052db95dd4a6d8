/** Images made by a program: a callback or an iterable, in library use. */
import { GanEvalError, type Warning } from "../../errors.ts";
import { ContentDigests } from "../content-hash.ts";
import { channelsToRgb } from "../decode/decode.ts";
import { type ImageNotice, NoticeCounts } from "../image-notices.ts";
import type { BatchOptions, Image, ImageSource } from "../source.ts";
import { requirePositive } from "./set-source.ts";

/** Values 0..255 in whole numbers, row-major `[n, height, width, channels]`, channels 1 (grey) to 4. */
export interface PixelBatch {
  readonly data: ArrayLike<number>;
  readonly shape: readonly [n: number, height: number, width: number, channels: number];
}

/** One image, 8-bit RGB, interleaved, row-major `[height, width, 3]`; named `#index` where it has no name. */
export type MadeImage = Omit<Image, "name" | "position"> & { readonly name?: string };

export type Generated = MadeImage | readonly MadeImage[] | PixelBatch;

/** Makes images: `start` were made before, `n` are wanted now. */
export type GeneratorCallback = (n: number, start: number) => Generated | Promise<Generated>;

export interface ImageGenerator {
  /** How many images are taken. */
  readonly count: number;
  /** A callback, called again at every pass, or an iterable, which serves one pass. */
  readonly images: GeneratorCallback | AsyncIterable<Generated> | Iterable<Generated>;
  /** Names it in results: `generator` if left out. */
  readonly name?: string;
  /** Called once no more images are wanted. */
  close?(): Promise<void>;
}

const badValues = (location: string, expected: string, got: string, hint: string): GanEvalError =>
  new GanEvalError("input.generator", `expected ${expected} from ${location}, got ${got}`, { hint });

/** Whole numbers 0..255 as bytes; other ranges are named, since they are the commonest mistake. */
function valuesToBytes(data: ArrayLike<number>, location: string): Uint8Array {
  if (data instanceof Uint8Array) return data;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!Number.isFinite(value))
      throw badValues(
        location,
        "values 0..255",
        String(value),
        "The generator diverged: look at its output.",
      );
    low = Math.min(low, value);
    high = Math.max(high, value);
    whole &&= Number.isInteger(value);
  }
  const expected = "whole values 0..255";
  if (low < 0 && low >= -1.01 && high <= 1.01)
    throw badValues(
      location,
      expected,
      "values in [-1, 1]",
      "Return Math.round(x * 127.5 + 127.5), clamped to 0..255, in a Uint8Array.",
    );
  if (!whole && high <= 1.01)
    throw badValues(location, expected, "values in [0, 1]", "Return Math.round(x * 255) in a Uint8Array.");
  if (low < 0 || high > 255)
    throw badValues(location, expected, `values in [${low}, ${high}]`, "Scale and clamp them to 0..255.");
  if (!whole)
    throw badValues(
      location,
      expected,
      "fractions",
      "Round them and return a Uint8Array: metrics are defined on 8-bit images.",
    );
  return Uint8Array.from(data);
}

export const isBatch = (generated: object): generated is PixelBatch =>
  "data" in generated && "shape" in generated;

/** Single images of what a generator gave, and notices about them. */
function generatedToImages(
  generated: Generated,
  first: number,
  location: string,
): { images: Image[]; notices: ImageNotice[] } {
  if (!isBatch(generated)) {
    const list = Array.isArray(generated) ? (generated as readonly MadeImage[]) : [generated as MadeImage];
    for (const { pixels, width, height } of list)
      if (!(pixels instanceof Uint8Array) || !(width > 0) || pixels.length !== width * height * 3)
        throw badValues(
          location,
          "images of width x height x 3 bytes",
          `${pixels?.length} for ${width}x${height}`,
          "Pixels are RGB, interleaved, in a Uint8Array.",
        );
    return {
      images: list.map((image, i) => ({ ...image, name: image.name ?? `#${first + i}` })),
      notices: [],
    };
  }
  const { data, shape } = generated;
  const [n, height, width, channels] = shape;
  const isShape = shape.length === 4 && shape.every((side) => Number.isSafeInteger(side) && side > 0);
  if (!isShape || channels > 4 || data.length !== n * height * width * channels)
    throw badValues(
      location,
      "a batch [n, height, width, channels]",
      `${data.length} values for [${shape}]`,
      "Channels come last and are 1 (grey), 3 (RGB) or 4.",
    );
  const bytes = valuesToBytes(data, location);
  const size = height * width * channels;
  const images = Array.from({ length: n }, (_, i) => {
    // A copy: the generator may use its buffer again while these images are in use.
    const pixels = channelsToRgb(bytes.slice(i * size, (i + 1) * size), channels);
    return { pixels, width, height, name: `#${first + i}` };
  });
  const notices: ImageNotice[] = [];
  if (channels <= 2) notices.push("grey");
  if (channels === 2 || channels === 4) notices.push("alpha");
  return { images, notices };
}

class GeneratorSource implements ImageSource {
  readonly kind = "generator";
  readonly location: string;
  readonly count: number;
  private readonly generator: ImageGenerator;
  private readonly digests: ContentDigests;
  private readonly notices = new NoticeCounts();
  private passes = 0;
  private brightest = 0;

  constructor(generator: ImageGenerator, limit: number | undefined) {
    requirePositive(generator.count, "count");
    this.generator = generator;
    this.location = generator.name ?? "generator";
    this.count = Math.min(generator.count, limit ?? generator.count);
    this.digests = new ContentDigests(this.count);
  }

  /** Of the first pass: a generator is not run a second time for it. */
  async contentHash(): Promise<string> {
    if (!this.digests.has(this.count - 1))
      throw new GanEvalError(
        "usage.generator-unread",
        `expected ${this.location} to be read before it is hashed`,
        {
          hint: "Go through batches() first.",
        },
      );
    return this.digests.toHash((position) => `#${position}`);
  }

  async *batches({ batchSize, order }: BatchOptions): AsyncGenerator<Image[]> {
    requirePositive(batchSize, "batch-size");
    if (order !== undefined)
      throw new GanEvalError("usage.generator-order", `expected no order for ${this.location}, got one`, {
        hint: "A generator returns images in sequence; shuffle its inputs instead.",
      });
    if (this.passes > 0 && typeof this.generator.images !== "function")
      throw new GanEvalError(
        "usage.generator-spent",
        `expected one pass over ${this.location}, got another`,
        {
          hint: "An iterable allows one pass only: give a callback (n, start) => images.",
        },
      );
    const firstPass = this.passes++ === 0;
    let waiting: Image[] = [];
    let taken = 0;
    for await (const generated of this.stream(batchSize)) {
      const { images, notices } = generatedToImages(generated, taken, this.location);
      const used = images.slice(0, this.count - taken);
      if (firstPass) for (const [i, image] of used.entries()) this.record(image, taken + i, notices);
      taken += used.length;
      waiting.push(...used);
      for (; waiting.length >= batchSize; waiting = waiting.slice(batchSize))
        yield waiting.slice(0, batchSize);
      if (taken === this.count) break;
    }
    if (taken < this.count)
      throw badValues(
        this.location,
        `${this.count} images`,
        `${taken}`,
        "Lower the count, or make the generator return more images.",
      );
    if (waiting.length > 0) yield waiting;
  }

  warnings(): Warning[] {
    const warnings = this.notices.toWarnings();
    if (this.passes > 0 && this.brightest === 1)
      warnings.push({
        code: "narrow-range",
        message: "no value is above 1: the images are black or nearly black",
        hint: "Values range over 0..255; multiply images in 0..1 by 255 before converting them to bytes.",
      });
    return warnings;
  }

  async close(): Promise<void> {
    await this.generator.close?.();
  }

  private record(image: Image, position: number, notices: readonly ImageNotice[]): void {
    this.digests.add(position, image.pixels);
    this.notices.add(notices, image.width, image.height);
    if (this.brightest <= 1)
      for (const value of image.pixels) if (value > this.brightest) this.brightest = value;
  }

  private async *stream(batchSize: number): AsyncGenerator<Generated> {
    const { images } = this.generator;
    if (typeof images !== "function") {
      yield* images;
      return;
    }
    let made = 0;
    while (made < this.count) {
      const generated = await images(Math.min(batchSize, this.count - made), made);
      const count = isBatch(generated) ? generated.shape[0] : Array.isArray(generated) ? generated.length : 1;
      if (!(count > 0)) return;
      made += count;
      yield generated;
    }
  }
}

/** Images made on the way. They are taken in the order they come; `limit` takes fewer than the count. */
export const generatorToSource = (generator: ImageGenerator, limit?: number): ImageSource =>
  new GeneratorSource(generator, limit);
