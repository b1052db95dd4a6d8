import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { evaluate } from "../../../src/evaluate/evaluate.ts";
import { extractLeaves } from "../../../src/evaluate/statistics/extract-leaves.ts";
import { makeStatistics } from "../../../src/evaluate/statistics/make-statistics.ts";
import { readNodeFile, writeNodeFile } from "../../../src/evaluate/statistics/node-file.ts";
import {
  collectStatistics,
  makeStatisticsPart,
  outToWork,
} from "../../../src/evaluate/statistics/shared-statistics.ts";
import { readStatistics } from "../../../src/evaluate/statistics/statistics-file.ts";
import { readNpz } from "../../../src/formats/npz.ts";
import type { ImageSource } from "../../../src/images/source.ts";
import { featuresToMoments } from "../../../src/math/features/statistics.ts";

const COUNT = 900;
const LEAF = 200;
const SIDE = 4;

/** Sources whose leaves are small, as if each 200 images were a shard. */
vi.mock("../../../src/images/sources/open.ts", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../../src/images/sources/open.ts")>();
  const withLeaves = (source: ImageSource): ImageSource => {
    const leafStarts = Int32Array.from({ length: Math.ceil(source.count / LEAF) }, (_, i) => i * LEAF);
    const range = source.range?.bind(source);
    return Object.assign(source, {
      leafStarts,
      range: (from: number, to: number) => withLeaves(range!(from, to)),
    });
  };
  return {
    ...original,
    openImages: async (...given: Parameters<typeof original.openImages>) =>
      withLeaves(await original.openImages(...given)),
  };
});

let place: string;
let images: string;
const at = (name: string): string => path.join(place, name);

/** Grey noise with a trend, in an IDX file. */
function makeImages(count: number): Buffer {
  const header = Buffer.alloc(16);
  for (const [i, value] of [0x803, count, SIDE, SIDE].entries()) header.writeUInt32BE(value, 4 * i);
  const pixels = Buffer.alloc(count * SIDE * SIDE);
  let state = 12345;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    pixels[i] = ((state >>> 24) * (1 + (i % 5))) / 5;
  }
  return Buffer.concat([header, pixels]);
}

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), "shared-statistics-"));
  images = at("noise-images-idx3-ubyte");
  await writeFile(images, makeImages(COUNT));
});
afterAll(() => rm(place, { recursive: true, force: true }));

const common = () => ({ images, extractor: "pixels", inputSize: [2, 2] as const, batchSize: 64 });

async function toHash(file: string): Promise<string> {
  const { mu, sigma, n } = await readStatistics(file);
  return createHash("sha256").update(`${n}`).update(mu).update(sigma).digest("hex");
}

async function onOneMachine(): Promise<string> {
  const out = at("alone.npz");
  await makeStatistics({ ...common(), out, cache: false });
  return out;
}

test("parts of any number, groups of any size and any order give the bytes of one machine", async () => {
  const alone = await onOneMachine();
  for (const [of, leafGroup] of [
    [1, 8],
    [2, 1],
    [4, 2],
    [3, 4],
  ] as const) {
    const out = at(`shared-${of}-${leafGroup}.npz`);
    // The last part first.
    for (let index = of - 1; index >= 0; index--)
      await makeStatisticsPart({ ...common(), out, part: { index, of }, leafGroup, cache: false });
    const made = await collectStatistics({ ...common(), out });
    expect(made.count).toBe(COUNT);
    expect(await readFile(out)).toEqual(await readFile(alone));
  }
  const rows = at("rows.npz");
  await makeStatistics({ ...common(), out: rows, format: "features", cache: false });
  const { data, shape } = (await readNpz(rows)).get("features")!;
  const features = { data: data as Float32Array, rows: shape[0]!, width: shape[1]! };
  const onePass = featuresToMoments(features, { leafRows: COUNT });
  const { sigma } = await readStatistics(alone);
  const trace = Array.from({ length: features.width }, (_, i) => onePass.scatter[i * (features.width + 1)]!);
  const whole = trace.reduce((a, b) => a + b);
  const difference = sigma.map((value, i) => Math.abs(value * (COUNT - 1) - onePass.scatter[i]!));
  expect(Math.max(...difference)).toBeLessThan(1e-12 * whole);
});

test("missing leaves are named, and only they are made when the parts run again", async () => {
  const out = at("gaps.npz");
  const parts = (index: number) =>
    makeStatisticsPart({ ...common(), out, part: { index, of: 2 }, leafGroup: 1, cache: false });
  await parts(0);
  await expect(collectStatistics({ ...common(), out })).rejects.toMatchObject({
    code: "input.leaves-missing",
    message: expect.stringMatching(/expected 5 leaves .*, got 3; missing: leaf 1, leaf 3$/),
  });
  await parts(1);
  const work = outToWork(out);
  await rm(path.join(work, "leaves-000003-000004.npz"));
  // Cut off, as by a machine that lost its power.
  const cut = path.join(work, "leaves-000001-000002.npz");
  await writeFile(cut, (await readFile(cut)).subarray(0, 300));
  const { leaves } = await parts(1);
  expect(leaves.map(({ found }) => found)).toEqual([false, false]);
  const again = await parts(1);
  expect(again.leaves.map(({ found }) => found)).toEqual([true, true]);
  await collectStatistics({ ...common(), out });
  expect(await toHash(out)).toBe(await toHash(await onOneMachine()));
});

test("leaves of groups of unlike sizes go together", async () => {
  const out = at("unlike-sizes.npz");
  const work = outToWork(out);
  const one = { ...common(), work, cache: false };
  await extractLeaves({
    ...one,
    ranges: [
      { from: 2, to: 4 },
      { from: 4, to: 5 },
    ],
  });
  await extractLeaves({ ...one, ranges: [{ from: 1, to: 2 }] });
  await extractLeaves({
    ...one,
    ranges: [
      { from: 0, to: 1 },
      { from: 0, to: 2 },
    ],
  });
  await collectStatistics({ ...common(), out });
  expect(await toHash(out)).toBe(await toHash(await onOneMachine()));
  for (const range of [
    { from: 0, to: 3 },
    { from: 1, to: 3 },
    { from: 4, to: 6 },
  ])
    await expect(extractLeaves({ ...one, ranges: [range] })).rejects.toMatchObject({
      code: "usage.leaf-group",
    });
});

test.each(["extractorHash", "resize", "ganEval", "isa", "engine"] as const)(
  "leaves of another %s are refused",
  async (field) => {
    const out = at(`unlike-${field}.npz`);
    const work = outToWork(out);
    await extractLeaves({
      ...common(),
      work,
      cache: false,
      ranges: [0, 1, 2, 3, 4].map((from) => ({ from, to: from + 1 })),
    });
    const file = path.join(work, "leaves-000002-000003.npz");
    const node = await readNodeFile(file);
    const settings = { ...node.record.settings, [field]: "another" };
    await writeNodeFile(file, { ...node, record: { ...node.record, settings } });
    await expect(collectStatistics({ ...common(), out })).rejects.toMatchObject({
      code: "input.unlike-leaves",
      message: expect.stringMatching(/expected leaves with the same .* in .* and another in /),
    });
  },
);

test("leaves of other images are not found: those are missing", async () => {
  const out = at("changed.npz");
  const part = { index: 0, of: 1 };
  await makeStatisticsPart({ ...common(), out, part, limit: 400, cache: false });
  await expect(collectStatistics({ ...common(), out })).rejects.toMatchObject({
    code: "input.leaves-missing",
  });
});

test("unreadable images that are skipped stay in their leaf: counted there, and the same bytes", async () => {
  const folder = at("broken");
  await mkdir(folder);
  const bytes = await readFile(images);
  const isBroken = (i: number): boolean => (i >= 200 && i < 400) || i % 97 === 5;
  for (let i = 0; i < 500; i++) {
    const pixels = bytes.subarray(16 + i * SIDE * SIDE, 16 + (i + 1) * SIDE * SIDE);
    const image = Buffer.concat([Buffer.from(`P5 ${SIDE} ${SIDE} 255\n`), pixels]);
    await writeFile(path.join(folder, `${1000 + i}.pgm`), isBroken(i) ? "no image" : image);
  }
  const out = at("broken.npz");
  const given = {
    images: folder,
    extractor: "pixels",
    inputSize: [2, 2],
    onError: "skip",
    cache: false,
  } as const;
  for (const index of [0, 1])
    await makeStatisticsPart({ ...given, out, part: { index, of: 2 }, leafGroup: 1 });
  const made = await makeStatisticsPart({ ...given, out, part: { index: 0, of: 1 }, leafGroup: 2 });
  expect(made.leaves.map(({ skipped }) => skipped)).toEqual([[3, 200], [1]]);
  // Of both divisions: any is whole.
  const collected = await collectStatistics({ ...given, out });
  const alone = at("broken-alone.npz");
  await makeStatistics({ ...given, out: alone });
  expect(await readFile(out)).toEqual(await readFile(alone));
  expect(collected.warnings.map(({ code }) => code)).toContain("skipped");
});

test("several processes' worth of parts fill the cache by groups, and one machine reads them from there", async () => {
  const out = at("cached.npz");
  const cacheDir = at("cache");
  for (const index of [1, 0])
    await makeStatisticsPart({ ...common(), cacheDir, out, part: { index, of: 2 }, leafGroup: 2 });
  let read = 0;
  const alone = at("from-cache.npz");
  await makeStatistics({ ...common(), cacheDir, out: alone, onProgress: () => read++ });
  expect(read).toBe(0);
  await collectStatistics({ ...common(), out });
  expect(await readFile(alone)).toEqual(await readFile(out));
});

test("further ends go into the cache with the leaves, and metrics that need them compute nothing again", async () => {
  const cacheDir = at("ends-cache");
  const given = { images, extractor: "digits", batchSize: 64, cacheDir };
  const request = { ...given, work: at("ends.leaves"), cachedEnds: ["logits"] };
  await extractLeaves({
    ...request,
    ranges: [
      { from: 0, to: 4 },
      { from: 4, to: 5 },
    ],
  });
  let read = 0;
  const { images: fake, ...options } = given;
  const measured = { ...options, real: fake, fake, metrics: ["fid", "pr", "is"] } as const;
  const cached = await evaluate({ ...measured, onProgress: ({ unit }) => unit === "images" && read++ });
  expect(read).toBe(0);
  const anew = await evaluate({ ...measured, cache: false });
  expect(cached.metrics).toEqual(anew.metrics);
  const again = await extractLeaves({ ...request, ranges: [{ from: 0, to: 4 }], onProgress: () => read++ });
  expect([again.leaves[0]!.count, read]).toEqual([4 * LEAF, 0]);
});
