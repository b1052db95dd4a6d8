/** Writes an entry row by row beside the whole ones, so that it can be gone on with, and moves it among them at its end. */
import { rename, rm, utimes } from "node:fs/promises";
import path from "node:path";
import { GanEvalError, isCode } from "../../errors.ts";
import type { FeatureMatrix } from "../../extractors/extractor.ts";
import { writeFileAtomically } from "../../files/atomic-file.ts";
import type { FolderLock } from "../../files/lock.ts";
import type { Image } from "../../images/source.ts";
import type { Moments } from "../../math/features/statistics.ts";
import { AppendOnlyFile } from "./checked-file.ts";
import { unlockUnfinished } from "./entry-lock.ts";
import { FEATURES, IMAGES, META, MOMENTS, PROGRESS, removedName, unfinishedToEntry } from "./layout.ts";
import { writeMoments } from "./moments-file.ts";
import type { MetWarnings } from "./read-entry.ts";
import { type ProgressRecord, recordToText } from "./records.ts";

/** What a killed process loses at most, in milliseconds of extraction. */
const COMMIT_EVERY = 5_000;

/** Nothing that the disk refuses is thrown: the writer ends, a warning is left, and the measurement goes on. */
export interface FeatureWriter {
  /**
   * Adds the rows of a batch, of which the first is row `at` of all; rows that are there already (`at` is below what was kept) are
   * passed over, so that writers which kept unlike numbers of rows can be given the same. To be awaited.
   */
  append(features: FeatureMatrix, images: readonly ImageName[], at: number): Promise<void>;
  /** Makes the entry whole. The moments, where they are at hand, are kept with it in the file of this name. */
  finish(end: { readonly warnings: MetWarnings; readonly moments?: KeptMoments }): Promise<void>;
  /** Leaves what is there for the next extraction. Does nothing after `finish`: it may always be called at last. */
  abandon(): Promise<void>;
}

/** What is kept of an image beside its row; its position is the row's number where the source gives none. */
export type ImageName = Pick<Image, "name" | "position">;

/** `file` is that of `leavesToMomentsFile` (default: that of one leaf). */
export type KeptMoments = Moments & { readonly file?: string };

export interface WriterPlace {
  /** The cache's folder of entries. */
  readonly features: string;
  /** The folder of this unfinished entry, which this process has locked. */
  readonly unfinished: string;
  /** Where the whole entry goes. */
  readonly target: string;
  readonly lock: FolderLock;
  readonly clock: () => number;
  readonly steadyClock: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** A writer that goes on after the rows of `record`, of which the files have at least those. */
export async function openWriter(place: WriterPlace, record: ProgressRecord): Promise<FeatureWriter> {
  const entry = unfinishedToEntry(place.unfinished);
  const rows = await AppendOnlyFile.open(path.join(entry, FEATURES), record.features);
  try {
    return new EntryWriter(
      place,
      record,
      rows,
      await AppendOnlyFile.open(path.join(entry, IMAGES), record.pictures),
    );
  } catch (error) {
    await rows.close();
    throw error;
  }
}

class EntryWriter implements FeatureWriter {
  private readonly place: WriterPlace;
  private readonly entry: string;
  private readonly features: AppendOnlyFile;
  private readonly images: AppendOnlyFile;
  private record: ProgressRecord;
  private rows: number;
  private committed: number;
  private over = false;

  constructor(place: WriterPlace, record: ProgressRecord, features: AppendOnlyFile, images: AppendOnlyFile) {
    this.place = place;
    this.entry = unfinishedToEntry(place.unfinished);
    this.record = record;
    this.features = features;
    this.images = images;
    this.rows = record.rows;
    this.committed = place.steadyClock();
  }

  async append(matrix: FeatureMatrix, images: readonly ImageName[], at: number): Promise<void> {
    if (this.over) return;
    const { data, rows, width } = matrix;
    if (width !== this.record.width || images.length !== rows || data.length < rows * width || at > this.rows)
      throw new GanEvalError(
        "internal.feature-cache",
        `expected rows of width ${this.record.width} from row ${this.rows} on, an image each, got ${rows} of width ${width} from row ${at} on of ${images.length} images`,
      );
    const known = Math.min(rows, this.rows - at);
    if (known === rows) return;
    await this.orGiveUp(async () => {
      await this.place.lock.requireHeld();
      const fresh = data.subarray(known * width, rows * width);
      await this.features.append(new Uint8Array(fresh.buffer, fresh.byteOffset, fresh.byteLength));
      const lines = images
        .slice(known)
        .map(({ name, position }, i) => `${JSON.stringify([position ?? this.rows + i, name])}\n`);
      await this.images.append(new TextEncoder().encode(lines.join("")));
      this.rows += rows - known;
      if (this.place.steadyClock() - this.committed >= COMMIT_EVERY) await this.commit();
    });
  }

  async finish({ warnings, moments }: Parameters<FeatureWriter["finish"]>[0]): Promise<void> {
    if (this.over) return;
    if (moments && (moments.n !== this.rows || moments.d !== this.record.width))
      throw new GanEvalError(
        "internal.feature-cache",
        `expected moments of ${this.rows} rows of width ${this.record.width}, got of ${moments.n} of width ${moments.d}`,
      );
    await this.orGiveUp(async () => {
      await this.commit();
      if (moments) await writeMoments(path.join(this.entry, moments.file ?? MOMENTS), moments);
      const meta = path.join(this.entry, META);
      await writeFileAtomically(meta, [Buffer.from(recordToText({ ...this.record, warnings }))]);
      const now = new Date(this.place.clock());
      await utimes(meta, now, now);
      await this.close();
      await moveInto(this.entry, this.place);
      await rm(path.join(this.place.target, PROGRESS), { force: true }).catch(() => {});
      this.over = true;
      await unlockUnfinished(this.place.unfinished, this.place.lock);
    });
  }

  async abandon(): Promise<void> {
    if (this.over) return;
    await this.orGiveUp(async () => {
      await this.commit();
      await this.close();
      this.over = true;
      if (this.rows === 0) await rm(this.entry, { recursive: true, force: true });
      await unlockUnfinished(this.place.unfinished, this.place.lock);
    });
  }

  /** From here on the rows so far outlast the process. */
  private async commit(): Promise<void> {
    await this.place.lock.requireHeld();
    await Promise.all([this.features.sync(), this.images.sync()]);
    const { rows, features, images } = this;
    this.record = { ...this.record, rows, features: features.range, pictures: images.range };
    const progress = path.join(this.entry, PROGRESS);
    await writeFileAtomically(progress, [Buffer.from(recordToText(this.record))]);
    this.committed = this.place.steadyClock();
  }

  private async close(): Promise<void> {
    await Promise.all([this.features.close(), this.images.close()]);
  }

  /** What the disk refuses ends the writer; a full disk gets back what it holds. */
  private async orGiveUp(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.over = true;
      await this.close().catch(() => {});
      // What another process has taken over is its own now.
      const isLost = isCode(error, "run.lock-lost");
      if (!isLost) await rm(this.entry, { recursive: true, force: true }).catch(() => {});
      await unlockUnfinished(this.place.unfinished, this.place.lock);
      this.place.onFailure(error);
    }
  }
}

/** A damaged entry that is in the way makes room. */
async function moveInto(entry: string, { features, target }: WriterPlace): Promise<void> {
  try {
    await rename(entry, target);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST", "EPERM", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
    const removed = removedName(features);
    await rename(target, removed);
    await rename(entry, target);
    await rm(removed, { recursive: true, force: true });
  }
}
