/** MNIST's format: `00 00 08 <axes>`, one big-endian 32-bit size an axis, unsigned bytes. Plain or gzipped. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import { unlessForbidden } from "../../files/forbidden.ts";
import { byBytes } from "../../formats/zip.ts";
import { type ByteFile, openByteFile } from "./byte-file.ts";
import type { ImageSet } from "./image-set.ts";
import { type RecordFile, recordsToSet } from "./record-set.ts";

export type Split = "train" | "test" | "all";

/**
 * `train-images-idx3-ubyte`, `t10k-images.idx3-ubyte.gz`, `emnist-letters-test-images-idx3-ubyte`; a set without parts
 * is called `images-idx3-ubyte`.
 */
const IMAGES_NAME = /^(?:.*?(train|t10k|test)[-_])?images[-_.]idx3[-_.]ubyte(\.gz)?$/i;

const damaged = (location: string, what: string): GanEvalError =>
  new GanEvalError("input.idx", `expected an IDX file in ${location}, got ${what}`, {
    hint: "The file is damaged or truncated; download it again.",
  });

interface IdxHeader {
  readonly sizes: readonly number[];
  readonly dataStart: number;
}

async function readHeader(file: ByteFile, location: string): Promise<IdxHeader> {
  if (file.size < 8) throw damaged(location, `${file.size} bytes`);
  const magic = await file.read(0, 4);
  const axes = magic[3];
  if (magic[0] !== 0 || magic[1] !== 0 || magic[2] !== 8 || axes < 1 || axes > 4)
    throw damaged(
      location,
      `the magic number ${Buffer.from(magic).toString("hex")}, not 000008 and 1 to 4 axes`,
    );
  const dataStart = 4 + 4 * axes;
  if (file.size < dataStart) throw damaged(location, `${file.size} bytes`);
  const bytes = Buffer.from(await file.read(4, 4 * axes));
  const sizes = Array.from({ length: axes }, (_, i) => bytes.readUInt32BE(i * 4));
  const needed = sizes.reduce((a, b) => a * b, 1);
  if (file.size - dataStart < needed)
    throw damaged(
      location,
      `${file.size - dataStart} of the ${needed} bytes that ${sizes.join(" x ")} needs`,
    );
  if (file.size - dataStart > needed)
    throw new GanEvalError(
      "input.idx",
      `expected ${needed} bytes for the ${sizes.join(" x ")} that the header of ${location} states, got ${file.size - dataStart - needed} more`,
      {
        hint: "The header's count is wrong, or files were joined: write the file again with the right count.",
      },
    );
  return { sizes, dataStart };
}

async function openImagesFile(location: string, prefix: string): Promise<RecordFile> {
  const file = await openByteFile(location);
  try {
    const { sizes, dataStart } = await readHeader(file, location);
    const [count, height, width, channels = 1] = sizes;
    if (sizes.length < 3 || !(channels === 1 || channels === 3))
      throw damaged(location, `an array of ${sizes.join(" x ")}, not images x height x width`);
    if (count * height * width === 0) throw damaged(location, `no pixels (${sizes.join(" x ")})`);
    const stride = height * width * channels;
    return { file, count, start: dataStart, stride, skip: 0, width, height, channels, planar: false, prefix };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A file of labels, one axis of bytes. */
export async function readIdxLabels(location: string): Promise<Int32Array> {
  const file = await openByteFile(location);
  try {
    const { sizes, dataStart } = await readHeader(file, location);
    if (sizes.length !== 1) throw damaged(location, `an array of ${sizes.join(" x ")}, not labels`);
    return Int32Array.from(await file.read(dataStart, sizes[0]));
  } finally {
    await file.close();
  }
}

async function readLabelsOf(images: RecordFile, location: string): Promise<Int32Array> {
  const labels = await readIdxLabels(location);
  if (labels.length === images.count) return labels;
  throw damaged(location, `${labels.length} labels for ${images.count} images`);
}

/** The labels file that goes by the same name, without `.gz`; undefined where the name says neither images nor idx3. */
export function imagesNameToLabelsName(images: string): string | undefined {
  const name = images.replace(/\.gz$/i, "");
  const labels = name.replace(/images/i, "labels").replace(/idx3/i, "idx1");
  return labels === name ? undefined : labels;
}

/** Of plain and gzipped labels the plain ones. */
async function findLabels(images: string): Promise<string | undefined> {
  const labels = imagesNameToLabelsName(path.basename(images));
  if (labels === undefined) return undefined;
  const present = await readdir(path.dirname(images)).catch(unlessForbidden([] as string[]));
  const found = [labels, `${labels}.gz`].find((candidate) => present.includes(candidate));
  return found && path.join(path.dirname(images), found);
}

async function filesToIdxSet(
  location: string,
  images: readonly { readonly location: string; readonly prefix: string }[],
): Promise<ImageSet> {
  const files: RecordFile[] = [];
  const close = async () => {
    for (const { file } of files) await file.close();
  };
  try {
    const labels: Int32Array[] = [];
    for (const { location: images_, prefix } of images) {
      const file = await openImagesFile(images_, prefix);
      files.push(file);
      const labelsFile = await findLabels(images_);
      if (labelsFile) labels.push(await readLabelsOf(file, labelsFile));
    }
    const all =
      labels.length === files.length ? Int32Array.from(labels.flatMap((part) => [...part])) : undefined;
    return recordsToSet("idx", location, files, all, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** One file of images. */
export const openIdx = (location: string): Promise<ImageSet> =>
  filesToIdxSet(location, [{ location, prefix: "" }]);

/** Below a data set's folder, where download programs put the files. */
const PLACES = [".", "raw", "MNIST/raw", "FashionMNIST/raw"];

interface Found {
  readonly train?: string;
  readonly test?: string;
}

async function findImages(folder: string): Promise<Found | undefined> {
  for (const place of PLACES) {
    const at = path.join(folder, place);
    const names = (await readdir(at).catch(unlessForbidden([] as string[]))).sort(byBytes);
    const found: { train?: string; test?: string } = {};
    for (const name of names) {
      const match = IMAGES_NAME.exec(name);
      if (match === null) continue;
      const part = (match[1] ?? "train").toLowerCase() === "train" ? "train" : "test";
      // Sorted by bytes, the plain file comes before the gzipped.
      found[part] ??= path.join(at, name);
    }
    if (found.train || found.test) return found;
  }
  return undefined;
}

/**
 * MNIST or a set like it, if the folder holds its files; else undefined. Without `split` the training set, or the one
 * that is there; with `all` the training set, then the test set.
 */
export async function openMnistFolder(
  location: string,
  split: Split | undefined,
): Promise<ImageSet | undefined> {
  const found = await findImages(location);
  if (found === undefined) return undefined;
  const wanted =
    split === "all" ? (["train", "test"] as const) : ([split ?? (found.train ? "train" : "test")] as const);
  const images = wanted.map((part) => {
    const file = found[part];
    if (file) return { location: file, prefix: split === "all" ? part : "" };
    throw new GanEvalError("input.split", `expected MNIST's ${part} images in ${location}, got none`, {
      hint: `Download ${part === "train" ? "train" : "t10k"}-images-idx3-ubyte.gz, or choose another --split.`,
    });
  });
  const part = split ?? (found.train ? "train" : "test");
  return { ...(await filesToIdxSet(location, images)), part };
}
