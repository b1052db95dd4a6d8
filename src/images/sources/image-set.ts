/** Images by position, which `set-source.ts` reads in batches. */
import type { Undecoded } from "../decode/decode.ts";
import type { ImageSourceKind, SourceClasses } from "../source.ts";

/** Images by position: what a folder, an archive or a file of records has to offer to be read in batches. */
export interface ImageSet extends SourceClasses {
  /** Which part of MNIST's or CIFAR's files these are. */
  readonly part?: "train" | "test" | "all";
  readonly kind: ImageSourceKind;
  readonly location: string;
  readonly count: number;
  /** As in `ImageSource`. */
  readonly leafStarts?: Int32Array;
  /** A name that does not depend on where the set lies. */
  name(position: number): string;
  /** The bytes that are the image: a file's content, or a record's. */
  read(position: number): Promise<Uint8Array>;
  /** The sha256 of these bytes, where it is known without reading them. */
  digest?(position: number): Uint8Array | undefined;
  /** How bytes that do not say so themselves are pixels (`28x28x1`): it belongs to the content. */
  layout?(position: number): string;
  /** What decoding them takes. */
  inspect(bytes: Uint8Array, position: number): Undecoded;
  close(): Promise<void>;
}

/** What a set says without being read. */
export function setToKnown(
  set: ImageSet,
): Pick<ImageSet, "kind" | "location" | "count" | "part" | "leafStarts" | keyof SourceClasses> {
  const { kind, location, count, part, leafStarts, labels, classNames, classesFrom, unlabelled } = set;
  return {
    kind,
    location,
    count,
    ...(part && { part }),
    ...(leafStarts && { leafStarts }),
    ...(labels && { labels }),
    ...(classNames && { classNames }),
    ...(classesFrom && { classesFrom }),
    ...(unlabelled !== undefined && { unlabelled }),
  };
}

/** The first `limit` images of a set. */
export function firstOf(set: ImageSet, limit: number | undefined): ImageSet {
  if (limit === undefined || limit >= set.count) return set;
  return { ...rangeOf(set, 0, limit), close: () => set.close() };
}

/** The images at positions `from` to `to - 1`, counted from 0; the set stays open when it is closed. */
export function rangeOf(set: ImageSet, from: number, to: number): ImageSet {
  const { labels, leafStarts } = set;
  return {
    ...setToKnown(set),
    count: to - from,
    ...(leafStarts && {
      leafStarts: leafStarts.filter((start) => start > from && start < to).map((start) => start - from),
    }),
    ...(labels && { labels: labels.subarray(from, to) }),
    name: (position) => set.name(from + position),
    read: (position) => set.read(from + position),
    ...(set.digest && { digest: (position: number) => set.digest!(from + position) }),
    ...(set.layout && { layout: (position: number) => set.layout!(from + position) }),
    inspect: (bytes, position) => set.inspect(bytes, from + position),
    close: async () => {},
  };
}
