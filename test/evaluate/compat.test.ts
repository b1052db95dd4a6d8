import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { COMPAT_PRESETS, type CompatName, type CompatPreset, withCompat } from "../../src/evaluate/compat.ts";
import type { EvaluateOptions } from "../../src/evaluate/options.ts";
import { planMetrics } from "../../src/evaluate/plan.ts";
import { EXTRACTOR_NAMES } from "../../src/extractors/open-extractor.ts";
import { RESIZE_MODES } from "../../src/images/resize/resize.ts";
import { type Features, featuresToMoments } from "../../src/math/features/statistics.ts";
import type { Parameters, SideData, Sides } from "../../src/metrics/metric.ts";
import { type MetricId, metrics } from "../../src/metrics/table.ts";
import { libraryOf, run } from "../cli/command-line.ts";
import { evaluation } from "../cli/evaluation.ts";
import { mat, sliceRows } from "../math/seeded-features.ts";
import { openContext } from "../metrics/context.ts";

type Recipe = [seed: number, scale: number, shift: number];
type ParametersOf = Partial<Record<MetricId, Parameters>>;

/** By the libraries' own code, in float64 (ADM's halves in float32): bench/peers/compat_peer.py --golden. */
interface Golden {
  readonly size: {
    readonly rows: [number, number];
    readonly width: number;
    readonly logits: [number, number];
    readonly subsets: number;
    readonly subset_size: number;
    readonly part_size: number;
  };
  readonly mifid_threshold: number;
  readonly recipes: Readonly<Record<"real" | "fake" | "logits" | "spatial", Recipe>>;
  readonly values: Readonly<Record<CompatName, Readonly<Record<string, number>>>>;
}

const golden: Golden = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "fixtures/compat.json"), "utf8"),
);
const names = Object.keys(COMPAT_PRESETS) as CompatName[];
/** They have paired scores alone, which test/metrics/paired.test.ts holds to them. */
const PAIRED_ALONE: readonly CompatName[] = ["skimage", "basicsr"];
const ofSets = names.filter((name) => !PAIRED_ALONE.includes(name));

const BASE = {
  ...{ metrics: ["fid"], real: "real", fake: "fake", extractor: "inception", batchSize: 32, onError: "fail" },
  ...{ engine: "auto", device: "auto", clock: () => 0 },
} as const satisfies Partial<EvaluateOptions>;

/** The opposite of what a preset says, so that one that does not decide is seen. */
const against = ({ options }: CompatPreset) => ({
  ...{ splits: 3, seed: 1, shuffle: options.shuffle === false },
  ddof: options.ddof === 0 ? (1 as const) : (0 as const),
});

const toSide = (features: Features): SideData => ({
  count: features.rows,
  features,
  statistics: featuresToMoments(features),
});

const sidesOf = (real: Features, fake: Features): Sides => ({ real: toSide(real), fake: toSide(fake) });

/** A metric's values by the preset, other parameters against it. */
async function measureBy(name: CompatName, id: MetricId, sides: Sides, parameters: ParametersOf = {}) {
  const preset: CompatPreset = COMPAT_PRESETS[name];
  // Where the library has no seed of its own, the goldens' is 2020.
  const given = { parameters, ...(preset.options.seed === undefined && { seed: 2020 }) };
  const options = { ...BASE, ...against(preset), ...withCompat(name, given), metrics: [id] };
  const [{ row, parameters: planned }] = planMetrics(options).metrics;
  return row.measure(sides, planned, openContext());
}

function goldenSides(): Sides {
  const { size, recipes } = golden;
  const make = ([seed, scale, shift]: Recipe, rows: number, width: number) =>
    mat(seed, rows, width, scale, shift);
  const [n, m] = size.rows;
  const [real, fake] = [make(recipes.real, n, size.width), make(recipes.fake, m, size.width)];
  const [seed, scale, shift] = recipes.spatial;
  const spatial = [
    mat(seed, n, size.width, scale, shift),
    mat(seed + 1, m, size.width, 0.8, shift + 0.05),
  ] as const;
  return {
    real: { ...toSide(real), spatial: featuresToMoments(spatial[0]) },
    fake: {
      ...{ ...toSide(fake), spatial: featuresToMoments(spatial[1]) },
      logits: make(recipes.logits, ...size.logits),
    },
  };
}

const SMALL: ParametersOf = {
  kid: { subsets: golden.size.subsets, subsetSize: golden.size.subset_size },
  mifid: { threshold: golden.mifid_threshold },
};

/** Sums in another order, float64 on both sides; KID's kernels are of float32 products. */
const TOLERANCE = 1e-6;
/** MIND is float32 there, whatever it is given. */
const LOOSER: Readonly<Record<string, number>> = { "mind.distance": 1e-5 };

describe("presets give what the libraries' own code gives", () => {
  const sides = goldenSides();
  const values = ofSets.flatMap((name) =>
    Object.entries(golden.values[name]).map(([value, theirs]) => [name, value, theirs] as const),
  );

  it("of every library at least the distance", () => {
    const distances = ["fid.distance", "cmmd.distance"];
    expect(
      ofSets.filter((name) => distances.every((distance) => golden.values[name][distance] === undefined)),
    ).toEqual([]);
  });

  it.each(values)("%s: %s", async (name, value, theirs) => {
    const [id, key] = value.split(".") as [MetricId, string];
    const isReversed = name === "torchmetrics" && id === "mifid";
    const parameters = { ...SMALL, ...(name === "adm" && { is: { partSize: golden.size.part_size } }) };
    // See the preset's `differs`.
    const given = isReversed ? { real: sides.fake, fake: sides.real! } : sides;
    const ours = (await measureBy(name, id, given, parameters))[key];
    expect(Math.abs(ours / theirs - 1)).toBeLessThan(LOOSER[value] ?? TOLERANCE);
  });
});

describe("published values that need no weights", () => {
  it.each(["pytorch-fid", "ttur", "adm", "clean-fid", "torch-fidelity", "torchmetrics"] as const)(
    "%s: compare_gan's fid_score_test",
    async (name) => {
      const rows = (fill: number, first: number) => ({
        data: Float32Array.from({ length: 200 }, (_, at) =>
          at % 2 === 0 && Math.floor(at / 2) >= first && Math.floor(at / 2) < first + 50 ? 2 : fill,
        ),
        ...{ rows: 100, width: 2 },
      });
      const { distance } = await measureBy(name, "fid", sidesOf(rows(1, 0), rows(9, 50)));
      // As many digits as are published.
      expect(distance).toBeCloseTo(89.091, 3);
    },
  );

  const real = mat(1, 200, 16);
  const fake = mat(2, 160, 16, 0.8, 0.15);
  const logits = { fake: { count: 1000, logits: mat(5, 1000, 10, 4) } };

  it.each([
    ["torch-fidelity", 0.7328594153162973],
    ["pytorch-fid", 0.7328594153162973],
    ["clean-fid", 0.7328594153162973],
    ["torchmetrics", 0.7328594153162973],
    ["ttur", 0.7328594153162973],
    ["adm", 0.7328594153162973],
    ["stylegan", 0.7319702677312314],
  ] as const)("%s: NumPy's covariances, or StyleGAN's", async (name, distance) => {
    expect((await measureBy(name, "fid", sidesOf(real, fake))).distance).toBeCloseTo(distance, 10);
  });

  it.each([
    ["torch-fidelity", 2.5369073935602424, 0.08749710877805743],
    ["stylegan", 2.5486488912934377, 0.06241669196999012],
  ] as const)("%s: the score of ten splits", async (name, mean, std) => {
    const found = await measureBy(name, "is", logits);
    expect(found.mean).toBeCloseTo(mean, 12);
    expect(found.std).toBeCloseTo(std, 12);
  });

  it("adm: one score of all, up to 5,000", async () => {
    expect((await measureBy("adm", "is", logits)).mean).toBeCloseTo(2.5702860913426293, 12);
  });

  it("torch-fidelity: 20 subsets of 50, the fake side drawn first", async () => {
    // The golden's first side drawn was the real one.
    const found = await measureBy("torch-fidelity", "kid", sidesOf(fake, real), SMALL);
    expect(found.mean).toBeCloseTo(0.07346543768343654, 7);
    expect(found.std).toBeCloseTo(0.020016111805533747, 7);
  });

  it.each(["torch-fidelity", "stylegan", "adm"] as const)("%s: three neighbours", async (name) => {
    const found = await measureBy(name, "pr", sidesOf(real, fake), { dc: { k: 9 } });
    expect(found).toMatchObject({ precision: 0.96875, recall: 0.345 });
  });
});

describe("every preset", () => {
  it.each(names)("%s names parameters that its metrics have, and says what differs", (name) => {
    const { options, parameters, differs, library }: CompatPreset = COMPAT_PRESETS[name];
    for (const [id, own] of Object.entries(parameters))
      expect(Object.keys(metrics[id as MetricId].defaults)).toEqual(expect.arrayContaining(Object.keys(own)));
    if (ofSets.includes(name)) expect(Object.keys(RESIZE_MODES)).toContain(options.resize);
    expect(library.length * differs.length).toBeGreaterThan(0);
  });

  it("resizes as its library does (test/images holds each way to that library's own)", () => {
    const resizeOf = (name: CompatName) => (COMPAT_PRESETS[name] as CompatPreset).options.resize;
    expect(Object.fromEntries(ofSets.map((name) => [name, resizeOf(name)]))).toEqual({
      ...{ "torch-fidelity": "tf1", "pytorch-fid": "pytorch", "clean-fid": "clean" },
      ...{ torchmetrics: "antialias", stylegan: "tf1", ttur: "tf1", adm: "tf1" },
      ...{ "dgm-eval": "pil-bicubic", edm2: "torch-bicubic", pyiqa: "clean", fld: "pil-bicubic" },
      cmmd: "pil-bicubic",
    });
  });

  it("names the network that its program is known for, and brings images to it in a file as to that", () => {
    const own = { extractor: "./network.onnx" };
    for (const [name, extractor, side, mean] of [
      ["dgm-eval", "dinov2-l", 224, "imagenet"],
      ["edm2", "dinov2-l", 224, "imagenet"],
      ["pyiqa", "dinov2-l", 224, "imagenet"],
      ["fld", "dinov2-b", 224, "imagenet"],
      ["cmmd", "clip-l-336", 336, "clip"],
    ] as const) {
      const { resize } = (COMPAT_PRESETS[name] as CompatPreset).options;
      const implied = withCompat(name, {});
      expect(implied).toMatchObject({ extractor, resize, compat: { extractor, changed: [] } });
      expect(implied).not.toHaveProperty("mean");
      const inFile = withCompat(name, own);
      expect(inFile).toMatchObject({ ...own, resize, inputSize: [side, side], mean });
      expect(inFile.compat).not.toHaveProperty("extractor");
      expect(withCompat(name, { ...own, mean: [0.5] }).compat.changed).toEqual(["mean"]);
    }
  });

  it.each(EXTRACTOR_NAMES)("leaves the scaling of %s to it, which is no file", (extractor) => {
    expect(withCompat("dgm-eval", { extractor })).not.toHaveProperty("mean");
  });

  it.each([
    ["dgm-eval", "pytorch"],
    ["edm2", "tf1"],
    ["pyiqa", "clean"],
    ["fld", "pytorch"],
  ] as const)("%s resizes for Inception as it does there: %s", (name, resize) => {
    expect(withCompat(name, { extractor: "inception" })).toMatchObject({ resize });
  });

  it("cmmd takes the square in the middle, which no other does", () => {
    const cropOf = (name: CompatName) => (COMPAT_PRESETS[name] as CompatPreset).options.crop ?? "none";
    expect(names.filter((name) => cropOf(name) === "centre")).toEqual(["cmmd"]);
  });

  it.each(["torch-fidelity", "clean-fid", "torchmetrics", "stylegan"] as const)(
    "%s: 100 subsets of 1,000, which clean-fid's code makes as few as there are",
    async (name) => {
      expect(withCompat(name, {}).parameters.kid).toMatchObject({ subsets: 100, subsetSize: 1000 });
      const few = measureBy(name, "kid", sidesOf(mat(1, 60, 4), mat(2, 50, 4)));
      if (name === "clean-fid" || name === "stylegan") expect((await few).mean).toBeLessThan(0.1);
      else await expect(few).rejects.toMatchObject({ code: "input.too-few-samples" });
    },
  );

  it("torchmetrics: images that are no copies by a threshold of 0.1 have their FID as MIFID", async () => {
    const sides = goldenSides();
    expect((await measureBy("torchmetrics", "mifid", sides)).mifid).toBeCloseTo(
      golden.values.torchmetrics["fid.distance"],
      9,
    );
  });

  it("adm: 5,001 logits are 5,000 and one", async () => {
    const all = mat(9, 5001, 10, 4);
    const of = async (part: Features) =>
      (await measureBy("adm", "is", { fake: { count: part.rows, logits: part } })).mean;
    const halves = [await of(sliceRows(all, 0, 5000)), await of(sliceRows(all, 5000, 5001))];
    expect(await of(all)).toBeCloseTo((halves[0] + halves[1]) / 2, 12);
  });
});

/** The options that a command line comes to. */
async function argvToOptions(...argv: string[]): Promise<EvaluateOptions> {
  const seen: EvaluateOptions[] = [];
  const library = libraryOf({
    evaluate: async (options) => {
      seen.push(options);
      return evaluation();
    },
  });
  const { exitCode, stderr } = await run(["metrics", "--real", "a", "--fake", "b", ...argv], { library });
  expect(exitCode, stderr).toBe(0);
  return seen[0];
}

describe("--compat", () => {
  it.each(names)("%s decides all that was not given, and nothing is changed", async (name) => {
    const preset: CompatPreset = COMPAT_PRESETS[name];
    expect(await argvToOptions("--compat", name)).toMatchObject({
      ...preset.options,
      parameters: preset.parameters,
      compat: { name, library: preset.library, differs: preset.differs, changed: [] },
    });
  });

  it.each([
    ["torch-fidelity", ["--seed", "7"], { seed: 7, ddof: 1 }, ["seed"]],
    ["torch-fidelity", ["--no-shuffle"], { shuffle: false }, ["shuffle"]],
    ["torchmetrics", ["--splits", "5"], { splits: 5 }, ["splits"]],
    ["stylegan", ["--ddof", "1", "--resize", "clean"], { ddof: 1, resize: "clean" }, ["resize", "ddof"]],
    ["clean-fid", ["--resize", "tf1"], { resize: "tf1" }, ["resize"]],
    [
      "torchmetrics",
      ["--kid-draw", "clean-fid"],
      { parameters: { kid: { draw: "clean-fid", subsets: 100 } } },
      ["kid.draw"],
    ],
    ["adm", ["--pr-neighbours", "5"], { parameters: { pr: { k: 5 }, is: { partSize: 5000 } } }, ["pr.k"]],
    ["cmmd", ["--crop", "none"], { crop: "none", resize: "pil-bicubic" }, ["crop"]],
    ["edm2", ["--positions", "huggingface"], { positions: "huggingface" }, ["positions"]],
    ["dgm-eval", ["--extractor", "dinov2-b"], { extractor: "dinov2-b", resize: "pil-bicubic" }, []],
    // Said, but not against it.
    ["pytorch-fid", ["--resize", "pytorch"], { resize: "pytorch" }, []],
    ["ttur", ["--kid-subsets", "5"], { parameters: { kid: { subsets: 5 } } }, []],
  ] as const)("%s %j: what is given wins and is recorded", async (name, argv, options, changed) => {
    const found = await argvToOptions("--compat", name, ...argv);
    expect(found).toMatchObject(options);
    expect(found.compat!.changed).toEqual(changed);
  });
});
