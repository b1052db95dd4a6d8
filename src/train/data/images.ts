/** Images of a location, in memory and parted into those to train on and those set apart. */

import { createHash } from "node:crypto";
import { GanEvalError, type Warning } from "../../errors.ts";
import { pixelsToSamples } from "../../images/decode/pixels-to-samples.ts";
import type { Image, ImageSource } from "../../images/source.ts";
import { classFoldersToWarnings } from "../../images/sources/class-labels.ts";
import { requirePositive } from "../../images/sources/set-source.ts";
import { openRandomStream } from "../random.ts";
import { type ImageArrays, imagesToTrainingData } from "../training-data.ts";
import { type Classes, isSortedByClass, partsToClasses } from "./classes.ts";
import { FEWEST_TO_SHARE, holdOut, spread, testToPositions } from "./held-out.ts";
import {
  HELD_OUT_SEED,
  type HeldOut,
  imageCount,
  type OpenDataOptions,
  type OpenedData,
} from "./opened-data.ts";
import { LARGEST_SIDE, readImages, SMALLEST_SIDE } from "./read-images.ts";
import { openSources, type Sources } from "./sources.ts";

/** What a location holds, brought into memory. */
export interface LoadedImages {
  readonly label: string;
  readonly train: ImageArrays;
  readonly heldOut?: ImageArrays;
  readonly classNames?: readonly string[];
  readonly classWarnings: readonly Warning[];
  readonly unlabelled?: string;
  readonly hash: string;
  readonly warnings: readonly Warning[];
}

/** Remarks of reading that matter only where images are scored: sizes that differ are an error or wanted here. */
const NOT_OF_TRAINING: ReadonlySet<string> = new Set(["grey", "lossy", "mixed-sizes"]);

type Size = readonly [height: number, width: number];

const text = (count: number): string => count.toLocaleString("en-US");

function optionsToSize({ size, channels, limit }: OpenDataOptions): Size | undefined {
  if (channels !== undefined && channels !== 1 && channels !== 3)
    throw new GanEvalError("usage.channels", `expected 1 (grey) or 3 (colour) channels, got ${channels}`);
  if (limit !== undefined) requirePositive(limit, "limit");
  if (size === undefined) return undefined;
  const sides = typeof size === "number" ? ([size, size] as const) : size;
  for (const side of sides)
    if (!Number.isInteger(side) || side < SMALLEST_SIDE || side > LARGEST_SIDE)
      throw new GanEvalError(
        "usage.img-size",
        `expected an image size of ${SMALLEST_SIDE} to ${LARGEST_SIDE} pixels, got ${side}`,
      );
  return sides;
}

/** The first of a source; of files sorted by class some of each. */
function limitToPositions(source: ImageSource, limit: number | undefined): Int32Array {
  const n = Math.min(source.count, limit ?? source.count);
  return spread(isSortedByClass(source) ? source.count : n, n);
}

/** A hash of the images that are read, in no order, where they are not the whole source, whose hash it would be. */
function openDigest() {
  const digests: string[] = [];
  return {
    add: ({ name, pixels }: Image): void => {
      digests.push(createHash("sha256").update(`${name}\0`).update(pixels).digest("hex"));
    },
    finish: () => createHash("sha256").update(digests.sort().join("")).digest("hex"),
  };
}

function readToWarnings({ main, test }: Sources, cropped: number, lacksHeldOut: boolean): Warning[] {
  const warnings = [main, test]
    .flatMap((source) => source?.warnings() ?? [])
    .filter(({ code }) => !NOT_OF_TRAINING.has(code));
  if (cropped > 0)
    warnings.push({
      code: "cropped",
      message: `${text(cropped)} images of other proportions: their centre is used`,
      hint: "Crop them yourself to use another part.",
    });
  if (lacksHeldOut)
    warnings.push({
      code: "no-held-out",
      message: "no images are held out: whether the generator only repeats its images cannot be judged",
      hint: `Of ${FEWEST_TO_SHARE} images or more a tenth is held out.`,
    });
  return warnings;
}

async function sourcesToImages(
  sources: Sources,
  size: Size | undefined,
  options: OpenDataOptions,
): Promise<LoadedImages> {
  const { main, test, label } = sources;
  const positions = limitToPositions(main, options.limit);
  const own = test ? { train: positions, heldOut: new Int32Array(0) } : holdOut(positions, options.heldOut);
  const digest = positions.length < main.count ? openDigest() : undefined;
  const onImage = digest && { onImage: digest.add };
  const read = await readImages(
    [
      { source: main, positions: own.train, ...onImage },
      test
        ? { source: test, positions: testToPositions(test.count, options.heldOut) }
        : { source: main, positions: own.heldOut, ...onImage },
    ],
    size,
    options,
  );
  const classes: Classes | undefined = options.labels === "read" ? partsToClasses(read.parts) : undefined;
  const [train, heldOut] = read.parts.map(
    ({ pixels }, i): ImageArrays => ({
      pixels,
      shape: read.shape,
      ...(classes && { labels: classes.labels[i], classes: classes.names.length }),
    }),
  );
  const hasHeldOut = heldOut.pixels.length > 0;
  return {
    label,
    train,
    ...(hasHeldOut && { heldOut }),
    ...(classes && { classNames: classes.names }),
    classWarnings: classes ? classFoldersToWarnings({ ...main, classNames: classes.names }) : [],
    ...(main.unlabelled !== undefined && { unlabelled: main.unlabelled }),
    hash: digest ? digest.finish() : await main.contentHash(),
    warnings: readToWarnings(sources, read.cropped, !hasHeldOut && options.heldOut !== 0),
  };
}

/**
 * Opens, reads and closes what a location holds.
 * @throws GanEvalError `usage.*` for options that make no sense; what opening and reading images throws
 */
export async function loadImages(location: string, options: OpenDataOptions): Promise<LoadedImages> {
  const size = optionsToSize(options);
  const sources = await openSources(location, options);
  try {
    return await sourcesToImages(sources, size, options);
  } finally {
    await sources.main.close();
    await sources.test?.close();
  }
}

/** The first n in an order of their own, so that few of them are of all classes. */
function imagesToHeldOut(images: ImageArrays | undefined, n: number): HeldOut {
  if (images === undefined) return { samples: new Float32Array(0) };
  const { pixels, labels } = images;
  const count = imageCount(images);
  const stride = pixels.length / count;
  const chosen = openRandomStream(HELD_OUT_SEED, "evaluation").permutation(count).subarray(0, n);
  const samples = new Float32Array(chosen.length * stride);
  for (const [i, image] of chosen.entries())
    samples.set(pixelsToSamples(pixels.subarray(image * stride, (image + 1) * stride)), i * stride);
  return { samples, ...(labels && { labels: chosen.map((image) => labels[image]) }) };
}

export async function imagesToOpenedData(location: string, options: OpenDataOptions): Promise<OpenedData> {
  const loaded = await loadImages(location, options);
  const { label, train, heldOut, classNames, classWarnings, unlabelled, hash, warnings } = loaded;
  return {
    kind: "images",
    label,
    location,
    shape: train.shape,
    ...(classNames && { classes: classNames.length, classNames, classWarnings }),
    ...(unlabelled !== undefined && { unlabelled }),
    count: imageCount(train),
    heldOutCount: heldOut ? imageCount(heldOut) : 0,
    hash,
    training: (seed) => imagesToTrainingData(train, seed),
    heldOut: (n) => imagesToHeldOut(heldOut, n),
    pixels: { train, ...(heldOut && { heldOut }) },
    warnings,
  };
}
