/** What an evaluation can be asked for. */
import type { DeviceName, EngineName } from "../engine/engine.ts";
import type { CustomExtractorOptions } from "../extractors/custom-options.ts";
import type { ResizeMode } from "../images/resize.ts";
import type { FeatureEnd } from "../inception/extractor.ts";
import type { Parameters, Sides } from "../metrics/metric.ts";
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
  /** A line for the user, once, before the work that it announces: a download that nobody asked for by name. */
  readonly notice?: string;
}

/** What decides the features of pictures, and with what they are computed. */
export interface FeatureOptions extends CustomExtractorOptions {
  /** A name (`inception`, `digits`, `pixels`, ...), or an .onnx file or tensorflow.js folder. */
  readonly extractor: string;
  /** The end whose features Frechet distances use; the extractor's own if left out. */
  readonly featureEnd?: FeatureEnd;
  /** How pictures come to the network's size; the extractor's own way if left out (tf1 of Inception, clean of others). */
  readonly resize?: ResizeMode;
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
  /** Whether Inception weights that are not installed are an error, not downloaded (default: GAN_EVAL_OFFLINE). */
  readonly offline?: boolean;
  /** Whether features are taken from and kept in the feature cache (default no; the command line's default is yes). */
  readonly cache?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970; passed in so that results can be made the same twice. */
  readonly clock: () => number;
  /** Milliseconds for durations (default: a clock that is never set). */
  readonly steadyClock?: () => number;
  /** How the program was called, for the record. */
  readonly command?: readonly string[];
}

/** What metrics say of each fake picture. */
export interface PerPicture {
  readonly extractor: string;
  readonly names: readonly string[];
  readonly columns: Readonly<Record<string, Float64Array>>;
}

/** A library's conventions, and the options that were given against them. */
export interface CompatRecord {
  readonly name: string;
  readonly library: string;
  readonly changed: readonly string[];
  readonly differs: string;
}

export interface EvaluateOptions extends FeatureOptions {
  readonly metrics: readonly MetricId[];
  readonly real?: string;
  readonly fake: string;
  /** Real pictures that the generator was not trained on: for memorisation, and for floors. */
  readonly heldOut?: string;
  /** A Frechet distance for each class, and their mean. */
  readonly byClass?: boolean;
  /** Files with the classes of a side, where it does not say itself. */
  readonly realLabels?: string;
  readonly fakeLabels?: string;
  /** An interval of 95 % beside every value. */
  readonly ci?: boolean;
  /** Beside every distance its value for real against real. */
  readonly floor?: boolean;
  /** The library whose conventions the options are (see `withCompat`), for the record. */
  readonly compat?: CompatRecord;
  /** Takes what metrics say of single fake pictures, where they do. */
  readonly onPerPicture?: (table: PerPicture) => void;
  /** Takes what was read of the sides, as metrics see it; for diagnosis. */
  readonly onSides?: (sides: Sides) => void;
  /** Keeps decoded pictures for `onSides` (of each side at most 8,192, and 1 GiB), where sides are pictures. */
  readonly keepPictures?: boolean;
  /** Of single metrics, by id; the rest are the metric's defaults. */
  readonly parameters?: Readonly<Partial<Record<MetricId, Parameters>>>;
  /** The end whose logits the Inception Score uses; the extractor's own if left out. */
  readonly logitsEnd?: FeatureEnd;
  readonly splits: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly ddof: 0 | 1;
}
