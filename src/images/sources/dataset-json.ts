/**
 * dataset.json, in which StyleGAN's dataset tool keeps the classes: `{"labels": [["00000/img00000000.png", 6], ...]}`, or
 * null for none. Source: stylegan3, dataset_tool.py and training/dataset.py, ImageFolderDataset.
 */
import { textToJson } from "../../formats/json.ts";
import { bytesToText } from "../../formats/text.ts";
import { namesToText } from "../image-notices.ts";
import type { SourceClasses } from "../source.ts";

export const DATASET_JSON = "dataset.json";

/** A larger file is not read: this is tens of millions of labels. */
export const MAX_DATASET_JSON = 2 ** 30;

/** The class of each image by name, or why there are none. */
export type DatasetLabels =
  | { readonly labels: ReadonlyMap<string, number> }
  | { readonly unlabelled: string };

const MOST = 2 ** 31 - 1;

/** One-hot rows stand for the place of their 1. */
function valueToLabel(value: unknown): number | undefined {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST) return value as number;
  if (!Array.isArray(value) || !value.every((x) => x === 0 || x === 1)) return undefined;
  return value.indexOf(1) >= 0 && value.indexOf(1) === value.lastIndexOf(1) ? value.indexOf(1) : undefined;
}

function entriesToLabels(entries: readonly unknown[]): DatasetLabels {
  const labels = new Map<string, number>();
  for (const entry of entries) {
    const [name, value] = Array.isArray(entry) && entry.length === 2 ? entry : [];
    const label = valueToLabel(value);
    if (typeof name !== "string" || label === undefined)
      return {
        unlabelled: `its ${DATASET_JSON} has an entry other than a name and a class number: ${`${JSON.stringify(entry)}`.slice(0, 80)}`,
      };
    labels.set(name.replaceAll("\\", "/"), label);
  }
  return { labels };
}

/** Undefined for a file that is not StyleGAN's: it says nothing of classes. */
export function bytesToDatasetLabels(bytes: Uint8Array): DatasetLabels | undefined {
  let content: unknown;
  try {
    content = textToJson(bytesToText(bytes, DATASET_JSON));
  } catch (error) {
    return { unlabelled: `its ${DATASET_JSON} cannot be read (${(error as Error).message})` };
  }
  if (typeof content !== "object" || content === null || !("labels" in content)) return undefined;
  const { labels } = content;
  if (labels === null) return { unlabelled: `its ${DATASET_JSON} states no classes ("labels": null)` };
  if (Array.isArray(labels)) return entriesToLabels(labels);
  return { unlabelled: `its ${DATASET_JSON} has labels that are not a list` };
}

/** The classes of images by their names below the folder of the dataset.json. */
export function datasetToClasses(dataset: DatasetLabels, names: readonly string[]): SourceClasses {
  if ("unlabelled" in dataset) return dataset;
  const missing = names.filter((name) => !dataset.labels.has(name));
  if (missing.length > 0)
    return {
      unlabelled: `its ${DATASET_JSON} has no class for ${missing.length} of ${names.length} images: ${namesToText(missing)}`,
    };
  return {
    labels: Int32Array.from(names, (name) => dataset.labels.get(name)!),
    classesFrom: "dataset.json",
  };
}
