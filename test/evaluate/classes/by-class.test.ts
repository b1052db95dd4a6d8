import { describe, expect, it } from "vitest";
import type { Warning } from "../../../src/errors.ts";
import { type ClassOptions, sidesToClassScores } from "../../../src/evaluate/classes/by-class.ts";
import type { SideLabels } from "../../../src/evaluate/classes/labels.ts";
import { type ClassInputs, requireClasses } from "../../../src/evaluate/classes/row-classes.ts";
import { sidesToFloorSides } from "../../../src/evaluate/scores/floor.ts";
import type { Features } from "../../../src/math/features/statistics.ts";
import { rowsToBlocks } from "../../../src/math/intervals/jackknife.ts";
import { featuresToFrechet, row as fid } from "../../../src/metrics/fid.ts";
import type { Metric, SideData } from "../../../src/metrics/metric.ts";
import { mat, mulberry32, takeRows } from "../../math/seeded-features.ts";

const WIDTH = 4;
const OPTIONS: ClassOptions = {
  planned: { row: fid as unknown as Metric, parameters: { ddof: 1 } },
  family: "toy",
  seed: 2020,
};

function collect() {
  const warnings: Warning[] = [];
  return {
    warnings,
    codes: () => warnings.map(({ code }) => code),
    context: {
      warn: (warning: Warning) => void warnings.push(warning),
      progress: () => {},
      memo: <T>(_: object, __: string, compute: () => T) => compute(),
    },
  };
}

/** Rows of all classes in a drawn order, their labels beside them: `counts[c]` rows of class c, moved by `shift[c]`. */
function drawn(counts: readonly number[], shift: readonly number[], order: number) {
  const labels = counts.flatMap((count, c) => Array<number>(count).fill(c));
  const rows = counts.map((count, c) => mat(100 + c, count, WIDTH, 1, 10 * c));
  const data = Float32Array.from(rows.flatMap(({ data }, c) => [...data].map((value) => value + shift[c]!)));
  const uniform = mulberry32(order);
  const places = labels
    .map((_, row) => [uniform(), row] as const)
    .sort(([a], [b]) => a - b)
    .map(([, row]) => row);
  return {
    features: takeRows({ data, rows: labels.length, width: WIDTH }, places),
    labels: Int32Array.from(places, (row) => labels[row]!),
  };
}

const side = (features: Features, logits?: Features): SideData => ({
  count: features.rows,
  features,
  ...(logits && { logits }),
});

/** Rows of a class, picked naively. */
const ofClass = ({ features, labels }: ReturnType<typeof drawn>, c: number): Features =>
  takeRows(
    features,
    [...labels.keys()].filter((row) => labels[row] === c),
  );

const score = (inputs: ClassInputs, options: Partial<ClassOptions> = {}, at = collect()) =>
  sidesToClassScores(inputs, { ...OPTIONS, ...options }, at.context);

const SHIFTS = [0, 0.5, 2];
const real = drawn([30, 20, 25], [0, 0, 0], 1);
const fake = drawn([30, 20, 25], SHIFTS, 2);
const inputs = (realLabels: SideLabels = real, fakeLabels: SideLabels = fake): ClassInputs => ({
  sides: { real: side(real.features), fake: side(fake.features) },
  labels: { real: realLabels, fake: fakeLabels },
});

describe("scores by class", () => {
  it("of classes moved by s: d s^2 each, and their plain mean", async () => {
    const { classes, metrics, measured, distanceKey } = await score(inputs());
    expect(classes.map(({ name, real, fake }) => [name, real, fake])).toEqual([
      ["0", 30, 30],
      ["1", 20, 20],
      ["2", 25, 25],
    ]);
    // Moved features are rounded to float32: 1e-6 of values of 20.
    for (const [c, { distance }] of classes.entries())
      expect(distance).toBeCloseTo(WIDTH * SHIFTS[c]! ** 2, 4);
    expect(metrics.intra_frechet_toy_distance).toBeCloseTo((WIDTH * (0.5 ** 2 + 2 ** 2)) / 3, 4);
    expect(distanceKey).toBe("frechet_toy_distance");
    expect(measured).toBe(3);
    expect(metrics.class_kl).toBeCloseTo(0, 12);
    expect(metrics.class_total_variation).toBe(0);
  });

  it("are those of the class's rows alone, whatever their order and numbers", async () => {
    const less = drawn([9, 20, 4], [0.3, -0.2, 0.1], 7);
    const { classes, metrics } = await score({
      sides: { real: side(real.features), fake: side(less.features) },
      labels: { real, fake: less },
    });
    const each = [0, 1, 2].map((c) => featuresToFrechet(ofClass(real, c), ofClass(less, c)).distance);
    for (const [c, { distance }] of classes.entries()) expect(distance).toBeCloseTo(each[c]!, 10);
    expect(metrics.intra_frechet_toy_distance).toBeCloseTo((each[0]! + each[1]! + each[2]!) / 3, 10);
    const [p, q] = [
      [9 / 33, 20 / 33, 4 / 33],
      [30 / 75, 20 / 75, 25 / 75],
    ];
    const kl = p!.reduce((sum, share, c) => sum + share * Math.log(share / q![c]!), 0);
    expect(metrics.class_kl).toBeCloseTo(kl, 12);
    expect(metrics.class_total_variation).toBeCloseTo(20 / 33 - 20 / 75, 12);
    expect(classes[2]).toMatchObject({ fakeShare: 4 / 33, realShare: 25 / 75 });
  });

  it("match classes by name: a folder that is missing shifts no other", async () => {
    const named: SideLabels = { labels: real.labels, classNames: ["ant", "bee", "cow"] };
    const kept = [...fake.labels.keys()].filter((row) => fake.labels[row] !== 1);
    const without: SideLabels = {
      labels: Int32Array.from(kept, (row) => (fake.labels[row] === 0 ? 0 : 1)),
      classNames: ["ant", "cow"],
    };
    const at = collect();
    const { classes, measured } = await score(
      {
        sides: { real: side(real.features), fake: side(takeRows(fake.features, kept)) },
        labels: { real: named, fake: without },
      },
      {},
      at,
    );
    expect(classes.map(({ name, fake }) => [name, fake])).toEqual([
      ["ant", 30],
      ["bee", 0],
      ["cow", 25],
    ]);
    expect(classes[2]!.distance).toBeCloseTo(WIDTH * 4, 4);
    expect(classes[1]).toMatchObject({ distance: null, reason: "no generated images" });
    expect(measured).toBe(2);
    expect(at.warnings.find(({ code }) => code === "classes-on-one-side")!.message).toContain(
      "1 of 3 classes have no generated images: bee",
    );
  });

  it("look up labels by place in the source, so that skipped images shift none", async () => {
    const kept = [...real.labels.keys()].filter((row) => row % 7 !== 3);
    const whole = await score({
      sides: { real: side(takeRows(real.features, kept)), fake: side(fake.features) },
      labels: { real: { labels: Int32Array.from(kept, (row) => real.labels[row]!) }, fake },
    });
    const gaps = await score({
      sides: { real: side(takeRows(real.features, kept)), fake: side(fake.features) },
      labels: { real, fake },
      positions: { real: Int32Array.from(kept) },
    });
    expect(gaps).toEqual(whole);
    expect(gaps.classes.reduce((sum, each) => sum + each.real, 0)).toBe(kept.length);
  });

  it("of classes with one image, or of one side, have no distance and do not stop the rest", async () => {
    const odd = drawn([30, 1, 0, 5], [0, 0, 0, 0], 5);
    const at = collect();
    const { classes, metrics, measured } = await score(
      {
        sides: { real: side(real.features), fake: side(odd.features) },
        labels: { real, fake: odd },
      },
      {},
      at,
    );
    expect(classes.map(({ reason }) => reason)).toEqual([
      undefined,
      "1 generated image",
      "no generated images",
      "no real images",
    ]);
    expect(measured).toBe(1);
    expect(metrics.intra_frechet_toy_distance).toBe(classes[0]!.distance);
    expect(metrics.class_kl).toBe(Number.POSITIVE_INFINITY);
    expect(at.codes().filter((code) => code === "classes-on-one-side")).toHaveLength(2);
    expect(at.warnings.find(({ code }) => code === "class-too-small")!.message).toContain("1 of 4 classes");
  });

  it("without a class that has a distance give shares alone", async () => {
    const one = drawn([1, 1, 1], [0, 0, 0], 5);
    const { metrics, measured } = await score({
      sides: { real: side(real.features), fake: side(one.features) },
      labels: { real, fake: one },
    });
    expect(measured).toBe(0);
    expect(Object.keys(metrics)).toEqual(["class_kl", "class_total_variation"]);
  });

  it("count classes smaller than the features in one warning", async () => {
    const few = drawn([3, 20, 2], [0, 0, 0], 5);
    const at = collect();
    await score(
      { sides: { real: side(real.features), fake: side(few.features) }, labels: { real, fake: few } },
      {},
      at,
    );
    expect(at.codes()).toEqual(["few-samples-by-class"]);
    expect(at.warnings[0]!.message).toContain("2 of 3 classes have fewer images");
  });
});

describe("the interval of the mean", () => {
  it("is the jackknife inside each class, variances added", async () => {
    const { intervals, metrics } = await score(inputs(), { ci: true });
    let variance = 0;
    for (const c of [0, 1, 2])
      for (const role of ["real", "fake"] as const) {
        const both = { real: ofClass(real, c), fake: ofClass(fake, c) };
        const { ofRow } = rowsToBlocks(role, both[role].rows, 10, 2020);
        const left = Array.from({ length: 10 }, (_, block) => {
          const kept = [...ofRow.keys()].filter((row) => ofRow[row] !== block);
          const rest = { ...both, [role]: takeRows(both[role], kept) };
          return featuresToFrechet(rest.real, rest.fake).distance;
        });
        const middle = left.reduce((a, b) => a + b, 0) / 10;
        variance += (0.9 * left.reduce((sum, x) => sum + (x - middle) ** 2, 0)) / 9;
      }
    const interval = intervals.intra_frechet_toy_distance!;
    expect(interval.standardError).toBeCloseTo(Math.sqrt(variance), 8);
    expect(interval).toMatchObject({ blocks: 10, level: 0.95, seed: 2020 });
    expect(interval.low).toBeLessThan(metrics.intra_frechet_toy_distance!);
    expect(interval.high).toBeGreaterThan(metrics.intra_frechet_toy_distance!);
  });

  it("is missing, with a warning, where classes are of three images", async () => {
    const tiny = { real: drawn([3, 3], [0, 0], 1), fake: drawn([3, 3], [1, 1], 2) };
    const at = collect();
    const { intervals } = await score(
      { sides: { real: side(tiny.real.features), fake: side(tiny.fake.features) }, labels: tiny },
      { ci: true },
      at,
    );
    expect(intervals).toEqual({});
    expect(at.codes()).toContain("no-interval");
  });
});

describe("the floor of the mean", () => {
  it("is the mean over classes between two parts of the real images", async () => {
    const { floors } = await score(inputs(), { floor: true });
    const each = [0, 1, 2].map((c) => {
      const both = { real: side(ofClass(real, c)), fake: side(ofClass(fake, c)) };
      const { sides } = sidesToFloorSides(both, OPTIONS.planned.row, { seed: 2020 })!;
      return featuresToFrechet(sides.real!.features!, sides.fake.features!).distance;
    });
    expect(floors.intra_frechet_toy_distance!.value).toBeCloseTo((each[0]! + each[1]! + each[2]!) / 3, 10);
    expect(floors.intra_frechet_toy_distance).toMatchObject({ real: 38, fake: 37, of: "real" });
  });

  it("is missing, with a warning, where a class has too few real images", async () => {
    const few = drawn([30, 7, 25], [0, 0, 0], 1);
    const at = collect();
    const { floors } = await score(
      { sides: { real: side(few.features), fake: side(fake.features) }, labels: { real: few, fake } },
      { floor: true },
      at,
    );
    expect(floors).toEqual({});
    expect(at.codes()).toContain("no-floor");
  });
});

/** Logits that say a class each. */
const toLogits = (labels: Int32Array, classes: number): Features => ({
  data: Float32Array.from({ length: labels.length * classes }, (_, i) =>
    labels[Math.floor(i / classes)] === i % classes ? 5 : -5,
  ),
  rows: labels.length,
  width: classes,
});

describe("generated images without labels", () => {
  const predicted = (realLogits?: Features): ClassInputs => ({
    sides: {
      real: side(real.features, realLogits),
      fake: side(fake.features, toLogits(fake.labels, 3)),
    },
    labels: { real },
  });

  it("are of the classes that the network sees, which is said", async () => {
    const at = collect();
    const { classes, fakeLabels, agreement } = await score(predicted(), {}, at);
    expect(classes).toEqual((await score(inputs())).classes);
    expect(fakeLabels).toBe("predicted");
    expect(agreement).toBeUndefined();
    expect(at.codes()).toEqual(["predicted-classes"]);
    expect((await score(inputs())).fakeLabels).toBe("given");
  });

  it("say how often the network agrees with the real labels", async () => {
    const seen = real.labels.map((label, row) => (row < 15 ? (label + 1) % 3 : label));
    const at = collect();
    const { agreement } = await score(predicted(toLogits(seen, 3)), {}, at);
    expect(agreement).toBeCloseTo(0.8, 12);
    expect(at.warnings[0]).toMatchObject({
      message: expect.stringContaining("80.0 %"),
      hint: expect.stringContaining("give --fake-labels FILE"),
    });
  });

  it("are an error where the network has other classes, before any image is read", async () => {
    const error = expect.objectContaining({
      code: "usage.no-labels",
      message: expect.stringContaining("the 3 classes"),
      hint: expect.stringContaining("--fake-labels FILE"),
    });
    expect(() => requireClasses({ real }, 1008)).toThrow(error);
    expect(() => requireClasses({ real }, undefined)).toThrow(error);
    expect(requireClasses({ real }, 3)).toBe(real);
    await expect(
      score({ sides: { real: side(real.features), fake: side(fake.features) }, labels: { real } }),
    ).rejects.toThrow(error);
  });

  it("need labels of the real ones all the same", () => {
    expect(() => requireClasses({ fake }, 3)).toThrow(
      expect.objectContaining({
        code: "usage.no-labels",
        hint: expect.stringContaining("--real-labels FILE"),
      }),
    );
  });
});
