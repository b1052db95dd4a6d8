/** Where the attributes of images lie: a file by its name, or one beside the images. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../../errors.ts";
import { unlessForbidden } from "../../../files/forbidden.ts";

const isFile = (location: string): Promise<boolean> =>
  stat(location).then((info) => info.isFile(), unlessForbidden(false));

/**
 * The file of attributes: as it was given, else of this name in the folder of the images or in the one above. If none
 * was given: `list_attr*.txt`, or else the only .txt or .csv file in the folder.
 *
 * @returns undefined where none was given and none is found
 * @throws GanEvalError `input.not-found` where the one that was given is not there
 */
export async function findAttributes(data: string, given: string | undefined): Promise<string | undefined> {
  if (given !== undefined) {
    const places = [given, path.join(data, given), path.join(path.dirname(data), given)];
    for (const place of places) if (await isFile(place)) return place;
    throw new GanEvalError(
      "input.not-found",
      `expected a file of attributes, got ${given}, which is not there`,
      {
        hint: `Looked for ${places.join(", ")}.`,
      },
    );
  }
  const tables = (await readdir(data).catch(unlessForbidden<string[]>([]))).filter((name) =>
    /\.(txt|csv)$/i.test(name),
  );
  const listed = tables.filter((name) => /^list_attr.*\.txt$/i.test(name));
  const [only, ...others] = listed.length > 0 ? listed : tables;
  return only === undefined || others.length > 0 ? undefined : path.join(data, only);
}
