/**
 * CIFAR-10 and CIFAR-100 in the binary version: records of a label (CIFAR-100: coarse, then fine label) and 32x32
 * pixels, red plane, green plane, blue plane. Source: https://www.cs.toronto.edu/~kriz/cifar.html. Plain or gzipped.
 */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import { unlessForbidden } from "../../files/forbidden.ts";
import { bytesToText } from "../../formats/text.ts";
import { byBytes } from "../../formats/zip.ts";
import { type ByteFile, openByteFile } from "./byte-file.ts";
import type { Split } from "./idx.ts";
import type { ImageSet } from "./image-set.ts";
import { bytesToKnownKind, KIND_LENGTH, wrongKind } from "./known-kinds.ts";
import { type RecordFile, recordsToSet } from "./record-set.ts";

const SIDE = 32;
const PIXELS = SIDE * SIDE * 3;

/** Records read at once while labels are gathered. */
const CHUNK = 1024;

interface Variant {
  readonly labelBytes: 1 | 2;
  /** Each label byte is below its bound. */
  readonly bounds: readonly number[];
  /** The file beside the records that names the classes of the last label, one a line. */
  readonly namesFile: string;
}

/** CIFAR-10 first: a length that fits both is decided by the labels. */
const VARIANTS: readonly Variant[] = [
  { labelBytes: 1, bounds: [10], namesFile: "batches.meta.txt" },
  { labelBytes: 2, bounds: [20, 100], namesFile: "fine_label_names.txt" },
];

/** The last label of each record (CIFAR-100's fine one), or undefined where a byte cannot be a label. */
async function readLabels(file: ByteFile, variant: Variant): Promise<Int32Array | undefined> {
  const stride = variant.labelBytes + PIXELS;
  const labels = new Int32Array(file.size / stride);
  for (let first = 0; first < labels.length; first += CHUNK) {
    const count = Math.min(CHUNK, labels.length - first);
    const records = await file.read(first * stride, count * stride);
    for (let i = 0; i < count; i++) {
      const bytes = records.subarray(i * stride, i * stride + variant.labelBytes);
      if (bytes.some((label, k) => label >= variant.bounds[k])) return undefined;
      labels[first + i] = bytes[variant.labelBytes - 1];
    }
  }
  return labels;
}

interface Opened {
  readonly records: RecordFile;
  readonly labels: Int32Array;
  readonly variant: Variant;
}

/** The names of the classes, where they lie beside the records. */
async function findClassNames(location: string, variant: Variant): Promise<readonly string[] | undefined> {
  const file = path.join(path.dirname(location), variant.namesFile);
  const bytes = await readFile(file).catch(unlessForbidden(Buffer.alloc(0)));
  const names = bytesToText(bytes, file)
    .split("\n")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return names.length === variant.bounds.at(-1) ? names : undefined;
}

async function openFile(location: string, prefix: string): Promise<Opened> {
  const file = await openByteFile(location);
  try {
    for (const variant of VARIANTS) {
      const stride = variant.labelBytes + PIXELS;
      if (file.size === 0 || file.size % stride !== 0) continue;
      const labels = await readLabels(file, variant);
      if (labels === undefined) continue;
      const layout = { width: SIDE, height: SIDE, channels: 3, planar: true, start: 0 };
      return {
        records: { file, count: labels.length, stride, skip: variant.labelBytes, prefix, ...layout },
        labels,
        variant,
      };
    }
    const kind = bytesToKnownKind(await file.read(0, Math.min(file.size, KIND_LENGTH)));
    if (kind) throw wrongKind("CIFAR's binary format", location, kind);
    throw new GanEvalError(
      "input.cifar",
      `expected CIFAR's binary format in ${location} (records of 3,073 or 3,074 bytes, labels first), got ${file.size} bytes that are not`,
      { hint: "The file is damaged, truncated or of another kind; use the binary version of CIFAR." },
    );
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function filesToCifarSet(
  location: string,
  files: readonly { readonly location: string; readonly prefix: string }[],
): Promise<ImageSet> {
  const opened: Opened[] = [];
  const close = async () => {
    for (const { records } of opened) await records.file.close();
  };
  try {
    for (const file of files) opened.push(await openFile(file.location, file.prefix));
  } catch (error) {
    await close();
    throw error;
  }
  const labels = Int32Array.from(opened.flatMap((file) => [...file.labels]));
  const records = opened.map((file) => file.records);
  const classNames = await findClassNames(files[0].location, opened[0].variant);
  return {
    ...recordsToSet("cifar", location, records, labels, close),
    ...(classNames && { classNames }),
  };
}

/** One file of records. */
export const openCifar = (location: string): Promise<ImageSet> =>
  filesToCifarSet(location, [{ location, prefix: "" }]);

const PARTS: Readonly<Record<"train" | "test", RegExp>> = {
  train: /^(data_batch_\d+|train)\.bin(\.gz)?$/i,
  test: /^(test_batch|test)\.bin(\.gz)?$/i,
};

const PLACES = [".", "cifar-10-batches-bin", "cifar-100-binary"];

/**
 * CIFAR, if the folder holds its files; else undefined. Without `split` the training set, or what is there; with
 * `all` the training set, then the test set.
 */
export async function openCifarFolder(
  location: string,
  split: Split | undefined,
): Promise<ImageSet | undefined> {
  for (const place of PLACES) {
    const folder = path.join(location, place);
    const names = (await readdir(folder).catch(unlessForbidden([] as string[]))).sort(byBytes);
    // A file that lies there plain and gzipped is one file.
    const once = names.filter((name) => !(name.endsWith(".gz") && names.includes(name.slice(0, -3))));
    const train = once.filter((name) => PARTS.train.test(name));
    const test = once.filter((name) => PARTS.test.test(name));
    if (train.length + test.length === 0) continue;
    const wanted = { train, test, all: [...train, ...test] }[split ?? (train.length > 0 ? "train" : "test")];
    if (wanted.length === 0)
      throw new GanEvalError("input.split", `expected CIFAR's ${split} files in ${location}, got none`, {
        hint: "Add data_batch_*.bin or test_batch.bin, or choose another --split.",
      });
    const files = wanted.map((name) => ({
      location: path.join(folder, name),
      prefix: wanted.length > 1 ? name.replace(/\.bin(\.gz)?$/i, "") : "",
    }));
    const part = split ?? (train.length > 0 ? "train" : "test");
    return { ...(await filesToCifarSet(location, files)), part };
  }
  return undefined;
}
