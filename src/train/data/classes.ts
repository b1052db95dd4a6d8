/** Classes of images: what the sources know of them, as numbers from 0 without gaps. */
import type { ImageSource } from "../../images/source.ts";
import type { ReadPart } from "./read-images.ts";

export interface Classes {
  readonly names: readonly string[];
  /** For each part one class an image. */
  readonly labels: readonly Int32Array[];
}

const CIFAR_10 = [
  ...["airplane", "automobile", "bird", "cat", "deer"],
  ...["dog", "frog", "horse", "ship", "truck"],
] as const;

/** What a class is called: as its source says, else by its number. */
function numberToName({ source }: ReadPart, number: number, isCifar10: boolean): string {
  return source.classNames?.[number] ?? (isCifar10 ? CIFAR_10[number] : `${number}`);
}

/**
 * The classes of the images: those of files that were read, and those of all records. Numbers that no image has leave
 * no gap. Undefined where a source has no classes, or all images are of one.
 */
export function partsToClasses(parts: readonly ReadPart[]): Classes | undefined {
  if (parts.some(({ source }) => source.labels === undefined)) return undefined;
  const labels = parts.map(({ source, readPositions }) => readPositions.map((at) => source.labels![at]));
  const present = parts.map(({ source }, i) => new Set(isSortedByClass(source) ? labels[i] : source.labels));
  const numbers = [...new Set(present.flatMap((of) => [...of]))].sort((a, b) => a - b);
  if (numbers.length < 2) return undefined;
  const index = new Map(numbers.map((number, i) => [number, i]));
  const isCifar10 = parts[0].source.kind === "cifar" && numbers.at(-1)! < CIFAR_10.length;
  return {
    names: numbers.map((number) => numberToName(parts[0], number, isCifar10)),
    labels: labels.map((of) => of.map((number) => index.get(number)!)),
  };
}

/** Whether a source's images are files, which are sorted by name and so by class. */
export const isSortedByClass = (source: ImageSource): boolean =>
  source.labels !== undefined && source.classesFrom !== undefined;
