/** One process at a time downloads into a folder; others wait for it. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GanEvalError, isCode } from "../../errors.ts";
import { lockFolder } from "../../files/lock.ts";
import type { Progress } from "../../progress.ts";

interface Waiting {
  /** What is downloaded, in words: `the Inception network`. */
  readonly what: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

const LOOK_MS = 300;
/** A download of which nothing has come for so long is nobody's, whatever its lock says: of another host, say. */
const STALLED_MS = 180_000;

/** Whether nothing was written there for so long. Where nothing lies, not even a lock, whoever had it is done. */
async function isStalled(folder: string): Promise<boolean> {
  const times = await Promise.all(
    (await readdir(folder)).map((name) =>
      stat(path.join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => Number.POSITIVE_INFINITY,
      ),
    ),
  );
  return times.length > 0 && Date.now() - Math.max(...times) > STALLED_MS;
}

async function tryToLock(folder: string): Promise<(() => Promise<void>) | GanEvalError> {
  try {
    const { unlock } = await lockFolder(folder, Date.now);
    return unlock;
  } catch (error) {
    if (isCode(error, "input.run-locked")) return error;
    throw error;
  }
}

/**
 * @returns what unlocks the folder, once nobody else downloads into it
 * @throws GanEvalError `unavailable.download` if somebody holds it and gets nothing; the signal's reason
 */
export async function lockDownloads(
  folder: string,
  { what, signal, onProgress }: Waiting,
): Promise<() => Promise<void>> {
  for (let looks = 0; ; looks++) {
    signal?.throwIfAborted();
    const locked = await tryToLock(folder);
    if (!(locked instanceof GanEvalError)) return locked;
    if (await isStalled(folder))
      throw new GanEvalError(
        "unavailable.download",
        `another process is downloading into ${folder}, but receives nothing`,
        {
          hint: locked.hint?.replace(/^.*?If that process/, "If that process") ?? "Delete its lock.",
          cause: locked,
        },
      );
    onProgress?.({
      stage: "waiting for a download",
      done: 0,
      total: 1,
      unit: "download",
      ...(looks === 0 && { notice: `another process is downloading ${what}; waiting for it` }),
    });
    await sleep(LOOK_MS, undefined, signal && { signal });
  }
}
