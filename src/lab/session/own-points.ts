/** Points that a page draws or pastes: kept as files of the lab's folder, which a page knows by name alone. */
import { createHash } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import { writeFileAtomically } from "../../files/atomic-file.ts";
import type { PlaneOptions } from "../protocol/plane-messages.ts";
import { pointsToCsv } from "./export-tables.ts";

/** As a page says it: how many numbers make a point, and the beginning of a hash. */
const OWN = /^points:([12]d-[0-9a-f]{12})$/;
const LOCATION = /^points:(?:.*[\\/])?lab-points-([12])d-([0-9a-f]{12})\.csv$/;

export const isOwnPoints = (data: string): boolean => OWN.test(data);
export const isPointsFile = (location: string): boolean => LOCATION.test(location);

/** Numbers of one point in a file of the lab's. */
export const locationToDimensions = (location: string): number => Number(LOCATION.exec(location)?.[1] ?? 2);

/** What a page calls a file. */
export const locationToOwn = (location: string): string =>
  location.replace(LOCATION, (_, d: string, hash: string) => `points:${d}d-${hash}`);

const ownToFile = (folder: string, own: string): string =>
  path.join(folder, `lab-points-${OWN.exec(own)![1]}.csv`);

/** The most that fit into a message. */
const MOST_POINTS = 6000;

/**
 * Keeps points in a file of the folder. The same points have the same file.
 * @param values base64 of float32, row-major `[n, dimensions]`
 * @returns what `data` calls them
 * @throws GanEvalError `usage.lab-message` for what are no points
 */
export async function keepPoints(folder: string, dimensions: 1 | 2, values: string): Promise<string> {
  const bytes = Buffer.from(values, "base64");
  const points = new Float32Array(bytes.length >> 2);
  for (let i = 0; i < points.length; i++) points[i] = bytes.readFloatLE(4 * i);
  const count = points.length / dimensions;
  if (
    bytes.length % (4 * dimensions) !== 0 ||
    count < 2 ||
    count > MOST_POINTS ||
    !points.every(Number.isFinite)
  )
    throw new GanEvalError(
      "usage.lab-message",
      `expected 2 to ${MOST_POINTS.toLocaleString("en-US")} points of finite numbers, got ${bytes.length} bytes`,
      { hint: "A larger set is for the command line: --data points:FILE." },
    );
  const hash = createHash("sha256").update(`${dimensions}`).update(bytes).digest("hex").slice(0, 12);
  const own = `points:${dimensions}d-${hash}`;
  await mkdir(folder, { recursive: true });
  await writeFileAtomically(ownToFile(folder, own), [Buffer.from(pointsToCsv(points, dimensions))]);
  return own;
}

/** Options with the file in the place of its name. @throws GanEvalError `usage.lab-option` for points that are not kept */
export async function resolvePoints(options: PlaneOptions, folder: string): Promise<PlaneOptions> {
  const { data } = options;
  if (typeof data !== "string" || !isOwnPoints(data)) return options;
  const file = ownToFile(folder, data);
  const isThere = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isThere)
    throw new GanEvalError("usage.lab-option", `expected points that this lab keeps, got ${data}`, {
      hint: "They are files lab-points-*.csv of its first folder: draw or paste them again.",
    });
  return { ...options, data: `points:${file}` };
}
