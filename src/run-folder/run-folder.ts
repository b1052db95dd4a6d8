/** What lies where in a run's folder. */

import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { cannotWrite } from "../files/atomic-file.ts";
import { LOCK_FILE } from "../files/lock.ts";
import { STOP_FILE } from "../files/stop-request.ts";

export const DESCRIPTION_FILE = "run.json";

/** Folders of files that are named for their rounds. */
const ROUND_FILES = {
  checkpoints: ".safetensors",
  samples: ".png",
} as const satisfies Record<string, string>;
export type RoundFileKind = keyof typeof ROUND_FILES;

export interface RoundFile {
  readonly round: number;
  readonly location: string;
}

/** `checkpoints/00001000.safetensors`, from the run's folder. */
export const roundToName = (kind: RoundFileKind, round: number): string =>
  `${kind}/${String(round).padStart(8, "0")}${ROUND_FILES[kind]}`;

export const roundToLocation = (folder: string, kind: RoundFileKind, round: number): string =>
  path.join(folder, roundToName(kind, round));

/** Names in a folder; none where there is no folder. */
const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw cause;
  });

/** By round, rising. */
export async function listRoundFiles(folder: string, kind: RoundFileKind): Promise<RoundFile[]> {
  const names = await namesIn(path.join(folder, kind));
  return names
    .flatMap((name) => {
      const round = Number(path.basename(name, ROUND_FILES[kind]));
      return roundToName(kind, round) === `${kind}/${name}`
        ? [{ round, location: path.join(folder, kind, name) }]
        : [];
    })
    .sort((a, b) => a.round - b.round);
}

/** @throws GanEvalError `input.cannot-write` */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw cannotWrite(folder, cause);
  });
}

/** Whether a run may begin here: nothing but hidden files and what a run leaves that was killed at its first breath. */
export async function isVacant(folder: string): Promise<boolean> {
  const names = await namesIn(folder);
  return names.every((name) => name.startsWith(".") || name.startsWith(LOCK_FILE) || name === STOP_FILE);
}

/** What a run writes beside its tables, and what TensorBoard reads. */
const OWN_FILES = new RegExp(
  `^(${[DESCRIPTION_FILE, ...Object.keys(ROUND_FILES)].join("|")}|events\\.out\\.tfevents\\..*|[a-z]+\\.csv)$`,
);

/** Removes what a run writes into its folder; the lock and what is not a run's stay. */
export async function removeRunFiles(folder: string): Promise<void> {
  await removeTemporaries(folder);
  for (const name of await namesIn(folder))
    if (OWN_FILES.test(name)) await rm(path.join(folder, name), { recursive: true, force: true });
}

/** Under which files are written until they are whole. */
const TEMPORARY = /^\..+\.[0-9a-f]{12}\.tmp$/;

/** Removes what a killed process was writing. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const within of [folder, ...Object.keys(ROUND_FILES).map((kind) => path.join(folder, kind))])
    for (const name of await namesIn(within))
      if (TEMPORARY.test(name)) await rm(path.join(within, name), { force: true });
}
