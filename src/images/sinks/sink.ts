/** Where generated images are written: what every sink takes and promises. */
import type { OutputFile } from "../../files/atomic-file.ts";
import type { OutputFolder } from "../../files/output-folder.ts";

export type ImageSinkKind = "folder" | "zip" | "npz" | "idx";

export interface ImageSinkOptions {
  /** How many images will be written: headers say it before the first. */
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** 1 grey, 3 RGB. */
  readonly channels: number;
  /** Class of each image. Folders and zips get class folders, npz `arr_1`, IDX a second file. */
  readonly labels?: ArrayLike<number>;
  /** Replace what stands at the location (default: refuse). */
  readonly overwrite?: boolean;
}

/** Takes images in order. Nothing is seen at the location before `finish`. Await each call before the next. */
export interface ImageSink {
  readonly kind: ImageSinkKind;
  readonly location: string;
  /** The next `n` images, row-major `[n, height, width, channels]`; the array may be used again afterwards. */
  write(pixels: Uint8Array, n: number): Promise<void>;
  /** Puts the whole set in its place; all `count` images must have been written. */
  finish(): Promise<void>;
  /** Removes what was written; after `finish` it does nothing. */
  abort(): Promise<void>;
}

/** One kind of container being written under a temporary name. */
export interface Container {
  /** Writes what comes first. */
  begin(): Promise<void>;
  write(pixels: Uint8Array, n: number): Promise<void>;
  /** Writes what comes last; the files are then whole and closed. */
  close(): Promise<void>;
  /** Lets go of open files, whole or not. */
  discard(): Promise<void>;
}

/** What a kind of container will put where. */
export type ContainerPlan = {
  readonly target: string;
  /** A second file, written whole with the first (IDX labels). */
  readonly companion?: { readonly target: string; readonly bytes: Uint8Array };
  /** Files beside the target that a reader would take for part of it. */
  readonly beside?: readonly string[];
} & (
  | { readonly holds: "file"; open(output: OutputFile): Promise<Container> }
  | { readonly holds: "folder"; open(output: OutputFolder): Promise<Container> }
);

/** Decides, before anything is written, how these images lie at the location. */
export type ContainerPlanner = (location: string, options: ImageSinkOptions) => ContainerPlan;
