/** Labels of images that lie in a file of their own. */
import { stat } from "node:fs/promises";
import { GanEvalError } from "../../errors.ts";
import { bytesToNpy } from "../../formats/npy.ts";
import { listNpz, readNpz } from "../../formats/npz.ts";
import { bytesToText } from "../../formats/text.ts";
import { byBytes } from "../../formats/zip.ts";
import { cannotRead } from "../decode/cannot-read.ts";
import { openByteFile } from "./byte-file.ts";
import { readIdxLabels } from "./idx.ts";
import { bytesToFormat } from "./sniff.ts";

export interface LabelFile {
  /** The class of each entry, by number. */
  readonly labels: Int32Array;
  /** Names of the classes by number, sorted by bytes; missing where the numbers are the names. */
  readonly classNames?: readonly string[];
  /** The image of each entry; missing where labels stand in the order of the images. */
  readonly images?: readonly string[];
}

/** Files are read whole: this is millions of labels. */
const MAX_BYTES = 2 ** 28;

const KINDS =
  "Labels can be one per line, name,label as CSV, an IDX file, an npy of integers, or arr_1 or labels of an npz.";

const unlike = (expected: string, location: string, got: string, hint = KINDS): GanEvalError =>
  new GanEvalError("input.labels", `expected ${expected} in ${location}, got ${got}`, { hint });

const MOST = 2 ** 31 - 1;

function numbersToLabels(numbers: ArrayLike<number | bigint>, location: string): Int32Array {
  return Int32Array.from(numbers as ArrayLike<number>, (value) => {
    const label = Number(value);
    if (Number.isInteger(label) && label >= 0 && label <= MOST) return label;
    throw unlike("labels that are integers from 0", location, String(value));
  });
}

/** Words that are all numbers are class numbers; others are names, numbered as they sort by bytes. */
export function wordsToNumbers(words: Iterable<string>): {
  readonly numberOf: (word: string) => number;
  readonly classNames?: readonly string[];
} {
  const distinct = [...new Set(words)];
  if (distinct.every((word) => /^\d+$/.test(word) && Number(word) <= MOST)) return { numberOf: Number };
  const classNames = distinct.sort(byBytes);
  const index = new Map(classNames.map((name, i) => [name, i]));
  return { numberOf: (word) => index.get(word)!, classNames };
}

function wordsToClasses(words: readonly string[]): Pick<LabelFile, "labels" | "classNames"> {
  const { numberOf, classNames } = wordsToNumbers(words);
  return { labels: Int32Array.from(words, numberOf), ...(classNames && { classNames }) };
}

/** The first row of a CSV, where it names the columns. */
const isHeading = ([, label]: readonly string[]): boolean => /^(labels?|class)$/i.test(label);

async function textToLabels(text: string, location: string): Promise<LabelFile> {
  if (text.includes("\0")) throw unlike("labels", location, "binary data of an unknown kind");
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0) throw unlike("labels", location, "an empty file");
  if (!lines.some((line) => line.includes(","))) return wordsToClasses(lines);
  const { parseString } = await import("fast-csv");
  const rows: string[][] = [];
  try {
    for await (const row of parseString(lines.join("\n"), { trim: true })) rows.push(row as string[]);
  } catch (cause) {
    throw unlike("lines name,label", location, `another kind of line (${(cause as Error).message})`);
  }
  const odd = rows.findIndex((row) => row.length !== 2);
  if (odd >= 0) throw unlike("lines name,label", location, `${rows[odd].length} cells in line ${odd + 1}`);
  const entries = isHeading(rows[0]) ? rows.slice(1) : rows;
  return {
    ...wordsToClasses(entries.map(([, label]) => label)),
    images: entries.map(([name]) => name),
  };
}

async function npzToLabels(location: string): Promise<LabelFile> {
  const listings = await listNpz(location);
  const possible = listings.filter(({ shape, type }) => shape.length === 1 && /^[iu]/.test(type));
  const chosen =
    ["arr_1", "labels"].map((key) => possible.find(({ name }) => name === key)).find(Boolean) ??
    (possible.length === 1 ? possible[0] : undefined);
  if (chosen === undefined) {
    const got = listings.map(({ name, type, shape }) => `${name}: ${type} [${shape.join(", ")}]`).join("; ");
    throw unlike("an array arr_1 or labels of integers [n]", location, got || "no arrays of numbers");
  }
  const { data } = (await readNpz(location, { only: [chosen.name] })).get(chosen.name)!;
  return { labels: numbersToLabels(data, location) };
}

function npyToLabels(bytes: Uint8Array, location: string): LabelFile {
  const { shape, data } = bytesToNpy(bytes, location);
  if (shape.length !== 1) throw unlike("labels [n]", location, `an array [${shape.join(", ")}]`);
  return { labels: numbersToLabels(data, location) };
}

/**
 * Labels by what is in a file: one a line; `name,label` as CSV, with or without a heading; MNIST's IDX; an npy of whole
 * numbers; `arr_1` (ADM's samples) or `labels` of an npz. Text and IDX also gzipped.
 * @throws GanEvalError `input.not-found`, `input.cannot-read`, `input.too-large`, `input.labels`, `input.idx`,
 *   `input.npy`, `input.zip`
 */
export async function readLabelFile(location: string): Promise<LabelFile> {
  await stat(location).catch((error) => {
    throw cannotRead(location, error, "labels");
  });
  const file = await openByteFile(location);
  try {
    const format = bytesToFormat(await file.read(0, Math.min(file.size, 32)));
    if (format === "zip") return await npzToLabels(location);
    if (format === "idx") return { labels: await readIdxLabels(location) };
    if (file.size > MAX_BYTES)
      throw new GanEvalError(
        "input.too-large",
        `expected at most ${MAX_BYTES} bytes of labels in ${location}, got ${file.size}`,
      );
    const bytes = await file.read(0, file.size);
    if (format === "npy") return npyToLabels(bytes, location);
    return await textToLabels(bytesToText(bytes, location), location);
  } finally {
    await file.close();
  }
}
