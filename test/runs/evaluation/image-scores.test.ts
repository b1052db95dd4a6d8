/** Every metric of the table as a score of training: measured as an evaluation of files measures it, or refused before. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluate/evaluate.ts";
import { type MetricId, metricIds, metrics } from "../../../src/metrics/table.ts";
import { openGeneratorScorer, type ScorerOptions } from "../../../src/runs/evaluation/score-generator.ts";
import { drawImages } from "../../../src/runs/evaluation/score-references.ts";
import type { OpenedData } from "../../../src/train/data/opened-data.ts";
import type { ImageArrays } from "../../../src/train/training-data.ts";
import { fixture, readDigits } from "../../extractors/digits/digit-images.ts";

const SIDE = 28;
const AREA = SIDE * SIDE;

function readGrey(set: string, n: number): ImageArrays {
  const { images } = readDigits(fixture(set));
  const pixels = new Uint8Array(n * AREA);
  for (let i = 0; i < n; i++) for (let k = 0; k < AREA; k++) pixels[i * AREA + k] = images[i].pixels[3 * k];
  return { pixels, shape: [SIDE, SIDE, 1] };
}

const toSamples = ({ pixels }: ImageArrays) => Float32Array.from(pixels, (level) => level / 127.5 - 1);

/** KID's subsets are of 1,000. */
const N = 1000;
const train = readGrey("fake-close", 1200);
const heldOut = readGrey("real", 1500);
const fake = readGrey("fake-noisy", N);

const toData = (pixels: NonNullable<OpenedData["pixels"]>): OpenedData => ({
  ...{ kind: "images", label: "digits", location: "digits", hash: "", warnings: [] },
  shape: pixels.train.shape,
  training: () => expect.unreachable(),
  heldOut: () => expect.unreachable(),
  pixels,
});

const home = mkdtempSync(path.join(tmpdir(), "gan-eval-"));
afterAll(() => rmSync(home, { recursive: true }));

/** The first n images as a file of MNIST's kind. */
function writeIdx(name: string, { pixels }: ImageArrays, n = pixels.length / AREA): string {
  const header = Buffer.alloc(16);
  for (const [i, word] of [0x803, n, SIDE, SIDE].entries()) header.writeUInt32BE(word, 4 * i);
  const file = path.join(home, `${name}-images-idx3-ubyte`);
  writeFileSync(file, Buffer.concat([header, pixels.subarray(0, n * AREA)]));
  return file;
}

const files = {
  fake: writeIdx("fake", fake),
  /** As many as there are samples, and all, in the order in which an evaluation takes them. */
  equal: writeIdx("equal", drawImages(heldOut, N)),
  all: writeIdx("all", drawImages(heldOut, heldOut.pixels.length)),
  trained: writeIdx("trained", drawImages(train, train.pixels.length)),
};

const open = (
  ids: readonly string[],
  { pixels = { train, heldOut }, ...options }: Partial<ScorerOptions & Pick<OpenedData, "pixels">> = {},
) =>
  openGeneratorScorer(toData(pixels), {
    ...{ metrics: ids, samples: N, engine: "onnx", device: "cpu", floor: false },
    ...options,
  });

/** Better at neither end: they cannot decide which checkpoint is best. */
const afterOne = (id: MetricId): string[] => (metrics[id].direction === "none" ? ["fid", id] : [id]);

/** What digits or samples of noise cannot give, and how a message says so. */
const REFUSED: Partial<Record<MetricId, RegExp>> = {
  sfid: /spatial features for sfid, got digits/,
  ...Object.fromEntries(
    metricIds
      .filter((id) => metrics[id].compare)
      .map((id) => [id, new RegExp(`got ${id}, which compares images that belong together`)]),
  ),
};

/** The sides of a digit are no multiples of 16. */
const TOO_SMALL: ReadonlySet<MetricId> = new Set(["fwd"]);

const measured = metricIds.filter((id) => !(id in REFUSED) && !TOO_SMALL.has(id));

/** Which file has the real images of a metric: memorisation is of what was trained on; rows are held against as many. */
const toReal = (id: MetricId): string => {
  const { needs, againstTrained } = metrics[id];
  if (againstTrained) return files.trained;
  const isOfRows = needs.real?.some((each) => each === "features" || each === "images");
  return isOfRows ? files.equal : files.all;
};

describe("every metric of the table is a score of training", () => {
  it.each(measured)("%s has the values that an evaluation of the same images gives", async (id) => {
    const { metrics: expected } = await evaluate({
      ...{ metrics: [id], real: toReal(id), fake: files.fake, heldOut: files.all },
      ...{
        extractor: "digits",
        resize: "tf1",
        batchSize: 64,
        onError: "fail",
        engine: "onnx",
        device: "cpu",
      },
      ...{ splits: 10, shuffle: true, seed: 2020, ddof: 1, clock: () => 0 },
    });
    const scorer = await open(afterOne(id));
    try {
      const { scores, failures } = await scorer.examine(toSamples(fake), N);
      expect(failures?.size).toBe(0);
      expect(Object.keys(scores)).toEqual(scorer.metrics);
      expect(Object.keys(scores)).toEqual(expect.arrayContaining(Object.keys(expected)));
      for (const [name, value] of Object.entries(expected)) expect(scores[name], name).toBeCloseTo(value, 6);
      expect(await scorer.score(toSamples(fake), N)).toEqual(scores);
    } finally {
      await scorer.dispose();
    }
  });

  it.each(Object.keys(REFUSED) as MetricId[])(
    "%s is refused before training, with the reason",
    async (id) => {
      await expect(open([id])).rejects.toThrow(REFUSED[id]);
    },
  );

  const bounded = measured.filter((id) => (metrics[id].least?.(metrics[id].defaults).fake ?? 0) > 10);

  it.each(bounded)("%s is refused before training where samples are too few for it", async (id) => {
    const least = metrics[id].least!(metrics[id].defaults).fake!;
    await expect(open([id], { samples: least - 1 })).rejects.toMatchObject({
      code: "input.too-few-samples",
      message: expect.stringContaining(`(${id}), got ${least - 1}`),
      hint: expect.stringContaining(`--eval-samples ${least}`),
    });
  });
});

describe("the scores of training", () => {
  it("have a metric that is better one way first", async () => {
    const undecided = metricIds.filter((id) => metrics[id].direction === "none");
    expect(undecided).not.toEqual([]);
    for (const id of undecided)
      await expect(open([id])).rejects.toMatchObject({
        code: "usage.eval-metrics",
        hint: expect.stringContaining(`fid,${id}`),
      });
  });

  it("have no metric of held-out images where none are held out", async () => {
    const ids = metricIds.filter((id) => metrics[id].needs.heldOut);
    expect(ids).not.toEqual([]);
    for (const id of ids)
      await expect(open(["fid", id], { pixels: { train } })).rejects.toMatchObject({
        code: "usage.missing-held-out",
      });
  });

  it("name what was meant where an id is misspelt", async () => {
    await expect(open(["kidd"])).rejects.toMatchObject({
      code: "usage.unknown-metric",
      hint: "Did you mean kid?",
    });
  });

  it("are those of one metric once, however often its values are asked for", async () => {
    const scorer = await open(["pr", "recall", "precision"]);
    expect(scorer.metrics).toEqual(["precision", "recall", "f_score"]);
    const got = await scorer.score(toSamples(fake), N);
    expect(Object.keys(got)).toEqual(scorer.metrics);
    await scorer.dispose();
  });

  it("of memorisation have a floor by images that were not trained on, those of held-out ones none", async () => {
    const scorer = await open(["authpct", "nn-ratio"], { floor: true });
    expect(Object.keys(scorer.floor!)).toEqual(["authpct"]);
    // Of a generator that repeats what it was trained on nothing is authentic.
    const copies = await scorer.score(toSamples(drawImages(train, N)), N);
    expect(copies.authpct).toBe(0);
    expect(scorer.floor!.authpct).toBeGreaterThan(50);
    await scorer.dispose();
  });

  it("that cannot be measured on some samples are NaN there, with the reason, and the others stay", async () => {
    const scorer = await open(["fid", "vendi", "kid"]);
    const some = readGrey("fake-noisy", 200);
    const { scores, failures } = await scorer.examine(toSamples(some), 200);
    expect([...failures!.keys()]).toEqual(["kid"]);
    expect(failures!.get("kid")!.code).toBe("input.too-few-samples");
    expect(scores.kernel_digits_distance_mean).toBeNaN();
    expect(Number.isFinite(scores.frechet_digits_distance)).toBe(true);
    await scorer.dispose();
  });
});
