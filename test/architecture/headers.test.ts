import { expect, it } from "vitest";
import { readSourceFiles } from "./source-files.ts";

/**
 * A comment with a sentence in it, after the line that names an interpreter; what follows is an import or an empty line,
 * for a comment right above a declaration says what that is, not the file.
 */
const HEADER = /^(#!.*\n)?(\/\*(?:(?!\*\/)[\s\S])*\*\/\n|(\/\/.*\n)+)(\n|import\b|export [*{])/;
const toSentence = (text: string): string => /^(?:#!.*\n)?[/*\s]*(.*)/.exec(text)?.[1] ?? "";

it.each(["src", "scripts", "bench"])(
  "every file in %s begins with a comment that says what it is",
  (folder) => {
    const files = readSourceFiles(folder);
    expect(files.length).toBeGreaterThan(3);
    const bare = files.filter(({ text }) => !HEADER.test(text) || toSentence(text).length < 8);
    expect(bare.map(({ name }) => name)).toEqual([]);
  },
);
