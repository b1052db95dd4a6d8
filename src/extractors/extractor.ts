/** What a feature extractor is. */
import type { Warning } from "../errors.ts";
import type { Image } from "../images/source.ts";

/** The name of something that an extractor can give for each image: `2048`, `features`, `logits`. */
export type FeatureLayer = string;

/** Row-major `[n, width]` float32. */
export interface FeatureMatrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly width: number;
}

/**
 * A network that turns images into features. The result of an image does not depend on the batch it is in.
 */
export interface FeatureExtractor {
  /** `inception-v3-2015-12-05`, `digits`: part of every result, so that unlike things are never compared. */
  readonly id: string;
  /** sha256 (hex) of the weights. */
  readonly hash: string;
  /** The width of each end. */
  readonly ends: Readonly<Partial<Record<FeatureLayer, number>>>;
  /** The end that Frechet distances use unless told otherwise. */
  readonly featureEnd: FeatureLayer;
  /** The end that the Inception Score uses unless told otherwise; not among `ends` where a network has none. */
  readonly logitsEnd: FeatureLayer;
  /** How images come to the network's size: a mode of `--resize`, or the extractor's own way. */
  readonly resize: string;
  /** Whether grey images are what it is for; others are told that the channel was copied. */
  readonly takesGrey: boolean;
  /** What computed the features: engine, device, threads. */
  readonly computedBy: { readonly engine: string; readonly device: string; readonly threads: number };
  extract(batch: readonly Image[]): Promise<Partial<Record<FeatureLayer, FeatureMatrix>>>;
  /** What was met so far that a reader of the figures should know, counted. */
  warnings?(): Warning[];
  dispose(): Promise<void>;
}
