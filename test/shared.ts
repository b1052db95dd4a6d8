import { existsSync } from "node:fs";
import path from "node:path";

/**
 * The folder of large data and weights that are not committed (`../shared`, or `GAN_EVAL_SHARED`).
 * Tests that need it use `describe.skipIf(!hasShared("data/mnist"))` and so are skipped, visibly, where it is absent.
 */
export const sharedFolder = process.env.GAN_EVAL_SHARED ?? path.resolve(import.meta.dirname, "../../shared");

/** The path of a file below the shared folder. */
export const shared = (name: string): string => path.join(sharedFolder, name);

/** Whether the shared folder has the file; says on stderr, once a file, that tests are skipped where it has not. */
export function hasShared(name: string): boolean {
  const found = existsSync(shared(name));
  if (!found)
    console.warn(`skipped: ${shared(name)} is absent (set GAN_EVAL_SHARED to the folder that has ${name})`);
  return found;
}
