/** Which files of folders and archives are looked at at all. */
import path from "node:path";
import { byBytes } from "../formats/zip.ts";

/** What archivers of macOS and storage servers leave behind: copies and thumbnails under the images' own names. */
const LEFT_BEHIND: ReadonlySet<string> = new Set(["__MACOSX", "@eaDir"]);

/** Hidden files (`._a.png` too), and folders of leftovers. */
export const isHiddenPart = (part: string): boolean => part.startsWith(".") || LEFT_BEHIND.has(part);

/** Whether any part of a path is hidden. */
export const isHidden = (name: string): boolean => name.split("/").some(isHiddenPart);

/** How many names there are of each extension: [".txt", 12], most first. */
export function namesToExtensions(names: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const extension = path.extname(name).toLowerCase() || "without extension";
    counts.set(extension, (counts.get(extension) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || byBytes(a, b));
}
