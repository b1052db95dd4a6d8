/** The folder of a tensorflow.js graph model: whole, or not there. */
import { readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { cannotWrite } from "../files/atomic-file.ts";
import { beginOutputFolder, type OutputFolder } from "../files/output-folder.ts";
import { locationToFolderTarget } from "../files/output-target.ts";

const MODEL = "model.json";
/** As tensorflowjs_converter calls the only file of a model's weights. */
export const WEIGHTS_FILE = "group1-shard1of1.bin";

/**
 * Refuses what is not a folder that is empty or, to be overwritten, holds a model and nothing else; and what cannot be
 * written.
 * @throws GanEvalError `usage.target-exists`, `input.cannot-write`
 */
export async function requireModelFolder(location: string, overwrite: boolean): Promise<void> {
  await requireUnoccupied(location, overwrite);
  await locationToFolderTarget(location).catch((error) => {
    throw cannotWrite(location, error);
  });
}

async function requireUnoccupied(location: string, overwrite: boolean): Promise<void> {
  const found = await stat(location).catch(() => undefined);
  if (found === undefined) return;
  const names = found.isDirectory() ? await readdir(location) : undefined;
  if (names?.length === 0) return;
  const foreign = names?.find((name) => name !== MODEL && !/^group\d+-shard\d+of\d+\.bin$/.test(name));
  if (overwrite && names !== undefined && foreign === undefined) return;
  throw new GanEvalError(
    "usage.target-exists",
    `expected no file or folder at ${location}, got ${names ? `one that holds ${foreign ?? names[0]}` : "one"}`,
    {
      hint:
        foreign === undefined && names
          ? "Choose another name, or allow overwriting (--overwrite)."
          : "Choose another name.",
    },
  );
}

/** Writes both files under another name first. @returns their bytes @throws GanEvalError `input.cannot-write` */
export async function writeModelFolder(
  location: string,
  json: unknown,
  weights: Uint8Array,
): Promise<number> {
  let output: OutputFolder | undefined;
  const model = Buffer.from(JSON.stringify(json));
  try {
    output = await beginOutputFolder(location);
    await output.make();
    await writeFile(path.join(output.temporary, WEIGHTS_FILE), weights, { flush: true });
    await writeFile(path.join(output.temporary, MODEL), model, { flush: true });
    await output.commit();
  } catch (error) {
    await output?.discard();
    throw cannotWrite(location, error);
  }
  return model.length + weights.length;
}
