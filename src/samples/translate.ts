/** What a run of several networks makes of images: each under its own name in a folder. */

import type { EngineChoice } from "../engine/index.ts";
import { GanEvalError, type Warning } from "../errors.ts";
import { samplesToPixels } from "../images/decode/samples-to-pixels.ts";
import type { Image, ImageSource } from "../images/source.ts";
import { openImages } from "../images/sources/open.ts";
import type { Progress } from "../progress.ts";
import { steadyClock as ownSteadyClock } from "../steady-clock.ts";
import { isGrey, pixelsToSize, rgbToGrey } from "../train/data/image-to-size.ts";
import { type Shape, sizeOf } from "../train/networks/shapes.ts";
import { attributesToRow, makerToFeeds, makerToInputsOf, type WantedAttributes } from "./maker-feeds.ts";
import {
  compileMaker,
  type MakerOptions,
  type OpenedMaker,
  readMaker,
  type TrainedMaker,
} from "./open-maker.ts";
import { type CheckpointOrigin, checkpointToOrigin } from "./run-checkpoint.ts";
import { openTranslationFolder, type TranslationFolder } from "./translation-folder.ts";
import { namesToFiles } from "./translation-names.ts";

/** One image and what was made of it: bytes `[height, width, channels]`. */
export interface TranslatedImage {
  readonly name: string;
  readonly input: { readonly pixels: Uint8Array; readonly shape: Shape };
  /** One for each variant. */
  readonly outputs: readonly { readonly file: string; readonly pixels: Uint8Array; readonly shape: Shape }[];
}

export interface TranslateOptions extends MakerOptions, EngineChoice {
  /** Whatever holds images: a folder, one image, an archive, `@list.txt`. */
  readonly in: string;
  /** The folder of the images that are made: those of `in` by name, as .png. */
  readonly out: string;
  /** Images in one call of the networks. */
  readonly batchSize: number;
  /** Of codes that are drawn. */
  readonly seed: number;
  /** Images that are made of each: `NAME_1.png`, `NAME_2.png`, ...; more than 1 needs a maker that draws codes (default 1). */
  readonly variants?: number;
  /** Attributes that the images are to have, by name (default: none; those left out are 0). */
  readonly set?: WantedAttributes;
  /** Only the first so many images (default: all). */
  readonly limit?: number;
  /** Unreadable images: an error (default), or left out and counted. */
  readonly onError?: "fail" | "skip";
  /** Of tar shards: extension of the member that is a sample's image (default: the only one). */
  readonly imageKey?: string;
  /** Whether what lies at `out` is replaced (default false: an error). */
  readonly overwrite?: boolean;
  /** Called with each image as it is done (default: nobody is). */
  readonly onImage?: (image: TranslatedImage) => void | Promise<void>;
  /** Ends the work with an AbortError (default: it runs to its end). */
  readonly signal?: AbortSignal;
  /** Called as the work goes on (default: nobody is). */
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds for durations (default: a clock that is never set). */
  readonly steadyClock?: () => number;
}

export interface Translated extends CheckpointOrigin {
  readonly schema: "gan-eval/translated/1";
  readonly maker: string;
  /** Where the images came from. */
  readonly in: string;
  /** The folder. */
  readonly location: string;
  /** Images that were translated. */
  readonly n: number;
  readonly variants: number;
  /** Of one image that the networks were given, and of one that they made. */
  readonly inputShape: readonly number[];
  readonly shape: readonly number[];
  readonly seed: number;
  /** Attributes that were asked for. */
  readonly set?: WantedAttributes;
  readonly seconds: number;
  readonly warnings: readonly Warning[];
}

/** What matters to those who compare sets of images only. */
const OF_MEASURING: readonly string[] = ["lossy", "mixed-sizes", "grey"];

/** What the images lost on their way to the networks. */
class Losses {
  cropped = 0;
  grey = 0;

  toWarnings([height, width]: Shape): Warning[] {
    const { cropped, grey } = this;
    return [
      ...(cropped > 0
        ? [
            {
              code: "cropped-images",
              message: `${cropped} images of other proportions than ${width}x${height} lost their edges`,
              hint: "They are brought to the size of the run's data as held-out images were: made to cover it, and cut to the middle.",
            },
          ]
        : []),
      ...(grey > 0
        ? [
            {
              code: "grey-images",
              message: `${grey} colour images lost their colours`,
              hint: "The run was trained on grey images.",
            },
          ]
        : []),
    ];
  }
}

/** An image as the run's held-out images were: made to cover the size, cut to the middle, grey where the run is. */
function imageToBytes({ pixels, height, width }: Image, [h, w, channels]: Shape, losses: Losses): Uint8Array {
  if (height * w !== width * h) losses.cropped++;
  if (channels === 1 && !isGrey(pixels)) losses.grey++;
  return pixelsToSize(channels === 1 ? rgbToGrey(pixels) : pixels, [height, width], channels, [h, w]);
}

type Feeds = ReturnType<typeof makerToFeeds>;

interface Work {
  readonly source: ImageSource;
  readonly maker: OpenedMaker;
  readonly feeds: Feeds;
  readonly attributes: Float32Array | undefined;
  readonly files: readonly (readonly string[])[];
  readonly folder: TranslationFolder;
  readonly losses: Losses;
}

/** Reads, makes and writes batch by batch. @returns how many images there were */
async function translateAll(work: Work, options: TranslateOptions): Promise<number> {
  const { source, maker, feeds, attributes, files, folder, losses } = work;
  const { batchSize, variants = 1, seed, signal, onProgress, onImage } = options;
  const toInputs = makerToInputsOf(maker, feeds, attributes, seed);
  const shape = maker.fields[feeds.field];
  const [stride, size] = [sizeOf(shape), sizeOf(maker.shape)];
  const report = (done: number) =>
    onProgress?.({ stage: "translate", done, total: source.count, unit: "images" });
  let done = 0;
  report(done);
  for await (const batch of source.batches({ batchSize })) {
    signal?.throwIfAborted();
    const images = new Uint8Array(batch.length * stride);
    for (const [i, image] of batch.entries()) images.set(imageToBytes(image, shape, losses), i * stride);
    const made: Uint8Array[] = [];
    for (let variant = 0; variant < variants; variant++)
      made.push(samplesToPixels(await maker.make(toInputs(images, batch.length, variant))));
    for (const [i, { name, position = done + i }] of batch.entries()) {
      const outputs = made.map((pixels, variant) => ({
        file: files[position][variant],
        pixels: pixels.subarray(i * size, (i + 1) * size),
        shape: maker.shape,
      }));
      for (const { file, pixels } of outputs) await folder.write(file, pixels, maker.shape);
      await onImage?.({
        name,
        input: { pixels: images.subarray(i * stride, (i + 1) * stride), shape },
        outputs,
      });
    }
    done += batch.length;
    report(done);
  }
  signal?.throwIfAborted();
  return done;
}

/** @throws GanEvalError `usage.variants` where several were asked for and the maker draws nothing */
function checkVariants({ maker }: TrainedMaker, { kinds }: Feeds, variants: number): void {
  if (!Number.isSafeInteger(variants) || variants < 1)
    throw new GanEvalError("usage.variants", `expected at least 1 variant, got ${variants}`);
  if (variants === 1 || Object.values(kinds).includes("drawn")) return;
  throw new GanEvalError("usage.variants", `expected 1 variant of ${maker.name}, got ${variants}`, {
    hint: "It draws no code, so that all variants would be the same image.",
  });
}

/**
 * Makes one image of each that `in` holds (or several variants), by a run's maker, and writes them under the same names
 * into a folder. Images are brought to the size and channels of the run's data as its held-out images were: made to cover
 * the size, cut to the middle. The same run, checkpoint, images and seed give the same pixels, whatever the batch size, up
 * to rounding.
 * @throws GanEvalError as `readMaker`, `compileMaker` and `openImages`; `usage.variants`, `usage.attributes`, `usage.target-exists`,
 *   `input.same-names`; nothing is left behind, whatever ends it
 */
export async function translate(options: TranslateOptions): Promise<Translated> {
  const { run, out, seed, variants = 1, overwrite = false, set, steadyClock = ownSteadyClock } = options;
  const started = steadyClock();
  const source = await openImages(options.in, {
    ...(options.limit !== undefined && { limit: options.limit }),
    ...(options.onError && { onError: options.onError }),
    ...(options.imageKey !== undefined && { imageKey: options.imageKey }),
  });
  try {
    options.signal?.throwIfAborted();
    const files = namesToFiles(
      Array.from({ length: source.count }, (_, position) => source.nameOf?.(position)),
      variants,
    );
    const batchSize = Math.min(options.batchSize, source.count);
    // What is asked for is checked before anything is compiled, which may take a minute.
    const trained = await readMaker(options);
    const feeds = makerToFeeds(trained);
    checkVariants(trained, feeds, variants);
    const attributes = attributesToRow(trained, set, Object.values(feeds.kinds).includes("attributes"));
    const losses = new Losses();
    const folder = await openTranslationFolder(out, options.in, files, overwrite);
    try {
      const maker = await compileMaker(trained, { ...options, batchSize });
      let n: number;
      try {
        n = await translateAll(
          { source, maker, feeds, attributes, files, folder, losses },
          { ...options, batchSize },
        );
        await folder.finish();
      } finally {
        await maker.dispose();
      }
      const inputShape = maker.fields[feeds.field];
      return {
        schema: "gan-eval/translated/1",
        ...checkpointToOrigin(run, maker.checkpoint, maker.round),
        maker: maker.maker.name,
        in: options.in,
        location: out,
        ...{ n, variants, seed, inputShape },
        shape: maker.shape,
        ...(set && { set }),
        seconds: (steadyClock() - started) / 1000,
        warnings: [
          ...source.warnings().filter(({ code }) => !OF_MEASURING.includes(code)),
          ...losses.toWarnings(inputShape),
        ],
      };
    } catch (error) {
      await folder.abort();
      throw error;
    }
  } finally {
    await source.close();
  }
}
