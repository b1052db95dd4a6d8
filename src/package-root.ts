/** Where the package lies on disk, and its version. */
import { readFileSync } from "node:fs";
import path from "node:path";

/** The folder with package.json: above this file, in src/ and in dist/ alike. */
export const packageRoot: string = path.resolve(import.meta.dirname, "..");

/** The version in package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(packageRoot, "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}
