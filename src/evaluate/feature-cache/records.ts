/** `meta.json` and `progress.json`: what an entry says of itself, sealed with a checksum. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { CACHE_SCHEMA, identityToKey } from "./identity.ts";

const text = z.string();
const size = z.int().nonnegative();
const warnings = z.array(z.strictObject({ code: text, message: text, hint: text.optional() })).readonly();

const IDENTITY = z.strictObject({
  content: text,
  extractor: text,
  extractorHash: text,
  end: text,
  preprocessing: text,
  onError: z.enum(["fail", "skip"]),
  engine: text,
  device: text,
  isa: text,
  precision: z.literal("tf32").optional(),
});

/** The first bytes of a file, and their crc32. */
const CHECKED_RANGE = z.strictObject({ bytes: size, crc32: size });
export type CheckedRange = z.infer<typeof CHECKED_RANGE>;

const PROGRESS_RECORD = z.strictObject({
  schema: z.literal(CACHE_SCHEMA),
  identity: IDENTITY,
  /** What the user called the images. */
  location: text,
  threads: size,
  ganEval: text,
  /** ISO 8601. */
  created: text,
  rows: size,
  width: z.int().positive(),
  features: CHECKED_RANGE,
  pictures: CHECKED_RANGE,
});
export type ProgressRecord = z.infer<typeof PROGRESS_RECORD>;

const META_RECORD = PROGRESS_RECORD.extend({
  warnings: z.strictObject({ source: warnings, extractor: warnings }),
});
export type MetaRecord = z.infer<typeof META_RECORD>;

const toChecksum = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex");

export const recordToText = (record: ProgressRecord | MetaRecord): string =>
  `${JSON.stringify({ ...record, checksum: toChecksum(record) }, null, 2)}\n`;

/** @throws Error that says what is wrong: a change by hand, another entry's record, sizes that do not go together */
async function readRecord<T extends ProgressRecord>(
  location: string,
  schema: z.ZodType<T>,
  key: string,
): Promise<T> {
  const { checksum, ...sealed } = JSON.parse(await readFile(location, "utf8")) as Record<string, unknown>;
  if (checksum !== toChecksum(sealed)) throw new Error("its content has changed");
  const record = schema.parse(sealed);
  if (identityToKey(record.identity) !== key) throw new Error("it belongs to another entry");
  if (record.features.bytes !== record.rows * record.width * Float32Array.BYTES_PER_ELEMENT)
    throw new Error(`${record.features.bytes} bytes for ${record.rows} rows of width ${record.width}`);
  return record;
}

export const readMeta = (location: string, key: string): Promise<MetaRecord> =>
  readRecord(location, META_RECORD, key);
export const readProgress = (location: string, key: string): Promise<ProgressRecord> =>
  readRecord(location, PROGRESS_RECORD, key);
