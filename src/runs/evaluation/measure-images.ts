/** Images in memory to what scores need of them: ends of a network, and the images themselves. */
import { GanEvalError } from "../../errors.ts";
import type { FeatureExtractor, FeatureLayer } from "../../extractors/extractor.ts";
import type { Image } from "../../images/source.ts";
import type { Role } from "../../math/role.ts";
import { imageCount } from "../../train/data/opened-data.ts";
import type { ImageArrays } from "../../train/training-data.ts";
import { imagesToEnds, VIEWS } from "./image-ends.ts";
import type { ImageScore } from "./image-score.ts";
import type { ScorerOptions } from "./score-generator.ts";
import type { Measured } from "./score-sides.ts";

/** As in an evaluation of files: metrics on pixels see at most so many images a side, and so many bytes. */
const MOST_IMAGES = 8192;
const MOST_IMAGE_BYTES = 2 ** 30;

/** What scores need of a network, by its ends. */
type Requested = Exclude<keyof Measured, "images">;

/** Of all sides together: the same network pass serves each. */
export function scoresToRequests(scores: readonly ImageScore[]): ReadonlySet<keyof Measured> {
  const requests = new Set<keyof Measured>();
  for (const { row, view } of scores)
    for (const role of Object.keys(row.needs) as Role[])
      for (const requirement of row.needs[role]!) {
        if (requirement === "statistics") requests.add("features");
        else if (requirement === "logits") requests.add(view === "channels" ? "channels" : "logits");
        // Scores of images that belong together were refused.
        else if (requirement !== "pairs" && requirement !== "groups") requests.add(requirement);
      }
  return requests;
}

/** The ends that have to be named for an extractor to be opened with them; undefined for the usual ones. */
export const requestsToEnds = (requests: ReadonlySet<keyof Measured>): readonly FeatureLayer[] | undefined =>
  requests.has("spatial") ? ["2048", "logits_unbiased", "spatial"] : undefined;

/** As the network gets them; the bytes of grey ones three times. */
export function toImages(images: ImageArrays): Image[] {
  const [height, width] = images.shape;
  const most = Math.min(MOST_IMAGES, Math.floor(MOST_IMAGE_BYTES / (3 * height * width)));
  return Array.from({ length: Math.min(most, imageCount(images)) }, (_, i) => VIEWS.whole.toImage(images, i));
}

/** Measures images; `stage` is what progress calls it. */
export type Measure = (images: ImageArrays, stage: string) => Promise<Measured>;

/** @throws GanEvalError `internal.feature-end` for an end that the extractor does not give */
export function openMeasuring(
  extractor: FeatureExtractor,
  requests: ReadonlySet<keyof Measured>,
  batchSize: number,
  { signal, onProgress }: Pick<ScorerOptions, "signal" | "onProgress">,
): Measure {
  const { featureEnd, logitsEnd } = extractor;
  const ends: Readonly<Record<Requested, FeatureLayer>> = {
    features: featureEnd,
    logits: logitsEnd,
    channels: logitsEnd,
    spatial: "spatial",
  };
  const ofWhole = (["features", "logits", "spatial"] as const).filter((request) => requests.has(request));
  return async (images, stage) => {
    const read = (view: keyof typeof VIEWS, wanted: readonly Requested[]) =>
      imagesToEnds(images, extractor, {
        ...{ view, ends: wanted.map((request) => ends[request]), batchSize, stage },
        ...(signal && { signal }),
        ...(onProgress && { onProgress }),
      });
    const whole = ofWhole.length > 0 ? await read("whole", ofWhole) : {};
    const channels = requests.has("channels") ? await read("channels", ["channels"]) : {};
    const found = ofWhole.map((request) => [request, whole[ends[request]]] as const);
    const missing = found.find(([, matrix]) => matrix === undefined);
    if (missing)
      throw new GanEvalError("internal.feature-end", `expected ${missing[0]} of ${extractor.id}, got none`);
    return {
      ...Object.fromEntries(found),
      ...(channels[logitsEnd] && { channels: channels[logitsEnd] }),
      ...(requests.has("images") && { images: toImages(images) }),
    };
  };
}
