/** The real pictures that every scoring of a run is held against, and what a perfect generator would get by them. */
import { HELD_OUT_SEED, type OpenedData, pictureCount } from "../../train/data/opened-data.ts";
import { openRandomStream } from "../../train/random.ts";
import type { PictureArrays } from "../../train/training-data.ts";
import { type Measure, toPictures } from "./measure-pictures.ts";
import { type PictureScore, scoreToNames } from "./picture-score.ts";
import type { openPictureScores } from "./picture-scores.ts";
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

/** Real pictures of a kind that are used, at most. */
export const MOST_REFERENCE = 10_000;

/** At most n pictures in an order of their own, so that the first of them are of all classes. */
export function drawPictures(pictures: PictureArrays, n: number): PictureArrays {
  const count = pictureCount(pictures);
  const stride = pictures.pixels.length / count;
  const chosen = openRandomStream(HELD_OUT_SEED, "evaluation").permutation(count).subarray(0, n);
  const pixels = new Uint8Array(chosen.length * stride);
  for (const [i, picture] of chosen.entries())
    pixels.set(pictures.pixels.subarray(picture * stride, (picture + 1) * stride), i * stride);
  const { shape, labels, classes } = pictures;
  return { pixels, shape, ...(labels && classes && { classes, labels: chosen.map((at) => labels[at]) }) };
}

/** The real sides of a run, measured once: those set apart (those trained on where none are), and others that are needed. */
export async function openReferences(
  { train, heldOut }: NonNullable<OpenedData["pixels"]>,
  real: PictureArrays,
  scores: readonly PictureScore[],
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
    scores.some((score) => score.row.needs.real && realOfScore(score).pictures === kind);
  const needsHeldOut = scores.some(({ row }) => row.needs.heldOut || row.againstTrained);
  const measured = wants("reference") || needsHeldOut ? await measure(real, "reference") : {};
  const reference = toSides(measured, pictureCount(real));
  let trained: RealSides | undefined;
  if (wants("trained") && heldOut) {
    const seen = drawPictures(train, MOST_REFERENCE);
    trained = toSides(await measure(seen, "trained on"), pictureCount(seen));
  } else if (wants("trained")) trained = reference;
  const references = {
    reference,
    ...(trained && { trained }),
    ...(heldOut && { heldOut: reference.all }),
  };
  return { references, measured };
}

/** Pictures in the place of samples. */
interface Stand {
  readonly measured: Measured;
  readonly count: number;
}

/**
 * What a perfect generator would get: pictures that are trained on in the place of samples; where memorisation is asked
 * for, pictures set apart in their place. None where those are held out of the very comparison, or are too few.
 * @throws GanEvalError that of a score that cannot be measured on real pictures for another reason, such as their size
 */
export async function referencesToFloor(
  scores: readonly PictureScore[],
  seen: Stand,
  { references, measured }: Awaited<ReturnType<typeof openReferences>>,
  toScores: ReturnType<typeof openPictureScores>,
  { samples, threads }: ScorerOptions,
): Promise<Record<string, number>> {
  const needs = scoresToNeeds(scores, "fake");
  const known: Record<string, number> = {};
  const measureInto = async (some: readonly PictureScore[], { measured: fake, count }: Stand) => {
    if (some.length === 0) return;
    const side = measuredToSide(fake, count, needs, threads === undefined ? {} : { threads });
    const { scores: values, failures } = await toScores(side, references, some);
    for (const error of failures.values()) if (error.code !== "input.too-few-samples") throw error;
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
 * Where there is no floor: scores of pixels are tried on pictures that are trained on, for pictures may be too small.
 * @throws GanEvalError that of a score
 */
export async function tryOnPictures(
  scores: readonly PictureScore[],
  train: PictureArrays,
  references: References,
  toScores: ReturnType<typeof openPictureScores>,
  samples: number,
): Promise<void> {
  const ofPixels = scores.filter(({ row }) => row.needs.fake?.includes("pictures"));
  if (ofPixels.length === 0) return;
  const pictures = toPictures(drawPictures(train, samples));
  const side = measuredToSide({ pictures }, pictures.length, new Set(), {});
  const { failures } = await toScores(side, references, ofPixels);
  for (const error of failures.values()) if (error.code !== "input.too-few-samples") throw error;
}
