import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mergeStatistics } from "../../../src/evaluate/statistics/merge-statistics.ts";
import {
  readStatistics,
  type StatisticsFile,
  UNKNOWN_ORIGIN,
  writeStatistics,
} from "../../../src/evaluate/statistics/statistics-file.ts";
import { STATISTICS_FORMATS } from "../../../src/evaluate/statistics/statistics-formats.ts";
import type { NpyArray } from "../../../src/formats/npy.ts";
import { writeNpz } from "../../../src/formats/npz.ts";
import {
  type Features,
  featuresToMoments,
  momentsToCovariance,
  selectRows,
} from "../../../src/math/features/statistics.ts";
import { mat } from "../../math/seeded-features.ts";

const D = 16;
/** Far from zero, so that a formula that cancels would show. */
const all = mat(21, 300, D, 1.5, 40);

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gan-eval-merge-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ORIGIN = { extractor: "x", extractorHash: "00", featureEnd: "16", resize: "tf1" };

const statisticsOf = (features: Features, ddof: 0 | 1, origin = ORIGIN): StatisticsFile => {
  const moments = featuresToMoments(features);
  return { mu: moments.mean, sigma: momentsToCovariance(moments, ddof), n: moments.n, ddof, origin };
};

/** Parts of uneven sizes, the smallest a single image (whose covariance is of ddof 0). */
const BOUNDS = [0, 1, 8, 120, 300];
async function writeParts(): Promise<string[]> {
  const files: string[] = [];
  for (let i = 1; i < BOUNDS.length; i++) {
    const part = selectRows(all, (row) => row >= BOUNDS[i - 1] && row < BOUNDS[i]);
    files.push(at(`part-${i}.npz`));
    await writeStatistics(files.at(-1)!, statisticsOf(part, i % 2 === 0 ? 1 : 0));
  }
  return files;
}

const traceOf = (sigma: Float64Array): number =>
  Array.from({ length: D }, (_, i) => sigma[i * (D + 1)]).reduce((a, b) => a + b, 0);

/** The largest difference of two statistics' covariances and means, relative to the trace and to the mean. */
function difference(a: StatisticsFile, b: StatisticsFile): number {
  const trace = traceOf(b.sigma);
  return Math.max(
    ...Array.from(a.sigma, (value, i) => Math.abs(value - b.sigma[i]) / trace),
    ...Array.from(a.mu, (value, i) => Math.abs((value - b.mu[i]) / b.mu[i])),
  );
}

async function merge(files: readonly string[], ddof: 0 | 1 = 1): Promise<StatisticsFile> {
  await mergeStatistics({ files, out: at("all.npz"), ddof });
  return readStatistics(at("all.npz"));
}

describe("merged statistics", () => {
  it.each([0, 1] as const)("are those of all images at once, with ddof %i", async (ddof) => {
    const merged = await merge(await writeParts(), ddof);
    expect(merged).toMatchObject({ n: 300, ddof, origin: ORIGIN });
    expect(difference(merged, statisticsOf(all, ddof))).toBeLessThan(1e-12);
  });

  it("do not depend on the order of the files", async () => {
    const files = await writeParts();
    const forth = await merge(files);
    expect(difference(await merge([...files].reverse()), forth)).toBeLessThan(1e-13);
    expect(difference(await merge([files[2], files[0], files[3], files[1]]), forth)).toBeLessThan(1e-13);
  });

  it("take StyleGAN's and EDM2's files and features too", async () => {
    const part = (from: number, to: number) => selectRows(all, (row) => row >= from && row < to);
    const silent = UNKNOWN_ORIGIN as unknown as typeof ORIGIN;
    const files = [at("a.pkl"), at("b.pkl"), at("c.npz")];
    await STATISTICS_FORMATS.stylegan.write(files[0], statisticsOf(part(0, 100), 1, silent));
    await STATISTICS_FORMATS.edm2.write(files[1], statisticsOf(part(100, 220), 0, silent));
    await STATISTICS_FORMATS.features.write(files[2], part(220, 300), ORIGIN);
    const { warnings } = await mergeStatistics({ files, out: at("all.npz"), ddof: 1 });
    const merged = await readStatistics(at("all.npz"));
    // StyleGAN's raw sums cancel: 40^2 against a variance of 2
    expect(difference(merged, statisticsOf(all, 1))).toBeLessThan(1e-12);
    // what two of three do not say is not said of the whole
    expect(merged.origin).toEqual(UNKNOWN_ORIGIN);
    expect(warnings).toMatchObject([
      {
        code: "unknown-origin",
        message: expect.stringContaining(`${files[0]}, ${files[1]} do not record a network and resize mode`),
      },
    ]);
  });

  it("may be written over one of the parts, and one part is written anew", async () => {
    const [, second] = await writeParts();
    const before = await readStatistics(second);
    await mergeStatistics({ files: [second], out: second, ddof: 1 });
    expect(difference(await readStatistics(second), before)).toBe(0);
  });

  it("join spatial statistics where all parts have them", async () => {
    const [a, b] = [mat(1, 30, D), mat(2, 50, D)].map((features) => statisticsOf(features, 1));
    await writeStatistics(at("a.npz"), { ...a, spatial: { mu: a.mu, sigma: a.sigma } });
    await writeStatistics(at("b.npz"), { ...b, spatial: { mu: b.mu, sigma: b.sigma } });
    const { spatial, mu, sigma } = await merge([at("a.npz"), at("b.npz")]);
    expect(spatial).toEqual({ mu, sigma });
    await writeStatistics(at("b.npz"), b);
    expect((await merge([at("a.npz"), at("b.npz")])).spatial).toBeUndefined();
  });
});

describe("parts that cannot be merged", () => {
  const write = async (name: string, changes: Partial<StatisticsFile>) => {
    await writeStatistics(at(name), { ...statisticsOf(mat(3, 20, D), 1), ...changes });
    return at(name);
  };

  it.each([
    [{ n: null }, "no n"],
    [{ ddof: null }, "no ddof"],
    [{ n: null, ddof: null }, "no n and no ddof"],
    [{ n: 1 }, "n 1 and ddof 1"],
    [{ n: 2.5 }, "n 2.5"],
    [{ ddof: 2 }, "ddof 2"],
  ])("%j is an error that names the file, what it lacks and how to make it again", async (changes, lack) => {
    const files = [await write("good.npz", {}), await write("bad.npz", changes)];
    await expect(merge(files)).rejects.toMatchObject({
      code: "input.incomplete-statistics",
      message: expect.stringMatching(new RegExp(`bad\\.npz.*${lack}`)),
      hint: expect.stringContaining("gan-eval stats --images"),
    });
  });

  it.each(["extractor", "extractorHash", "featureEnd", "resize"] as const)("unlike in %s", async (field) => {
    const other = await write("other.npz", { origin: { ...ORIGIN, [field]: "another" } });
    await expect(merge([await write("good.npz", {}), other])).rejects.toMatchObject({
      code: "input.unlike-features",
      message: expect.stringMatching(/another in .*other\.npz/),
    });
  });

  it("of another width, not finite, twice the same, none, or images", async () => {
    const good = await write("good.npz", {});
    const narrow = await write("narrow.npz", { mu: new Float64Array(2), sigma: new Float64Array(4) });
    const broken = await write("broken.npz", { mu: new Float64Array(D).fill(Number.NaN) });
    await expect(merge([good, narrow])).rejects.toMatchObject({ code: "input.feature-width" });
    await expect(merge([good, broken])).rejects.toMatchObject({ code: "input.statistics-not-finite" });
    await expect(merge([good, good])).rejects.toMatchObject({ code: "usage.files" });
    await expect(merge([])).rejects.toMatchObject({ code: "usage.files" });
    const images: NpyArray = { dtype: "|u1", shape: [1, 2, 2, 3], data: new Uint8Array(12) };
    await writeNpz(at("images.npz"), new Map([["arr_0", images]]));
    await expect(merge([at("images.npz")])).rejects.toMatchObject({ code: "input.not-statistics" });
    await expect(merge([at("absent.npz")])).rejects.toMatchObject({
      code: expect.stringMatching(/^input\./),
    });
    await expect(mergeStatistics({ files: [good], out: at("rows.npy"), ddof: 1 })).rejects.toMatchObject({
      code: "usage.stats-format",
    });
  });
});
