/** Classes of pictures: what the sources know of them, as numbers from 0 without gaps. */

import { namesToClasses } from "../../images/class-labels.ts";
import type { ReadPart } from "./read-pictures.ts";

export interface Classes {
  readonly names: readonly string[];
  /** For each part one class a picture. */
  readonly labels: readonly Int32Array[];
}

const CIFAR_10 = [
  ...["airplane", "automobile", "bird", "cat", "deer"],
  ...["dog", "frog", "horse", "ship", "truck"],
] as const;

/** Class folders stand for classes; pictures that could not be read are not in `names`, so they are gone by name. */
function foldersToClasses(parts: readonly ReadPart[]): Classes | undefined {
  const classes = namesToClasses(parts.flatMap((part) => part.names));
  if (classes === undefined) return undefined;
  let at = 0;
  return {
    names: classes.classNames,
    labels: parts.map((part) => {
      at += part.names.length;
      return classes.labels.subarray(at - part.names.length, at);
    }),
  };
}

/** Records carry numbers; those that no picture has leave no gap. */
function recordsToClasses(parts: readonly ReadPart[]): Classes | undefined {
  const known = parts.map(({ source }) => source.labels);
  if (known.includes(undefined)) return undefined;
  const numbers = [...new Set(known.flatMap((labels) => [...new Set(labels)]))].sort((a, b) => a - b);
  if (numbers.length < 2) return undefined;
  const index = new Map(numbers.map((number, i) => [number, i]));
  const isCifar10 = parts[0].source.kind === "cifar" && numbers.at(-1)! < CIFAR_10.length;
  return {
    names: numbers.map((number) => (isCifar10 ? CIFAR_10[number] : `${number}`)),
    labels: parts.map(({ source, positions }) =>
      Int32Array.from(positions, (position) => index.get(source.labels![position])!),
    ),
  };
}

/** Undefined where a source has no classes, or all pictures are of one. */
export function partsToClasses(parts: readonly ReadPart[]): Classes | undefined {
  if (parts.some(({ source }) => source.labels === undefined)) return undefined;
  return hasClassFolders(parts[0]) ? foldersToClasses(parts) : recordsToClasses(parts);
}

/** Whether a source's labels come from folders. Its pictures are then sorted by class. */
export const hasClassFolders = ({ source }: Pick<ReadPart, "source">): boolean =>
  source.labels !== undefined && (source.kind === "folder" || source.kind === "zip");
