/** What a model of one or more domains is trained on: what is asked for, and what comes of it. */
import type { Warning } from "../../../errors.ts";
import type { Shape } from "../../networks/shapes.ts";
import type { DataPosition } from "../../training-data.ts";
import type { DomainsWanted } from "../domains-wanted.ts";
import type { ImageSize, OpenDataOptions } from "../opened-data.ts";

/** Data in memory are there at once; those read from disk come later. Whoever trains awaits either. */
export type Awaitable<T> = T | Promise<T>;

/** Samples by field, row-major `[n, ...shape]`. */
export type Fields = Readonly<Record<string, Float32Array>>;

/** How the images of two domains belong together. */
export const PAIR_LAYOUTS = ["side-by-side", "folders", "unpaired"] as const;
export type PairLayout = (typeof PAIR_LAYOUTS)[number];

export const DIRECTIONS = ["a-to-b", "b-to-a"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface DomainRequest
  extends Pick<
    OpenDataOptions,
    "channels" | "limit" | "split" | "imageKey" | "cacheFolder" | "heldOut" | "signal" | "onProgress"
  > {
  readonly wants: DomainsWanted;
  /** Folder, archive, array file, `digits`, or a drawn domain by its name (`drawn-outline`). */
  readonly data: string;
  /** The second domain, where it lies apart. */
  readonly dataB?: string;
  /** Found out from what lies in the folder, if left out. */
  readonly pairs?: PairLayout;
  /** The model makes `b` of `a`; `b-to-a` exchanges the two domains. Default `a-to-b`. */
  readonly direction?: Direction;
  /** Size of the samples; the images' own if left out. */
  readonly size?: ImageSize;
  /** Training images are brought to this size and cropped to `size` at random; `size` if left out. */
  readonly loadSize?: ImageSize;
  /** Training images are mirrored with probability 1/2. Default false. */
  readonly flip?: boolean;
  /** CelebA's list or a CSV file; looked for in the folder of the images too. */
  readonly attributes?: string;
  /** Attributes by name, in the order of the columns; all of the file if left out. */
  readonly selected?: readonly string[];
  /** Adds the field `low`: `a` with sides divided by this. */
  readonly scale?: number;
  /** `read` adds the field `labels`: the class of `a`, one-hot. Default `ignore`. */
  readonly labels?: "read" | "ignore";
  readonly onError?: "fail" | "skip";
  readonly seed: number;
  /** Bytes that images may take; what does not fit is read from disk as it is needed. Default 8 GiB. */
  readonly memory?: number;
}

/** Samples that are neither trained on nor augmented, in their own order, the same at every call. */
export interface HeldOutFields {
  /** Rows of all fields: of domains that are not paired, the images of the smaller one. */
  readonly count: number;
  /** Whether the fields of a row belong together. */
  readonly paired: boolean;
  /** Of each image field its images: more than `count` where domains differ. */
  readonly counts: Readonly<Record<string, number>>;
  /** Names of the images of each image field; none where they are drawn. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Rows `from` to `to - 1` of every field. */
  fields(from: number, to: number): Awaitable<Fields>;
  /** Rows of one image field alone, up to `counts[field]`. */
  images(field: string, from: number, to: number): Awaitable<Float32Array>;
}

/** What the inputs of kind "source" are read from: one batch gives every field. */
export interface SchemeData {
  /** Shape of one sample of each field: `a`, `b`, `low`, `attributes`, `labels`. */
  readonly fields: Readonly<Record<string, Shape>>;
  /** Samples of a pass, of the largest domain; undefined for data without an end. */
  readonly count: number | undefined;
  /** Names of the columns of `attributes`. */
  readonly attributes?: readonly string[];
  /** Names of the columns of `labels`. */
  readonly classNames?: readonly string[];
  /**
   * n samples of every field: images in [-1, 1], NHWC; attributes 0 or 1; labels one-hot. A promise where images are
   * read from disk; the next n are read meanwhile. `position` has moved on when the call returns.
   * @throws GanEvalError `usage.batch-size` where a batch is larger than a domain
   */
  next(n: number): Awaitable<Fields>;
  /** By order: `data` where the domains share one, else `a` and `b`; `augment` is that of the random crops. */
  readonly position: Readonly<Record<string, DataPosition>>;
  /** Goes on from a position that was read before, to the byte. */
  jump(position: Readonly<Record<string, DataPosition>>): void;
  readonly heldOut: HeldOutFields;
}

/** Data of domains, opened. */
export interface OpenedDomains {
  readonly data: SchemeData;
  /** For people: "side-by-side images of ./facades". */
  readonly label: string;
  readonly layout: "one-folder" | "side-by-side" | "paired-folders" | "unpaired" | "labelled" | "drawn";
  /** Images trained on, by domain; none for data without an end. */
  readonly counts: Readonly<Record<string, number>>;
  /** sha256, hex: of the images' names and contents and their attributes, or of the definition of drawn ones. */
  readonly hash: string;
  /** Images are read from disk while training, since they do not fit the memory. */
  readonly streams: boolean;
  readonly warnings: readonly Warning[];
  close(): Promise<void>;
}
