import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readRun } from "../../../src/run-folder/read-run.ts";
import { type TrainRequest, train } from "../../../src/runs/train.ts";
import { openRunMaker } from "../../../src/samples/open-maker.ts";
import { emptyFolder } from "../../runs/empty-folder.ts";

const PAGE = path.resolve(import.meta.dirname, "../../../docs/schemes.md");

const requestOf = (model: string, folder: string): TrainRequest => ({
  clock: Date.now,
  signal: new AbortController().signal,
  onProgress: () => {},
  data: { data: "digits", limit: 200 },
  model: { model: model as `${string}.mjs`, filters: 8, batchSize: 8 },
  recording: { seed: 3, recordInterval: 1, sampleInterval: 3 },
  rounds: 3,
  computation: { threads: 1 },
  folder,
});

/** A module with this text, in a folder of its own. */
function writeModule(text: string): { readonly module: string; readonly run: string } {
  const folder = emptyFolder();
  const module = path.join(folder, "own.mjs");
  writeFileSync(module, text);
  return { module, run: path.join(folder, "run") };
}

describe("a model of one's own", () => {
  it("from docs/schemes.md is trained, previewed and read back with its maker", async () => {
    const [, code] = /```js\n([\s\S]*?)```/.exec(readFileSync(PAGE, "utf8"))!;
    const { module, run } = writeModule(code);
    const { rounds, scalars } = await train(requestOf(module, run));
    expect(rounds).toBe(3);
    expect(Object.keys(scalars)).toEqual(
      expect.arrayContaining(["model_loss", "discriminator_loss", "adversarial", "real_score"]),
    );
    const { description } = await readRun(run);
    expect(Object.keys(description.networks)).toEqual(["generator", "encoder", "discriminator"]);
    const maker = await openRunMaker({ run, batchSize: 2 });
    expect(maker.maker.name).toBe("again");
    await maker.dispose();
  });

  const GOOD = `wants: "images", size: 28, weights: {}, options: { filters: 8 }`;
  it.each([
    ["exports nothing", "export const a = 1;", "expected an object as default export"],
    ["throws", `throw new Error("no luck");`, "no luck"],
    ["wants what no data are", `export default { wants: "sounds" };`, "expected wants among"],
    ["cannot build", `export default { ${GOOD} };`, "expected a function build(request)"],
    [
      "throws while it builds",
      `export default { ${GOOD}, build() { null.a; } };`,
      "expected a scheme of build",
    ],
    ["builds nothing", `export default { ${GOOD}, build() {} };`, "one without networks"],
    [
      "has a plan for nobody",
      `export default { ${GOOD}, build: () => ({ networks: {}, players: {}, inputs: {}, passes: {}, terms: [], plan: [], discriminators: [], makers: [], batchSize: 2, label: "" }) };`,
      "expected a plan",
    ],
  ])("that %s is refused, and no run folder is left", async (_what, text, message) => {
    const { module, run } = writeModule(text);
    await expect(train(requestOf(module, run))).rejects.toMatchObject({
      message: expect.stringContaining(message),
    });
    expect(existsSync(run)).toBe(false);
  });

  it("that is not there is refused", async () => {
    const run = path.join(emptyFolder(), "run");
    await expect(train(requestOf("./nowhere.mjs", run))).rejects.toMatchObject({
      code: "input.scheme-module",
    });
  });
});
