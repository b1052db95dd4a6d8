/** A folder of translated images, written whole or not at all. */
import { mkdir, realpath, writeFile } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { cannotWrite } from "../files/atomic-file.ts";
import { beginOutputFolder } from "../files/output-folder.ts";
import { pixelsToPng } from "../images/sinks/encode-png.ts";
import { requireFree } from "../images/sinks/target.ts";
import type { Shape } from "../train/networks/shapes.ts";

export interface TranslationFolder {
  /** Writes an image `[height, width, channels]` under a name from the folder. */
  write(name: string, pixels: Uint8Array, shape: Shape): Promise<void>;
  /** Puts the whole folder in its place. */
  finish(): Promise<void>;
  /** Removes what was written; after `finish` it does nothing. */
  abort(): Promise<void>;
}

const toReal = (location: string): Promise<string> => realpath(location).catch(() => path.resolve(location));

/** @throws GanEvalError `usage.target-exists` where what is read would be replaced by what is written */
async function refuseOwnInput(out: string, input: string): Promise<void> {
  const [target, source] = await Promise.all([toReal(out), toReal(input)]);
  if (source !== target && !source.startsWith(target + path.sep)) return;
  throw new GanEvalError(
    "usage.target-exists",
    `expected another folder than that of the images, got ${out}`,
    {
      hint: "The translated images would replace those that they are made of: choose another --out.",
    },
  );
}

/**
 * Begins the folder. With `overwrite` one may be replaced that holds nothing but files of these names.
 * @throws GanEvalError `usage.target-exists`; `input.cannot-write` where the system refuses
 */
export async function openTranslationFolder(
  out: string,
  input: string,
  files: readonly (readonly string[])[],
  overwrite: boolean,
): Promise<TranslationFolder> {
  await refuseOwnInput(out, input);
  const names = new Set(files.flat());
  const folders = new Set([...names].flatMap((name) => ancestorsOf(name)));
  await requireFree(out, "folder", overwrite, (name, isFile) => (isFile ? names : folders).has(name));
  const output = await beginOutputFolder(path.resolve(out)).catch((error) => {
    throw cannotWrite(out, error);
  });
  let isOpen = true;
  const abort = async () => {
    if (isOpen) await output.discard();
    isOpen = false;
  };
  const orAbort = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      await abort();
      throw cannotWrite(out, error);
    }
  };
  await orAbort(() => output.make());
  const made = new Set<string>();
  return {
    write: (name, pixels, [height, width, channels]) =>
      orAbort(async () => {
        const file = path.join(output.temporary, name);
        const folder = path.dirname(file);
        if (!made.has(folder)) await mkdir(folder, { recursive: true });
        made.add(folder);
        await writeFile(file, await pixelsToPng(pixels, { height, width, channels }));
      }),
    finish: () =>
      orAbort(async () => {
        await output.commit();
        isOpen = false;
      }),
    abort,
  };
}

/** `a` and `a/b` of `a/b/c.png`. */
function ancestorsOf(name: string): string[] {
  const parts = name.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}
