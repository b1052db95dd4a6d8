/** The digits network on each channel of an image: stacked MNIST, whose 1,000 classes are three digits each. */
import type { Engine } from "../../engine/engine.ts";
import { greyToRgb } from "../../images/decode/grey-to-rgb.ts";
import type { Image } from "../../images/source.ts";
import type { FeatureExtractor, FeatureMatrix } from "../extractor.ts";
import { type DigitsExtractorOptions, openDigitsExtractor } from "./digits-extractor.ts";

const CHANNELS = 3;

/** Red, green and blue as grey images. */
const imageToChannels = ({ pixels, width, height, name }: Image): Image[] =>
  Array.from({ length: CHANNELS }, (_, channel) => {
    const rgb = new Uint8Array(pixels.length);
    greyToRgb(pixels, channel, CHANNELS, rgb);
    return { pixels: rgb, width, height, name: `${name}, channel ${channel}` };
  });

/** An image's channels lie one after the other: three rows are one. */
const joinChannels = ({ data, rows, width }: FeatureMatrix): FeatureMatrix => ({
  data,
  rows: rows / CHANNELS,
  width: width * CHANNELS,
});

/**
 * Ends `features` [n, 192] and `logits` [n, 30]: those of the digits extractor for red, green and blue, side by side.
 * Its batch size counts channels here.
 * @throws GanEvalError as `openDigitsExtractor`
 */
export async function openStackedDigitsExtractor(
  engine: Engine,
  options: DigitsExtractorOptions = {},
): Promise<FeatureExtractor> {
  const digits = await openDigitsExtractor(engine, { ...options, counted: "channel" });
  return {
    hash: digits.hash,
    featureEnd: digits.featureEnd,
    logitsEnd: digits.logitsEnd,
    resize: digits.resize,
    computedBy: digits.computedBy,
    id: "stacked-digits",
    ends: Object.fromEntries(Object.entries(digits.ends).map(([end, width]) => [end, CHANNELS * width!])),
    takesGrey: false,
    async extract(batch) {
      const ends = await digits.extract(batch.flatMap(imageToChannels));
      return Object.fromEntries(Object.entries(ends).map(([end, rows]) => [end, joinChannels(rows!)]));
    },
    warnings: () => digits.warnings?.() ?? [],
    dispose: () => digits.dispose(),
  };
}
