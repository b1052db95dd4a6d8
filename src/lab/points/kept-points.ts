/** Points that a page drew, pasted or opened: kept in this user's folder, so that a run can be trained on them again. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import { writeFileAtomically } from "../../files/atomic-file.ts";
import { npyToBytes } from "../../formats/npy.ts";
import { isPointsLocation, POINTS_PREFIX } from "../../train/data/points.ts";
import { bytesToPoints } from "../../train/data/read-points.ts";

export interface KeptPoints {
  /** What a page calls them: `points:ID` is their `--data` in the lab. Its last digit says how many numbers a point has. */
  readonly id: string;
  readonly count: number;
  readonly dimensions: number;
}

const ID = /^[0-9a-f]{15}[12]$/;

const ENDING = ".npy";

/**
 * `points:ID`, as a page has it, as `--data` takes it.
 * @throws GanEvalError `usage.option-value` for points that are not kept, or a path: a page knows none
 */
export function pageToData(data: string, folder: string): string {
  if (!isPointsLocation(data)) return data;
  const id = data.slice(POINTS_PREFIX.length);
  const location = path.join(folder, `${id}${ENDING}`);
  if (ID.test(id) && existsSync(location)) return `${POINTS_PREFIX}${location}`;
  throw new GanEvalError("usage.option-value", "expected points that this lab keeps, got others", {
    hint: "Draw them, paste them or open their file in the page.",
  });
}

/** The other way: what a page may see of it. */
export const dataToPage = (data: string): string =>
  isPointsLocation(data)
    ? `${POINTS_PREFIX}${path.basename(data.slice(POINTS_PREFIX.length), ENDING)}`
    : data;

/** How many numbers a kept point has. */
export const dataToDimensions = (data: string): number => Number(path.basename(data, ENDING).at(-1));

/**
 * Keeps an npy file's or a text's points, once, by what they are.
 * @throws GanEvalError `input.points`, `input.npy`, `input.npy-dtype`, `input.text-encoding`, `input.cannot-write`
 */
export async function keepPoints(folder: string, bytes: Buffer): Promise<KeptPoints> {
  const { values, d } = bytesToPoints(bytes, "the points");
  const file = npyToBytes({ dtype: "<f8", shape: [values.length / d, d], data: values });
  const id = `${createHash("sha256").update(file).digest("hex").slice(0, 15)}${d}`;
  const location = path.join(folder, `${id}${ENDING}`);
  if (!existsSync(location)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileAtomically(location, [file]);
  }
  return { id, count: values.length / d, dimensions: d };
}
