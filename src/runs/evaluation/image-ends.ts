/** Images in memory to what a network says of them. */

import type { FeatureExtractor, FeatureLayer, FeatureMatrix } from "../../extractors/extractor.ts";
import { greyToRgb } from "../../images/decode/grey-to-rgb.ts";
import type { Image } from "../../images/source.ts";
import type { Progress } from "../../progress.ts";
import type { ImageArrays } from "../../train/training-data.ts";

/** Bytes of some images, and how many a network gets for each. */
interface ImageView {
  readonly perImage: (shape: ImageArrays["shape"]) => number;
  /** The i-th that the network gets. */
  readonly toImage: (images: ImageArrays, i: number) => Image;
}

/** How a network sees images. */
export const VIEWS = {
  /** Each as it is, grey as three equal channels. */
  whole: {
    perImage: () => 1,
    toImage: ({ pixels, shape: [height, width, channels] }, i) => {
      const stride = height * width * channels;
      if (channels === 3)
        return { pixels: pixels.subarray(i * stride, (i + 1) * stride), width, height, name: `#${i}` };
      const rgb = new Uint8Array(height * width * 3);
      greyToRgb(pixels, i * stride, channels, rgb);
      return { pixels: rgb, width, height, name: `#${i}` };
    },
  },
  /** Each channel as a grey image of its own, for stacks. */
  channels: {
    perImage: ([, , channels]) => channels,
    toImage: ({ pixels, shape: [height, width, channels] }, i) => {
      const image = Math.floor(i / channels);
      const rgb = new Uint8Array(height * width * 3);
      greyToRgb(pixels, image * height * width * channels + (i % channels), channels, rgb);
      return { pixels: rgb, width, height, name: `#${image}, channel ${i % channels}` };
    },
  },
} as const satisfies Readonly<Record<string, ImageView>>;

export interface EndsOptions {
  readonly view: keyof typeof VIEWS;
  readonly ends: readonly FeatureLayer[];
  readonly batchSize: number;
  readonly stage: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** All rows of each end; a batch is prepared while the network works on the one before. */
export async function imagesToEnds(
  images: ImageArrays,
  extractor: FeatureExtractor,
  options: EndsOptions,
): Promise<Partial<Record<FeatureLayer, FeatureMatrix>>> {
  const { ends, batchSize, stage, signal, onProgress } = options;
  const { perImage, toImage } = VIEWS[options.view];
  const [height, width, channels] = images.shape;
  const total = (images.pixels.length / (height * width * channels)) * perImage(images.shape);
  const rows = new Map(ends.map((end) => [end, new Float32Array(total * extractor.ends[end]!)]));
  const report = (done: number) => onProgress?.({ stage, done, total, unit: "images" });
  const take = async (extracted: ReturnType<FeatureExtractor["extract"]>, start: number): Promise<void> => {
    const found = await extracted;
    for (const [end, data] of rows) data.set(found[end]!.data, start * extractor.ends[end]!);
    report(Math.min(total, start + batchSize));
  };
  report(0);
  let before = Promise.resolve();
  for (let start = 0; start < total; start += batchSize) {
    signal?.throwIfAborted();
    const batch = Array.from({ length: Math.min(batchSize, total - start) }, (_, i) =>
      toImage(images, start + i),
    );
    const extracted = extractor.extract(batch);
    extracted.catch(() => {});
    await before;
    before = take(extracted, start);
    before.catch(() => {});
  }
  await before;
  return Object.fromEntries(
    [...rows].map(([end, data]) => [end, { data, rows: total, width: extractor.ends[end]! }]),
  );
}
