import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Library } from "../../src/cli/library.ts";
import type { EvaluateOptions } from "../../src/evaluate/options.ts";
import type { MakeStatisticsOptions } from "../../src/evaluate/statistics/make-statistics.ts";
import type { MergeStatisticsOptions } from "../../src/evaluate/statistics/merge-statistics.ts";
import type { NetworkInfo } from "../../src/inception/import.ts";
import { checkCharts } from "../../src/reports/chart-check.ts";
import { textToWidth } from "../../src/reports/page.ts";
import type { TrainRequest } from "../../src/runs/train.ts";
import type { TrainedRun } from "../../src/runs/trained-run.ts";
import type { Generated, GenerateOptions } from "../../src/samples/generate.ts";
import { emptyFolder, libraryOf, run } from "./command-line.ts";
import { evaluation } from "./evaluation.ts";

const manifest: NetworkInfo["manifest"] = {
  format: "gan-eval-network",
  formatVersion: 1,
  id: "inception-v3-2015-12-05",
  weightsHash: "f".repeat(64),
  source: {
    kind: "tgz",
    name: "inception-2015-12-05.tgz",
    bytes: 95e6,
    sha256: "e".repeat(64),
    official: true,
  },
  files: [{ name: "model.json", bytes: 2048, sha256: "d".repeat(64) }],
  ends: { "2048": { node: "pool_3", width: 2048 }, logits: { node: "softmax", width: 1008 } },
};
const network: NetworkInfo = { folder: "/cache/inception", manifest };

describe("demo", () => {
  // It trains into runs/ of where it is called.
  const home = process.cwd();
  beforeEach(() => process.chdir(emptyFolder()));
  afterEach(() => process.chdir(home));
  const distances: Record<string, number> = {
    ...{ "fake-close": 2, "fake-noisy": 50, "fake-collapsed": 400, "samples.npz": 30 },
  };
  const scores: Record<string, number> = {
    ...{ real: 9.75, "fake-close": 9.5, "fake-noisy": 8.5, "fake-collapsed": 2.25, "samples.npz": 7.5 },
  };
  const seen: EvaluateOptions[] = [];
  const asked: { train?: TrainRequest; generate?: GenerateOptions } = {};
  const library = libraryOf({
    evaluate: async (options) => {
      seen.push(options);
      const name = String(options.fake).split(/[\\/]/).at(-1)!;
      const distance = distances[name];
      return evaluation({
        metrics: {
          ...(distance === undefined ? {} : { frechet_digits_distance: distance }),
          digits_score_mean: scores[name]!,
          digits_score_std: 0.25,
        },
      });
    },
    train: async (request) => {
      asked.train = request;
      const { folder, rounds } = request;
      const scores = { precision: 0.5, recall: 0.25 };
      const floor = { precision: 0.9, recall: 0.8 };
      return { folder, rounds: rounds!, epochs: 3, seconds: 60, scores, floor } as unknown as TrainedRun;
    },
    generate: async (options) => {
      asked.generate = options;
      return {} as Generated;
    },
  });

  it("scores the committed fixtures with the digits network and explains this run's numbers", async () => {
    const ran = await run(["demo", "--rounds", "0"], { library });
    expect(ran.exitCode).toBe(0);
    expect(`\n${ran.stdout}`).toMatchInlineSnapshot(`
      "
      Four sets of 1,200 digits, evaluated with the built-in digits network (not
      Inception, so these are not FIDs), in 1.00 s.

      set             distance        score  what it is
      real                      9.75 ± 0.25  the reference
      fake-close        2.0000  9.50 ± 0.25  other digits drawn like the real ones:
                                             the best a generator can do
      fake-noisy       50.0000  8.50 ± 0.25  blurred and noisy
      fake-collapsed  400.0000  2.25 ± 0.25  mode collapse: only two of the ten digits

      What it means
      - distance (Frechet distance; lower is better): how far the fake set is from the
        real one. Only identical sets score zero; with this many images, an ideal
        generator gets about the 2.0000 of fake-close.
      - score (like the Inception Score; higher is better, at most 10): whether the
        images are clear and all ten digits appear. It ignores the real set, which
        itself scores 9.8.
      - fake-noisy is 25 times as far as fake-close, with a score of 8.5: blur and
        noise make its digits look unreal and hard to tell apart.
      - fake-collapsed is 200 times as far, and its score of 2.3 is about the number
        of different digits it makes: each image is clear, but most digits are
        missing.
      "
    `);
    expect(seen.length).toBe(4);
    expect(asked).toEqual({});
    for (const options of seen) {
      expect(options.extractor).toBe("digits");
      expect(existsSync(String(options.fake))).toBe(true);
      if (options.real !== undefined) expect(existsSync(String(options.real))).toBe(true);
    }
    expect(ran.stderr).toContain("next: ");
    for (const line of ran.stdout.split("\n")) expect(textToWidth(line)).toBeLessThanOrEqual(80);
  });

  it("trains on the digits in the package, and scores as many samples in the same way", async () => {
    seen.length = 0;
    const ran = await run(["demo", "--rounds", "100", "--threads", "3"], { library });
    expect(ran.exitCode).toBe(0);
    const { train, generate } = asked;
    expect(train).toMatchObject({ rounds: 100, data: { data: "digits" }, computation: { threads: 3 } });
    expect(generate).toMatchObject({ run: train!.folder, n: 2000, threads: 3 });
    const [real, , , , trained] = seen;
    expect(trained).toMatchObject({
      fake: generate!.out,
      real: real!.fake,
      extractor: real!.extractor,
      resize: real!.resize,
      cache: false,
    });
    expect([trained!.splits, trained!.seed]).toEqual([real!.splits, real!.seed]);
    expect(ran.stdout.slice(ran.stdout.indexOf("trained"))).toMatchInlineSnapshot(`
      "trained          30.0000  7.50 ± 0.25  a GAN after 100 rounds of training, 1 min
                                             00 s

      What it means
      - distance (Frechet distance; lower is better): how far the fake set is from the
        real one. Only identical sets score zero; with this many images, an ideal
        generator gets about the 2.0000 of fake-close.
      - score (like the Inception Score; higher is better, at most 10): whether the
        images are clear and all ten digits appear. It ignores the real set, which
        itself scores 9.8.
      - fake-noisy is 25 times as far as fake-close, with a score of 8.5: blur and
        noise make its digits look unreal and hard to tell apart.
      - fake-collapsed is 200 times as far, and its score of 2.3 is about the number
        of different digits it makes: each image is clear, but most digits are
        missing.
      - trained is 15 times as far as fake-close, closer to the real digits than
        fake-noisy, with a score of 7.5. Longer training moves both toward fake-close.
      - precision 0.50 (a perfect generator gets 0.90): the share of its digits that
        look real; low if digits are unclear.
      - recall 0.25 (a perfect generator gets 0.80): the share of real digits it can
        produce; low if digits or shapes are missing.
      - See them in runs/demo-1/samples/00000100.png
      "
    `);
    for (const line of ran.stdout.split("\n")) expect(textToWidth(line)).toBeLessThanOrEqual(80);
  });

  it("says so where the trained one is not yet as close as the noisy set", async () => {
    distances["samples.npz"] = 100;
    const { stdout } = await run(["demo"], { library });
    distances["samples.npz"] = 30;
    expect(stdout.replace(/\s+/g, " ")).toContain("not yet as close to the real digits as fake-noisy");
  });

  it("has all results in its JSON and the table in CSV", async () => {
    const { sets, training } = JSON.parse((await run(["demo", "--json"], { library })).stdout);
    const names = ["real", "fake-close", "fake-noisy", "fake-collapsed", "trained"];
    expect(sets.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(training).toMatchObject({ seconds: 60, scores: { precision: 0.5, recall: 0.25 } });
    expect((await run(["demo", "--csv"], { library })).stdout.split("\r\n").length).toBe(7);
  });

  it("stops between sets once interrupted", async () => {
    const interruption = new AbortController();
    let calls = 0;
    const ran = await run(["demo"], {
      signal: interruption.signal,
      library: libraryOf({
        evaluate: async () => {
          calls++;
          interruption.abort();
          return evaluation({ metrics: { digits_score_mean: 1, digits_score_std: 0 } });
        },
      }),
    });
    expect(ran.exitCode).toBe(130);
    expect(calls).toBe(1);
  });
});

describe("stats", () => {
  it("hands its options on and says what was written and what comes next", async () => {
    let seen: MakeStatisticsOptions | undefined;
    const ran = await run(
      ["stats", "--images", "A", "--out", "a.npz", "--feature-end", "192", "--ddof", "0"],
      {
        library: libraryOf({
          makeStatistics: async (options) => {
            seen = options;
            const origin = {
              extractor: "inception-v3",
              extractorHash: "0",
              featureEnd: "192",
              resize: "tf1",
            };
            return {
              out: options.out,
              count: 1234,
              dims: 192,
              origin,
              warnings: [{ code: "x", message: "mixed sizes" }],
            };
          },
        }),
      },
    );
    expect(seen).toMatchObject({ images: "A", out: "a.npz", featureEnd: "192", ddof: 0 });
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.stdout).toContain("A, 1,234 images");
    expect(ran.stderr).toContain("warning: mixed sizes");
    expect(ran.stderr).toContain("gan-eval fid --real a.npz --fake DIR --feature-end 192 --ddof 0\n");
  });

  it("wants a file of a kind that it can write", async () => {
    const ran = await run(["stats", "--images", "A", "--out", "a.json"]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("--out expects a file name ending in .npz, .npy, .pt or .pkl");
    expect((await run(["stats", "--images", "A", "--out", "dir/.npz"])).exitCode).toBe(2);
    expect((await run(["stats", "--images", "A"])).stderr).toContain("expected --out FILE");
  });

  it("of two extractors, or into a folder that is not there, are refused before any work", async () => {
    const two = await run(["stats", "--images", "A", "--out", "a.npz", "--extractor", "inception,digits"]);
    expect(two.stderr).toContain("expected one extractor, got inception, digits");
    const lost = await run(["stats", "--images", "A", "--out", "no/such/folder/a.npz"]);
    expect(lost).toMatchObject({ exitCode: 3 });
    expect(lost.stderr).toContain("input.cannot-write");
  });

  it("hands the format on", async () => {
    let seen: MakeStatisticsOptions | undefined;
    const makeStatistics = async (options: MakeStatisticsOptions) => {
      seen = options;
      return made;
    };
    await run(["stats", "--images", "A", "--out", "a.pkl", "--stats-format", "edm2"], {
      library: libraryOf({ makeStatistics }),
    });
    expect(seen).toMatchObject({ out: "a.pkl", format: "edm2" });
  });
});

const made = {
  out: "all.npz",
  count: 360,
  dims: 2048,
  origin: { extractor: null, extractorHash: null, featureEnd: null, resize: null },
  warnings: [{ code: "unknown-origin", message: "a.npz does not say" }],
};

describe("stats merge", () => {
  it("hands the files on and says what they make", async () => {
    const seen: MergeStatisticsOptions[] = [];
    const mergeStatistics = async (options: MergeStatisticsOptions) => {
      seen.push(options);
      return made;
    };
    const line = ["stats", "merge", "a.npz", "b.pkl", "--out", "all.npz"];
    const ran = await run(line, { library: libraryOf({ mergeStatistics }) });
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.stdout).toContain("2 files, 360 images");
    expect(ran.stderr).toContain("warning: a.npz does not say");
    expect(ran.stderr).toContain("gan-eval fid --real all.npz --fake DIR");
    await run([...line, "--extractor", "digits", "--stats-format", "adm", "--ddof", "0"], {
      library: libraryOf({ mergeStatistics }),
    });
    const watch = { signal: expect.any(AbortSignal), onProgress: expect.any(Function) };
    expect(seen).toEqual([
      { files: ["a.npz", "b.pkl"], out: "all.npz", ddof: 1, ...watch },
      { files: ["a.npz", "b.pkl"], out: "all.npz", ddof: 0, format: "adm", extractor: "digits", ...watch },
    ]);
  });

  it("wants files", async () => {
    expect(await run(["stats", "merge", "--out", "a.npz"])).toMatchObject({ exitCode: 2 });
    expect(await run(["stats", "marge", "a.npz"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Did you mean merge?"),
    });
  });
});

describe("inception", () => {
  it("import passes the file on and shows what was installed", async () => {
    let seen: unknown[] = [];
    const ran = await run(["inception", "import", "a.pth", "--cache_dir", "/cache"], {
      library: libraryOf({
        importInception: async (file, { cacheDir } = {}) => {
          seen = [file, cacheDir];
          return network;
        },
      }),
    });
    expect(seen).toEqual(["a.pth", "/cache"]);
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.stdout).toContain("inception-2015-12-05.tgz");
    expect(ran.stdout).toContain("2048, logits (1,008)");
    expect(ran.stdout).toContain("an official file");
  });

  it("info answers 0 either way, and says how to get the network", async () => {
    const absent = { installedInception: async () => undefined, cacheFolder: async () => "/cache" };
    const ran = await run(["inception", "info"], { library: libraryOf(absent) });
    expect(ran).toMatchObject({ exitCode: 0, stdout: "no Inception network is installed in /cache\n" });
    expect(ran.stderr).toContain("gan-eval inception download");
    const json = await run(["inception", "info", "--json"], { library: libraryOf(absent) });
    expect(JSON.parse(json.stdout)).toEqual({ installed: false, folder: "/cache" });
    const there = await run(["inception", "info", "--json"], {
      library: libraryOf({ installedInception: async () => network }),
    });
    expect(JSON.parse(there.stdout)).toEqual({ installed: true, folder: network.folder, ...manifest });
  });
});

describe("doctor", () => {
  const healthy: Partial<Library> = {
    listEngines: async () => [
      { engine: "onnx", device: "cpu", found: true, version: "onnxruntime-node 1.30.0" },
      { engine: "onnx", device: "webgpu", found: false, reason: "no adapter", advice: "Get one." },
    ],
    installedInception: async () => undefined,
    listNetworks: async () => [],
    digitsWeights: async () => ({ file: "w", hash: "a".repeat(64), bytes: 1000 }),
    cacheFolder: async () => emptyFolder(),
    checkCharts: async () => ({ fonts: 0, drawsText: false, pngBytes: 100 }),
  };
  const diagnose = async (changes: Partial<Library> = {}) => {
    const ran = await run(["doctor", "--json"], { library: libraryOf({ ...healthy, ...changes }) });
    expect(ran.exitCode).toBe(0);
    return JSON.parse(ran.stdout).findings as {
      topic: string;
      name: string;
      state: string;
      detail: string;
      advice?: string;
    }[];
  };

  it("is content without optional things, and says for each what to do", async () => {
    const findings = await diagnose();
    expect(findings.filter(({ state }) => state === "problem")).toEqual([]);
    const absent = findings.filter(({ state }) => state === "absent");
    expect(absent.map(({ name }) => name)).toEqual(["onnx on webgpu", "inception", "fonts"]);
    for (const { advice } of absent) expect(advice).toBeTruthy();
    // The engine knows best what its device lacks.
    expect(absent[0]).toMatchObject({ detail: "no adapter", advice: "Get one." });
  });

  it("names what this machine has", async () => {
    const findings = await diagnose();
    const detail = (name: string) => findings.find((finding) => finding.name === name)?.detail;
    expect(detail("node")).toContain(process.versions.node);
    expect(detail("sharp")).toBeTruthy();
    expect(detail("chart.js")).toMatch(/^4\./);
    expect(Number(detail("threads"))).toBeGreaterThan(0);
  });

  it("a check that throws is one problem; the others go on", async () => {
    const findings = await diagnose({
      listEngines: () => Promise.reject(new Error("libonnxruntime.so is broken")),
    });
    expect(findings.filter(({ state }) => state === "problem")).toMatchObject([
      { topic: "engines", detail: "libonnxruntime.so is broken" },
    ]);
    expect(findings.at(-1)!.topic).toBe("machine");
  });

  it("a cache folder that cannot be made is a problem", async () => {
    const findings = await diagnose({ cacheFolder: async () => `${import.meta.filename}/cache` });
    const cache = findings.find(({ topic }) => topic === "cache")!;
    expect(cache).toMatchObject({ state: "problem" });
    expect(cache.advice).toContain("GAN_EVAL_CACHE");
  });

  it("its text has one line a finding and a verdict", async () => {
    const ran = await run(["doctor"], {
      library: libraryOf(healthy),
      stdout: { isTTY: false, columns: 120 },
    });
    expect(ran.stdout).toMatch(/onnx on cpu +ok +onnxruntime-node 1\.30\.0/);
    expect(ran.stdout).toContain("No problems. Whatever is absent is optional.");
  });

  it("really draws a chart", async () => {
    const { pngBytes, fonts, drawsText } = await checkCharts();
    expect(pngBytes).toBeGreaterThan(200);
    expect(drawsText).toBe(fonts > 0);
  });
});

describe("list-metrics", () => {
  it("has each metric with its direction and source", async () => {
    const rows = JSON.parse((await run(["list-metrics", "--json"])).stdout) as {
      id: string;
      direction: string;
    }[];
    expect(rows.find(({ id }) => id === "fid")?.direction).toBe("lower");
    expect(rows.find(({ id }) => id === "is")?.direction).toBe("higher");
    expect((await run(["list-metrics"])).stdout).toContain("arXiv 1706.08500");
  });
});
