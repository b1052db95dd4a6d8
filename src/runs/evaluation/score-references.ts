/** The real images that every evaluation of a run is held against, and what a perfect generator would get by them. */
import { isCode } from "../../errors.ts";
import { HELD_OUT_SEED, imageCount, type OpenedData } from "../../train/data/opened-data.ts";
import { openRandomStream } from "../../train/random.ts";
import type { ImageArrays } from "../../train/training-data.ts";
import { type ImageScore, scoreToNames } from "./image-score.ts";
import type { openImageScores } from "./image-scores.ts";
import { type Measure, toImages } from "./measure-images.ts";
import type { ScorerOptions } from "./score-generator.ts";
import {
  firstMeasured,
  type Measured,
  measuredToSide,
  type RealSides,
  type References,
  realOfScore,
  scoresToNeeds,
} from "./score-sides.ts";

/** Real images of a kind that are used, at most. */
export const MOST_REFERENCE = 10_000;

/** At most n images in an order of their own, so that the first of them are of all classes. */
export function drawImages(images: ImageArrays, n: number): ImageArrays {
  const count = imageCount(images);
  const stride = images.pixels.length / count;
  const chosen = openRandomStream(HELD_OUT_SEED, "evaluation").permutation(count).subarray(0, n);
  const pixels = new Uint8Array(chosen.length * stride);
  for (const [i, image] of chosen.entries())
    pixels.set(images.pixels.subarray(image * stride, (image + 1) * stride), i * stride);
  const { shape, labels, classes } = images;
  return { pixels, shape, ...(labels && classes && { classes, labels: chosen.map((at) => labels[at]) }) };
}

/** The real sides of a run, measured once: those set apart (those trained on where none are), and others that are needed. */
export async function openReferences(
  { train, heldOut }: NonNullable<OpenedData["pixels"]>,
  real: ImageArrays,
  scores: readonly ImageScore[],
  measure: Measure,
  { samples, threads }: ScorerOptions,
) {
  const threading = threads === undefined ? {} : { threads };
  const needs = new Set([...scoresToNeeds(scores, "real"), ...scoresToNeeds(scores, "heldOut")]);
  const toSides = (measured: Measured, count: number): RealSides => ({
    all: measuredToSide(measured, count, needs, threading),
    equal: measuredToSide(firstMeasured(measured, samples), Math.min(samples, count), new Set(), threading),
  });
  const wants = (kind: "reference" | "trained") =>
    scores.some((score) => score.row.needs.real && realOfScore(score).images === kind);
  const needsHeldOut = scores.some(({ row }) => row.needs.heldOut || row.againstTrained);
  const measured = wants("reference") || needsHeldOut ? await measure(real, "reference") : {};
  const reference = toSides(measured, imageCount(real));
  let trained: RealSides | undefined;
  if (wants("trained") && heldOut) {
    const seen = drawImages(train, MOST_REFERENCE);
    trained = toSides(await measure(seen, "trained on"), imageCount(seen));
  } else if (wants("trained")) trained = reference;
  const references = {
    reference,
    ...(trained && { trained }),
    ...(heldOut && { heldOut: reference.all }),
  };
  return { references, measured };
}

/** Images in the place of samples. */
interface Stand {
  readonly measured: Measured;
  readonly count: number;
}

/**
 * What a perfect generator would get: images that are trained on in the place of samples; where memorisation is asked
 * for, held-out images in their place. None where those are held out of the very comparison, or are too few.
 * @throws GanEvalError that of a score that cannot be measured on real images for another reason, such as their size
 */
export async function referencesToFloor(
  scores: readonly ImageScore[],
  seen: Stand,
  { references, measured }: Awaited<ReturnType<typeof openReferences>>,
  toScores: ReturnType<typeof openImageScores>,
  { samples, threads }: ScorerOptions,
): Promise<Record<string, number>> {
  const needs = scoresToNeeds(scores, "fake");
  const known: Record<string, number> = {};
  const measureInto = async (some: readonly ImageScore[], { measured: fake, count }: Stand) => {
    if (some.length === 0) return;
    const side = measuredToSide(fake, count, needs, threads === undefined ? {} : { threads });
    const { scores: values, failures } = await toScores(side, references, { only: some });
    for (const error of failures.values()) if (!isCode(error, "input.too-few-samples")) throw error;
    const failed = new Set(some.filter(({ id }) => failures.has(id)).flatMap(scoreToNames));
    for (const [name, value] of Object.entries(values)) if (!failed.has(name)) known[name] = value;
  };
  const holdOut: Stand = {
    measured: firstMeasured(measured, samples),
    count: Math.min(samples, references.reference.all.whole.count!),
  };
  await measureInto(
    scores.filter(({ row }) => !row.againstTrained),
    seen,
  );
  await measureInto(
    scores.filter(({ row }) => row.againstTrained && !row.needs.heldOut),
    holdOut,
  );
  const names = scores.flatMap(scoreToNames).filter((name) => name in known);
  return Object.fromEntries(names.map((name) => [name, known[name]]));
}

/**
 * Where there is no floor: scores of pixels are tried on images that are trained on, for images may be too small.
 * @throws GanEvalError that of a score
 */
export async function tryOnImages(
  scores: readonly ImageScore[],
  train: ImageArrays,
  references: References,
  toScores: ReturnType<typeof openImageScores>,
  samples: number,
): Promise<void> {
  const ofPixels = scores.filter(({ row }) => row.needs.fake?.includes("images"));
  if (ofPixels.length === 0) return;
  const images = toImages(drawImages(train, samples));
  const side = measuredToSide({ images }, images.length, new Set(), {});
  const { failures } = await toScores(side, references, { only: ofPixels });
  for (const error of failures.values()) if (!isCode(error, "input.too-few-samples")) throw error;
}
