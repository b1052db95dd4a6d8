/** Images' own levels as features: no network, no weights. */
import { GanEvalError } from "../../errors.ts";
import { RESIZE_MODES, type ResizeMode } from "../../images/resize/resize.ts";
import type { Image } from "../../images/source.ts";
import type { FeatureExtractor } from "../extractor.ts";
import { ownFiguresWarning } from "../own-figures.ts";

export interface PixelsOptions {
  /** Default 32x32, which makes 3072 features. */
  readonly inputSize?: readonly [height: number, width: number];
  /** Default clean. */
  readonly resize?: ResizeMode;
}

/** sha256 of nothing: there are no weights. */
const NO_WEIGHTS = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** More would make covariances of gigabytes. */
const MOST_PIXELS = 64 * 64;

/**
 * Features `[n, 3 height width]`: levels 0..1, red, green, blue of each pixel, a row after the other.
 * @throws GanEvalError `usage.input-size` for more than 64 x 64 pixels
 */
export function openPixelsExtractor({
  inputSize: [height, width] = [32, 32],
  resize = "clean",
}: PixelsOptions = {}): FeatureExtractor {
  const size = `${height}x${width}`;
  const features = height * width * 3;
  if (height * width > MOST_PIXELS)
    throw new GanEvalError(
      "usage.input-size",
      `expected up to ${MOST_PIXELS} pixels for pixels, got ${size}`,
      {
        hint: "Leave --input-size out, or measure networks that need it in a separate run.",
      },
    );
  return {
    id: `pixels-${size}`,
    hash: NO_WEIGHTS,
    ends: { features },
    featureEnd: "features",
    logitsEnd: "logits",
    resize: `${resize} to ${size}`,
    takesGrey: true,
    computedBy: { engine: "none", device: "cpu", threads: 1 },
    async extract(batch: readonly Image[]) {
      const data = new Float32Array(batch.length * features);
      for (const [row, { pixels, ...from }] of batch.entries()) {
        const place = data.subarray(row * features, (row + 1) * features);
        if (from.width === width && from.height === height) place.set(pixels);
        else RESIZE_MODES[resize](pixels, from.width, from.height, width, height, place);
        for (let i = 0; i < features; i++) place[i] /= 255;
      }
      return { features: { data, rows: batch.length, width: features } };
    },
    warnings: () => [ownFiguresWarning(`the levels of ${size} pixels`)],
    dispose: async () => {},
  };
}
