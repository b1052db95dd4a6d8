import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { THRESHOLDS } from "../../src/diagnosis/thresholds.ts";
import { VERDICTS } from "../../src/diagnosis/verdict.ts";
import { packageRoot } from "../../src/package-root.ts";

const text = readFileSync(path.join(packageRoot, "docs/diagnosis.md"), "utf8");

it("docs/diagnosis.md has every threshold as it is, with its source", () => {
  for (const [name, { value, meaning, source }] of Object.entries(THRESHOLDS))
    expect(text).toContain(`| ${name} | ${value} | ${meaning} | ${source} |`);
});

it("docs/diagnosis.md has every verdict with its severity", () => {
  for (const [id, { severity }] of Object.entries(VERDICTS))
    expect(text).toContain(`| \`${id}\` | ${severity} |`);
});
