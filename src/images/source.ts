/** A set of images, whatever holds them: what it knows before reading, and how it is read. */
import type { Warning } from "../errors.ts";

/** One decoded image: 8-bit RGB, interleaved, row-major `[height, width, 3]`. */
export interface Image {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** The file's path inside its source, or `#index` where images have no names. */
  readonly name: string;
  /** Its place in the source, from 0; images that could not be read leave a gap. */
  readonly position?: number;
}

export type ImageSourceKind = "folder" | "zip" | "tar" | "idx" | "cifar" | "npz" | "list" | "generator";

export interface BatchOptions {
  readonly batchSize: number;
  /** Positions to read, in this order; all in stable order if left out. */
  readonly order?: ArrayLike<number>;
  /** How many batches may be decoded ahead of the one being used (default 2). */
  readonly prefetch?: number;
}

/** What a set of images knows of their classes. */
export interface SourceClasses {
  /** Class of each image where the source knows it (IDX labels, CIFAR, class folders, dataset.json). */
  readonly labels?: Int32Array;
  /** Names of the classes by number, where they are not the numbers: class folders, CIFAR's names files. */
  readonly classNames?: readonly string[];
  /** Where the labels come from, if they do not stand beside the pixels. */
  readonly classesFrom?: "folders" | "dataset.json";
  /** Why there are no labels, where a source looks as if it had some; follows "none, since". */
  readonly unlabelled?: string;
}

/**
 * A set of images with a known count and a stable order. Images are decoded while the caller works on the
 * batch before. With `onError: "skip"` a batch lacks the images that could not be read.
 */
export interface ImageSource extends SourceClasses {
  /** Which part of MNIST's or CIFAR's files these are; undefined for sources without parts. */
  readonly part?: "train" | "test" | "all";
  readonly kind: ImageSourceKind;
  /** What the user wrote. */
  readonly location: string;
  /** Images listed, unreadable ones included. */
  readonly count: number;
  /** The name of the image at a position, as it will be in `Image.name`; generators know none before. */
  nameOf?(position: number): string;
  /**
   * Positions at which a leaf of the moments' tree begins (`math/features/leaves.ts`), ascending, where the source has
   * such places: the first image of each shard of a tar set. Position 0 may be left out. Between two of them, and from
   * the last one to the end, a leaf begins every 8,192 positions, so a larger shard is several leaves. Without them it
   * is every 8,192 positions from the first on.
   */
  readonly leafStarts?: Int32Array;
  /**
   * The images at positions `from` to `to - 1` as a source of their own, whose positions begin at 0 and whose content
   * hash is of these images only. Nothing before them is read or decoded. It reads through this source: closing it does
   * nothing, and it ends when this one is closed. Generators have none.
   */
  range?(from: number, to: number): ImageSource;
  /** sha256 (hex) of names and contents in order: equal hash, equal images. */
  contentHash(): Promise<string>;
  batches(options: BatchOptions): AsyncIterable<Image[]>;
  /** What was met while reading so far: skipped files, alpha, 16-bit, EXIF, lossy, grey, mixed sizes; each counted. */
  warnings(): Warning[];
  close(): Promise<void>;
}
