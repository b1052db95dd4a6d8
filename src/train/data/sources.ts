/** Where the images of a location come from: those to train on, and a test part that lies beside them. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError, isCode } from "../../errors.ts";
import type { ImageSource, ImageSourceKind } from "../../images/source.ts";
import { noParts, openImages } from "../../images/sources/open.ts";
import { hasSecret, locationToShown } from "../../images/sources/shards/web-location.ts";
import { packageRoot } from "../../package-root.ts";
import { generatorToMemory } from "./generator-source.ts";
import type { OpenDataOptions } from "./opened-data.ts";

export interface Sources {
  readonly label: string;
  readonly main: ImageSource;
  readonly test?: ImageSource;
}

type SourceOptions = Pick<
  OpenDataOptions,
  "split" | "onError" | "imageKey" | "cacheFolder" | "generator" | "signal"
>;

/** The name of the digits in `fixtures/`: one draw to train on, another of the same distribution set apart. */
export const EMBEDDED = "digits";

const KIND_LABELS: Readonly<Record<ImageSourceKind, string>> = {
  folder: "folder",
  zip: "archive",
  tar: "shards",
  idx: "IDX files",
  cifar: "CIFAR files",
  npz: "array file",
  list: "images of",
  generator: "generator",
};

async function openEmbedded(): Promise<Sources> {
  const part = (name: string) => openImages(path.join(packageRoot, "fixtures/digits", name));
  return { label: "digits (procedural, embedded)", main: await part("real"), test: await part("fake-close") };
}

const isNoSuchPart = (error: unknown): boolean => isCode(error, "input.split");

/** What is said of every image, whatever part it is of. */
const toReading = ({ onError, imageKey, cacheFolder }: SourceOptions) => ({
  onError,
  ...(imageKey !== undefined && { imageKey }),
  ...(cacheFolder !== undefined && { cacheFolder }),
});

/** The part of a folder of MNIST's or CIFAR's files, or undefined where it is not there. */
const openPart = (location: string, split: "train" | "test", options: SourceOptions) =>
  openImages(location, { split, ...toReading(options) }).catch((error) => {
    if (isNoSuchPart(error)) return undefined;
    throw error;
  });

async function openTestPart(location: string, main: ImageSource, options: SourceOptions) {
  // One file has one part, whatever is asked for.
  const mayHaveParts = (main.kind === "idx" || main.kind === "cifar") && (await stat(location)).isDirectory();
  return mayHaveParts ? openPart(location, "test", options) : undefined;
}

/**
 * Opens a location as images. There is a test part where the training part is wanted and the folder has both.
 * @throws GanEvalError what opening images throws
 */
export async function openSources(location: string, options: SourceOptions): Promise<Sources> {
  const { split, generator, signal } = options;
  if (generator !== undefined) {
    if (split !== undefined) throw noParts(split, [location]);
    return { label: `images of ${location}`, main: await generatorToMemory(generator, signal) };
  }
  if (hasSecret(location))
    throw new GanEvalError(
      "usage.data",
      `expected an address without a name, password or signature, got ${locationToShown(location)} with one`,
      { hint: "run.json would keep it: write the address in a file and give @FILE." },
    );
  if (location === EMBEDDED) {
    if (split !== undefined) throw noParts(split, [location]);
    return openEmbedded();
  }
  const training = split === undefined ? await openPart(location, "train", options) : undefined;
  const main = training ?? (await openImages(location, { ...toReading(options), ...(split && { split }) }));
  try {
    if (split !== undefined && main.part === undefined) throw noParts(split, [location]);
    const test = training || split === "train" ? await openTestPart(location, main, options) : undefined;
    return { label: `${KIND_LABELS[main.kind]} ${location}`, main, ...(test && { test }) };
  } catch (error) {
    await main.close();
    throw error;
  }
}
