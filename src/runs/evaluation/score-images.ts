/** Scores of images in memory by a pretrained network. */
import { countsToBatchSize } from "../../evaluate/batch-size.ts";
import type { ExtractorName } from "../../evaluate/options.ts";
import { openExtractor } from "../../extractors/open-extractor.ts";
import { samplesToPixels } from "../../images/decode/samples-to-pixels.ts";
import { featuresToBins } from "../../math/clusters/reference-bins.ts";
import { extractorToFamily } from "../../metrics/extractor-family.ts";
import { NETWORKS } from "../../networks/table.ts";
import { SCORES } from "../../run-folder/default-scores.ts";
import { imageCount, type OpenedData } from "../../train/data/opened-data.ts";
import type { ImageArrays } from "../../train/training-data.ts";
import { openSampleSignals } from "../signals/sample-signals.ts";
import { idsToImageScores, scoreToDirection, scoreToNames } from "./image-score.ts";
import { openImageScores } from "./image-scores.ts";
import { openMeasuring, requestsToEnds, scoresToRequests } from "./measure-images.ts";
import { refuseMissingEnds, refuseScores } from "./refuse-scores.ts";
import { type GeneratorScorer, requireSamples, type ScorerOptions } from "./score-generator.ts";
import {
  drawImages,
  MOST_REFERENCE,
  openReferences,
  referencesToFloor,
  tryOnImages,
} from "./score-references.ts";
import { firstRows, type Measured, measuredToSide, scoresToNeeds } from "./score-sides.ts";

const nameToBatchSize = (name: ExtractorName): number => (name === "digits" ? 64 : 16);

/** Sizes that MNIST's images come in: their own, and the one that powers of two reach. */
const DIGIT_SIDES: ReadonlySet<number> = new Set([28, 32]);

/** Whether a network gives logits: transformers classify nothing. */
const hasClasses = (name: Exclude<ExtractorName, "digits">): boolean =>
  name === "inception" || !["dinov2", "clip"].includes(NETWORKS[name].architecture.kind);

/** How a network and the values are chosen for data of one kind. */
interface Protocol {
  readonly extractor: ExtractorName;
  /** Three grey images as channels, which are classified one by one. */
  readonly stacked: boolean;
  /** Ids of the scores where none are asked for. */
  readonly usual: readonly string[];
}

function dataToProtocol({ shape, classes }: OpenedData, asked: ExtractorName | undefined): Protocol {
  const [height, width, channels] = shape;
  const mayBeDigits = height === width && DIGIT_SIDES.has(height);
  const stacksOfDigits = mayBeDigits && channels === 3 && classes === 1000;
  const extractor = asked ?? ((mayBeDigits && channels === 1) || stacksOfDigits ? "digits" : "inception");
  if (extractor !== "digits") {
    const needless = hasClasses(extractor) ? ["classes"] : ["classes", "is"];
    return { extractor, stacked: false, usual: SCORES.images.filter((id) => !needless.includes(id)) };
  }
  const stacked = channels === 3;
  return { extractor, stacked, usual: stacked ? ["classes"] : SCORES.images };
}

/** Signals by features, where the scores have any. */
async function openSignals(
  real: Measured,
  images: ImageArrays,
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
    images,
    ...(count > 0 && {
      memory: { seen: firstRows(seen!.features!, count), heldOut: firstRows(features, count) },
    }),
    ...threading,
  });
}

/**
 * Generated images against those set apart (10,000 at most; those trained on where none are). They become bytes first,
 * as in a file, so that the figures are those of `gan-eval` on the files. The digits network sees 28 x 28: images of
 * 32 x 32, both sides alike, are brought there by the extractor, each pixel an average over the area under it.
 */
export async function openImageScorer(data: OpenedData, options: ScorerOptions): Promise<GeneratorScorer> {
  const { samples, threads, selfCheck, weights, cacheDir, offline, signal, onProgress } = options;
  const { extractor: name, stacked, usual } = dataToProtocol(data, options.extractor);
  // A getter that draws stacks anew: read once.
  const pixels = data.pixels!;
  const { train, heldOut } = pixels;
  const label = `${data.label} with the ${name} extractor`;
  const scores = idsToImageScores(
    options.metrics,
    usual,
    { family: extractorToFamily(name).key, stacked, samples },
    label,
  );
  const real = drawImages(heldOut ?? train, MOST_REFERENCE);
  refuseScores(scores, {
    ...{ label, stacked, samples },
    trained: Math.min(MOST_REFERENCE, imageCount(train)),
    heldOut: heldOut && imageCount(real),
  });
  const requests = scoresToRequests(scores);
  const batchSize = countsToBatchSize([samples], options.batchSize ?? nameToBatchSize(name));
  const { extractor, close } = await openExtractor(
    {
      extractor: name,
      // Named networks have their own usual ways.
      ...(name === "inception" && { resize: "tf1" }),
      batchSize,
      engine: options.engine,
      device: options.device,
      ...(threads !== undefined && { threads }),
      ...(selfCheck !== undefined && { selfCheck }),
      ...(weights !== undefined && { weights }),
      ...(cacheDir !== undefined && { cacheDir }),
      ...(offline !== undefined && { offline }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    },
    requestsToEnds(requests),
  );
  try {
    refuseMissingEnds(scores, extractor);
    const measure = openMeasuring(extractor, requests, batchSize, options);
    const opened = await openReferences(pixels, real, scores, measure, options);
    const { references } = opened;
    const toScores = openImageScores(scores, options);
    const needs = scoresToNeeds(scores, "fake");
    const threading = threads === undefined ? {} : { threads };
    const toSide = (measured: Measured, n: number) => measuredToSide(measured, n, needs, threading);
    const seenImages = heldOut && options.floor !== false ? drawImages(train, samples) : undefined;
    const seen = seenImages && {
      measured: await measure(seenImages, "floor"),
      count: imageCount(seenImages),
    };
    const floor = seen && (await referencesToFloor(scores, seen, opened, toScores, options));
    if (!seen) await tryOnImages(scores, train, references, toScores, samples);
    let toSignals: ReturnType<typeof openSignals> | undefined;
    const samplesToImages = (of: Float32Array, n: number): ImageArrays => {
      requireSamples(of, n, data.shape);
      return { pixels: samplesToPixels(of), shape: train.shape };
    };
    return {
      metrics: [...new Set(scores.flatMap(scoreToNames))],
      first: {
        name: scoreToNames(scores[0])[0],
        lowerIsBetter: scoreToDirection(scores[0]) === "lower",
      },
      ...(floor && { floor }),
      score: async (of, n) =>
        (await toScores(toSide(await measure(samplesToImages(of, n), "score"), n), references)).scores,
      async examine(of, n) {
        const images = samplesToImages(of, n);
        const measured = await measure(images, "score");
        toSignals ??= openSignals(opened.measured, real, seen?.measured, options);
        const signals = measured.features && (await (await toSignals)?.(measured.features, images));
        const ci = options.ci ?? false;
        return { ...(await toScores(toSide(measured, n), references, { ci })), signals: signals ?? {} };
      },
      dispose: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
