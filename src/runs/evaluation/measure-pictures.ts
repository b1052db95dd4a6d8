/** Pictures in memory to what scores need of them: ends of a network, and the pictures themselves. */
import { GanEvalError } from "../../errors.ts";
import type { FeatureExtractor, FeatureLayer } from "../../extractors/extractor.ts";
import type { Picture } from "../../images/source.ts";
import type { Role } from "../../math/role.ts";
import { pictureCount } from "../../train/data/opened-data.ts";
import type { PictureArrays } from "../../train/training-data.ts";
import { picturesToEnds, VIEWS } from "./picture-ends.ts";
import type { PictureScore } from "./picture-score.ts";
import type { ScorerOptions } from "./score-generator.ts";
import type { Measured } from "./score-sides.ts";

/** As in an evaluation of files: metrics on pixels see at most so many pictures a side, and so many bytes. */
const MOST_PICTURES = 8192;
const MOST_PICTURE_BYTES = 2 ** 30;

/** What scores need of a network, by its ends. */
type Wish = Exclude<keyof Measured, "pictures">;

/** Of all sides together: the same network pass serves each. */
export function scoresToWishes(scores: readonly PictureScore[]): ReadonlySet<keyof Measured> {
  const requests = new Set<keyof Measured>();
  for (const { row, view } of scores)
    for (const role of Object.keys(row.needs) as Role[])
      for (const requirement of row.needs[role]!) {
        if (requirement === "statistics") requests.add("features");
        else if (requirement === "logits") requests.add(view === "channels" ? "channels" : "logits");
        else requests.add(requirement);
      }
  return requests;
}

/** The ends that have to be named for an extractor to be opened with them; undefined for the usual ones. */
export const wishesToEnds = (requests: ReadonlySet<keyof Measured>): readonly FeatureLayer[] | undefined =>
  requests.has("spatial") ? ["2048", "logits_unbiased", "spatial"] : undefined;

/** As the network gets them; the bytes of grey ones three times. */
export function toPictures(pictures: PictureArrays): Picture[] {
  const [height, width] = pictures.shape;
  const most = Math.min(MOST_PICTURES, Math.floor(MOST_PICTURE_BYTES / (3 * height * width)));
  return Array.from({ length: Math.min(most, pictureCount(pictures)) }, (_, i) =>
    VIEWS.whole.toPicture(pictures, i),
  );
}

/** Measures pictures; `stage` is what progress calls it. */
export type Measure = (pictures: PictureArrays, stage: string) => Promise<Measured>;

/** @throws GanEvalError `internal.feature-end` for an end that the extractor does not give */
export function openMeasuring(
  extractor: FeatureExtractor,
  requests: ReadonlySet<keyof Measured>,
  batchSize: number,
  { signal, onProgress }: Pick<ScorerOptions, "signal" | "onProgress">,
): Measure {
  const { featureEnd, logitsEnd } = extractor;
  const ends: Readonly<Record<Wish, FeatureLayer>> = {
    features: featureEnd,
    logits: logitsEnd,
    channels: logitsEnd,
    spatial: "spatial",
  };
  const ofWhole = (["features", "logits", "spatial"] as const).filter((request) => requests.has(request));
  return async (pictures, stage) => {
    const read = (view: keyof typeof VIEWS, wanted: readonly Wish[]) =>
      picturesToEnds(pictures, extractor, {
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
      ...(requests.has("pictures") && { pictures: toPictures(pictures) }),
    };
  };
}
