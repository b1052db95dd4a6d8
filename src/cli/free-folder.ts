import { readdir } from "node:fs/promises";
import path from "node:path";

const RUNS = "runs";

/** `runs/gan-1`: the first number of a name that is free. */
export async function freeFolder(name: string): Promise<string> {
  const taken = new Set(await readdir(RUNS).catch(() => [] as string[]));
  let number = 1;
  while (taken.has(`${name}-${number}`)) number++;
  return path.join(RUNS, `${name}-${number}`);
}
