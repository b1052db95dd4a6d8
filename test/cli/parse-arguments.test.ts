import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { commandToOptions } from "../../src/cli/help.ts";
import { nameToFlag, type OptionName, optionRow } from "../../src/cli/options.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";

/** With a word for each argument that the command wants. */
const parse = (command: string, words: readonly string[]) => {
  const row = COMMANDS[command]!;
  return parseArguments(command, row, [...row.args.map(() => "x"), ...words]).flags as Record<
    string,
    unknown
  >;
};

/** Every option of every command, under every spelling. */
const SPELLINGS = Object.entries(COMMANDS).flatMap(([command, row]) =>
  commandToOptions(row).flatMap((option: OptionName) =>
    [nameToFlag(option), ...(optionRow(option).aliases ?? [])].map((flag) => ({ command, option, flag })),
  ),
);
const single = SPELLINGS.filter(({ option }) => !optionRow(option).repeats);
const valued = single.filter(({ option }) => !optionRow(option).kind.isSwitch);
const switches = single.filter(({ option }) => optionRow(option).kind.isSwitch);
const repeating = SPELLINGS.filter(({ option }) => optionRow(option).repeats);

describe("an option that takes one value", () => {
  it("is an error with two, which names both, for every command and spelling", () => {
    for (const { command, option, flag } of valued)
      for (const words of [
        [`--${flag}`, "a", `--${flag}`, "b c"],
        [`--${nameToFlag(option)}=a`, `--${flag.replaceAll("-", "_")}=b c`],
      ])
        expect(() => parse(command, words), `${command} ${words.join(" ")}`).toThrow(
          expect.objectContaining({
            code: "usage.repeated-option",
            message: expect.stringMatching(/^expected one value, got --\S+ a and --\S+ 'b c'$/),
          }),
        );
  });

  it("may be given twice with the same value", () => {
    for (const { command, option, flag } of valued)
      expect(parse(command, [`--${flag}`, "a", `--${nameToFlag(option)}`, "a"])[option]).toBe("a");
  });

  it("is taken with capitals in the place of hyphens, as other programs write it", () => {
    for (const { command, option, flag } of valued) {
      const written = flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      expect(parse(command, [`--${written}`, "a"])[option], written).toBe("a");
    }
    expect(parse("train", ["--netD", "pixel", "--n_layers_D=2"])).toMatchObject({
      ...{ discriminatorNet: "pixel", discriminatorLayers: "2" },
    });
  });

  it("is an error under its short name too", () => {
    expect(() => parse("fid", ["-o", "a.json", "--out", "b.json"])).toThrow(
      "expected one value, got --out a.json and --out b.json",
    );
  });
});

describe("a switch", () => {
  it("is an error both on and off, for every command", () => {
    for (const { command, flag } of switches)
      for (const words of [
        [`--${flag}`, `--no-${flag}`],
        [`--no-${flag}`, `--${flag}`],
      ])
        expect(() => parse(command, words), `${command} ${words.join(" ")}`).toThrow(
          `expected one value, got ${words.join(" and ")}`,
        );
  });

  it("may be given twice alike", () => {
    for (const { command, option, flag } of switches)
      expect(parse(command, [`--${flag}`, `--${flag}`])[option]).toBe(true);
  });
});

it("an option that may be given again keeps all its values", () => {
  expect(repeating.length).toBeGreaterThan(0);
  for (const { command, option, flag } of repeating)
    expect(parse(command, [`--${flag}`, "a=1", `--${flag}`, "b=2"])[option]).toBe("a=1,b=2");
});

it("an option of several words takes all up to the next flag, and commas", () => {
  const several = repeating.filter(({ option }) => optionRow(option).repeats === "words");
  expect(several.length).toBeGreaterThan(0);
  for (const { command, option, flag } of several) {
    const flags = parse(command, [`--${flag}`, "a", "b,c", "--seed", "3", `--${flag}`, "d"]);
    expect([flags[option], flags.seed]).toEqual(["a,b,c,d", "3"]);
  }
});
