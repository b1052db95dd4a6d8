import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../src/cli/command-table.ts";
import { errorToReport } from "../src/cli/error-to-report.ts";
import { GanEvalError } from "../src/errors.ts";
import { plainStyle, textToVisible } from "../src/reports/page.ts";
import { locationToShell, wordToShell } from "../src/shell-word.ts";

/** What bash makes of words, each in a line of its own. */
const shellToWords = (written: readonly string[]): string[] => {
  const script = `printf '%s\\0' ${written.join(" ")}`;
  const { stdout, status } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  expect(status).toBe(0);
  return stdout.split("\0").slice(0, -1);
};

const HARD = [
  ...[
    "",
    "my runs/first one",
    "it's",
    "$HOME",
    "`ls`",
    "a;b",
    "a&b",
    "a|b",
    "*",
    "?",
    "~",
    "~/x",
    "#x",
    "!x",
  ],
  ...["(a)", "{a,b}", "<a", ">a", '"', "\\", "a\\nb", "größer 数 😀", "-x", "--", "=ls", "a=b", "@list.txt"],
  ...["a\nb", "a\tb", "\u0001f", "\u001b[31m", "\u202eabc", "it's\n1", "\u0085a"],
];

test("a word comes back from a shell as it was", () => {
  expect(shellToWords(HARD.map(wordToShell))).toEqual(HARD);
  const words = fc.array(
    fc.string({ unit: "grapheme", maxLength: 20 }).filter((word) => !word.includes("\0")),
    { minLength: 1, maxLength: 50 },
  );
  fc.assert(
    fc.property(words, (some) => {
      expect(shellToWords(some.map(wordToShell))).toEqual(some);
    }),
    { numRuns: 20 },
  );
});

test("a word has nothing in it that a terminal would act on", () => {
  for (const word of HARD) expect(textToVisible(wordToShell(word))).toBe(wordToShell(word));
});

test("a location is not taken for an option, and - stays standard input", () => {
  expect(["-x", "--out", "-", "a", "-a b"].map(locationToShell)).toEqual([
    "./-x",
    "./--out",
    "-",
    "a",
    "'./-a b'",
  ]);
});

describe("a hint's command", () => {
  const hintOf = (hint: string, columns: number): string =>
    errorToReport(
      new GanEvalError("input.picture", "it is so", { hint }),
      { columns, style: plainStyle },
      { debug: false, interrupted: false },
    ).text;

  test("stays on one line, however narrow the page", () => {
    const command = `gan-eval train --resume ${wordToShell("a  folder with many words in its name/and another one")}`;
    for (const columns of [40, 60, 80])
      for (const hint of [
        `Go on with: ${command}`,
        `It is taken, as was said at length in the message. Take another --out, or go on with it: ${command}`,
        `One of two:\n  ${command}`,
      ])
        expect(
          hintOf(hint, columns)
            .split("\n")
            .some((line) => line.endsWith(command)),
          hint,
        ).toBe(true);
  });

  test("in quotation marks stays on one line too", () => {
    const hint =
      "Import the network again, as it was done before: `gan-eval inception import FILE`. Then go on.";
    for (const columns of [40, 50, 60, 70])
      expect(hintOf(hint, columns)).toContain("`gan-eval inception import FILE`");
  });
});

describe("in the sources", () => {
  const root = path.resolve(import.meta.dirname, "../src");
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const names = Object.keys(COMMANDS).join("|");
  /** `gan-eval train ... ${value}`, and `--resume ${value}` in a hint. */
  const WRITTEN = new RegExp(
    `(?<!option of )gan-eval (?:${names})\\b[^\`\\n]*|--resume (?!without)[^\`\\n]*`,
    "g",
  );
  /** Quoted where they are written, or made of quoted words. */
  const QUOTED = /^(?:locationToShell|wordToShell|optionsToFlags)\(/;

  test("every value in a command that may be pasted is quoted", () => {
    const bare: string[] = [];
    let commands = 0;
    for (const source of sources) {
      const text = readFileSync(path.join(root, source), "utf8");
      for (const [written] of text.matchAll(WRITTEN))
        for (const [, value] of written.matchAll(/\$\{([^}]*)\}?/g)) {
          commands++;
          const isQuoted =
            QUOTED.test(value!) ||
            new RegExp(`const ${value} = (?:.*\\.map\\()?(?:locationToShell|wordToShell)\\b`).test(text);
          if (!isQuoted) bare.push(`${source}: ${written}`);
        }
    }
    expect(commands).toBeGreaterThan(8);
    expect(bare).toEqual([]);
  });
});
