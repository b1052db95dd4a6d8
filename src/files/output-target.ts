/** What a name that is to be written stands for: a file that may be replaced, or something that must stay what it is. */
import { constants, type Stats } from "node:fs";
import { access, lstat, readlink, realpath, stat } from "node:fs/promises";
import path from "node:path";

export type OutputTarget =
  /** Nothing is there yet, or a plain file whose mode and owner the new one takes over. `path` follows links. */
  | { readonly kind: "replace"; readonly path: string; readonly before?: Stats }
  /** Devices, pipes, and files that cannot be replaced: opened and written as they stand. */
  | { readonly kind: "through"; readonly path: string; readonly before: Stats }
  /** An open file of this process: `/dev/stdout`, `/dev/fd/3`, a shell's `>(command)`. */
  | { readonly kind: "descriptor"; readonly path: string; readonly fd: number; readonly before: Stats };

const refused = (message: string): Error => new Error(message);

/** Longer chains are circles (Linux gives up at 40). */
const MOST_LINKS = 40;

const DESCRIPTOR = new RegExp(`^(?:/proc/(?:self|${process.pid})(?:/task/\\d+)?|/dev)/fd/(\\d+)$`);

const ifThere = <T>(asked: Promise<T>): Promise<T | undefined> =>
  asked.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });

/** Follows links to the place that would be written, which need not exist; stops at an open file of this process. */
async function followLinks(location: string): Promise<string> {
  let at = path.resolve(location);
  for (let links = 0; links <= MOST_LINKS; links++) {
    if (DESCRIPTOR.test(at)) return at;
    if (!(await ifThere(lstat(at)))?.isSymbolicLink()) return at;
    const folder = await realpath(path.dirname(at));
    if (DESCRIPTOR.test(path.join(folder, path.basename(at)))) return path.join(folder, path.basename(at));
    at = path.resolve(folder, await readlink(at));
  }
  throw refused("too many symbolic links");
}

/** A new file in the place of the old would be as good only where it can have the same owner and group. */
function canReplace({ uid, gid }: Stats): boolean {
  if (process.geteuid === undefined) return true;
  const own = process.geteuid();
  return own === 0 || (uid === own && (process.getegid!() === gid || process.getgroups!().includes(gid)));
}

const canChange = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );

/**
 * Looks at what is to be written, and touches nothing.
 * @throws Error what the system says where it may not be written; a folder, a socket, a disk
 */
export async function locationToTarget(location: string): Promise<OutputTarget> {
  const at = await followLinks(location);
  const before = await ifThere(stat(at));
  const folder = path.dirname(at);
  if (before === undefined) {
    if (/[/\\]$/.test(location)) throw refused("the name ends like a folder");
    await access(folder, constants.W_OK | constants.X_OK);
    return { kind: "replace", path: at };
  }
  if (before.isDirectory()) throw refused("it is a folder");
  const fd = DESCRIPTOR.exec(at)?.[1];
  // Devices and pipes are opened anew: the end that this process holds may have been set not to wait.
  if (fd !== undefined && (before.isFile() || before.isSocket()))
    return { kind: "descriptor", path: at, fd: Number(fd), before };
  if (before.isSocket()) throw refused("it is a socket");
  if (before.isBlockDevice()) throw refused("it is a disk");
  await access(at, constants.W_OK);
  const replaces = before.isFile() && canReplace(before) && (await canChange(folder));
  return { kind: replaces ? "replace" : "through", path: at, before };
}

/** A folder that is to be written. */
export interface FolderTarget {
  readonly path: string;
  readonly before?: Stats;
  /** Whether another folder can take its place; else it is filled where it stands. */
  readonly replaces: boolean;
}

/** @throws Error what the system says where it may not be written; a file */
export async function locationToFolderTarget(location: string): Promise<FolderTarget> {
  const at = await followLinks(location);
  const before = await ifThere(stat(at));
  if (before === undefined) {
    await access(path.dirname(at), constants.W_OK | constants.X_OK);
    return { path: at, replaces: true };
  }
  if (!before.isDirectory()) throw refused("it is not a folder");
  await access(at, constants.W_OK | constants.X_OK);
  return { path: at, before, replaces: canReplace(before) && (await canChange(path.dirname(at))) };
}
