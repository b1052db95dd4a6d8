/** An entry's files as arrays, each held to its size and checksum. */
import path from "node:path";
import type { Warning } from "../../errors.ts";
import type { FeatureMatrix } from "../../extractors/extractor.ts";
import { featuresToMoments, type Moments } from "../../math/features/statistics.ts";
import { readRange } from "./checked-file.ts";
import { FEATURES, IMAGES, META, PROGRESS } from "./layout.ts";
import { leavesToMomentsFile, readMoments, writeMoments } from "./moments-file.ts";
import { type ProgressRecord, readMeta, readProgress } from "./records.ts";

/** What a hit is wanted for: moments alone are read without the rows. */
export interface Wanted {
  readonly features?: boolean;
  readonly moments?: boolean;
  readonly threads?: number;
  /** Where the source says that leaves begin: its moments are joined by leaves. */
  readonly leafStarts?: Int32Array;
}

/** What was met while the features were extracted. */
export interface MetWarnings {
  readonly source: readonly Warning[];
  readonly extractor: readonly Warning[];
}

/** The image of each row: one that was skipped has neither. */
interface RowImages {
  readonly names: readonly string[];
  /** Places in the source. */
  readonly positions: Int32Array;
}

export interface CachedFeatures extends RowImages {
  readonly rows: number;
  readonly width: number;
  readonly warnings: MetWarnings;
  /** [rows, width], if wanted. */
  readonly features?: FeatureMatrix;
  /** Those that `featuresToMoments` gives of rows at these positions, to the bit, if wanted. */
  readonly moments?: Moments;
}

/** Rows and their images. */
export interface ImageRows extends RowImages {
  readonly features: FeatureMatrix;
}

export const noRows = (width: number): ImageRows => ({
  features: { data: new Float32Array(0), rows: 0, width },
  names: [],
  positions: new Int32Array(0),
});

async function readFeatures(folder: string, record: ProgressRecord, whole: boolean): Promise<FeatureMatrix> {
  const { buffer } = await readRange(path.join(folder, FEATURES), record.features, whole);
  return { data: new Float32Array(buffer), rows: record.rows, width: record.width };
}

async function readImages(folder: string, record: ProgressRecord, whole: boolean): Promise<RowImages> {
  const bytes = await readRange(path.join(folder, IMAGES), record.pictures, whole);
  const lines = new TextDecoder().decode(bytes).trimEnd().replaceAll("\n", ",");
  const images = JSON.parse(`[${lines}]`) as [position: number, name: string][];
  if (images.length !== record.rows) throw new Error(`${images.length} images for ${record.rows} rows`);
  return {
    names: images.map(([, name]) => name),
    positions: Int32Array.from(images, ([position]) => position),
  };
}

/**
 * Reads a whole entry. Moments that are not there are computed and added to it.
 * @throws Error that says what of it is absent or damaged
 */
export async function readEntry(folder: string, key: string, wanted: Wanted): Promise<CachedFeatures> {
  const meta = await readMeta(path.join(folder, META), key);
  const { rows, width, warnings } = meta;
  const images = await readImages(folder, meta, true);
  const { leafStarts, threads } = wanted;
  const { positions } = images;
  const momentsFile = path.join(folder, leavesToMomentsFile(positions.at(-1) ?? 0, leafStarts));
  const stored = wanted.moments ? await readMoments(momentsFile, rows, width) : undefined;
  // Moments of few rows have the rows themselves among them.
  const needsRows = wanted.features || (wanted.moments && (stored === undefined || rows <= width));
  const features = needsRows ? await readFeatures(folder, meta, true) : undefined;
  let moments = stored && rows <= width ? { ...stored, rows: features!.data } : stored;
  if (wanted.moments && moments === undefined) {
    moments = featuresToMoments(features!, {
      ...(threads !== undefined && { threads }),
      ...{ positions, leafStarts },
    });
    await writeMoments(momentsFile, moments).catch(() => {});
  }
  return {
    ...{ rows, width, warnings },
    ...images,
    ...(wanted.features && { features }),
    ...(moments && { moments }),
  };
}

/**
 * What an interrupted extraction left.
 * @throws Error that says what of it is absent or damaged
 */
export async function readUnfinished(
  folder: string,
  key: string,
): Promise<{ readonly record: ProgressRecord; readonly kept: ImageRows }> {
  const record = await readProgress(path.join(folder, PROGRESS), key);
  const images = await readImages(folder, record, false);
  return { record, kept: { ...images, features: await readFeatures(folder, record, false) } };
}
