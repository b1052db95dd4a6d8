/** Classes of the data that a run is trained on: their names are kept, what they were taken from is said. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readNpz } from "../../src/formats/npz.ts";
import { planTraining, type TrainRequest, train } from "../../src/runs/train.ts";
import { generate } from "../../src/samples/generate.ts";
import { noise, temporaryFolder, toIdx, toPng, writeTree } from "../images/made-images.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);
const SIDE = 8;
const pngs = await Promise.all(noise(1, 24, SIDE, 1).map((pixels) => toPng(pixels, SIDE, 1)));

/** 24 images under names that depend on their number. */
const tree = (toName: (i: number) => string) => Object.fromEntries(pngs.map((png, i) => [toName(i), png]));

const request = (data: string, model: string, given: Partial<TrainRequest["data"]> = {}): TrainRequest => ({
  clock: Date.now,
  signal: new AbortController().signal,
  onProgress: () => {},
  data: { data, imgSize: null, channels: null, split: null, limit: null, onError: "fail", ...given },
  model: { model: model as never, batchSize: 8 },
  recording: {
    ...{ seed: 5, recordInterval: 1, sampleInterval: 0, checkpointInterval: 2, keepCheckpoints: 1 },
    ...{ evalEvery: 0, evalSamples: 8, evalMetrics: [], extractor: null, earlyStop: 0 },
    ...{ onNan: "stop", tensorboard: false },
  },
  epochs: 1,
  rounds: 2,
  computation: { engine: "auto", device: "auto", threads: 1 },
  folder: at(`run-of-${path.basename(data)}-${model}`),
  command: ["gan-eval", "train"],
});

const describeRun = async (trained: TrainRequest) =>
  JSON.parse(await readFile(path.join(trained.folder, "run.json"), "utf8"));

describe("a conditional run", () => {
  it("on class folders keeps their names, and its generator makes them by name", async () => {
    await writeTree(
      at("animals"),
      tree((i) => `${i % 2 ? "cat" : "fox"}/${i + 10}.png`),
    );
    const asked = request(at("animals"), "cgan");
    await train(asked);
    expect((await describeRun(asked)).data).toMatchObject({ classes: 2, classNames: ["cat", "fox"] });
    const options = { run: asked.folder, seed: 1, batchSize: 4, engine: "auto", device: "auto" } as const;
    await generate({ ...options, n: 3, classes: ["fox"], out: at("foxes.npz"), steadyClock: () => 0 });
    const labels = (await readNpz(at("foxes.npz"))).get("arr_1")!;
    expect(Array.from(labels.data, Number)).toEqual([1, 1, 1]);
  });

  it("on numbered records keeps their numbers, those that no image has left out", async () => {
    await writeTree(at("."), {
      "some-images-idx3-ubyte": toIdx([24, SIDE, SIDE], noise(1, 24, SIDE, 1)),
      "some-labels-idx1-ubyte": toIdx([24], [Uint8Array.from({ length: 24 }, (_, i) => [3, 7][i % 2]!)]),
    });
    const asked = request(at("some-images-idx3-ubyte"), "cgan");
    await train(asked);
    expect((await describeRun(asked)).data).toMatchObject({ classes: 2, classNames: ["3", "7"] });
  });
});

describe("classes", () => {
  const codesOf = async (data: string, model: string) =>
    (await planTraining(request(data, model))).warnings.map(({ code }) => code);

  it("that folders were taken for are named, and doubted where they look like parts", async () => {
    await writeTree(
      at("parts"),
      tree((i) => `${i % 3 ? "train" : "val"}/${i + 10}.png`),
    );
    expect(await codesOf(at("animals"), "cgan")).toContain("class-folders");
    expect(await codesOf(at("parts"), "cgan")).toContain("class-folders-are-parts");
  });

  it("are no matter of a model that reads none", async () => {
    for (const data of ["animals", "parts"])
      expect((await codesOf(at(data), "gan")).filter((code) => code.startsWith("class-"))).toEqual([]);
  });

  it("of dataset.json are those trained on, whatever the folders are", async () => {
    const name = (i: number) => `0000${i % 2}/img${i + 10}.png`;
    const labels = pngs.map((_, i) => [name(i), [5, 0, 2, 9][i % 4]]);
    await writeTree(at("packed"), { ...tree(name), "dataset.json": JSON.stringify({ labels }) });
    const { data, warnings } = await planTraining(request(at("packed"), "cgan"));
    expect(data.classes).toBe(4);
    expect(warnings.map(({ code }) => code)).not.toContain("class-folders");
  });

  it("that dataset.json does not give are an error that names it", async () => {
    await writeTree(
      at("unlabelled"),
      tree((i) => `0000${i % 2}/img${i + 10}.png`),
    );
    await writeFile(at("unlabelled/dataset.json"), '{"labels": null}');
    await expect(planTraining(request(at("unlabelled"), "cgan"))).rejects.toMatchObject({
      code: "usage.labels",
      message: expect.stringContaining('none, since its dataset.json states no classes ("labels": null)'),
    });
  });
});

describe("options of images", () => {
  it.each([
    [{ imgSize: 32 }, "--img-size"],
    [{ channels: 1 }, "--channels"],
    [{ split: "test" }, "--split"],
    [{ limit: 10 }, "--limit"],
  ] as const)("%j are refused of points", async (given, flag) => {
    await expect(planTraining(request("ring", "gan", given))).rejects.toMatchObject({
      code: "usage.data-option",
      message: expect.stringContaining(flag),
    });
  });

  it("--split is refused of images without parts", async () => {
    for (const data of ["digits", at("animals"), at("some-images-idx3-ubyte")])
      await expect(planTraining(request(data, "gan", { split: "test" }))).rejects.toMatchObject({
        code: "usage.split",
      });
  });
});
