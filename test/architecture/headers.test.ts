import { expect, it } from "vitest";
import { readSourceFiles } from "./source-files.ts";

/** A comment with a sentence in it, after the line that names an interpreter. */
const HEADER = /^(#!.*\n)?(\/\/|\/\*\*?)\s*(\*\s*)?\S+(\s+\S+){2,}/;

it.each(["src", "scripts", "bench"])(
  "every file in %s begins with a comment that says what it is",
  (folder) => {
    const files = readSourceFiles(folder);
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter(({ text }) => !HEADER.test(text)).map(({ name }) => name)).toEqual([]);
  },
);
