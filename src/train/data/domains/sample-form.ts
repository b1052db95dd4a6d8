/** Decoded images as bytes of the size and channels that are trained on; those of a pair stay registered. */
import { GanEvalError } from "../../../errors.ts";
import type { Image } from "../../../images/source.ts";
import { coveringSize, isGrey, pixelsToSize, rgbToGrey } from "../image-to-size.ts";
import { mixedSizes } from "../read-images.ts";
import type { SampleSet } from "./sample-set.ts";

export type Size = readonly [height: number, width: number];

export interface SampleForm {
  readonly size: Size;
  readonly channels: 1 | 3;
  /** Images of other sizes are resized to cover the size, and their middle is used; else they are an error. */
  readonly resize: boolean;
}

/** The images of one sample, a field each; undefined where one of them could not be read. */
export type SampleBytes = readonly Uint8Array[] | undefined;

/** Sizes that round to neighbouring pixels are of the same proportions. */
const ROUNDING = 1;

/** @throws GanEvalError `input.pair-size` where the images of a pair show other sections after resizing */
function checkProportions(first: Image, second: Image, { size }: SampleForm): void {
  const [a, b] = [first, second].map(({ height, width }) => coveringSize([height, width], size));
  if (Math.abs(a[0] - b[0]) <= ROUNDING && Math.abs(a[1] - b[1]) <= ROUNDING) return;
  const text = ({ width, height, name }: Image): string => `${name} of ${width}x${height}`;
  throw new GanEvalError(
    "input.pair-size",
    `expected both images of a pair in the same proportions, got ${text(first)} and ${text(second)}`,
    { hint: "Crop one of them, so that both show the same section." },
  );
}

function imageToBytes(image: Image, { size, channels, resize }: SampleForm): Uint8Array {
  const { height, width, pixels } = image;
  if (!resize && (height !== size[0] || width !== size[1])) throw mixedSizes(image, size);
  return pixelsToSize(channels === 1 ? rgbToGrey(pixels) : pixels, [height, width], channels, size);
}

/** What was met while reading. */
export interface ReadNotes {
  /** Images that lost their edges. */
  cropped: number;
  /** Whether an image is not grey throughout; looked for only where channels are open. */
  colour: boolean;
}

/**
 * Reads samples and brings them to a form.
 * @returns one entry a position
 * @throws GanEvalError `input.pair-size`, `input.mixed-sizes`; what reading images throws
 */
export async function readSamples(
  set: SampleSet,
  positions: Int32Array,
  form: SampleForm,
  notes?: ReadNotes,
): Promise<SampleBytes[]> {
  const samples = Array.from(positions, () => new Array<Uint8Array | undefined>(set.fields.length));
  const waiting = new Map<number, Image>();
  await set.read(positions, (index, field, image) => {
    if (notes && !notes.colour && form.channels === 1) notes.colour = !isGrey(image.pixels);
    if (notes && image.height * form.size[1] !== image.width * form.size[0]) notes.cropped++;
    samples[index][field] = imageToBytes(image, form);
    const partner = waiting.get(index);
    if (partner) checkProportions(field === 1 ? partner : image, field === 1 ? image : partner, form);
    // Only the sizes are compared: the pixels of photos would fill the memory.
    waiting.set(index, { ...image, pixels: new Uint8Array(0) });
  });
  return samples.map((images) =>
    images.includes(undefined) || images.length === 0 ? undefined : (Array.from(images) as Uint8Array[]),
  );
}
