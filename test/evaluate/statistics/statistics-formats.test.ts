import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSide } from "../../../src/evaluate/sides/side.ts";
import { makeStatistics } from "../../../src/evaluate/statistics/make-statistics.ts";
import { mergeStatistics } from "../../../src/evaluate/statistics/merge-statistics.ts";
import { readStatistics, UNKNOWN_ORIGIN } from "../../../src/evaluate/statistics/statistics-file.ts";
import {
  STATISTICS_FORMATS,
  type StatisticsFormatName,
} from "../../../src/evaluate/statistics/statistics-formats.ts";
import { writeFileAtomically } from "../../../src/files/atomic-file.ts";
import { npyToBytes } from "../../../src/formats/npy.ts";
import { featuresToMoments, momentsToCovariance } from "../../../src/math/features/statistics.ts";
import { mat } from "../../math/seeded-features.ts";

const D = 6;
const features = mat(11, 40, D);

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gan-eval-formats-"));
  const { data, rows, width } = features;
  await writeFileAtomically(at("rows.npy"), [npyToBytes({ dtype: "<f4", shape: [rows, width], data })]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const OPTIONS = {
  extractor: "inception",
  resize: "tf1",
  cache: false,
  batchSize: 32,
  onError: "fail",
  engine: "auto",
  device: "auto",
  ddof: 1,
  clock: () => 0,
} as const;

const make = (out: string, format?: StatisticsFormatName, ddof: 0 | 1 = 1) =>
  makeStatistics({ ...OPTIONS, images: at("rows.npy"), out, ddof, ...(format && { format }) });

const entries = Object.entries(STATISTICS_FORMATS) as [
  StatisticsFormatName,
  (typeof STATISTICS_FORMATS)[StatisticsFormatName],
][];

describe("every format", () => {
  it.each(entries)("%s is written and read back as what it was made of", async (name, { ending, of }) => {
    const out = at(`${name}${ending}`);
    expect(await make(out, name)).toMatchObject({ out, count: 40, dims: D });
    const side = await openSide(out, { onError: "fail", extractor: "inception" });
    expect(side.kind).toBe(of);
    if (side.kind === "features") expect(side.features).toEqual(features);
    if (side.kind !== "statistics") return;
    const moments = featuresToMoments(features);
    const { mu, sigma, n, ddof } = side.statistics;
    expect(n).toBe(40);
    const wanted = momentsToCovariance(moments, ddof === 0 ? 0 : 1);
    // StyleGAN's raw sums lose a few digits of numbers near 1 when they are taken apart
    for (let i = 0; i < D; i++) expect(Math.abs(mu[i] - moments.mean[i])).toBeLessThan(1e-14);
    for (let i = 0; i < D * D; i++) expect(Math.abs(sigma[i] - wanted[i])).toBeLessThan(1e-14);
  });

  it.each(entries)(
    "%s: the same input gives the same bytes, and no other file is left",
    async (name, row) => {
      await make(at(`again${row.ending}`), name);
      const once = await readFile(at(`again${row.ending}`));
      await make(at(`again${row.ending}`), name);
      expect(await readFile(at(`again${row.ending}`))).toEqual(once);
      expect((await readdir(folder)).filter((file) => file.endsWith(".tmp"))).toEqual([]);
    },
  );

  it.each(entries)("%s: a folder that is not there is an error", async (name, { ending }) => {
    await expect(make(at(`no/such/file${ending}`), name)).rejects.toMatchObject({
      code: "input.cannot-write",
    });
  });
});

describe("the ending", () => {
  it.each([
    [".npz", "npz"],
    [".npy", "npy"],
    [".pt", "torch-fidelity"],
    [".PKL", "stylegan"],
  ] as const)("%s means %s", async (ending, name) => {
    await make(at(`plain${ending}`));
    await make(at(`named${ending}`), name);
    expect(await readFile(at(`plain${ending}`))).toEqual(await readFile(at(`named${ending}`)));
  });

  it("that is not the format's is an error that says which is", async () => {
    await expect(make(at("a.npz"), "edm2")).rejects.toMatchObject({
      code: "usage.stats-format",
      message: expect.stringContaining("ending in .pkl for --stats-format edm2"),
    });
    await expect(make(at("a.json"))).rejects.toMatchObject({ code: "usage.stats-format" });
  });
});

describe("what other programs' files cannot say", () => {
  it("EDM2's divide by n - 1 whatever --ddof says, and StyleGAN's are read as ddof 0", async () => {
    const divisors = async (name: "edm2" | "stylegan", ddof: 0 | 1) => {
      await make(at("ddof.pkl"), name, ddof);
      const side = await openSide(at("ddof.pkl"), { onError: "fail", extractor: "inception" });
      return side.kind === "statistics" ? [side.statistics.ddof, side.statistics.sigma[0]] : [];
    };
    const moments = featuresToMoments(features);
    for (const ddof of [0, 1] as const) {
      const [edm2, stylegan] = [await divisors("edm2", ddof), await divisors("stylegan", ddof)];
      expect([edm2[0], stylegan[0]]).toEqual([1, 0]);
      expect(edm2[1]).toBeCloseTo(momentsToCovariance(moments, 1)[0], 14);
      expect(stylegan[1]).toBeCloseTo(momentsToCovariance(moments, 0)[0], 14);
    }
  });

  it("EDM2 has no place for other networks, and its DINOv2 has its own", async () => {
    const file = at("dino.npz");
    const statistics = {
      mu: Float64Array.of(1),
      sigma: Float64Array.of(2),
      n: 9,
      ddof: 1,
      origin: { ...UNKNOWN_ORIGIN, extractor: "digits" },
    };
    await STATISTICS_FORMATS.npz.write(file, statistics);
    const merge = { files: [file], out: at("dino.pkl"), format: "edm2", ddof: 1 } as const;
    await expect(mergeStatistics(merge)).rejects.toMatchObject({ code: "input.format-extractor" });
    await STATISTICS_FORMATS.npz.write(file, {
      ...statistics,
      origin: { ...UNKNOWN_ORIGIN, extractor: "dinov2" },
    });
    await mergeStatistics(merge);
    const side = await openSide(at("dino.pkl"), { onError: "fail", extractor: "dinov2" });
    expect(side).toMatchObject({ kind: "statistics", statistics: { n: 9, ddof: 1 } });
  });

  it("ADM's spatial statistics travel, and their absence is said", async () => {
    const spatial = { mu: Float64Array.of(1, 2), sigma: Float64Array.of(1, 0, 0, 1) };
    const whole = {
      mu: Float64Array.of(1),
      sigma: Float64Array.of(2),
      n: 9,
      ddof: 1,
      origin: UNKNOWN_ORIGIN,
      spatial,
    };
    await STATISTICS_FORMATS.adm.write(at("spatial.npz"), whole);
    expect(await readStatistics(at("spatial.npz"))).toEqual(whole);
    const { warnings } = await make(at("adm.npz"), "adm");
    expect(warnings.map(({ code }) => code)).toEqual(["no-spatial-statistics"]);
  });

  it("features keep the origin that our npz has room for", async () => {
    const origin = { extractor: "digits", extractorHash: "00", featureEnd: "features", resize: "none" };
    for (const name of ["features", "dgm-eval"] as const) {
      await STATISTICS_FORMATS[name].write(at("origin.npz"), features, origin);
      expect(await openSide(at("origin.npz"), { onError: "fail" })).toMatchObject({ origin });
    }
  });
});

it("statistics are no images to make statistics of, and the hint says what to do", async () => {
  await make(at("made.npz"));
  await expect(
    makeStatistics({ ...OPTIONS, images: at("made.npz"), out: at("twice.npz") }),
  ).rejects.toMatchObject({
    code: "input.already-statistics",
    hint: expect.stringContaining("gan-eval stats merge"),
  });
});
