import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textToExpression } from "../../src/check/expression.ts";

const open = (text: string) => textToExpression(text, "rule");

/** Every use of a scope gets the scope's value. */
async function holds(text: string, values: Partial<Record<string, number | readonly number[]>> = {}) {
  const expression = await open(text);
  return expression.holds(expression.uses.map(({ scope, name }) => values[`${scope}.${name}`] ?? Number.NaN));
}

describe("expressions", () => {
  it("speak of this night, the baseline and the history", async () => {
    const { uses } = await open(
      'current.fid < 1.1 * median(history.fid) and current["recall"] > baseline.recall and current.fid > 0',
    );
    expect(uses).toEqual([
      { scope: "current", name: "fid" },
      { scope: "history", name: "fid" },
      { scope: "current", name: "recall" },
      { scope: "baseline", name: "recall" },
    ]);
  });

  it.each<[string, boolean]>([
    ["current.fid < 1.1 * median(history.fid)", true],
    ["current.fid < median(history.fid)", false],
    ["10 < current.fid <= 20", true],
    ["current.fid > last(history.fid)", false],
    ["mean(last(history.fid, 2)) == 19.5", true],
    ["max(history.fid) - min(history.fid) == 2", true],
    ["abs(current.fid - baseline.fid) / baseline.fid < 5 %", true],
    ["current.fid > baseline.fid ? false : true", true],
    ["not (current.fid > 19) xor true", true],
    ["sqrt(current.fid ^ 2) == current.fid", true],
    ["std(history.fid) == 1 and variance(history.fid) == 1", true],
    ["round(exp(log(current.fid))) == 19.5 or false", false],
  ])("%s is %s", async (text, expected) => {
    expect(await holds(text, { "current.fid": 19.5, "baseline.fid": 20, "history.fid": [18, 19, 20] })).toBe(
      expected,
    );
  });

  it.each([
    // assignment and definition
    "x = 1",
    "current.fid = 1",
    "current = 1",
    "f(x) = x",
    "current.f(x) = x",
    "median(x) = 0",
    "a = 1; a < 2",
    "1 < 2; 3 < 4",
    "1 < 2\n3 < 4",
    // names and calls beyond the list
    'import("fs")',
    "import({ median: 1 }, { override: true })",
    'createUnit("x")',
    'evaluate("1 < 2")',
    'parse("1 < 2")',
    'compile("1 < 2").evaluate()',
    'simplify("x + x")',
    'derivative("x^2", "x")',
    'parser().evaluate("1")',
    "typed",
    "config({})",
    "chain(1).done()",
    "help(1)",
    'print("$x", {x: 1})',
    "map([1], f)",
    "filter(history.fid, f)",
    "random() < 1",
    "factorial(170) > 1",
    "170! > 1",
    "pi > 3",
    "process",
    "globalThis",
    "this",
    "require",
    "constructor",
    "__proto__",
    "x",
    // prototypes
    "current.constructor.name",
    'current["constructor"]["constructor"]',
    "current.fid.constructor",
    "median.constructor",
    '(1).constructor("return process")',
    '"text".constructor',
    "cos.constructor('return process')()",
    "history.fid.map",
    "history.fid[1]",
    'history.fid["length"]',
    "current[1]",
    "current.a.b",
    "baseline.__proto__.x",
    // other things
    "[1, 2] == [1, 2]",
    "{a: 1}",
    '{"constructor": 1}.constructor',
    "1:1e9",
    "'text' == 'text'",
    '"a" < "b"',
    "null",
    "undefined",
    "1e999 > 1",
    "1 | 2",
    "1 << 2",
    "history.fid'",
    "5 cm > 1 mm",
    "",
    "# nothing",
    "current",
    "(",
    "current.",
    "current.fid <",
  ])("%j: refused", async (text) => {
    await expect(open(text)).rejects.toMatchObject({ code: "usage.check-expression" });
  });

  it.each<[string, string]>([
    ["brackets in brackets", `${"(".repeat(200)}1${")".repeat(200)} < 2`],
    ["signs before signs", `${"-".repeat(300)}1 < 2`],
    ["long sums", `${"1 + ".repeat(120)}1 > 2`],
    ["long conjunctions", `1 < 2 and ${"1 < 2 and ".repeat(45)}true`],
    ["not not not", `${"not ".repeat(100)}true`],
    ["towers of powers", `${"2 ^ ".repeat(100)}2 > 1`],
    ["choices in choices", `${"true ? ".repeat(32)}true${" : true".repeat(32)}`],
    ["more than a rule needs", `${" ".repeat(500)}true`],
  ])("%s: refused", async (_, text) => {
    await expect(open(text)).rejects.toMatchObject({ code: "usage.check-expression" });
  });

  it("names of prototypes are names like others, and reach nothing", async () => {
    // A metric of that name does not exist; decide() says so. The expression itself only asks for a number.
    const expression = await open("current.constructor < 1 and current.__proto__ < 1");
    expect(expression.uses.map(({ name }) => name)).toEqual(["constructor", "__proto__"]);
    expect(expression.holds([0, 0])).toBe(true);
  });

  it.each([
    "current.fid",
    "1 + 1",
    "current.fid + history.fid > 1 ? 1 : 2",
    "history.fid < 1",
    "last(current.fid) < 1",
  ])("%s gives neither true nor false: refused", async (text) => {
    await expect(holds(text, { "current.fid": 1, "history.fid": [1, 2] })).rejects.toMatchObject({
      code: "usage.check-expression",
    });
  });

  it("no text does anything but say true, false, or what is wrong with it", async () => {
    const file = path.join(tmpdir(), "gan-eval-expression-owned");
    rmSync(file, { force: true });
    const words = [
      ...[
        "current.fid",
        "history.fid",
        "baseline",
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        "=",
        "<",
        ";",
        "'",
        '"',
        ":",
        "{",
      ],
      ...[
        "}",
        "constructor",
        "__proto__",
        "import",
        "median",
        "last",
        "1",
        "e9",
        "!",
        "and",
        "?",
        "f(x)",
        "\n",
        " ",
      ],
      `process.mainModule.require("fs").writeFileSync("${file}", "")`,
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 12 }), async (parts) => {
        const text = parts.join("");
        try {
          const expression = await open(text);
          const values = expression.uses.map(({ scope }) => (scope === "history" ? [1, 2, 3] : 1));
          expect(typeof expression.holds(values)).toBe("boolean");
        } catch (error) {
          expect(error).toMatchObject({ code: "usage.check-expression" });
        }
      }),
      { numRuns: 500 },
    );
    expect(existsSync(file)).toBe(false);
  });
});
