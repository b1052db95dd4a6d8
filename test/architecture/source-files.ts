/** The project's own source files, as tests of its architecture read them. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../src/package-root.ts";

export interface SourceFile {
  /** From the package's root, with slashes: `src/index.ts`. */
  readonly name: string;
  readonly text: string;
}

const SOURCE = /\.(tsx?|js|mjs)$/;

/** All of a folder's source files, by name; what a build made is left out. */
export function readSourceFiles(folder: string): SourceFile[] {
  const files: SourceFile[] = [];
  for (const entry of readdirSync(path.join(packageRoot, folder), { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    if (entry.name === "node_modules" || entry.name === "dist") continue;
    if (entry.isDirectory()) files.push(...readSourceFiles(name));
    else if (SOURCE.test(entry.name))
      files.push({ name, text: readFileSync(path.join(packageRoot, name), "utf8") });
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}
