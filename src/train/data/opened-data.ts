/** Data to train on, opened: what every kind of it offers. */
import type { Warning } from "../../errors.ts";
import type { Split } from "../../images/sources/idx.ts";
import type { Mixture } from "../../math/clusters/mode-coverage.ts";
import type { Progress } from "../../progress.ts";
import type { ImageArrays, TrainingData } from "../training-data.ts";
import type { GeneratedData } from "./generator-source.ts";

/** Height and width in pixels; one number for both. */
export type ImageSize = number | readonly [height: number, width: number];

/** How images are brought into memory. Toy data take none of it. */
export interface OpenDataOptions {
  /** Images of other sizes are resized to cover it, and their middle is used; the data's own size if left out. */
  readonly size?: ImageSize;
  /** 1 where all images are grey and 3 elsewhere, if left out. */
  readonly channels?: 1 | 3;
  /** At most so many images: the first; of class folders as many of each. */
  readonly limit?: number;
  /** MNIST's and CIFAR's parts; the training part if left out. */
  readonly split?: Split;
  readonly labels: "read" | "ignore";
  /** Images that a program makes, in the place of a location's. */
  readonly generator?: GeneratedData;
  /**
   * Images set apart: a share below 1, or a count; 0 for none. Of the test part where there is one and the training
   * part is asked for. If left out: at most 10,000 of the test part, or else of a tenth of 200 images or more.
   */
  readonly heldOut?: number;
  readonly onError: "fail" | "skip";
  /** Of tar shards: extension of the member that is a sample's image. */
  readonly imageKey?: string;
  /** Folder in which indexes of shards are kept; they are made each time if left out. */
  readonly cacheFolder?: string;
  /** Of `points:FILE`: deviation of the normal noise around each point; by their distances if left out. */
  readonly pointDeviation?: number;
  /** Bytes that images may take. Default 8 GiB, of one array no more than Node allows. */
  readonly memory?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Samples that are not trained on. */
export interface HeldOut {
  /** Row-major `[n, ...shape]`, images in [-1, 1]. */
  readonly samples: Float32Array;
  /** One class a sample, where the data have classes. */
  readonly labels?: Int32Array;
}

export interface OpenedData {
  readonly kind: "toy" | "images";
  /** For people: "digits (procedural, embedded)", "folder ./cats". */
  readonly label: string;
  /** As given. */
  readonly location: string;
  /** Of one example: `[d]`, or `[height, width, channels]`. */
  readonly shape: readonly number[];
  readonly classes?: number;
  /** By class, where the classes have names. */
  readonly classNames?: readonly string[];
  /** Which folders were taken for classes: for models that are told them. */
  readonly classWarnings?: readonly Warning[];
  /** Why there are no classes, where data look as if they had some; follows "none, since". */
  readonly unlabelled?: string;
  /** Examples trained on; undefined for data without an end. */
  readonly count?: number;
  /** Examples set apart; undefined for data without an end. */
  readonly heldOutCount?: number;
  /** sha256, hex: of the images' names and contents (those set apart included, a test part not), or of a toy's definition. */
  readonly hash: string;
  /** Of toy data of known modes. */
  readonly mixture?: Mixture;
  /** Of data of known density: equal normals whose mean it is; as they are where their deviation is 0. */
  readonly kernels?: () => Mixture;
  training(seed: number): TrainingData;
  /**
   * At most n samples that are not trained on, the same at every call. Of data without an end n fresh ones; of
   * images as many as there are, none where none were held out.
   */
  heldOut(n: number): HeldOut;
  /** Images as bytes, for evaluation: those trained on and those set apart; some of them for data without an end. */
  readonly pixels?: { readonly train: ImageArrays; readonly heldOut?: ImageArrays };
  readonly warnings: readonly Warning[];
}

/** What is held out, and fresh samples of data without an end, is the same for every run's seed. */
export const HELD_OUT_SEED = 0;

/** How many images there are. */
export const imageCount = ({ pixels, shape: [height, width, channels] }: ImageArrays): number =>
  pixels.length / (height * width * channels);
