/** The feature cache: features of image sets, addressed by what decides them. */
import { stat, utimes } from "node:fs/promises";
import path from "node:path";
import { GanEvalError, type Warning } from "../../errors.ts";
import type { FolderLock } from "../../files/lock.ts";
import { packageVersion } from "../../package-root.ts";
import { steadyClock as ownSteadyClock } from "../../steady-clock.ts";
import { EMPTY } from "./checked-file.ts";
import { lockUnfinished, unlockUnfinished } from "./entry-lock.ts";
import { CACHE_SCHEMA, type FeatureIdentity, identityToKey } from "./identity.ts";
import {
  cacheToFeatures,
  FEATURES,
  IMAGES,
  keyToEntry,
  keyToUnfinished,
  META,
  PROGRESS,
  sweep,
  unfinishedToEntry,
} from "./layout.ts";
import {
  type CachedFeatures,
  type ImageRows,
  noRows,
  readEntry,
  readUnfinished,
  type Wanted,
} from "./read-entry.ts";
import { type ProgressRecord, readMeta } from "./records.ts";
import { type FeatureWriter, openWriter, type WriterPlace } from "./writer.ts";

export type { FeatureIdentity } from "./identity.ts";
export type { CachedFeatures, ImageRows, MetWarnings, Wanted } from "./read-entry.ts";
export type { FeatureWriter, ImageName } from "./writer.ts";

export interface FeatureCacheOptions {
  /** The cache folder; entries lie in `features` below it. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Milliseconds for durations. */
  readonly steadyClock?: () => number;
  /** Bytes that entries may take together (default: any number). */
  readonly limit?: number;
}

/** What is recorded of an entry and decides no feature. */
export interface FeatureOccasion {
  /** What the user called the images. */
  readonly location: string;
  readonly threads: number;
  readonly width: number;
  /** False begins anew where an interrupted extraction left rows: for an extractor that counts what it met. */
  readonly resume?: boolean;
}

export interface BegunFeatures {
  readonly writer: FeatureWriter;
  /** Rows of an extraction that was interrupted, none of a new one: extraction goes on after them. */
  readonly kept: ImageRows;
}

/** No function throws for what is wrong with the cache: a measurement can do without. `warnings` says what was. */
export interface FeatureCache {
  /** The features, read and checked; undefined where there are none or they are damaged. */
  find(identity: FeatureIdentity, wanted: Wanted): Promise<CachedFeatures | undefined>;
  /**
   * Begins or goes on with an entry that `find` did not find. Undefined where another process (or another extraction of
   * this one) is writing it, has just written it, or nothing can be written: then the caller extracts for itself alone.
   */
  begin(identity: FeatureIdentity, occasion: FeatureOccasion): Promise<BegunFeatures | undefined>;
  /** Removes what was used least recently, where this cache has written and all is beyond the limit; what it found or wrote stays. */
  trim(): Promise<void>;
  /** What was met so far, each entry once: `cache-damaged`, `cache-unwritable`. */
  warnings(): Warning[];
}

/** Opens the cache; reads and makes nothing yet. */
export const openFeatureCache = (options: FeatureCacheOptions): FeatureCache => new FolderCache(options);

class FolderCache implements FeatureCache {
  private readonly features: string;
  private readonly clock: () => number;
  private readonly steadyClock: () => number;
  private readonly met = new Map<string, Warning>();
  private readonly folder: string;
  private readonly limit: number;
  /** Keys of what was found or written. */
  private readonly used = new Set<string>();
  private hasWritten = false;

  constructor(options: FeatureCacheOptions) {
    const { folder, clock, steadyClock = ownSteadyClock, limit = Number.POSITIVE_INFINITY } = options;
    this.folder = folder;
    this.limit = limit;
    this.features = cacheToFeatures(folder);
    this.clock = clock;
    this.steadyClock = steadyClock;
  }

  async find(identity: FeatureIdentity, wanted: Wanted): Promise<CachedFeatures | undefined> {
    const key = identityToKey(identity);
    const entry = keyToEntry(this.features, key);
    const meta = path.join(entry, META);
    const isThere = () => isFound(meta);
    if (!(await isThere())) return undefined;
    try {
      const found = await readEntry(entry, key, wanted);
      const now = new Date(this.clock());
      // When it was last used is when its record was last touched.
      await utimes(meta, now, now).catch(() => {});
      this.used.add(key);
      return found;
    } catch (error) {
      // Unless it was cleared away meanwhile.
      if (await isThere()) this.warnDamaged(entry, error);
      return undefined;
    }
  }

  async begin(identity: FeatureIdentity, occasion: FeatureOccasion): Promise<BegunFeatures | undefined> {
    const key = identityToKey(identity);
    const unfinished = keyToUnfinished(this.features, key);
    let lock: FolderLock | undefined;
    try {
      lock = await lockUnfinished(unfinished, this.clock);
      if (!lock) return undefined;
      const target = keyToEntry(this.features, key);
      const onFailure = (error: unknown) => this.warnUnwritable(error);
      const { features, clock, steadyClock } = this;
      const place = { features, unfinished, target, lock, clock, steadyClock, onFailure };
      const begun = await this.beginLocked(key, identity, occasion, place);
      if (!begun) await unlockUnfinished(unfinished, lock);
      this.used.add(key);
      this.hasWritten = true;
      return begun;
    } catch (error) {
      if (lock) await unlockUnfinished(unfinished, lock);
      this.warnUnwritable(error);
      return undefined;
    }
  }

  async trim(): Promise<void> {
    if (!this.hasWritten || this.limit === Number.POSITIVE_INFINITY) return;
    const { folder, limit, used, clock } = this;
    const { trimEntries } = await import("./clear-entries.ts");
    // What cannot be removed now is tried again after the next measurement.
    await trimEntries(folder, { limit, used, clock }).catch(() => {});
  }

  warnings(): Warning[] {
    return [...this.met.values()];
  }

  private async beginLocked(
    key: string,
    identity: FeatureIdentity,
    { location, threads, width, resume = true }: FeatureOccasion,
    place: WriterPlace,
  ): Promise<BegunFeatures | undefined> {
    const { target } = place;
    if (!this.met.has(target) && (await isWhole(target, key))) return undefined;
    const entry = unfinishedToEntry(place.unfinished);
    const left = resume ? await this.readLeft(entry, key, width) : undefined;
    await sweep(entry, left ? [FEATURES, IMAGES, PROGRESS] : []);
    const record: ProgressRecord = {
      ...(left?.record ?? {
        schema: CACHE_SCHEMA,
        ...{ identity, width, rows: 0, features: EMPTY, pictures: EMPTY },
        created: new Date(this.clock()).toISOString(),
      }),
      ...{ location, threads, ganEval: packageVersion() },
    };
    return { writer: await openWriter(place, record), kept: left?.kept ?? noRows(width) };
  }

  /** What an interrupted extraction left; what of it is damaged is as if it were not there. */
  private async readLeft(entry: string, key: string, width: number) {
    if (!(await isFound(path.join(entry, PROGRESS)))) return undefined;
    try {
      const left = await readUnfinished(entry, key);
      if (left.record.width === width) return left;
      throw new Error(`width ${left.record.width}, but the extractor has ${width}`);
    } catch (error) {
      this.warnDamaged(entry, error);
      return undefined;
    }
  }

  private warnDamaged(entry: string, error: unknown): void {
    const { message } = error as Error;
    const what =
      error instanceof Error && error.name === "ZodError" ? "its record has another format" : message;
    this.met.set(entry, {
      code: "cache-damaged",
      message: `cached features in ${entry} are unusable (${what}) and will be extracted again`,
      hint: "They are replaced when the extraction finishes; gan-eval cache clear removes all entries.",
    });
  }

  private warnUnwritable(error: unknown): void {
    const said = (error instanceof GanEvalError && (error.cause as Error | undefined)) || (error as Error);
    this.met.set("unwritable", {
      code: "cache-unwritable",
      message: `features cannot be cached in ${this.features} (${said.message}): the next measurement will extract them again`,
      hint: "Free some space, choose another folder (--cache-dir, GAN_EVAL_CACHE), or disable the cache (--no-cache).",
    });
  }
}

const isFound = (location: string): Promise<boolean> =>
  stat(location).then(
    () => true,
    () => false,
  );

const isWhole = (entry: string, key: string): Promise<boolean> =>
  readMeta(path.join(entry, META), key).then(
    () => true,
    () => false,
  );
