/** Puts the folder of a network into the cache: whole, or not at all. */
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

/** Names of unfinished work say whose it is: `.importing-<process>-<letters>`. */
const UNFINISHED = /^\.importing-(\d+)-/;

const isRunning = (process_: number): boolean => {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** Removes what processes that were killed left behind. */
async function removeLeftovers(networks: string): Promise<void> {
  for (const name of await readdir(networks)) {
    const owner = UNFINISHED.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner)))
      await rm(path.join(networks, name), { recursive: true, force: true });
  }
}

/** Puts a finished folder in the place of the old one, which comes back if that fails. */
async function replaceFolder(made: string, folder: string): Promise<void> {
  const old = `${made}.old`;
  const hadOld = await rename(folder, old).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
  try {
    await rename(made, folder);
  } catch (error) {
    if (hadOld) await rename(old, folder);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/**
 * Fills a new folder beside the place and renames it: a full disk or an interruption leaves what was there before.
 * @param fill writes the folder; when it throws, nothing changes
 * @throws Error what the system says, and what `fill` throws
 */
export async function installFolder<Result>(
  folder: string,
  fill: (made: string) => Promise<Result>,
): Promise<Result> {
  const networks = path.dirname(folder);
  await mkdir(networks, { recursive: true });
  await removeLeftovers(networks);
  const made = await mkdtemp(path.join(networks, `.importing-${process.pid}-`));
  try {
    // A temporary folder is its maker's alone; what is installed is everybody's whom the umask lets in.
    await chmod(made, 0o777 & ~process.umask());
    const result = await fill(made);
    await replaceFolder(made, folder);
    return result;
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    throw error;
  }
}
