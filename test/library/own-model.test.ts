import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { translate } from "../../src/library/generate.ts";
import { resume, train } from "../../src/library/train.ts";
import { optionsToName, type TrainOptions } from "../../src/library/train-options.ts";
import { readRun } from "../../src/run-folder/read-run.ts";
import { emptyFolder } from "../runs/empty-folder.ts";
import { PAGE_MODULE, pageScheme } from "../train/schemes/page-scheme.ts";

const DIGITS = path.resolve(import.meta.dirname, "../../fixtures/digits/real");

const optionsOf = (folder: string): TrainOptions => ({
  model: { model: pageScheme(), filters: 8, batchSize: 8 },
  data: { data: "digits", limit: 200 },
  recording: { seed: 3, recordInterval: 1 },
  computation: { threads: 1 },
  rounds: 3,
  folder,
});

const runFolder = (): string => path.join(emptyFolder(), "run");

describe("a scheme that a program gives as an object", () => {
  it("is trained, gone on with and read again, each time given anew", async () => {
    const folder = runFolder();
    await train(optionsOf(folder));
    const { config, scheme } = (await readRun(folder)).description;
    expect(config).toMatchObject({ model: "scheme:bigan", filters: 8, termWeights: { adversarial: 1 } });
    expect(config).not.toHaveProperty("modelFile");
    expect(scheme!.makers.map(({ name }) => name)).toEqual(["again"]);
    const longer = { folder, changes: { rounds: 4 }, allowChanges: true };
    await expect(resume(longer)).rejects.toMatchObject({
      code: "input.scheme-module",
      message: expect.stringContaining("expected the object of the scheme bigan"),
      hint: expect.stringContaining("resume({ folder, model })"),
    });
    const other = { ...pageScheme(), name: "other" };
    await expect(resume({ ...longer, model: other })).rejects.toMatchObject({
      message: expect.stringContaining("expected the scheme named bigan"),
    });
    expect((await resume({ ...longer, model: pageScheme() })).rounds).toBe(4);
    const out = path.join(emptyFolder(), "out");
    const asked = { run: folder, in: DIGITS, out, limit: 3 };
    await expect(translate(asked)).rejects.toMatchObject({ code: "input.scheme-module" });
    expect((await translate({ ...asked, model: pageScheme() })).n).toBe(3);
  });

  it("is told from another of the same name that is trained at the same time", async () => {
    const [one, two] = [runFolder(), runFolder()];
    const wider = { ...pageScheme(), options: { latentDim: 5, filters: 64 } };
    await Promise.all([
      train(optionsOf(one)),
      train({ ...optionsOf(two), model: { model: wider, filters: 8, batchSize: 8 } }),
    ]);
    const inputs = await Promise.all(
      [one, two].map(async (run) => (await readRun(run)).description.networks.generator[0].input),
    );
    expect(inputs).toEqual([[16], [5]]);
  });

  it("may be a module instead, whose place now is said where it was moved", async () => {
    const folder = runFolder();
    const [before, now] = ["before.mjs", "now.mjs"].map(
      (name) => path.join(path.dirname(folder), name) as `${string}.mjs`,
    );
    writeFileSync(before, PAGE_MODULE);
    await train({ ...optionsOf(folder), model: { model: before, filters: 8, batchSize: 8 } });
    renameSync(before, now);
    const longer = { folder, changes: { rounds: 4 }, allowChanges: true };
    await expect(resume(longer)).rejects.toMatchObject({ code: "input.scheme-module" });
    expect((await resume({ ...longer, model: now })).rounds).toBe(4);
    expect((await readRun(folder)).description.config).toMatchObject({ modelFile: "../now.mjs" });
  });

  it("names the folder of its run", () => {
    expect(optionsToName({ model: pageScheme() })).toBe("bigan");
    expect(optionsToName({ model: { ...pageScheme(), name: undefined } })).toBe("own");
    expect(optionsToName({ model: "./models/bigan.mjs" })).toBe("bigan");
  });

  it("is refused with options that it does not have, and for a run of a model of ours", async () => {
    const model = { model: pageScheme(), blocks: 3 };
    await expect(train({ ...optionsOf(runFolder()), model })).rejects.toMatchObject({
      code: "usage.model-option",
    });
    const folder = runFolder();
    await train({ data: "ring", rounds: 2, folder, computation: { threads: 1 } });
    await expect(
      resume({ folder, model: pageScheme(), changes: { rounds: 3 }, allowChanges: true }),
    ).rejects.toMatchObject({ code: "usage.run-changed" });
  });
});
