/** Every option that is about a side, on every kind of side: it does what it says, or it is refused. */

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import type { EvaluateOptions } from "../../src/evaluate/options.ts";
import type { EvaluationResult } from "../../src/evaluate/result.ts";
import { makeStatistics } from "../../src/evaluate/statistics/make-statistics.ts";
import { npyToBytes } from "../../src/formats/npy.ts";
import { writeNpz } from "../../src/formats/npz.ts";
import { noise, temporaryFolder, toIdx, toPng, writeTree } from "../images/made-images.ts";
import { seededBytes } from "../images/seeded.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);

const SIDE = 8;
const COUNT = 12;
const LIMIT = 5;
/** Images of the test part of a folder that has parts. */
const TEST_COUNT = 7;

const OPTIONS = {
  metrics: ["fid"],
  extractor: "pixels",
  inputSize: [2, 2],
  cache: false,
  batchSize: 4,
  onError: "fail",
  engine: "auto",
  device: "auto",
  splits: 10,
  shuffle: true,
  seed: 2020,
  ddof: 1,
  clock: () => 0,
} as const satisfies Omit<EvaluateOptions, "fake">;

/** What a kind of side can do, besides being scored. */
interface Kind {
  readonly file: string;
  readonly labels?: true;
  readonly parts?: true;
  readonly holds: "images" | "features" | "statistics";
}

const KINDS: readonly Kind[] = [
  { file: "folder", holds: "images" },
  { file: "classes", holds: "images", labels: true },
  { file: "archive.zip", holds: "images" },
  { file: "classes.zip", holds: "images", labels: true },
  { file: "some-images-idx3-ubyte", holds: "images", labels: true },
  { file: "mnist", holds: "images", labels: true, parts: true },
  { file: "batch.bin", holds: "images", labels: true },
  { file: "cifar", holds: "images", labels: true, parts: true },
  { file: "images.npz", holds: "images" },
  { file: "labelled.npz", holds: "images", labels: true },
  { file: "images.npy", holds: "images" },
  { file: "@list.txt", holds: "images" },
  { file: "features.npz", holds: "features" },
  { file: "dgm-eval.npz", holds: "features" },
  { file: "features.npy", holds: "features" },
  { file: "features.pt", holds: "features" },
  { file: "statistics.npz", holds: "statistics" },
  { file: "stylegan.pkl", holds: "statistics" },
];

beforeAll(async () => {
  const grey = noise(1, COUNT + TEST_COUNT, SIDE, 1);
  const first = grey.slice(0, COUNT);
  const pngs = await Promise.all(first.map((pixels) => toPng(pixels, SIDE, 1)));
  const flat = Object.fromEntries(pngs.map((png, i) => [`${i + 10}.png`, png]));
  const classes = Object.fromEntries(pngs.map((png, i) => [`${i % 2 ? "cat" : "fox"}/${i + 10}.png`, png]));
  await writeTree(at("folder"), flat);
  await writeTree(at("classes"), classes);
  await writeFile(at("archive.zip"), zipSync(flat));
  await writeFile(at("classes.zip"), zipSync(classes));
  await writeFile(
    at("list.txt"),
    Object.keys(flat)
      .map((name) => `folder/${name}`)
      .join("\n"),
  );
  const labels = (count: number) => Uint8Array.from({ length: count }, (_, i) => i % 2);
  await writeTree(at("."), {
    "some-images-idx3-ubyte": toIdx([COUNT, SIDE, SIDE], first),
    "some-labels-idx1-ubyte": toIdx([COUNT], [labels(COUNT)]),
  });
  await writeTree(at("mnist"), {
    "train-images-idx3-ubyte": toIdx([COUNT, SIDE, SIDE], first),
    "train-labels-idx1-ubyte": toIdx([COUNT], [labels(COUNT)]),
    "t10k-images-idx3-ubyte.gz": gzipSync(toIdx([TEST_COUNT, SIDE, SIDE], grey.slice(COUNT))),
    "t10k-labels-idx1-ubyte.gz": gzipSync(toIdx([TEST_COUNT], [labels(TEST_COUNT)])),
  });
  const records = (count: number) =>
    Buffer.concat(Array.from({ length: count }, (_, i) => Buffer.from([i % 2, ...seededBytes(i, 3072)])));
  await writeFile(at("batch.bin"), records(COUNT));
  await writeTree(at("cifar"), { "data_batch_1.bin": records(COUNT), "test_batch.bin": records(TEST_COUNT) });
  const array = {
    dtype: "|u1",
    shape: [COUNT, SIDE, SIDE],
    data: Uint8Array.from(Buffer.concat(first)),
  } as const;
  await writeNpz(at("images.npz"), new Map([["arr_0", array]]));
  const arr_1 = { dtype: "<i8", shape: [COUNT], data: BigInt64Array.from(labels(COUNT), BigInt) } as const;
  await writeNpz(
    at("labelled.npz"),
    new Map([
      ["arr_0", array],
      ["arr_1", arr_1],
    ] as never),
  );
  await writeFile(at("images.npy"), npyToBytes(array));
  for (const [out, format] of [
    ["features.npz", "features"],
    ["dgm-eval.npz", "dgm-eval"],
    ["features.npy", "npy"],
    ["features.pt", "torch-fidelity"],
    ["statistics.npz", "npz"],
    ["stylegan.pkl", "stylegan"],
  ] as const)
    await makeStatistics({ ...OPTIONS, images: at("folder"), out: at(out), format });
});

const locate = (file: string): string => (file.startsWith("@") ? `@${at(file.slice(1))}` : at(file));

/** The result of a side against itself, or the code of the error. */
const score = ({ file }: Kind, more: Partial<EvaluateOptions> = {}): Promise<EvaluationResult | string> =>
  evaluate({ ...OPTIONS, real: locate(file), fake: locate(file), ...more }).catch((error) => error.code);

const counts = (result: EvaluationResult | string) =>
  typeof result === "string" ? result : [result.inputs.real!.count, result.inputs.fake!.count];

const toValue = (result: EvaluationResult | string) =>
  typeof result === "string" ? result : Object.values(result.metrics)[0];

/** What each option does on a side that can honour it, and the error on one that cannot. */
const OPTION_ROWS: readonly {
  readonly option: string;
  readonly holds: (kind: Kind) => Promise<void>;
}[] = [
  {
    option: "--limit takes the first of each side, or is refused",
    async holds(kind) {
      const expected = kind.holds === "statistics" ? "usage.limit" : [LIMIT, LIMIT];
      expect(counts(await score(kind, { limit: LIMIT }))).toEqual(expected);
      expect(counts(await score(kind, { limit: COUNT }))).toEqual([COUNT, COUNT]);
    },
  },
  {
    option: "--limit of stats takes the first, or is refused",
    async holds({ file, holds }) {
      const made = makeStatistics({ ...OPTIONS, images: locate(file), out: at("made.npz"), limit: LIMIT });
      const count = await made.then(
        (result) => result.count,
        (error) => error.code,
      );
      expect(count).toBe(holds === "statistics" ? "usage.limit" : LIMIT);
    },
  },
  {
    option: "--split takes a part of what has parts, or is refused",
    async holds(kind) {
      const expected = kind.parts ? [TEST_COUNT, TEST_COUNT] : "usage.split";
      expect(counts(await score(kind, { split: "test" }))).toEqual(expected);
    },
  },
  {
    option: "--by-class scores the classes that a side has, or is refused",
    async holds(kind) {
      const result = await score(kind, { byClass: true });
      if (kind.labels) expect((result as EvaluationResult).byClass!.classes.length).toBe(2);
      else expect(result).toBe(kind.holds === "statistics" ? "input.no-rows" : "usage.no-labels");
    },
  },
  {
    option: "--by-class with files of labels scores their classes, or is refused",
    async holds(kind) {
      await writeFile(
        at("labels.txt"),
        Array.from({ length: COUNT }, (_, i) => ["a", "b", "c"][i % 3]).join("\n"),
      );
      const files = { realLabels: at("labels.txt"), fakeLabels: at("labels.txt") };
      const result = await score(kind, { byClass: true, ...files });
      if (kind.holds === "statistics") expect(result).toBe("input.no-rows");
      else
        expect((result as EvaluationResult).byClass!.classes.map(({ name }) => name)).toEqual([
          "a",
          "b",
          "c",
        ]);
      expect(await score(kind, files)).toBe("usage.labels");
    },
  },
  {
    option: "--held-out that no metric uses is said to be unused",
    async holds(kind) {
      const result = (await score(kind, { heldOut: locate(kind.file) })) as EvaluationResult;
      expect(result.warnings.map(({ code }) => code)).toContain("held-out-unused");
    },
  },
  {
    option: "--per-image without a metric of single images is refused",
    async holds(kind) {
      expect(await score(kind, { onPerImage: () => {} })).toBe("usage.per-picture");
    },
  },
  {
    option: "--resize that contradicts what a file says of itself is refused",
    async holds(kind) {
      const states = ["features.npz", "dgm-eval.npz", "statistics.npz"].includes(kind.file);
      expect(toValue(await score(kind, { resize: "tf1" }))).toEqual(
        states ? "input.unlike-features" : expect.any(Number),
      );
    },
  },
  {
    option: "--on-error skip changes nothing where all can be read",
    async holds(kind) {
      expect(toValue(await score(kind, { onError: "skip" }))).toBe(toValue(await score(kind)));
    },
  },
];

describe.each(KINDS)("of $file", (kind) => {
  it.each(OPTION_ROWS)("$option", ({ holds }) => holds(kind));
});

it("--split is of the side that has parts, while the other is what it is", async () => {
  const result = await evaluate({ ...OPTIONS, real: at("mnist"), fake: at("folder"), split: "test" });
  expect(counts(result)).toEqual([TEST_COUNT, COUNT]);
});

describe("scores by class", () => {
  const codesOf = async (options: Partial<EvaluateOptions>) => {
    const files = { real: at("classes"), fake: at("classes.zip"), ...options };
    return (await evaluate({ ...OPTIONS, byClass: true, ...files })).warnings.map(({ code }) => code);
  };

  it("say which folders of each side were taken for classes, unless a file of labels says otherwise", async () => {
    const result = await evaluate({
      ...OPTIONS,
      byClass: true,
      real: at("classes"),
      fake: at("classes.zip"),
    });
    const said = result.warnings.filter(({ code }) => code === "class-folders").map(({ message }) => message);
    expect(said).toEqual(["real and fake: 2 classes, named by folders: cat, fox"]);
    await writeFile(at("two.txt"), Array.from({ length: COUNT }, (_, i) => ["cat", "fox"][i % 2]).join("\n"));
    expect(await codesOf({ realLabels: at("two.txt"), fakeLabels: at("two.txt") })).not.toContain(
      "class-folders",
    );
  });

  it("of a set whose dataset.json gives no classes are refused with the reason", async () => {
    await writeFile(at("classes/dataset.json"), '{"labels": null}');
    await expect(codesOf({})).rejects.toMatchObject({
      code: "usage.no-labels",
      message: expect.stringContaining("none, since its dataset.json states no classes"),
    });
  });
});
