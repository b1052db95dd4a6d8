/** docs/models.md says of the cycle and latent models what their rows say. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SCHEME_MODELS, type SchemeModel } from "../../../src/train/schemes/models.ts";

const NAMES = ["cyclegan", "discogan", "dualgan", "aae", "cluster_gan", "cogan", "pixelda"] as const;
const PAGE = readFileSync(new URL("../../../docs/models.md", import.meta.url), "utf8");
/** By heading, up to the next one, its lines joined. */
const sectionOf = (name: string): string =>
  PAGE.split(`\n### ${name}\n`)[1]
    ?.split(/\n##/)[0]
    .replace(/\n {2}/g, " ") ?? "";
const toFlag = (option: string): string => `--${option.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

describe.each(NAMES)("the page of %s", (name) => {
  const row: SchemeModel = SCHEME_MODELS[name];
  const section = sectionOf(name);

  it("has every term with its weight", () => {
    for (const [term, weight] of Object.entries(row.weights))
      expect(section).toMatch(new RegExp(`^\\| ${term} \\| [\\w, ]+ \\| ${weight} \\|`, "m"));
  });

  it("has every flag", () => {
    for (const option of Object.keys(row.options)) expect(section).toContain(`\`${toFlag(option)}\``);
  });

  it("has every difference from PyTorch-GAN", () => {
    for (const differs of row.differs) expect(section).toContain(`- ${differs}\n`);
  });
});
