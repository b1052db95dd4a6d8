import type { Undecoded } from "./decode.ts";
import type { ImageSourceKind } from "./source.ts";

/** Pictures by position: what a folder, an archive or a file of records has to offer to be read in batches. */
export interface PictureSet {
  readonly kind: ImageSourceKind;
  readonly location: string;
  readonly count: number;
  readonly labels?: Int32Array;
  /** Names of the classes by number, where they are not the numbers. */
  readonly classNames?: readonly string[];
  /** A name that does not depend on where the set lies. */
  name(position: number): string;
  /** The bytes that are the picture: a file's content, or a record's. */
  read(position: number): Promise<Uint8Array>;
  /** How bytes that do not say so themselves are pixels (`28x28x1`): it belongs to the content. */
  layout?(position: number): string;
  /** What decoding them takes. */
  inspect(bytes: Uint8Array, position: number): Undecoded;
  close(): Promise<void>;
}

/** The first `limit` pictures of a set. */
export function firstOf(set: PictureSet, limit: number | undefined): PictureSet {
  if (limit === undefined || limit >= set.count) return set;
  const { kind, location } = set;
  return {
    kind,
    location,
    count: limit,
    ...(set.labels && { labels: set.labels.subarray(0, limit) }),
    ...(set.classNames && { classNames: set.classNames }),
    name: (position) => set.name(position),
    read: (position) => set.read(position),
    ...(set.layout && { layout: (position: number) => set.layout!(position) }),
    inspect: (bytes, position) => set.inspect(bytes, position),
    close: () => set.close(),
  };
}
