/** Samples by position, each of one image or of two that belong together, whatever files hold them. */
import { GanEvalError, isCode } from "../../../errors.ts";
import type { Image, ImageSource } from "../../../images/source.ts";
import { namesToPairs } from "./pair-names.ts";

/** Of what the samples are images: `a` is what the model starts from. */
export type ImageField = "a" | "b";

/** Given each image as soon as it is decoded: the how-manieth of those asked for, and of which field it is. */
export type TakeImage = (index: number, field: number, image: Image) => void;

export interface SampleSet {
  /** In the order in which the images of a sample are stored. */
  readonly fields: readonly ImageField[];
  readonly count: number;
  /** Of the images of one field. */
  name(position: number, field: number): string;
  /** Reads the samples at these positions. Images that cannot be read are left out where sources skip them. */
  read(positions: Int32Array, take: TakeImage): Promise<void>;
  readonly sources: readonly ImageSource[];
}

/** Images decoded together. */
const BATCH = 64;

/** Reads `positions` of a source; no position may occur twice. */
async function readSource(
  source: ImageSource,
  positions: Int32Array,
  take: (index: number, image: Image) => void,
): Promise<void> {
  if (positions.length === 0) return;
  const indexes = new Map(Array.from(positions, (position, index) => [position, index]));
  const batches = source.batches({ batchSize: Math.min(BATCH, positions.length), order: positions });
  try {
    for await (const batch of batches) for (const image of batch) take(indexes.get(image.position!)!, image);
  } catch (error) {
    // None of these could be read, and all are to be skipped: that others can be is seen by whoever has them all.
    if (!isCode(error, "input.no-pictures")) throw error;
  }
}

const sourceToNames = (source: ImageSource): string[] =>
  Array.from({ length: source.count }, (_, position) => source.nameOf?.(position) ?? `#${position}`);

/** One image a sample. */
export function sourceToSet(source: ImageSource, field: ImageField): SampleSet {
  return {
    fields: [field],
    count: source.count,
    name: (position) => source.nameOf?.(position) ?? `#${position}`,
    read: (positions, take) => readSource(source, positions, (index, image) => take(index, 0, image)),
    sources: [source],
  };
}

/** The columns from `left` on. */
function cutColumns({ pixels, width, height, ...known }: Image, left: number, columns: number): Image {
  const cut = new Uint8Array(height * columns * 3);
  for (let y = 0; y < height; y++) {
    const from = (y * width + left) * 3;
    cut.set(pixels.subarray(from, from + columns * 3), y * columns * 3);
  }
  return { ...known, pixels: cut, width: columns, height };
}

/** @throws GanEvalError `input.pair-size` for an odd width, and for an image that looks like no pair if none was spoken of */
function imageToHalves(image: Image, guessed: boolean): readonly [left: Image, right: Image] {
  const { width, height, name } = image;
  if (guessed && width <= height)
    throw new GanEvalError(
      "input.pair-size",
      `expected side-by-side images, wider than high, got ${width}x${height}: ${name}`,
      {
        hint: "Give the second domain with --data-b, or as folders A and B. If the halves do belong together: --pairs side-by-side.",
      },
    );
  if (width % 2 !== 0)
    throw new GanEvalError(
      "input.pair-size",
      `expected side-by-side images of an even width, got ${width}x${height}: ${name}`,
      { hint: "Both halves must be of one size. Two folders of images need no joining: --pairs folders." },
    );
  return [cutColumns(image, 0, width / 2), cutColumns(image, width / 2, width / 2)];
}

/** Two images a sample: the halves of one, left first. `guessed` where nobody said that images are pairs. */
export function halvesToSet(
  source: ImageSource,
  fields: readonly [ImageField, ImageField],
  guessed: boolean,
): SampleSet {
  return {
    ...sourceToSet(source, fields[0]),
    fields,
    read: (positions, take) =>
      readSource(source, positions, (index, image) => {
        for (const [field, half] of imageToHalves(image, guessed).entries()) take(index, field, half);
      }),
  };
}

/**
 * Two images a sample: those of one name in two sources.
 * @throws GanEvalError `input.unmatched-pairs`
 */
export function pairsToSet(
  first: ImageSource,
  second: ImageSource,
  fields: readonly [ImageField, ImageField],
): SampleSet {
  const sources = [first, second];
  const [a, b] = sources.map((source) => ({ names: sourceToNames(source), where: source.location }));
  const pairs = namesToPairs(a, b);
  return {
    fields,
    count: pairs.length,
    name: (position, field) => [a, b][field].names[pairs[position][field]],
    async read(positions, take) {
      await Promise.all(
        sources.map((source, field) =>
          readSource(
            source,
            positions.map((position) => pairs[position][field]),
            (index, image) => take(index, field, image),
          ),
        ),
      );
    },
    sources,
  };
}
