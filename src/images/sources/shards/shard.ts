/** A shard wherever it lies: what tells it from others, its bytes from the beginning, and its bytes at any place. */
import type { TarBytes } from "../../../formats/tar-bytes.ts";
import type { ShardBytes } from "./shard-bytes.ts";

/** What a shard is known by without being read. */
export interface ShardIdentity {
  /** Bytes as it lies there, where that is known. */
  readonly size?: number;
  /** What changes when the shard does: its time of change, or what a server calls its version. */
  readonly mark?: string;
}

/** The archive from its beginning, unpacked. */
export interface Walk {
  readonly bytes: TarBytes;
  /** Whether all bytes are read, so that a sum of them costs nothing more. */
  readonly readsAll: boolean;
  close(): Promise<void>;
}

export interface Shard {
  /** For people: without what is secret. */
  readonly location: string;
  /** What names the shard in the cache: equal, the same place. */
  readonly place: string;
  /** The path by which its pictures are named; the parts that all shards share are left out. */
  readonly path: string;
  /** Whether sums of its pictures hold as long as its mark: a file's time of change is no proof of its bytes. */
  readonly keepsDigests: boolean;
  /**
   * @throws GanEvalError `input.not-found`, `input.cannot-read`, `unavailable.shard`
   */
  identify(): Promise<ShardIdentity>;
  walk(): Promise<Walk>;
  /** Random access, after `identify`. @throws GanEvalError `input.shard-changed` where it is another than then */
  open(): Promise<ShardBytes>;
}
