/** Scores of pictures in memory by a pretrained network. */
import { countsToBatchSize } from "../evaluate/batch-size.ts";
import { openExtractor } from "../evaluate/open-extractor.ts";
import type { ExtractorName } from "../evaluate/options.ts";
import { samplesToPixels } from "../images/samples-to-pixels.ts";
import type { FeatureEnd, FeatureExtractor } from "../inception/extractor.ts";
import { featuresToBins } from "../metrics/clusters/reference-bins.ts";
import { keyToDirection } from "../metrics/values.ts";
import { HELD_OUT_SEED, type OpenedData, pictureCount } from "../train/data/opened-data.ts";
import { openRandomStream } from "../train/random.ts";
import type { PictureArrays } from "../train/training-data.ts";
import { picturesToEnds, type VIEWS } from "./picture-ends.ts";
import { firstRows, type Measured, openPictureScores, PICTURE_SCORES } from "./picture-scores.ts";
import { openSampleSignals } from "./sample-signals.ts";
import {
  chooseScores,
  type GeneratorScorer,
  requireSamples,
  SCORES,
  type ScoreId,
  type ScorerOptions,
} from "./score-generator.ts";

/** Pictures set apart that are used, at most. */
const MOST_REFERENCE = 10_000;

const BATCH_SIZES: Readonly<Record<ExtractorName, number>> = { inception: 16, digits: 64 };

/** Sizes that MNIST's pictures come in: their own, and the one that powers of two reach. */
const DIGIT_SIDES: ReadonlySet<number> = new Set([28, 32]);

/** How a network and the values are chosen for data of one kind. */
interface Protocol {
  readonly extractor: ExtractorName;
  /** Three grey pictures as channels, which are classified one by one. */
  readonly stacked: boolean;
  readonly usual: readonly ScoreId<"pictures">[];
  readonly possible: readonly ScoreId<"pictures">[];
}

function dataToProtocol({ shape, classes }: OpenedData, asked: ExtractorName | undefined): Protocol {
  const [height, width, channels] = shape;
  const mayBeDigits = height === width && DIGIT_SIDES.has(height);
  const stacksOfDigits = mayBeDigits && channels === 3 && classes === 1000;
  const extractor = asked ?? ((mayBeDigits && channels === 1) || stacksOfDigits ? "digits" : "inception");
  if (extractor === "inception") {
    const possible = SCORES.pictures.filter((id) => id !== "classes");
    return { extractor, stacked: false, possible, usual: possible };
  }
  const stacked = channels === 3;
  return { extractor, stacked, possible: SCORES.pictures, usual: stacked ? ["classes"] : SCORES.pictures };
}

/** At most n pictures in an order of their own, so that the first of them are of all classes. */
function drawPictures(pictures: PictureArrays, n: number): PictureArrays {
  const count = pictureCount(pictures);
  const stride = pictures.pixels.length / count;
  const chosen = openRandomStream(HELD_OUT_SEED, "evaluation").permutation(count).subarray(0, n);
  const pixels = new Uint8Array(chosen.length * stride);
  for (const [i, picture] of chosen.entries())
    pixels.set(pictures.pixels.subarray(picture * stride, (picture + 1) * stride), i * stride);
  const { shape, labels, classes } = pictures;
  return { pixels, shape, ...(labels && classes && { classes, labels: chosen.map((at) => labels[at]) }) };
}

/** What a network has to say for some scores. */
function openMeasuring(
  extractor: FeatureExtractor,
  ids: readonly ScoreId<"pictures">[],
  stacked: boolean,
  batchSize: number,
  { signal, onProgress }: ScorerOptions,
) {
  const { featureEnd, logitsEnd } = extractor;
  const needs = new Set(ids.flatMap((id) => PICTURE_SCORES[id].needs(stacked)));
  const whole: FeatureEnd[] = [];
  if (needs.has("features")) whole.push(featureEnd);
  if (needs.has("logits")) whole.push(logitsEnd);
  return async (pictures: PictureArrays, stage: string): Promise<Measured> => {
    const read = (view: keyof typeof VIEWS, ends: readonly FeatureEnd[]) =>
      picturesToEnds(pictures, extractor, {
        ...{ view, ends, batchSize, stage },
        ...(signal && { signal }),
        ...(onProgress && { onProgress }),
      });
    const of = whole.length > 0 ? await read("whole", whole) : {};
    const channels = needs.has("channels") ? await read("channels", [logitsEnd]) : {};
    return {
      ...(needs.has("features") && { features: of[featureEnd]! }),
      ...(needs.has("logits") && { logits: of[logitsEnd]! }),
      ...(needs.has("channels") && { channels: channels[logitsEnd]! }),
    };
  };
}

/** Signals by features, where the scores have any. */
async function openSignals(
  real: Measured,
  pictures: PictureArrays,
  seen: Measured | undefined,
  { samples, threads }: ScorerOptions,
) {
  if (real.features === undefined) return undefined;
  const features = firstRows(real.features, samples);
  const threading = threads === undefined ? {} : { threads };
  const bins = await featuresToBins(features, { samples, seed: 0, ...threading });
  const count = Math.min(features.rows, seen?.features?.rows ?? 0);
  return openSampleSignals({
    features,
    bins,
    pictures,
    ...(count > 0 && {
      memory: { seen: firstRows(seen!.features!, count), heldOut: firstRows(features, count) },
    }),
    ...threading,
  });
}

/**
 * Generated pictures against those set apart (10,000 at most; those trained on where none are). They become bytes first,
 * as in a file, so that the figures are those of `gan-eval` on the files. The digits network sees 28 x 28: pictures of
 * 32 x 32, both sides alike, are brought there by the extractor, each pixel an average over the area under it.
 */
export async function openPictureScorer(data: OpenedData, options: ScorerOptions): Promise<GeneratorScorer> {
  const { samples, threads, weights, cacheDir, offline, signal, onProgress } = options;
  const protocol = dataToProtocol(data, options.extractor);
  const { extractor: name, stacked, possible, usual } = protocol;
  const ids = chooseScores(options.metrics, possible, usual, `${data.label} with the ${name} extractor`);
  const { train, heldOut } = data.pixels!;
  const batchSize = countsToBatchSize([samples], options.batchSize ?? BATCH_SIZES[name]);
  const { extractor, close } = await openExtractor({
    extractor: name,
    resize: "tf1",
    batchSize,
    engine: options.engine,
    device: options.device,
    ...(threads !== undefined && { threads }),
    ...(weights !== undefined && { weights }),
    ...(cacheDir !== undefined && { cacheDir }),
    ...(offline !== undefined && { offline }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  try {
    const measure = openMeasuring(extractor, ids, stacked, batchSize, options);
    const real = drawPictures(heldOut ?? train, MOST_REFERENCE);
    const reference: Measured = ids.some((id) => PICTURE_SCORES[id].comparesWithReal)
      ? await measure(real, "reference")
      : {};
    const toScores = await openPictureScores(ids, reference, {
      family: name,
      samples,
      ...(threads !== undefined && { threads }),
    });
    const seen =
      heldOut && options.floor !== false ? await measure(drawPictures(train, samples), "floor") : undefined;
    const floor = seen && (await toScores(seen));
    let toSignals: ReturnType<typeof openSignals> | undefined;
    const samplesToPictures = (of: Float32Array, n: number): PictureArrays => {
      requireSamples(of, n, data.shape);
      return { pixels: samplesToPixels(of), shape: train.shape };
    };
    const [first] = PICTURE_SCORES[ids[0]].names(name);
    return {
      metrics: ids.flatMap((id) => PICTURE_SCORES[id].names(name)),
      first: { name: first, lowerIsBetter: keyToDirection(first) === "lower" },
      ...(floor && { floor }),
      score: async (of, n) => toScores(await measure(samplesToPictures(of, n), "score")),
      async examine(of, n) {
        const pictures = samplesToPictures(of, n);
        const measured = await measure(pictures, "score");
        toSignals ??= openSignals(reference, real, seen, options);
        const signals = measured.features && (await (await toSignals)?.(measured.features, pictures));
        return { scores: await toScores(measured), signals: signals ?? {} };
      },
      dispose: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
