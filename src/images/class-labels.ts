/**
 * Labels of pictures by class folders: where every picture lies in a first-level folder and there are at least two,
 * the folders, sorted by bytes, are the classes 0, 1, ...
 */
import { byBytes } from "../formats/zip.ts";

export function namesToLabels(names: readonly string[]): Int32Array | undefined {
  const folders = names.map((name) => name.slice(0, Math.max(0, name.indexOf("/"))));
  const classes = [...new Set(folders)].sort(byBytes);
  if (classes.length < 2 || classes.includes("")) return undefined;
  const index = new Map(classes.map((name, i) => [name, i]));
  return Int32Array.from(folders, (name) => index.get(name)!);
}
