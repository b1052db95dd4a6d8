/** Pictures made by a program: a callback or an iterable, in library use. */
import { GanEvalError, type Warning } from "../../errors.ts";
import { ContentDigests } from "../content-hash.ts";
import { channelsToRgb } from "../decode/decode.ts";
import { type ImageNotice, NoticeCounts } from "../image-notices.ts";
import type { BatchOptions, ImageSource, Picture } from "../source.ts";
import { requirePositive } from "./set-source.ts";

/** Values 0..255 in whole numbers, row-major `[n, height, width, channels]`, channels 1 (grey) to 4. */
export interface PixelBatch {
  readonly data: ArrayLike<number>;
  readonly shape: readonly [n: number, height: number, width: number, channels: number];
}

/** One picture, 8-bit RGB, interleaved, row-major `[height, width, 3]`; named `#index` where it has no name. */
export type MadePicture = Omit<Picture, "name" | "position"> & { readonly name?: string };

export type Generated = MadePicture | readonly MadePicture[] | PixelBatch;

/** Makes pictures: `start` were made before, `n` are wanted now. */
export type GeneratorCallback = (n: number, start: number) => Generated | Promise<Generated>;

export interface PictureGenerator {
  /** How many pictures are taken. */
  readonly count: number;
  /** A callback, called again at every pass, or an iterable, which serves one pass. */
  readonly pictures: GeneratorCallback | AsyncIterable<Generated> | Iterable<Generated>;
  /** Names it in results: `generator` if left out. */
  readonly name?: string;
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
      "Give Math.round(x * 127.5 + 127.5), clamped to 0..255, in a Uint8Array.",
    );
  if (!whole && high <= 1.01)
    throw badValues(location, expected, "values in [0, 1]", "Give Math.round(x * 255) in a Uint8Array.");
  if (low < 0 || high > 255)
    throw badValues(location, expected, `values in [${low}, ${high}]`, "Scale and clamp them to 0..255.");
  if (!whole)
    throw badValues(
      location,
      expected,
      "fractions",
      "Round them and give a Uint8Array: metrics are defined on 8-bit pictures.",
    );
  return Uint8Array.from(data);
}

const isBatch = (generated: Generated): generated is PixelBatch =>
  "data" in generated && "shape" in generated;

/** Single pictures of what a generator gave, and remarks about them. */
function generatedToPictures(
  generated: Generated,
  first: number,
  location: string,
): { pictures: Picture[]; notices: ImageNotice[] } {
  if (!isBatch(generated)) {
    const list = Array.isArray(generated)
      ? (generated as readonly MadePicture[])
      : [generated as MadePicture];
    for (const { pixels, width, height } of list)
      if (!(pixels instanceof Uint8Array) || !(width > 0) || pixels.length !== width * height * 3)
        throw badValues(
          location,
          "pictures of width x height x 3 bytes",
          `${pixels?.length} for ${width}x${height}`,
          "Pixels are RGB, interleaved, in a Uint8Array.",
        );
    return {
      pictures: list.map((picture, i) => ({ ...picture, name: picture.name ?? `#${first + i}` })),
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
  const pictures = Array.from({ length: n }, (_, i) => {
    // A copy: the generator may use its buffer again while these pictures are in use.
    const pixels = channelsToRgb(bytes.slice(i * size, (i + 1) * size), channels);
    return { pixels, width, height, name: `#${first + i}` };
  });
  const notices: ImageNotice[] = [];
  if (channels <= 2) notices.push("grey");
  if (channels === 2 || channels === 4) notices.push("alpha");
  return { pictures, notices };
}

class GeneratorSource implements ImageSource {
  readonly kind = "generator";
  readonly location: string;
  readonly count: number;
  private readonly generator: PictureGenerator;
  private readonly digests: ContentDigests;
  private readonly notices = new NoticeCounts();
  private passes = 0;
  private brightest = 0;

  constructor(generator: PictureGenerator, limit: number | undefined) {
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

  async *batches({ batchSize, order }: BatchOptions): AsyncGenerator<Picture[]> {
    requirePositive(batchSize, "batch-size");
    if (order !== undefined)
      throw new GanEvalError("usage.generator-order", `expected no order for ${this.location}, got one`, {
        hint: "A generator gives pictures as they come; shuffle its inputs instead.",
      });
    if (this.passes > 0 && typeof this.generator.pictures !== "function")
      throw new GanEvalError(
        "usage.generator-spent",
        `expected one pass over ${this.location}, got another`,
        {
          hint: "An iterable is used up by one pass: give a callback (n, start) => pictures.",
        },
      );
    const firstPass = this.passes++ === 0;
    let waiting: Picture[] = [];
    let taken = 0;
    for await (const generated of this.stream(batchSize)) {
      const { pictures, notices } = generatedToPictures(generated, taken, this.location);
      const used = pictures.slice(0, this.count - taken);
      if (firstPass) for (const [i, picture] of used.entries()) this.record(picture, taken + i, notices);
      taken += used.length;
      waiting.push(...used);
      for (; waiting.length >= batchSize; waiting = waiting.slice(batchSize))
        yield waiting.slice(0, batchSize);
      if (taken === this.count) break;
    }
    if (taken < this.count)
      throw badValues(
        this.location,
        `${this.count} pictures`,
        `${taken}`,
        "Lower the count, or let the generator go on.",
      );
    if (waiting.length > 0) yield waiting;
  }

  warnings(): Warning[] {
    const warnings = this.notices.toWarnings();
    if (this.passes > 0 && this.brightest === 1)
      warnings.push({
        code: "narrow-range",
        message: "no value above 1 was seen: the pictures are black or nearly so",
        hint: "Values are 0..255; pictures in 0..1 are to be multiplied by 255 before they become bytes.",
      });
    return warnings;
  }

  async close(): Promise<void> {}

  private record(picture: Picture, position: number, notices: readonly ImageNotice[]): void {
    this.digests.add(position, picture.pixels);
    this.notices.add(notices, picture.width, picture.height);
    if (this.brightest <= 1)
      for (const value of picture.pixels) if (value > this.brightest) this.brightest = value;
  }

  private async *stream(batchSize: number): AsyncGenerator<Generated> {
    const { pictures } = this.generator;
    if (typeof pictures !== "function") {
      yield* pictures;
      return;
    }
    let made = 0;
    while (made < this.count) {
      const generated = await pictures(Math.min(batchSize, this.count - made), made);
      const count = isBatch(generated) ? generated.shape[0] : Array.isArray(generated) ? generated.length : 1;
      if (!(count > 0)) return;
      made += count;
      yield generated;
    }
  }
}

/** Pictures made on the way. They are taken in the order they come; `limit` takes fewer than the count. */
export const generatorToSource = (generator: PictureGenerator, limit?: number): ImageSource =>
  new GeneratorSource(generator, limit);
