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
  /** A name that does not depend on where the set lies. */
  name(position: number): string;
  /** The bytes that are the image: a file's content, or a record's. */
  read(position: number): Promise<Uint8Array>;
  /** How bytes that do not say so themselves are pixels (`28x28x1`): it belongs to the content. */
  layout?(position: number): string;
  /** What decoding them takes. */
  inspect(bytes: Uint8Array, position: number): Undecoded;
  close(): Promise<void>;
}

/** What a set says without being read. */
export function setToKnown(
  set: ImageSet,
): Pick<ImageSet, "kind" | "location" | "count" | "part" | keyof SourceClasses> {
  const { kind, location, count, part, labels, classNames, classesFrom, unlabelled } = set;
  return {
    kind,
    location,
    count,
    ...(part && { part }),
    ...(labels && { labels }),
    ...(classNames && { classNames }),
    ...(classesFrom && { classesFrom }),
    ...(unlabelled !== undefined && { unlabelled }),
  };
}

/** The first `limit` images of a set. */
export function firstOf(set: ImageSet, limit: number | undefined): ImageSet {
  if (limit === undefined || limit >= set.count) return set;
  return {
    ...setToKnown(set),
    count: limit,
    ...(set.labels && { labels: set.labels.subarray(0, limit) }),
    name: (position) => set.name(position),
    read: (position) => set.read(position),
    ...(set.layout && { layout: (position: number) => set.layout!(position) }),
    inspect: (bytes, position) => set.inspect(bytes, position),
    close: () => set.close(),
  };
}
