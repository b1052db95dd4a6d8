/** What an evaluation can be asked for. */

import type { DeviceName, EngineName } from "../engine/engine.ts";
import type { CustomExtractorOptions } from "../extractors/custom/custom-options.ts";
import type { FeatureExtractor, FeatureLayer } from "../extractors/extractor.ts";
import type { ImageChoices } from "../extractors/image-choices.ts";
import type { ResizeMode } from "../images/resize/resize.ts";
import type { Metric, Parameters, Sides } from "../metrics/metric.ts";
import type { MetricId } from "../metrics/table.ts";
import type { NetworkName } from "../networks/table.ts";
import type { Progress } from "../progress.ts";
import type { Images } from "./images.ts";

export type ExtractorName = "inception" | "digits" | NetworkName;

/** What decides the features of images, and with what they are computed. */
export interface FeatureOptions extends CustomExtractorOptions, ImageChoices {
  /**
   * What describes an image (default inception): a name (`inception`, `digits`, `pixels`, ...), an .onnx file or
   * tensorflow.js folder, or an object (see `defineExtractor`), which is not disposed of here.
   */
  readonly extractor?: string | FeatureExtractor;
  /** The end whose features Frechet distances use (default: the extractor's own). */
  readonly featureEnd?: FeatureLayer;
  /** How images come to the network's size (default: tf1 of Inception, clean of others). */
  readonly resize?: ResizeMode;
  /** Images in a run of the network, or fewer (default 16, on a GPU by its free memory up to 256); no result depends on it. */
  readonly batchSize?: number;
  /** Images that cannot be read: an error, or left out and counted (default fail). */
  readonly onError?: "fail" | "skip";
  /** MNIST's and CIFAR's parts (default: the only one, else train). */
  readonly split?: "train" | "test" | "all";
  /** Of tar shards: extension of the member that is a sample's image; `jpg;png` tries both (default: the only one). */
  readonly imageKey?: string;
  /** Which counts of a file that holds both, as ADM's reference batches do (default statistics). */
  readonly prefer?: "statistics" | "images";
  /** Images that a generator in an .onnx file makes (default 10,000). */
  readonly samples?: number;
  /** What such a generator is fed (default: what the file states, else normal). */
  readonly latents?: "normal" | "uniform";
  /** The range of what it returns, unless that is uint8 (default -1..1). */
  readonly pixelRange?: "-1..1" | "0..1" | "0..255";
  /** At most so many images a side (default: all). */
  readonly limit?: number;
  /** What computes (default auto): auto is onnx. */
  readonly engine?: EngineName | "auto";
  /** Where it computes (default auto): auto is cpu; a device that is named and absent is an error. */
  readonly device?: DeviceName | "auto";
  /** Threads of the engine (default: one a core). */
  readonly threads?: number;
  /** Whether NVIDIA GPUs may multiply in TF32, which keeps 10 bits of a factor (default false). */
  readonly tf32?: boolean;
  /** Whether the first run of a network on another device is held against the CPU (default true). */
  readonly selfCheck?: boolean;
  /** A weights folder or file to use instead of what is installed (default: the installed or downloaded ones). */
  readonly weights?: string;
  /** Folder of installed networks and cached features (default: $XDG_CACHE_HOME/gan-eval or ~/.cache/gan-eval). */
  readonly cacheDir?: string;
  /** Whether weights that are not installed are an error, not downloaded (default: GAN_EVAL_OFFLINE). */
  readonly offline?: boolean;
  /** Whether features are taken from and kept in the feature cache (default true); never those of generators and objects. */
  readonly cache?: boolean;
  /** GiB of cached features to keep: what was used least recently goes first, but nothing that this evaluation uses (default 50). */
  readonly cacheLimit?: number;
  /** Called as the work goes on (default: nobody is). */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the work with an AbortError (default: it runs to its end). */
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970 (default: Date.now); another makes the same result twice. */
  readonly clock?: () => number;
  /** Milliseconds for durations (default: a clock that is never set). */
  readonly steadyClock?: () => number;
  /** How the program was called, for the record (default: nothing). */
  readonly command?: readonly string[];
}

/** What metrics say of each fake image. */
export interface PerImage {
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
  /** The extractor, where it was taken from the library because none was named. */
  readonly extractor?: string;
}

export interface EvaluateOptions extends FeatureOptions {
  /** Ids, and metrics of one's own (see `defineMetric`) (default fid,is). */
  readonly metrics?: readonly (MetricId | Metric)[];
  /** The real side; metrics that compare need it (default: none). */
  readonly real?: Images;
  /** The generated side. */
  readonly fake: Images;
  /** Real images that the generator was not trained on: for memorisation, and for floors (default: none). */
  readonly heldOut?: Images;
  /** A Frechet distance for each class, and their mean (default false). */
  readonly byClass?: boolean;
  /** A file with the classes of the real images (default: what they say themselves). */
  readonly realLabels?: string;
  /** A file with the classes of the fake images (default: what they say themselves, or what the extractor sees). */
  readonly fakeLabels?: string;
  /** An interval of 95 % beside every value (default false). */
  readonly ci?: boolean;
  /** Beside every distance its value for real against real (default false). */
  readonly floor?: boolean;
  /** The library whose conventions the options are (see `withCompat`), for the record (default: none). */
  readonly compat?: CompatRecord;
  /** Takes what metrics say of single fake images, where they do (default: nobody does). */
  readonly onPerImage?: (table: PerImage) => void;
  /** Takes what was read of the sides, as metrics see it; for diagnosis (default: nobody does). */
  readonly onSides?: (sides: Sides) => void;
  /** Keeps decoded images for `onSides` (of each side at most 8,192, and 1 GiB), where sides are images (default false). */
  readonly keepImages?: boolean;
  /** Of single metrics, by id (default: the metric's own). */
  readonly parameters?: Readonly<Record<string, Parameters | undefined>>;
  /** The end whose logits the Inception Score uses (default: the extractor's own). */
  readonly logitsEnd?: FeatureLayer;
  /** Parts of the Inception Score; its spread is over them (default 10). */
  readonly splits?: number;
  /** Whether rows are shuffled before the Inception Score's parts are cut (default true). */
  readonly shuffle?: boolean;
  /** Of all that is drawn at random (default 2020). */
  readonly seed?: number;
  /** The covariance divides by n - ddof (default 1). */
  readonly ddof?: 0 | 1;
  /** Whether each generated image belongs to the real one of its name: for l1, psnr, ssim, lpips (default false). */
  readonly paired?: boolean;
  /** Of psnr and ssim: red, green and blue, or BT.601 luma (default rgb). */
  readonly pairedChannel?: "rgb" | "y";
  /** Of psnr and ssim: pixels left out on every side (default 0). */
  readonly pairedBorder?: number;
  /** LPIPS's network: torchvision's weights of AlexNet or VGG16 as .pth, .safetensors or .onnx (default: none). */
  readonly lpipsBackbone?: string;
  /** LPIPS's weights of that network's layers, alex.pth or vgg.pth of the lpips package (default: none). */
  readonly lpipsWeights?: string;
}
