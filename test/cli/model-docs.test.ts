import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { LESSONS } from "../../src/cli/commands/list-models/learnt.ts";
import { MODEL_TABLES } from "../../src/cli/commands/list-models/model-tables.ts";
import { tableToMarkdown } from "../../src/reports/table.ts";
import { openUserPair } from "../../src/train/networks/user-module.ts";
import { MODEL_NAMES } from "../../src/train/options/model.ts";
import { PRESETS } from "../../src/train/presets.ts";
import { SCHEME_MODELS } from "../../src/train/schemes/models.ts";
import { emptyFolder, run } from "./command-line.ts";

const docs = (page: string): string => path.resolve(import.meta.dirname, "../../docs", page);
const MARKED = /<!-- table: (\w+) -->\n[\s\S]*?<!-- end -->/g;
const PAGE = docs("models.md");
const PAGES = [PAGE, docs("learning.md")];

const namesOn = (page: string): string[] =>
  [...readFileSync(page, "utf8").matchAll(MARKED)].map(([, name]) => name);

it.each(PAGES)("%s has the program's tables between their marks (vitest -u writes them)", async (page) => {
  const filled = readFileSync(page, "utf8").replace(MARKED, (_, name: keyof typeof MODEL_TABLES) =>
    [`<!-- table: ${name} -->`, "", tableToMarkdown(MODEL_TABLES[name]), "<!-- end -->"].join("\n"),
  );
  await expect(filled).toMatchFileSnapshot(page);
});

it("every table of the program is on one of the pages", () => {
  expect(PAGES.flatMap(namesOn).sort()).toEqual(Object.keys(MODEL_TABLES).sort());
});

describe("what models were seen to learn", () => {
  const ours = (source: string): boolean => source.startsWith("PyTorch-GAN");
  const models = [...Object.entries(PRESETS), ...Object.entries(SCHEME_MODELS)].filter(([, { source }]) =>
    ours(source),
  );

  it("is said of all 32 models of PyTorch-GAN", () => {
    expect(models).toHaveLength(32);
    const learnt = new Set(LESSONS.map(({ model }) => model));
    expect(models.map(([name]) => name).filter((name) => !learnt.has(name))).toEqual([]);
  });

  const lessons = LESSONS.map(({ model, data, statistics }) => [model, data, statistics] as const);
  it.each(lessons)(
    "%s on %s: the figures of all seeds are within the bounds",
    (_model, _data, statistics) => {
      for (const { key, bound, figures } of statistics) {
        const [side, value] = bound;
        expect(figures.length, key).toBeGreaterThanOrEqual(3);
        for (const figure of figures)
          expect(side === "below" ? figure < value : figure > value, `${key} ${figure}`).toBe(true);
      }
    },
  );
});

describe("docs/models.md", () => {
  it("has networks of one's own that can be built and trained", async () => {
    const file = path.join(emptyFolder(), "networks.mjs");
    writeFileSync(file, /```js\n([\s\S]*?)```/.exec(readFileSync(PAGE, "utf8"))![1]!);
    const pair = await openUserPair(file);
    const request = { latent: 100, image: [28, 28, 1] };
    expect(pair.generator(request).output).toEqual([28, 28, 1]);
    expect(pair.discriminator(request).output).toEqual([1]);
  });
});

describe("list-models", () => {
  it("has each model on a narrow page, and where it differs in JSON", async () => {
    const { stdout } = await run(["list-models"]);
    for (const name of MODEL_NAMES) expect(stdout).toMatch(new RegExp(`^${name} `, "m"));
    const { models, losses } = JSON.parse((await run(["list-models", "--json"])).stdout);
    expect(models.map(({ name }: { name: string }) => name)).toEqual(MODEL_NAMES);
    expect(models[0]).toMatchObject({ net: "mlp", rate: 2e-4, differs: PRESETS.gan.differs });
    expect(losses[1]).toMatchObject({ loss: "non-saturating", source: "Goodfellow et al. 2014" });
  });

  it("names what a model has besides loss and networks, and nothing that all have", async () => {
    const { stdout } = await run(["list-models"], { stdout: { isTTY: false, columns: 120 } });
    expect(stdout).toMatch(
      /^wgan +Wasserstein GAN, clipped weights: loss wasserstein, networks mlp, weights clipped to 0\.01/m,
    );
    expect(stdout).toMatch(/^gan +GAN, non-saturating: loss non-saturating, networks mlp$/m);
  });

  it("every difference from PyTorch-GAN is in the table once, with its models", () => {
    const { rows } = MODEL_TABLES.differences;
    const listed = rows.flatMap(({ models, differs }) =>
      `${models}`.split(", ").map((name) => `${name}: ${differs}`),
    );
    const all = [...Object.entries(PRESETS), ...Object.entries(SCHEME_MODELS)].flatMap(
      ([name, { differs }]) => differs.map((text) => `${name}: ${text}`),
    );
    expect(listed.sort()).toEqual(all.sort());
    expect(new Set(rows.map(({ differs }) => differs)).size).toBe(rows.length);
  });
});
