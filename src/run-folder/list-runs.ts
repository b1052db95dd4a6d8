/** Finds run folders by their locations and patterns. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { unlessForbidden } from "../files/forbidden.ts";
import { DESCRIPTION_FILE } from "./run-folder.ts";

const exists = (location: string): Promise<boolean> =>
  stat(location).then(() => true, unlessForbidden(false));

/** Folders right in a folder, by name. */
async function listFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder || ".", { withFileTypes: true }).catch(unlessForbidden([]));
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .sort();
}

const patternToExpression = (pattern: string): RegExp => {
  const escaped = pattern.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
};

/** Folders that a location means: what is called so, else what `*` and `?` in its parts stand for. */
async function expand(location: string): Promise<string[]> {
  if (!/[*?]/.test(location) || (await exists(location))) return [location];
  const { root } = path.parse(location);
  let found = [root];
  for (const part of location.slice(root.length).split(path.sep === "\\" ? /[\\/]/ : "/")) {
    const isPattern = /[*?]/.test(part);
    const expression = patternToExpression(part);
    const next: string[] = [];
    for (const folder of found) {
      const names = isPattern ? (await listFolders(folder)).filter((name) => expression.test(name)) : [part];
      next.push(...names.map((name) => path.join(folder, name)));
    }
    found = next;
  }
  return found;
}

/**
 * Folders of runs: each location that is one, and the runs right in each that is not. `*` and `?` stand for any names.
 * @throws GanEvalError `input.not-a-run` for a location without runs
 */
export async function listRuns(locations: readonly string[]): Promise<string[]> {
  const isRun = (folder: string): Promise<boolean> => exists(path.join(folder, DESCRIPTION_FILE));
  const runs = new Set<string>();
  for (const location of locations) {
    const found: string[] = [];
    for (const folder of await expand(location)) {
      if (await isRun(folder)) found.push(folder);
      else
        for (const name of await listFolders(folder))
          if (await isRun(path.join(folder, name))) found.push(path.join(folder, name));
    }
    if (found.length === 0)
      throw new GanEvalError("input.not-a-run", `expected runs at ${location}, got none`, {
        hint: `Give folders with a ${DESCRIPTION_FILE}, or the folder that contains them.`,
      });
    for (const run of found) runs.add(path.normalize(run));
  }
  return [...runs];
}
