import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readRun } from "../../../src/run-folder/read-run.ts";
import { type ResumeRequest, resume, type TrainRequest, train } from "../../../src/runs/train.ts";
import { openRunMaker } from "../../../src/samples/open-maker.ts";
import { emptyFolder } from "../../runs/empty-folder.ts";
import { PAGE_MODULE } from "./page-scheme.ts";
import { PAGE_CODE } from "./schemes-page.ts";

const WATCH = { clock: Date.now, signal: new AbortController().signal, onProgress: () => {} };

const requestOf = (model: string, folder: string): TrainRequest => ({
  ...WATCH,
  data: { data: "digits", limit: 200 },
  model: { model: model as `${string}.mjs`, filters: 8, batchSize: 8 },
  recording: { seed: 3, recordInterval: 1, sampleInterval: 3 },
  rounds: 3,
  computation: { threads: 1 },
  folder,
});

const longer = (folder: string, changes: ResumeRequest["changes"] = {}): ResumeRequest => ({
  ...WATCH,
  folder,
  changes: { rounds: 4, ...changes },
  rates: {},
  allowChanges: true,
});

/** A module with this text, in a folder of its own. */
function writeModule(text: string): {
  readonly folder: string;
  readonly module: string;
  readonly run: string;
} {
  const folder = emptyFolder();
  const module = path.join(folder, "own.mjs");
  writeFileSync(module, text);
  return { folder, module, run: path.join(folder, "run") };
}

describe("a module of a model of one's own", () => {
  it("from docs/schemes.md is trained, previewed and read back with its maker", async () => {
    const { module, run } = writeModule(PAGE_MODULE);
    const { rounds, scalars } = await train(requestOf(module, run));
    expect(rounds).toBe(3);
    expect(Object.keys(scalars)).toEqual(
      expect.arrayContaining(["model_loss", "discriminator_loss", "adversarial", "real_score"]),
    );
    const { description } = await readRun(run);
    expect(Object.keys(description.networks)).toEqual(["generator", "encoder", "discriminator"]);
    expect(description.config).toMatchObject({ model: module, modelFile: "../own.mjs" });
    const maker = await openRunMaker({ run, batchSize: 2 });
    expect(maker.maker.name).toBe("again");
    await maker.dispose();
  });

  it("is found from the run's folder when both were moved together", async () => {
    const { folder, module, run } = writeModule(PAGE_MODULE);
    await train(requestOf(module, run));
    const moved = path.join(emptyFolder(), "moved");
    renameSync(folder, moved);
    expect((await resume(longer(path.join(moved, "run")))).rounds).toBe(4);
  });

  it("that is gone is told with the places where it was looked for, and may be named anew", async () => {
    const { module, run } = writeModule(PAGE_MODULE);
    await train(requestOf(module, run));
    const elsewhere = path.join(emptyFolder(), "lib");
    mkdirSync(elsewhere);
    const model = path.join(elsewhere, "renamed.mjs") as `${string}.mjs`;
    renameSync(module, model);
    const away = path.join(emptyFolder(), "away");
    renameSync(run, away);
    await expect(resume(longer(away))).rejects.toMatchObject({
      code: "input.scheme-module",
      message: expect.stringContaining(`${path.resolve(away, "../own.mjs")} and ${module}`),
      hint: expect.stringContaining("--model PATH"),
    });
    const maker = await openRunMaker({ run: away, batchSize: 2, model });
    await maker.dispose();
    // It is no change of the model, which would have to be allowed.
    await expect(
      resume({ ...longer(away, { model, rounds: 3 }), allowChanges: false }),
    ).rejects.toMatchObject({
      code: "usage.run-finished",
    });
    await resume(longer(away, { model }));
    const { config } = (await readRun(away)).description;
    expect(path.resolve(away, String(config.modelFile))).toBe(model);
    await resume(longer(away, { rounds: 5 }));
  });

  it("is named by its path alone in a run of a version that did not keep the way from the folder", async () => {
    const { module, run } = writeModule(PAGE_MODULE);
    await train(requestOf(module, run));
    const file = path.join(run, "run.json");
    const stored = JSON.parse(readFileSync(file, "utf8"));
    delete stored.config.modelFile;
    writeFileSync(file, JSON.stringify(stored));
    expect((await resume(longer(run))).rounds).toBe(4);
  });

  const GOOD = `wants: "images", size: 28, weights: {}, options: { filters: 8 }`;
  const PARTS = `label: "", batchSize: 2, networks: {}, players: {}, inputs: {}, passes: {}, discriminators: [], makers: []`;
  it.each([
    ["exports nothing", "export const a = 1;", "expected the description of a model"],
    ["throws", `throw new Error("no luck");`, "no luck"],
    ["wants what no data are", `export default { wants: "sounds" };`, "expected wants among"],
    ["cannot build", `export default { ${GOOD} };`, "expected a function build(request)"],
    ["has fields that no model has", `export default { ${GOOD}, build() {}, colour: 1 };`, "got colour"],
    [
      "throws while it builds",
      `export default { ${GOOD}, build() { null.a; } };`,
      "expected a scheme from build(request)",
    ],
    ["builds nothing", `export default { ${GOOD}, build() {} };`, "got nothing"],
    [
      "builds a scheme without terms",
      `export default { ${GOOD}, build: () => ({ ${PARTS} }) };`,
      "expected a list for terms",
    ],
    [
      "weighs a term by what is not in its weights",
      `export default { ${GOOD}, build: ({ options }) => ({ ${PARTS}, plan: [], terms: [{ name: "fit", trains: [], weight: options.weights.fit, value() {} }] }) };`,
      "expected a number or a function as the weight of the term fit",
    ],
    [
      "has a plan for nobody",
      `export default { ${GOOD}, build: () => ({ ${PARTS}, terms: [], plan: [] }) };`,
      "expected a plan",
    ],
    [
      "has a default outside of what its option takes",
      `export default { ${GOOD.replace("filters: 8", "filters: 0.5")}, build() {} };`,
      "for filters",
    ],
  ])("that %s is refused, and no run folder is left", async (_what, text, message) => {
    const { module, run } = writeModule(text);
    const { filters: _, ...model } = requestOf(module, run).model!;
    await expect(train({ ...requestOf(module, run), model })).rejects.toMatchObject({
      message: expect.stringContaining(message),
    });
    expect(existsSync(run)).toBe(false);
  });

  it("that cannot import gan-eval is told of the form that needs no import", async () => {
    const { module, run } = writeModule(PAGE_CODE);
    await expect(train(requestOf(module, run))).rejects.toMatchObject({
      code: "input.scheme-module",
      hint: expect.stringContaining("export a function of { tf, network, player, terms }"),
    });
  });

  it.each(["./nowhere.mjs", "./own.ts", "./own.cjs"])("%s is refused", async (model) => {
    const run = path.join(emptyFolder(), "run");
    await expect(train(requestOf(model, run))).rejects.toMatchObject({
      code: "input.scheme-module",
      hint: expect.stringMatching(/\.js (or|file)|\.mjs/),
    });
  });
});
