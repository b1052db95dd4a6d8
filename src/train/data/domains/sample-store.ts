/** Samples of one purpose by number: in memory, or read from disk as they are asked for. */
import { GanEvalError } from "../../../errors.ts";
import { type ReadNotes, readSamples, type SampleBytes, type SampleForm } from "./sample-form.ts";
import type { SampleSet } from "./sample-set.ts";
import type { Awaitable } from "./scheme-data.ts";

export interface SampleStore {
  readonly form: SampleForm;
  /** Where the samples are in their set. */
  readonly positions: Int32Array;
  /** For each of the samples chosen the bytes of its images, `[height, width, channels]` a field. */
  read(chosen: Int32Array): Awaitable<readonly (readonly Uint8Array[])[]>;
  /** Says what will be read next, so that it can be begun. */
  announce(chosen: Int32Array): void;
}

/** Samples read at once. */
const CHUNK = 256;

export const formToBytes = ({ size: [height, width], channels }: SampleForm): number =>
  height * width * channels;

/** What a store is made from. */
export interface StoreParts {
  readonly set: SampleSet;
  readonly positions: Int32Array;
  readonly form: SampleForm;
  readonly notes: ReadNotes;
  readonly signal?: AbortSignal;
  onRead?(samples: number): void;
}

/** Reads all chunks, the next while one is worked on. */
async function* readChunks(
  parts: StoreParts,
): AsyncGenerator<{ readonly start: number; readonly samples: SampleBytes[] }> {
  const { set, positions, form, notes, signal, onRead } = parts;
  const begin = (start: number) => {
    const reading = readSamples(set, positions.subarray(start, start + CHUNK), form, notes);
    // Thrown when its turn comes; unheard until then.
    reading.catch(() => {});
    return reading;
  };
  let reading = begin(0);
  for (let start = 0; start < positions.length; start += CHUNK) {
    signal?.throwIfAborted();
    const samples = await reading;
    if (start + CHUNK < positions.length) reading = begin(start + CHUNK);
    onRead?.(samples.length);
    yield { start, samples };
  }
}

/**
 * Reads all samples into memory; those that cannot be read are left out.
 * @returns undefined as soon as an image has colour and the form is grey, if that is to be found out
 */
export async function samplesToMemory(
  parts: StoreParts,
  untilColour: boolean,
): Promise<SampleStore | undefined> {
  const { set, positions, form, notes } = parts;
  const stride = formToBytes(form);
  const pixels = set.fields.map(() => new Uint8Array(stride * positions.length));
  const kept: number[] = [];
  for await (const { start, samples } of readChunks(parts)) {
    if (untilColour && notes.colour) return undefined;
    for (const [i, images] of samples.entries()) {
      if (images === undefined) continue;
      for (const [field, bytes] of images.entries()) pixels[field].set(bytes, kept.length * stride);
      kept.push(positions[start + i]);
    }
  }
  return {
    form,
    positions: Int32Array.from(kept),
    read: (chosen) =>
      Array.from(chosen, (at) => pixels.map((of) => of.subarray(at * stride, (at + 1) * stride))),
    announce: () => {},
  };
}

/** Positions of the samples that can be read; undefined where colour was met, if that is to be found out. */
export async function surveySamples(
  parts: StoreParts,
  untilColour: boolean,
): Promise<Int32Array | undefined> {
  const kept: number[] = [];
  for await (const { start, samples } of readChunks(parts)) {
    if (untilColour && parts.notes.colour) return undefined;
    for (const [i, images] of samples.entries()) if (images) kept.push(parts.positions[start + i]);
  }
  return Int32Array.from(kept);
}

/** Samples that stay on disk. What is announced is read ahead: one batch. */
export function samplesOnDisk({ set, positions, form, notes }: StoreParts): SampleStore {
  let ahead:
    | { readonly key: string; readonly samples: Promise<readonly (readonly Uint8Array[])[]> }
    | undefined;
  const load = async (chosen: Int32Array) => {
    const at = chosen.map((i) => positions[i]);
    const samples = await readSamples(set, at, form, notes);
    return samples.map((images, i) => {
      if (images) return images;
      throw new GanEvalError(
        "input.picture",
        `expected an image, got ${set.name(at[i], 0)}, which cannot be read`,
        {
          hint: "It could be read when training began. Do not change the data of a run.",
        },
      );
    });
  };
  return {
    form,
    positions,
    read(chosen) {
      const known = ahead?.key === chosen.join() ? ahead.samples : undefined;
      ahead = undefined;
      return known ?? load(chosen);
    },
    announce(chosen) {
      const samples = load(chosen);
      // Thrown when the batch is asked for; unheard until then.
      samples.catch(() => {});
      ahead = { key: chosen.join(), samples };
    },
  };
}
