/** The example and the programs of docs/schemes.md as text. */
import { readFileSync } from "node:fs";
import path from "node:path";

const PAGE = readFileSync(path.resolve(import.meta.dirname, "../../../docs/schemes.md"), "utf8");

export const PAGE_CODE = /```js\n([\s\S]*?)```/.exec(PAGE)![1];

/** By the names of their files. */
export const PAGE_PROGRAMS: ReadonlyMap<string, string> = new Map(
  [...PAGE.matchAll(/^```js program=(\S+)\n([\s\S]*?)^```$/gm)].map(([, name, text]) => [name, text]),
);
