import type { DeviceName, EngineName } from "../engine/engine.ts";
import type { ResizeMode } from "../images/resize.ts";
import type { FeatureEnd } from "../inception/extractor.ts";
import type { MetricId } from "../metrics/table.ts";

export type ExtractorName = "inception" | "digits";

/** How far a long piece of work has come. */
export interface Progress {
  /** What is being worked on: `real`, `fake`, `distance`. */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** What is counted: `pictures`. */
  readonly unit: string;
  /** What else is worth a glance: losses. */
  readonly facts?: readonly string[];
}

/** What decides the features of pictures, and with what they are computed. */
export interface FeatureOptions {
  readonly extractor: ExtractorName;
  /** The end whose features Frechet distances use; the extractor's own if left out. */
  readonly featureEnd?: FeatureEnd;
  readonly resize: ResizeMode;
  readonly batchSize: number;
  readonly onError: "fail" | "skip";
  /** MNIST's and CIFAR's parts. */
  readonly split?: "train" | "test" | "all";
  /** At most so many pictures a side. */
  readonly limit?: number;
  readonly engine: EngineName | "auto";
  readonly device: DeviceName | "auto";
  readonly threads?: number;
  /** A weights folder or file to use instead of what is installed. */
  readonly weights?: string;
  readonly cacheDir?: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds; passed in so that results can be made the same twice. */
  readonly clock: () => number;
  /** How the program was called, for the record. */
  readonly command?: readonly string[];
}

export interface EvaluateOptions extends FeatureOptions {
  readonly metrics: readonly MetricId[];
  readonly real?: string;
  readonly fake: string;
  /** The end whose logits the Inception Score uses; the extractor's own if left out. */
  readonly logitsEnd?: FeatureEnd;
  readonly splits: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly ddof: 0 | 1;
}
