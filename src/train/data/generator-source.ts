/** Images that a program makes, read once into memory: training reads them in an order of its own. */
import { GanEvalError } from "../../errors.ts";
import type { BatchOptions, Image, ImageSource } from "../../images/source.ts";
import { generatorToSource, type ImageGenerator } from "../../images/sources/generator.ts";

/** Images to train on, and perhaps a class of each. */
export interface GeneratedData extends ImageGenerator {
  /** [count] Whole numbers from 0: the class of each image, for models that are told it. */
  readonly labels?: ArrayLike<number>;
}

const READ_AT_ONCE = 256;

/** What a run's config says of such data, since a function cannot be written down. */
export const generatorToLocation = ({ name = "generator" }: ImageGenerator): string => `generator:${name}`;
export const isGeneratorLocation = (location: string): boolean => location.startsWith("generator:");

function requireLabels({ labels, count }: GeneratedData): Int32Array | undefined {
  if (labels === undefined) return undefined;
  const numbers = Int32Array.from(labels);
  const bad = Array.from(labels).find((label) => !Number.isInteger(label) || label < 0);
  if (numbers.length === count && bad === undefined) return numbers;
  throw new GanEvalError(
    "input.labels",
    `expected ${count} labels of whole numbers from 0, got ${bad === undefined ? numbers.length : bad}`,
    { hint: "Give one label an image, in their order." },
  );
}

/** @throws GanEvalError `input.generator` for images that are none, `input.labels` */
export async function generatorToMemory(data: GeneratedData, signal?: AbortSignal): Promise<ImageSource> {
  const labels = requireLabels(data);
  const source = generatorToSource(data);
  const images: Image[] = [];
  for await (const batch of source.batches({ batchSize: READ_AT_ONCE })) {
    signal?.throwIfAborted();
    // A copy: the generator may use its buffer again.
    for (const image of batch)
      images.push({ ...image, pixels: image.pixels.slice(), position: images.length });
  }
  return {
    ...{ kind: "generator", location: source.location, count: images.length },
    ...(labels && { labels }),
    nameOf: (position) => images[position].name,
    contentHash: () => source.contentHash(),
    async *batches({ batchSize, order }: BatchOptions) {
      const positions = order === undefined ? images.keys() : Array.from(order);
      const all = Array.from(positions, (position) => images[position]);
      for (let start = 0; start < all.length; start += batchSize) yield all.slice(start, start + batchSize);
    },
    warnings: () => source.warnings(),
    close: () => source.close(),
  };
}
