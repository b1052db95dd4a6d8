/** docs/models.md says of stargan, unit, munit and bicyclegan what their rows say. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { SchemeModel } from "../../../src/train/schemes/models.ts";
import { STYLE_MODELS } from "../../../src/train/schemes/style-models.ts";

const PAGE = readFileSync(new URL("../../../docs/models.md", import.meta.url), "utf8");
/** By heading, up to the next one. */
const sectionOf = (name: string): string => PAGE.split(`\n### ${name}\n`)[1]?.split("\n### ")[0] ?? "";
const toFlag = (option: string): string => `--${option.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

describe.each(Object.entries<SchemeModel>(STYLE_MODELS))("the page of %s", (name, row) => {
  const section = sectionOf(name);

  it("has every term with its weight", () => {
    for (const [term, weight] of Object.entries(row.weights))
      expect(section).toMatch(new RegExp(`^\\| ${term} \\| [\\w, ]+ \\| ${weight} \\|`, "m"));
  });

  it("has every flag", () => {
    for (const option of Object.keys(row.options)) expect(section).toContain(`\`${toFlag(option)}\``);
  });

  it("has every difference from PyTorch-GAN", () => {
    for (const differs of row.differs)
      expect(PAGE).toMatch(
        new RegExp(`^\\| [\\w, ]*\\b${name}\\b[\\w, ]* \\| ${escaped(differs)} \\|$`, "m"),
      );
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
