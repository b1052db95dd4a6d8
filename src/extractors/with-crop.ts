/** An extractor that sees the cropped part of each image. */
import { createHash } from "node:crypto";
import { type Crop, imageToCrop } from "../images/resize/crop.ts";
import type { FeatureExtractor } from "./extractor.ts";

const CROPPED = "centre crop, ";

/** Whether an extractor's `resize` begins with a crop; of features made elsewhere nothing may be known. */
export const resizeToCrop = (resize: string): Crop | "unknown" =>
  resize.startsWith(CROPPED) ? "centre" : resize === "unknown" ? "unknown" : "none";

/** How results, statistics files and the cache call it: `centre crop, clean to 32x32`. */
export const cropToResize = (crop: Crop | undefined, resize: string): string =>
  crop === "centre" && resizeToCrop(resize) === "none" ? `${CROPPED}${resize}` : resize;

/**
 * The same extractor on cropped images. Its hash and its `resize` say so, and with them the address of cached features;
 * without a crop it is the extractor itself, whose hash is what it always was.
 */
export function withCrop(extractor: FeatureExtractor, crop: Crop | undefined): FeatureExtractor {
  if (crop === undefined || crop === "none") return extractor;
  const { id, hash, ends, featureEnd, logitsEnd, resize, takesGrey, computedBy } = extractor;
  return {
    ...{ id, ends, featureEnd, logitsEnd, takesGrey, computedBy },
    hash: createHash("sha256")
      .update(JSON.stringify([hash, crop]))
      .digest("hex"),
    resize: cropToResize(crop, resize),
    extract: (batch) => extractor.extract(batch.map((image) => imageToCrop(image, crop))),
    ...(extractor.warnings && { warnings: () => extractor.warnings!() }),
    dispose: () => extractor.dispose(),
  };
}
