/** Folders for runs that were given none: `runs/gan-1`, `runs/gan-2`. */
import { makeNumberedFolder } from "../../../run-folder/reserve.ts";

const RUNS = "runs";

/** Makes `runs/NAME-1`, or the first number that is free, for the work; it is removed again if the work leaves it empty. */
export async function withNumberedFolder<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const { folder, removeIfEmpty } = await makeNumberedFolder(RUNS, name);
  try {
    return await work(folder);
  } catch (error) {
    await removeIfEmpty();
    throw error;
  }
}
