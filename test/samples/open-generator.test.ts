import { readFile, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { roundToLocation } from "../../src/run-folder/run-folder.ts";
import { openGenerator, readGenerator } from "../../src/samples/open-generator.ts";
import { emptyFolder } from "../runs/empty-folder.ts";
import { drawArrays, makeRunFolder } from "../runs/run-folder.ts";

describe("the checkpoint", () => {
  const folder = emptyFolder();
  const scored = path.join(folder, "scored");
  const unscored = path.join(folder, "unscored");
  beforeAll(async () => {
    await makeRunFolder(scored, { rounds: [100, 200, 300], best: 200 });
    await makeRunFolder(unscored, { rounds: [100, 200, 300] });
  });

  it("is the best of a run that was scored, and else the latest", async () => {
    expect((await readGenerator({ run: scored })).round).toBe(200);
    expect((await readGenerator({ run: unscored })).round).toBe(300);
  });

  it("can be chosen", async () => {
    expect((await readGenerator({ run: scored, checkpoint: "latest" })).round).toBe(300);
    expect((await readGenerator({ run: scored, checkpoint: "best" })).round).toBe(200);
    const { round, arrays, network } = await readGenerator({ run: scored, checkpoint: 100 });
    expect(round).toBe(100);
    expect(arrays).toEqual(drawArrays(network, 100));
  });

  it("is refused where it is not there, with those that are", async () => {
    await expect(readGenerator({ run: scored, checkpoint: 150 })).rejects.toMatchObject({
      code: "input.no-checkpoint",
      hint: expect.stringContaining("100, 200, 300"),
    });
    await expect(readGenerator({ run: unscored, checkpoint: "best" })).rejects.toMatchObject({
      code: "input.no-checkpoint",
      hint: expect.stringContaining("latest"),
    });
  });
});

it("the arrays are the running average's where the run keeps one", async () => {
  const run = emptyFolder();
  await makeRunFolder(run, { choices: { emaDecay: 0.9 } });
  const { arrays, network } = await readGenerator({ run });
  expect(arrays).toEqual(drawArrays(network, 101));
});

it("samples as the network does with the checkpoint's arrays, whatever the batch", async () => {
  const run = emptyFolder();
  await makeRunFolder(run);
  const latents = Float32Array.from({ length: 700 }, (_, i) => Math.sin(i));
  const made = [];
  for (const batchSize of [2, 7]) {
    const generator = await openGenerator({ run, batchSize, threads: 1 });
    made.push(await generator.sampler.sample(latents));
    await generator.dispose();
  }
  for (let i = 0; i < made[0].length; i++) expect(made[0][i]).toBeCloseTo(made[1][i], 5);
});

describe("refused with what to do", () => {
  it("a folder that is no run, one that is not there", async () => {
    const folder = emptyFolder();
    for (const run of [folder, path.join(folder, "none")])
      await expect(readGenerator({ run })).rejects.toMatchObject({ code: "input.not-a-run" });
  });

  it("a run without a checkpoint yet", async () => {
    const run = emptyFolder();
    await makeRunFolder(run, { rounds: [] });
    await expect(readGenerator({ run })).rejects.toMatchObject({
      code: "input.no-checkpoint",
      message: expect.stringContaining("none yet"),
    });
  });

  it("a checkpoint that was cut short, and one of another network", async () => {
    const run = emptyFolder();
    await makeRunFolder(run, { rounds: [100, 200] });
    const location = roundToLocation(run, "checkpoints", 200);
    const { length } = await readFile(location);
    await truncate(location, length - 1);
    await expect(readGenerator({ run })).rejects.toMatchObject({ code: "input.checkpoint" });
    const other = emptyFolder();
    await makeRunFolder(other, { shape: [9, 9, 1], rounds: [200] });
    await writeFile(location, await readFile(roundToLocation(other, "checkpoints", 200)));
    await expect(readGenerator({ run })).rejects.toMatchObject({ code: "input.checkpoint" });
  });

  it("a description whose options are of no model", async () => {
    const run = emptyFolder();
    await makeRunFolder(run);
    const location = path.join(run, "run.json");
    const description = JSON.parse(await readFile(location, "utf8"));
    await writeFile(location, JSON.stringify({ ...description, config: { data: "digits" } }));
    await expect(readGenerator({ run })).rejects.toMatchObject({
      code: "input.run-config",
      message: expect.stringContaining("for model in"),
    });
  });
});
