/**
 * Labels of pictures by class folders: where every picture lies in a first-level folder and there are at least two,
 * the folders, sorted by bytes, are the classes 0, 1, ...
 */
import { byBytes } from "../formats/zip.ts";

export interface FolderClasses {
  /** The class of each picture. */
  readonly labels: Int32Array;
  /** The folders, by number. */
  readonly classNames: readonly string[];
}

export function namesToClasses(names: readonly string[]): FolderClasses | undefined {
  const folders = names.map((name) => name.slice(0, Math.max(0, name.indexOf("/"))));
  const classNames = [...new Set(folders)].sort(byBytes);
  if (classNames.length < 2 || classNames.includes("")) return undefined;
  const index = new Map(classNames.map((name, i) => [name, i]));
  return { labels: Int32Array.from(folders, (name) => index.get(name)!), classNames };
}
