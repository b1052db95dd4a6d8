import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ERROR_CODES, ERROR_KINDS, type ErrorCode, errorCodesToMarkdown } from "../src/error-codes.ts";
import { GanEvalError, isCode } from "../src/errors.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const codes = Object.keys(ERROR_CODES) as ErrorCode[];

const folderToText = (folder: string, ending: string): string =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending) && !name.includes("error-codes"))
    .map((name) => readFileSync(path.join(ROOT, folder, name), "utf8"))
    .join("\n");

const source = folderToText("src", ".ts");

/** Codes whose last word is a place's own: `input` of `usage.input-size`, the fault of `internal.graph-type`. */
const MADE: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [/^usage\.(?:input|output|state)-(type|size|unknown|missing)$/, ([, what]) => `usage.\${role}-${what}`],
  [/^internal\.graph-(.*)$/, ([, fault]) => `fail("${fault}"`],
  [/^usage\.(?:fid|is)-inf-(points|smallest)$/, ([, what]) => `\${id}-${what}`],
  [/^usage\.(.*)$/, ([, flag]) => `"${flag}"`],
];

const isThrown = (code: ErrorCode): boolean =>
  source.includes(`"${code}"`) ||
  MADE.some(([pattern, toText]) => {
    const match = pattern.exec(code);
    return match !== null && source.includes(toText(match));
  });

describe("the table of error codes", () => {
  it.each(codes)("%s is of a known kind, says one line, and is one that the program has", (code) => {
    expect(ERROR_KINDS.map(({ kind }) => kind)).toContain(new GanEvalError(code, "").kind);
    expect(ERROR_CODES[code]).toMatch(/^[A-Z-].*\.$/);
    expect(ERROR_CODES[code]).not.toContain("\n");
    expect(isThrown(code)).toBe(true);
  });

  it("has every code that comments and pages speak of", () => {
    const spoken = `${source}\n${folderToText("docs", ".md")}`.matchAll(
      /`((?:usage|input|unavailable|run|internal)\.[a-z][a-z0-9-]*)`/g,
    );
    const unknown = [...spoken]
      .map(([, code]) => code!)
      .filter((code) => !Object.hasOwn(ERROR_CODES, code) && !code.endsWith("-"));
    expect([...new Set(unknown)].filter((code) => !/^run\.(json|lock)$/.test(code))).toEqual([]);
  });

  it("is the page docs/errors.md (vitest -u writes it)", async () => {
    await expect(errorCodesToMarkdown()).toMatchFileSnapshot("../docs/errors.md");
  });
});

describe("isCode", () => {
  it("holds for an error of the code, and for nothing else", () => {
    expect(isCode(new GanEvalError("input.picture", "m"), "input.picture")).toBe(true);
    expect(isCode(new GanEvalError("input.zip", "m"), "input.picture")).toBe(false);
    expect(isCode(Object.assign(new Error("m"), { code: "input.picture" }), "input.picture")).toBe(false);
    expect(isCode(undefined, "input.picture")).toBe(false);
  });

  it("takes no unknown code, nor does an error", () => {
    // @ts-expect-error no code of the table
    isCode(undefined, "input.pictures");
    // @ts-expect-error no code of the table
    expect(new GanEvalError("input.pictures", "m").code).toBe("input.pictures");
  });
});
