import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyRecipe, pageToRecipes } from "./apply-recipe.ts";

const root = path.resolve(import.meta.dirname, "../..");
const recipes = pageToRecipes(readFileSync(path.join(root, "CONTRIBUTING.md"), "utf8"));

let copy: string;
const run = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
  return { status, output: status === 0 ? "" : `${stdout}${stderr}` };
};

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), "gan-eval-recipes-"));
  for (const name of ["src", "test", "docs", "package.json", "vitest.config.ts"])
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  for (const name of ["node_modules", "vendor", "fixtures", "bench", "scripts"])
    symlinkSync(path.join(root, name), path.join(copy, name));
  const base = JSON.parse(readFileSync(path.join(root, "tsconfig.json"), "utf8"));
  writeFileSync(path.join(copy, "tsconfig.json"), JSON.stringify({ ...base, include: ["src", "test"] }));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe("the recipes of CONTRIBUTING.md", () => {
  it("are a metric, a loss, a network, a source and a format", () => {
    expect(recipes.map(({ title }) => title)).toEqual([
      "Add a metric",
      "Add a loss",
      "Add a network",
      "Add an image source",
      "Add an output format",
    ]);
  });

  it("can be applied one after the other, and then compile", () => {
    for (const recipe of recipes) applyRecipe(recipe, copy);
    expect(run("node_modules/typescript/bin/tsc", "--noEmit")).toEqual({ status: 0, output: "" });
  });

  it("have tests that pass", () => {
    expect(recipes.filter(({ tests }) => tests.length === 0)).toEqual([]);
    const [filtered, whole] = [true, false].map((isFiltered) =>
      recipes.flatMap(({ tests }) => tests.filter((args) => args.includes("-t") === isFiltered)),
    );
    // One start of vitest for all that need no filter.
    for (const args of [whole.flat(), ...filtered])
      expect(run("node_modules/vitest/vitest.mjs", "run", ...args)).toEqual({ status: 0, output: "" });
  });
});
