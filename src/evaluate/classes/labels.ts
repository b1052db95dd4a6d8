/** The classes of a side's images: what its source knows, or what a file of labels says. */
import { GanEvalError } from "../../errors.ts";
import { namesToText } from "../../images/image-notices.ts";
import type { ImageSource } from "../../images/source.ts";
import { type LabelFile, readLabelFile } from "../../images/sources/label-file.ts";
import type { Side } from "../sides/side.ts";

export interface SideLabels {
  /** The class of each image, by its place in the source. */
  readonly labels: Int32Array;
  /** Names of the classes by number; missing where the numbers are the names. */
  readonly classNames?: readonly string[];
}

export type LabelledRole = "real" | "fake";

/** The flag of a side's labels. */
export const LABEL_FLAGS: Readonly<Record<LabelledRole, string>> = {
  real: "--real-labels",
  fake: "--fake-labels",
};

/** Labels in the order of the images; with a limit the first of them count. */
function inOrder(labels: Int32Array, file: string, count: number, limited: boolean): Int32Array {
  if (labels.length === count || (limited && labels.length > count)) return labels.subarray(0, count);
  throw new GanEvalError(
    "input.label-count",
    `expected ${count} labels in ${file}, one per image, got ${labels.length}`,
    { hint: "Give the labels of exactly these images in their order, or lines name,label." },
  );
}

function byName(
  labels: Int32Array,
  images: readonly string[],
  file: string,
  { count, location, nameOf }: Pick<ImageSource, "count" | "location"> & { nameOf: (i: number) => string },
): Int32Array {
  const known = new Map<string, number>();
  for (const [i, image] of images.entries()) {
    const before = known.get(image);
    if (before !== undefined && before !== labels[i])
      throw new GanEvalError("input.labels", `expected one label for ${image} in ${file}, got two`);
    known.set(image, labels[i]!);
  }
  const names = Array.from({ length: count }, (_, position) => nameOf(position));
  const missing = names.filter((name) => !known.has(name));
  if (missing.length > 0)
    throw new GanEvalError(
      "input.label-names",
      `expected a label in ${file} for every image in ${location}, got none for ${missing.length}: ${namesToText(missing)}`,
      {
        hint: `Use names relative to the source, including folders, such as ${missing[0]}; the file has ${namesToText(images)}.`,
      },
    );
  return Int32Array.from(names, (name) => known.get(name)!);
}

function fileToLabels({ labels, images }: LabelFile, file: string, side: Side, limit: number | undefined) {
  if (side.kind === "images") {
    const { source } = side;
    const { count, location } = source;
    if (images === undefined) return inOrder(labels, file, count, limit !== undefined);
    if (source.nameOf)
      return byName(labels, images, file, { count, location, nameOf: (i) => source.nameOf!(i) });
  } else if (side.kind === "features" && images === undefined)
    return inOrder(labels, file, side.features.rows, limit !== undefined);
  throw new GanEvalError(
    "input.label-names",
    `expected labels in the order of ${side.location} in ${file}, since its ${side.kind === "features" ? "rows" : "images"} have no names; got labels by name`,
    { hint: "Write one label per line." },
  );
}

/**
 * The classes of a side: of the file if one is given, else the source's own (class folders, IDX, CIFAR, `arr_1` of npz);
 * undefined where neither says. Reads no images, so that an error comes before any work.
 *
 * @param file what `--real-labels` or `--fake-labels` names; labels by name may be of more images than there are
 * @param limit where the side was cut to so many images: labels in order may then be more
 * @throws GanEvalError `input.no-rows` for statistics, `input.label-count`, `input.label-names`, and what
 *   `readLabelFile` throws
 */
export async function sideToLabels(
  side: Side,
  role: LabelledRole,
  { file, limit }: { readonly file?: string; readonly limit?: number } = {},
): Promise<SideLabels | undefined> {
  if (side.kind === "statistics")
    throw new GanEvalError(
      "input.no-rows",
      `expected ${role} images or features for scores by class, got statistics in ${side.location}`,
      { hint: "Statistics cover all classes together: give the images themselves." },
    );
  if (file === undefined) {
    if (side.kind !== "images" || side.source.labels === undefined) return undefined;
    const { labels, classNames } = side.source;
    return { labels, ...(classNames && { classNames }) };
  }
  const read = await readLabelFile(file);
  const labels = fileToLabels(read, file, side, limit);
  return { labels, ...(read.classNames && { classNames: read.classNames }) };
}
