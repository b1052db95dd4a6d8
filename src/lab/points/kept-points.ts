/** Points that a page drew, pasted or opened: kept in this user's folder, so that a run can be trained on them again. */
import { createHash } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { writeFileAtomically } from "../../files/atomic-file.ts";
import { npyToBytes } from "../../formats/npy.ts";
import { bytesToPoints } from "../../train/data/read-points.ts";

export interface KeptPoints {
  /** What a page calls them: `points:ID` is their `--data` in the lab. */
  readonly id: string;
  readonly count: number;
  readonly dimensions: number;
}

const ID = /^[0-9a-f]{16}$/;

/** The file of kept points. */
export const idToPointsFile = (folder: string, id: string): string => path.join(folder, `${id}.npy`);

/** Undefined for what is no id: a page knows no paths. */
export const dataToPointsId = (data: string): string | undefined => {
  const id = data.startsWith("points:") ? data.slice("points:".length) : "";
  return ID.test(id) ? id : undefined;
};

/**
 * Keeps an npy file's or a text's points, once, by what they are.
 * @throws GanEvalError `input.points`, `input.npy`, `input.npy-dtype`, `input.text-encoding`, `input.cannot-write`
 */
export async function keepPoints(folder: string, bytes: Buffer): Promise<KeptPoints> {
  const { values, d } = bytesToPoints(bytes, "the points");
  const file = npyToBytes({ dtype: "<f8", shape: [values.length / d, d], data: values });
  const id = createHash("sha256").update(file).digest("hex").slice(0, 16);
  const location = idToPointsFile(folder, id);
  const isKept = await stat(location).then(
    () => true,
    () => false,
  );
  if (!isKept) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileAtomically(location, [file]);
  }
  return { id, count: values.length / d, dimensions: d };
}
