/** Where a new event file stands among those of its folder: TensorBoard reads them in the order of their names. */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import path from "node:path";

/** How their names begin; then come ten digits of seconds since 1970, the host and a number. */
export const EVENT_FILES = "events.out.tfevents.";

export const secondsToName = (seconds: number): string => String(Math.floor(seconds)).padStart(10, "0");

const listEventFiles = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(EVENT_FILES))
    .sort();

/** The second that the last file's name begins with; -1 where there is none. */
export function latestSecond(folder: string): number {
  const seconds = listEventFiles(folder).map((name) =>
    Number(/^\d+/.exec(name.slice(EVENT_FILES.length))?.[0]),
  );
  return Math.max(-1, ...seconds.filter(Number.isSafeInteger));
}

/** A record's length and its checksum, then the event, whose first field is the wall time: a tag and a float64. */
const [LENGTH_BYTES, CHECKSUM_BYTES] = [8, 4];
const HEAD_BYTES = LENGTH_BYTES + CHECKSUM_BYTES;
const WALL_TIME_TAG = 0x09;

/** The greatest wall time of a file's whole records, in seconds; 0 where there is none. */
function fileToWallTime(location: string): number {
  const file = openSync(location, "r");
  try {
    const { size } = fstatSync(file);
    const head = Buffer.alloc(HEAD_BYTES + 9);
    let latest = 0;
    for (let at = 0; readSync(file, head, 0, head.length, at) === head.length; ) {
      at += HEAD_BYTES + Number(head.readBigUInt64LE(0)) + CHECKSUM_BYTES;
      // A record that a kill cut off, or a length that is none.
      if (!(at <= size)) break;
      const time = head[HEAD_BYTES] === WALL_TIME_TAG ? head.readDoubleLE(HEAD_BYTES + 1) : 0;
      if (time > latest) latest = time;
    }
    return latest;
  } finally {
    closeSync(file);
  }
}

/** The greatest wall time in a folder's files, in seconds since 1970; 0 where there is none. */
export const latestWallTime = (folder: string): number =>
  Math.max(0, ...listEventFiles(folder).map((name) => fileToWallTime(path.join(folder, name))));
