/**
 * The token of the lab on a port, in a file that only its user reads, for as long as the lab is open: one that was killed
 * and is started again has the same, so that pages which are open go on.
 */
import { randomBytes } from "node:crypto";
import { lstat, mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";

const TOKEN = /^[\w-]{43}$/;

export interface KeptToken {
  readonly token: string;
  /** At the lab's own end: the next one has another. */
  forget(): Promise<void>;
}

const newToken = (): string => randomBytes(32).toString("base64url");

/** A lab's that was killed; nothing that another user can have written or read. */
async function readLeft(location: string): Promise<string | undefined> {
  const entry = await lstat(location).catch(() => undefined);
  if (!entry?.isFile() || (process.geteuid && (entry.uid !== process.geteuid() || (entry.mode & 0o77) !== 0)))
    return undefined;
  const text = await readFile(location, "utf8").catch(() => "");
  return TOKEN.test(text) ? text : undefined;
}

/** @param folder where it is kept; where nothing can be written, the token lives in memory alone */
export async function keepToken(folder: string, port: number): Promise<KeptToken> {
  const location = path.join(folder, `${port}.token`);
  const token = (await readLeft(location)) ?? newToken();
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rm(location, { force: true });
    const file = await open(location, "wx", 0o600);
    await file.writeFile(token).finally(() => file.close());
  } catch {
    // Pages ask for a new address after a crash, as they do after an ordinary end.
  }
  return { token, forget: () => rm(location, { force: true }).catch(() => {}) };
}
