import { describe, expect, it } from "vitest";
import { OPTION_NAMES, optionRow } from "../../src/cli/options.ts";

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
});

/** `--ema` is both an alias and the key of before. */
const SAME_IN_BOTH = 1;
