/** Pictures of a location, in memory and parted into those to train on and those set apart. */
import { createHash } from "node:crypto";
import { GanEvalError, type Warning } from "../../errors.ts";
import type { ImageSource, Picture } from "../../images/source.ts";
import { classFoldersToWarnings } from "../../images/sources/class-labels.ts";
import { requirePositive } from "../../images/sources/set-source.ts";
import { openRandomStream } from "../random.ts";
import { type PictureArrays, picturesToTrainingData } from "../training-data.ts";
import { type Classes, isSortedByClass, partsToClasses } from "./classes.ts";
import { FEWEST_TO_SHARE, holdOut, spread, testToPositions } from "./held-out.ts";
import {
  HELD_OUT_SEED,
  type HeldOut,
  type OpenDataOptions,
  type OpenedData,
  pictureCount,
  pixelsToSamples,
} from "./opened-data.ts";
import { LARGEST_SIDE, readPictures, SMALLEST_SIDE } from "./read-pictures.ts";
import { openSources, type Sources } from "./sources.ts";

/** What a location holds, brought into memory. */
export interface LoadedPictures {
  readonly label: string;
  readonly train: PictureArrays;
  readonly heldOut?: PictureArrays;
  readonly classNames?: readonly string[];
  readonly classWarnings: readonly Warning[];
  readonly unlabelled?: string;
  readonly hash: string;
  readonly warnings: readonly Warning[];
}

/** Remarks of reading that matter only where pictures are scored: sizes that differ are an error or wanted here. */
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
        `expected a picture size of ${SMALLEST_SIDE} to ${LARGEST_SIDE} pixels, got ${side}`,
      );
  return sides;
}

/** The first of a source; of files sorted by class some of each. */
function limitToPositions(source: ImageSource, limit: number | undefined): Int32Array {
  const n = Math.min(source.count, limit ?? source.count);
  return spread(isSortedByClass(source) ? source.count : n, n);
}

/** A hash of the pictures that are read, in no order, where they are not the whole source, whose hash it would be. */
function openDigest() {
  const digests: string[] = [];
  return {
    add: ({ name, pixels }: Picture): void => {
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
      message: `${text(cropped)} pictures of other proportions: the middle of each is used`,
      hint: "Crop them yourself if something else is meant.",
    });
  if (lacksHeldOut)
    warnings.push({
      code: "no-held-out",
      message: "no pictures are set apart: whether the generator only repeats its pictures cannot be told",
      hint: `Of ${FEWEST_TO_SHARE} pictures or more a tenth is set apart.`,
    });
  return warnings;
}

async function sourcesToPictures(
  sources: Sources,
  size: Size | undefined,
  options: OpenDataOptions,
): Promise<LoadedPictures> {
  const { main, test, label } = sources;
  const positions = limitToPositions(main, options.limit);
  const own = test ? { train: positions, heldOut: new Int32Array(0) } : holdOut(positions, options.heldOut);
  const digest = positions.length < main.count ? openDigest() : undefined;
  const onPicture = digest && { onPicture: digest.add };
  const read = await readPictures(
    [
      { source: main, positions: own.train, ...onPicture },
      test
        ? { source: test, positions: testToPositions(test.count, options.heldOut) }
        : { source: main, positions: own.heldOut, ...onPicture },
    ],
    size,
    options,
  );
  const classes: Classes | undefined = options.labels === "read" ? partsToClasses(read.parts) : undefined;
  const [train, heldOut] = read.parts.map(
    ({ pixels }, i): PictureArrays => ({
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
 * @throws GanEvalError `usage.*` for options that make no sense; what opening and reading pictures throws
 */
export async function loadPictures(location: string, options: OpenDataOptions): Promise<LoadedPictures> {
  const size = optionsToSize(options);
  const sources = await openSources(location, options);
  try {
    return await sourcesToPictures(sources, size, options);
  } finally {
    await sources.main.close();
    await sources.test?.close();
  }
}

/** The first n in an order of their own, so that few of them are of all classes. */
function picturesToHeldOut(pictures: PictureArrays | undefined, n: number): HeldOut {
  if (pictures === undefined) return { samples: new Float32Array(0) };
  const { pixels, labels } = pictures;
  const count = pictureCount(pictures);
  const stride = pixels.length / count;
  const chosen = openRandomStream(HELD_OUT_SEED, "evaluation").permutation(count).subarray(0, n);
  const samples = new Float32Array(chosen.length * stride);
  for (const [i, picture] of chosen.entries())
    samples.set(pixelsToSamples(pixels.subarray(picture * stride, (picture + 1) * stride)), i * stride);
  return { samples, ...(labels && { labels: chosen.map((picture) => labels[picture]) }) };
}

export async function picturesToOpenedData(location: string, options: OpenDataOptions): Promise<OpenedData> {
  const loaded = await loadPictures(location, options);
  const { label, train, heldOut, classNames, classWarnings, unlabelled, hash, warnings } = loaded;
  return {
    kind: "pictures",
    label,
    location,
    shape: train.shape,
    ...(classNames && { classes: classNames.length, classNames, classWarnings }),
    ...(unlabelled !== undefined && { unlabelled }),
    count: pictureCount(train),
    heldOutCount: heldOut ? pictureCount(heldOut) : 0,
    hash,
    training: (seed) => picturesToTrainingData(train, seed),
    heldOut: (n) => picturesToHeldOut(heldOut, n),
    pixels: { train, ...(heldOut && { heldOut }) },
    warnings,
  };
}
