/**
 * What lies where below the cache folder:
 *
 *     features/<key>/               an entry: meta.json, features.f32, pictures.jsonl, perhaps moments*.f64
 *     features/unfinished/<key>/    run.lock while a process writes, and entry/ with progress.json in place of meta.json
 *     features/.removed-*           what a process was killed over while it removed it
 */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";

export const META = "meta.json";
/** What of an unfinished entry counts; the rest is written again. */
export const PROGRESS = "progress.json";
/** [rows, width] float32 in the machine's byte order. */
export const FEATURES = "features.f32";
/** A line a row: `[12,"a/12.png"]`, the place and name of its image. */
export const IMAGES = "pictures.jsonl";
/** Of one leaf; `leavesToMomentsFile` names those of several, for what an earlier version kept of them has other digits. */
export const MOMENTS = "moments.f64";

const UNFINISHED = "unfinished";
const REMOVED = ".removed-";

export const cacheToFeatures = (cacheFolder: string): string => path.join(cacheFolder, "features");
export const keyToEntry = (features: string, key: string): string => path.join(features, key);
export const unfinishedFolder = (features: string): string => path.join(features, UNFINISHED);
export const keyToUnfinished = (features: string, key: string): string =>
  path.join(unfinishedFolder(features), key);
/** The entry in an unfinished folder. */
export const unfinishedToEntry = (unfinished: string): string => path.join(unfinished, "entry");
/** A name that no entry has. */
export const removedName = (features: string): string =>
  path.join(features, `${REMOVED}${randomBytes(6).toString("hex")}`);

export const isKey = (name: string): boolean => /^[0-9a-f]{64}$/.test(name);
export const isRemoved = (name: string): boolean => name.startsWith(REMOVED);

/**
 * Names in a folder, sorted; none where there is no folder.
 * @throws GanEvalError `input.cache-folder` where it cannot be read
 */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    if (["ENOENT", "ENOTDIR"].includes((cause as NodeJS.ErrnoException).code ?? "")) return [];
    throw new GanEvalError("input.cache-folder", `cannot read ${folder}: ${(cause as Error).message}`, {
      hint: "Check its permissions, or choose another cache folder (--cache-dir, GAN_EVAL_CACHE).",
      cause,
    });
  }
}

/** The size of the files in a folder and below; what vanishes meanwhile counts as nothing. */
export async function folderToBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(path.join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Makes a folder that has nothing but files of these names: a process that was killed may have left others. */
export async function sweep(folder: string, names: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder))
    if (!names.includes(name)) await rm(path.join(folder, name), { recursive: true, force: true });
}
