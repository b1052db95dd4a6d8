/** What must not matter to a value does not: batches, threads, the clothes that images come in, their order. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import type { EvaluateOptions } from "../../src/evaluate/options.ts";
import type { NpyArray } from "../../src/formats/npy.ts";
import { writeNpz } from "../../src/formats/npz.ts";
import { filesToZip } from "../../src/formats/zip-writer.ts";
import type { Image } from "../../src/images/source.ts";
import { openImages } from "../../src/images/sources/open.ts";
import { createRandomState } from "../../src/math/random/random-state.ts";
import { type MetricId, metricIds, metrics } from "../../src/metrics/table.ts";

const FIXTURES = path.resolve(import.meta.dirname, "../../fixtures/digits");
const [REAL, CLOSE, NOISY] = ["real", "fake-close", "fake-noisy"].map((name) => path.join(FIXTURES, name));
const COUNT = 80;

/** Sets of equal values whatever the order of their images. */
const ORDERLESS = [
  ...["fid", "kid", "cmmd", "mind", "swd", "1nn", "is", "mode-score", "pr", "dc", "realism", "vendi"],
  ...["modes", "authpct", "mifid", "nn-ratio"],
  ...["clipped-dc", "sym-pr", "p-pr", "pr-cover", "rarity", "rke", "rrke", "fwd"],
] as const;
/** Draw images, or begin their clusters with some: other images in another order. */
const DRAWING = ["fid-inf", "is-inf", "prd", "ms-ssim", "lap-swd", "ndb", "birthday", "ct", "fld"] as const;
/** Of Inception alone, and those that compare images that belong together (test/evaluate/compared). */
const ELSEWHERE = [
  "sfid",
  ...["l1", "psnr", "ssim", "lpips", "perceptual-random"],
  ...["diversity", "diversity-lpips", "diversity-random"],
] as const;

const needsLogits = (id: MetricId): boolean =>
  Object.values(metrics[id].needs).some((needs) => needs.includes("logits"));

const IDS = {
  digits: [...ORDERLESS, ...DRAWING],
  pixels: [...ORDERLESS, ...DRAWING].filter((id) => !needsLogits(id)),
} as const satisfies Record<string, readonly MetricId[]>;
type Extractor = keyof typeof IDS;
const EXTRACTORS = ["digits", "pixels"] as const;
/** 32 x 32 pixels, the default, are many features for so few images. */
const OF_EXTRACTOR: Readonly<Record<Extractor, Partial<EvaluateOptions>>> = {
  digits: {},
  pixels: { inputSize: [8, 8] },
};

const OPTIONS = {
  ...{ real: REAL, fake: CLOSE, heldOut: NOISY, limit: COUNT },
  ...{
    cache: false,
    batchSize: 32,
    threads: 1,
    onError: "fail",
    engine: "auto",
    device: "auto",
    clock: () => 0,
  },
  ...{ splits: 1, shuffle: false, seed: 2020, ddof: 1 },
  parameters: {
    // All images of both sides, once.
    kid: { draw: "clean-fid", subsets: 1 },
    "fid-inf": { points: 3, smallest: 40 },
    "is-inf": { points: 3, smallest: 40 },
    "ms-ssim": { batches: 2, size: 6 },
    mind: { projections: 50 },
    swd: { directions: 50 },
    "lap-swd": { patches: 8, directions: 50 },
    prd: { runs: 2, clusters: 10 },
    ndb: { bins: 10 },
    fwd: { levels: 2 },
  },
} as const satisfies Omit<EvaluateOptions, "metrics" | "extractor">;

type Values = Readonly<Record<string, number>>;

async function measure(extractor: Extractor, more: Partial<EvaluateOptions> = {}): Promise<Values> {
  const own = { extractor, metrics: IDS[extractor], ...OF_EXTRACTOR[extractor] };
  return (await evaluate({ ...OPTIONS, ...own, ...more })).metrics;
}

/** Relative, of values near zero to a thousandth: an unbiased distance may be as near as it likes. */
function expectNear(got: Values, wanted: Values, tolerance: number): void {
  expect(Object.keys(got)).toEqual(Object.keys(wanted));
  for (const [key, value] of Object.entries(wanted))
    expect(Math.abs(got[key] - value), `${key}: ${got[key]}, not ${value}`).toBeLessThanOrEqual(
      tolerance * Math.max(1e-3, Math.abs(value)),
    );
}

let folder: string;
const at = (name: string) => path.join(folder, name);

interface PngFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

async function readImages(location: string): Promise<Image[]> {
  const source = await openImages(location, { limit: COUNT });
  const images: Image[] = [];
  for await (const batch of source.batches({ batchSize: 60 })) images.push(...batch);
  await source.close();
  return images;
}

async function imagesToFolder(name: string, images: readonly Image[]): Promise<PngFile[]> {
  await mkdir(at(name));
  const files: PngFile[] = [];
  for (const { pixels, width, height } of images) {
    const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    files.push({ name: `${String(files.length).padStart(4, "0")}.png`, bytes: new Uint8Array(png) });
  }
  for (const file of files) await writeFile(at(`${name}/${file.name}`), file.bytes);
  return files;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gan-eval-invariance-"));
  const random = createRandomState(1);
  for (const [role, location] of [
    ["real", REAL],
    ["heldOut", NOISY],
    ["fake", CLOSE],
  ] as const) {
    const images = await readImages(location);
    const order = random.permutation(COUNT);
    await imagesToFolder(
      `other order, ${role}`,
      Array.from(order, (i) => images[i]),
    );
    if (role !== "fake") continue;
    const files = await imagesToFolder("folder", images);
    await writeFile(at("images.zip"), [...filesToZip(files)]);
    const [{ height, width }] = images;
    const data = Uint8Array.from(Buffer.concat(images.map(({ pixels }) => pixels)));
    const array: NpyArray = { dtype: "|u1", shape: [COUNT, height, width, 3], data };
    await writeNpz(at("images.npz"), new Map([["arr_0", array]]));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Measured once, by the first test that asks. */
const measured = new Map<Extractor, Promise<Values>>();
function once(extractor: Extractor): Promise<Values> {
  const found = measured.get(extractor) ?? measure(extractor);
  measured.set(extractor, found);
  return found;
}

describe.each(EXTRACTORS)("every metric of %s is the same", (extractor) => {
  it.each(["folder", "images.zip", "images.npz"])("to the bit, from an IDX file and a %s", async (name) => {
    expect(await measure(extractor, { fake: at(name) })).toEqual(await once(extractor));
  });

  // A row of a product of matrices is the same among other rows, as long as the engine's kernels are.
  it.each([7, COUNT])("to 1e-9, in batches of 32 and of %i", async (batchSize) => {
    expectNear(await measure(extractor, { batchSize }), await once(extractor), 1e-9);
  });

  // Threads share tiles of float32 products out among themselves, whose sums come in another order.
  it("to 1e-6, on one thread and on two", async () => {
    expectNear(await measure(extractor, { threads: 2 }), await once(extractor), 1e-6);
  });

  // Where nothing is drawn; sums come in another order, of float64 about values of 1.
  it("to 1e-9, in another order of all sides' images", async () => {
    const other = await measure(extractor, {
      metrics: IDS[extractor].filter((id) => (ORDERLESS as readonly string[]).includes(id)),
      ...{ real: at("other order, real"), fake: at("other order, fake") },
      heldOut: at("other order, heldOut"),
    });
    const all = await once(extractor);
    expectNear(other, Object.fromEntries(Object.keys(other).map((key) => [key, all[key]])), 1e-9);
  });
});

it("knows of every metric in the table whether order matters", () => {
  expect([...ORDERLESS, ...DRAWING, ...ELSEWHERE].toSorted()).toEqual(metricIds.toSorted());
});
