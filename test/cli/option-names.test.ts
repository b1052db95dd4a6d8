import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { nameToFlag, OPTION_NAMES, optionRow } from "../../src/cli/options.ts";
import { packageRoot } from "../../src/package-root.ts";
import { readSourceFiles, type SourceFile } from "../architecture/source-files.ts";

describe("names of options", () => {
  it("that an option had before, and aliases, are no other option's", () => {
    const others = OPTION_NAMES.flatMap((name) => {
      const { aliases = [], formerly } = optionRow(name);
      return [...aliases, ...(formerly === undefined ? [] : [formerly])];
    });
    expect(others.filter((name) => (OPTION_NAMES as string[]).includes(name))).toEqual(
      // The classic scripts' --n-cpu and the like are hyphenated; a single word may only be an option's own.
      [],
    );
    expect(new Set(others).size).toBe(others.length - SAME_IN_BOTH);
  });

  const aliases = OPTION_NAMES.flatMap((name) =>
    (optionRow(name).aliases ?? []).map((alias) => [alias, nameToFlag(name)] as const),
  );
  it.each(aliases)("hints, examples and docs do not say --%s, but --%s", (alias) => {
    const said = new RegExp(`--(vary )?${alias}(?![\\w-])`);
    expect(TEXTS.filter(({ text }) => said.test(text)).map(({ name }) => name)).toEqual([]);
  });
});

/** `--ema` is both an alias and the key of before. */
const SAME_IN_BOTH = 1;

/** Pages that say which spellings are taken besides. */
const OF_SPELLINGS = ["docs/options.md"];
const pages = readdirSync(path.join(packageRoot, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);
const TEXTS: readonly SourceFile[] = [
  ...readSourceFiles("src"),
  ...["README.md", ...pages]
    .filter((name) => !OF_SPELLINGS.includes(name))
    .map((name) => ({ name, text: readFileSync(path.join(packageRoot, name), "utf8") })),
];
