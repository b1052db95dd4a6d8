import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FileSide, openSide } from "../../src/evaluate/sides/side.ts";
import { holdsOrRefuses, mutationsOf } from "../formats/mutations.ts";
import { pickle } from "../formats/pickle-writer.ts";

/** Written by bench/peers/statistics_files.py with NumPy, torch and pickle. */
const fixture = (name: string) => path.join(import.meta.dirname, "fixtures/statistics", name);

interface Expected {
  readonly rows: number;
  readonly width: number;
  readonly features: number[];
  readonly mu: number[];
  readonly sigma: number[];
  readonly sigma0: number[];
  readonly mu_s: number[];
  readonly sigma_s: number[];
}

let folder: string;
let expected: Expected;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gan-eval-programs-"));
  expected = JSON.parse(await readFile(fixture("expected.json"), "utf8"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function openFile(location: string, extractor?: string): Promise<FileSide> {
  const side = await openSide(location, { onError: "fail", ...(extractor !== undefined && { extractor }) });
  if (side.kind !== "images") return side;
  await side.source.close();
  throw new Error("opened as images");
}

async function openStatistics(name: string, extractor?: string) {
  const side = await openFile(fixture(name), extractor);
  if (side.kind !== "statistics") throw new Error(`opened as ${side.kind}`);
  return side.statistics;
}

/** Writes a pickle and opens it. */
async function openPickle(value: Uint8Array): Promise<FileSide> {
  const location = path.join(folder, "made.pkl");
  await writeFile(location, pickle.file(value));
  return openFile(location);
}

const expectClose = (got: ArrayLike<number>, wanted: readonly number[], tolerance: number): void => {
  expect(got.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries())
    expect(Math.abs(got[i] - value), `element ${i}`).toBeLessThanOrEqual(tolerance);
};

describe("statistics of other programs", () => {
  it.each([
    // deflated
    ["pytorch-fid.npz", null, null],
    // images lie in it too
    ["adm.npz", null, null],
    ["edm2.pkl", 12, 1],
  ] as const)("%s: mu and sigma as they were saved", async (name, n, ddof) => {
    const statistics = await openStatistics(name, "inception");
    expect([...statistics.mu]).toEqual(expected.mu);
    expect([...statistics.sigma]).toEqual(expected.sigma);
    expect(statistics).toMatchObject({ n, ddof });
  });

  it("float32 in Fortran order: rounded, not transposed", async () => {
    const { mu, sigma } = await openStatistics("fortran-float32.npz");
    expect([...mu]).toEqual(expected.mu.map(Math.fround));
    expect([...sigma]).toEqual(expected.sigma.map(Math.fround));
  });

  it("ADM's spatial statistics are there beside the others", async () => {
    const { spatial } = await openStatistics("adm.npz");
    expect([...spatial!.mu]).toEqual(expected.mu_s);
    expect([...spatial!.sigma]).toEqual(expected.sigma_s);
  });

  it("torch-fidelity's have a float32 mean, a float64 covariance with ddof 1, and no count", async () => {
    const { mu, sigma, n, ddof } = await openStatistics("torch-fidelity-stat.pt");
    // rounding of a float32 mean of values up to 6
    expectClose(mu, expected.mu, 6 * 2 ** -23);
    expect([...sigma]).toEqual(expected.sigma);
    expect([n, ddof]).toEqual([null, 1]);
  });

  it.each(["protocol2", "protocol3", "protocol4"])(
    "StyleGAN's raw sums (%s) are moments with ddof 0",
    async (protocol) => {
      const { mu, sigma, n, ddof } = await openStatistics(`stylegan-${protocol}.pkl`);
      // a few roundings of values below 64
      expectClose(mu, expected.mu, 1e-15 * 8);
      expectClose(sigma, expected.sigma0, 1e-14 * 8);
      expect([n, ddof]).toEqual([12, 0]);
    },
  );

  it("a count that is a NumPy scalar is a count", async () => {
    expect((await openStatistics("numpy-scalar.pkl")).n).toBe(12);
  });

  it("EDM2's are those of the extractor asked for, or an error that lists what there is", async () => {
    expect((await openStatistics("edm2.pkl", "dinov2")).mu).toHaveLength(3);
    // the only ones, where none is named
    expect((await openStatistics("edm2-dinov2.pkl")).mu).toHaveLength(3);
    await expect(openStatistics("edm2.pkl")).rejects.toMatchObject({
      code: "input.no-such-statistics",
      message: expect.stringContaining("fid, fd_dinov2"),
    });
    await expect(openStatistics("edm2-dinov2.pkl", "inception")).rejects.toMatchObject({
      code: "input.no-such-statistics",
      hint: expect.stringContaining("--extractor dinov2 (fd_dinov2)"),
    });
  });
});

describe("features of other programs", () => {
  it.each([
    "clean-fid-kid.npz",
    "dgm-eval.npz",
    "studiogan-feats.npz",
    "codes.npy",
    "torch-fidelity-features.pt",
    "stylegan-all.pkl",
  ])("%s: the rows as they were saved", async (name) => {
    const side = await openFile(fixture(name), "inception");
    expect(side).toMatchObject({ kind: "features", features: { rows: 12, width: 4 } });
    expect(side.kind === "features" && [...side.features.data]).toEqual(expected.features);
  });

  it("dgm-eval's say which network made them", async () => {
    expect(await openFile(fixture("dgm-eval.npz"))).toMatchObject({ origin: { extractor: "dinov2" } });
  });
});

describe("files that are something else", () => {
  const zeros = (type: string, count: number, shape: number[]) => {
    const dtype = pickle.call(
      pickle.global("numpy", "dtype"),
      pickle.tuple(pickle.text(type), pickle.bool(false), pickle.bool(true)),
    );
    const empty = pickle.call(
      pickle.global("numpy.core.multiarray", "_reconstruct"),
      pickle.tuple(pickle.global("numpy", "ndarray"), pickle.tuple(pickle.int(0)), pickle.text("b")),
    );
    const data = pickle.call(
      pickle.global("_codecs", "encode"),
      pickle.tuple(pickle.text("\0".repeat(count)), pickle.text("latin1")),
    );
    const state = pickle.tuple(
      pickle.int(1),
      pickle.tuple(...shape.map(pickle.int)),
      dtype,
      pickle.bool(false),
      data,
    );
    return Uint8Array.from([...empty, ...state, 0x62]);
  };
  const dict = (entries: Record<string, Uint8Array>) =>
    pickle.dict(
      pickle.emptyDict,
      Object.entries(entries).map(([key, value]) => [pickle.text(key), value]),
    );

  it("a dictionary of nothing known is an error that lists its keys", async () => {
    await expect(openPickle(dict({ epoch: pickle.int(3), loss: pickle.none }))).rejects.toMatchObject({
      code: "input.pickle-content",
      message: expect.stringContaining("epoch, loss"),
    });
    await expect(openPickle(pickle.text("hello"))).rejects.toMatchObject({ code: "input.pickle-content" });
  });

  it.each([
    ["mu and sigma that do not fit", { mu: zeros("f8", 16, [2]), sigma: zeros("f8", 8, [1, 1]) }],
    ["a mean that is a matrix", { mu: zeros("f8", 8, [1, 1]), sigma: zeros("f8", 8, [1, 1]) }],
  ])("%s", async (_what, entries) => {
    await expect(openPickle(dict(entries))).rejects.toMatchObject({ code: "input.statistics-shape" });
  });

  it("raw sums of no images", async () => {
    const sums = { raw_mean: zeros("f8", 8, [1]), raw_cov: zeros("f8", 8, [1, 1]), num_items: pickle.int(0) };
    await expect(openPickle(dict(sums))).rejects.toThrow(/num_items/);
  });

  it("one batch named a hundred thousand times does not fill the memory", async () => {
    // 64 KB, remembered under 1, and a list of it that would be 6 GB
    const batch = Uint8Array.from([...zeros("f4", 65536, [128, 128]), 0x71, 1]);
    const again = Uint8Array.from({ length: 200_000 }, (_, i) => (i % 2 === 0 ? 0x68 : 1));
    const batches = Buffer.concat([Uint8Array.of(0x5d, 0x28), batch, again, Uint8Array.of(0x65)]);
    const before = process.memoryUsage().arrayBuffers;
    await expect(openPickle(dict({ all_features: batches }))).rejects.toMatchObject({ code: "input.pickle" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 26);
  });

  it("a pickle whose arrays are made by another function says which and what to do", async () => {
    const other = pickle.call(pickle.global("numpy.core.numeric", "_fromother"), pickle.tuple());
    await expect(openPickle(other)).rejects.toMatchObject({
      code: "input.pickle-global",
      message: expect.stringContaining("numpy.core.numeric._fromother"),
      hint: expect.stringContaining("pickle.dump"),
    });
  });

  it.each([
    "pytorch-fid.npz",
    "adm.npz",
    "dgm-eval.npz",
    "codes.npy",
    "torch-fidelity-features.pt",
    "torch-fidelity-stat.pt",
    "stylegan-protocol2.pkl",
    "stylegan-protocol4.pkl",
    "stylegan-all.pkl",
    "edm2.pkl",
  ])("%s damaged anywhere: opens, or throws our own error", async (name) => {
    const bytes = new Uint8Array(await readFile(fixture(name)));
    const location = path.join(folder, name);
    await fc.assert(
      fc.asyncProperty(mutationsOf(bytes), async (mutated) => {
        await writeFile(location, mutated);
        await holdsOrRefuses(async () => {
          const side = await openSide(location, { onError: "fail", extractor: "inception" });
          if (side.kind === "images") await side.source.close();
        });
      }),
      { numRuns: 100 },
    );
  });

  it("an ending that lies: what a pickle holds decides", async () => {
    const location = path.join(folder, "features.pkl");
    await copyFile(fixture("torch-fidelity-features.pt"), location);
    expect(await openFile(location)).toMatchObject({ kind: "features", features: { rows: 12 } });
  });
});
