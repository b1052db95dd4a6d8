import { describe, expect, it } from "vitest";
import { judgeSets } from "../../src/diagnosis/rules.ts";
import {
  HELD_OUT_METRICS,
  SET_METRICS,
  type SetSignals,
  sidesToSetSignals,
} from "../../src/diagnosis/set-signals.ts";
import { THRESHOLDS } from "../../src/diagnosis/thresholds.ts";
import { sidesToScores } from "../../src/evaluate/scores/score.ts";
import type { Features } from "../../src/math/features/statistics.ts";
import { idToMetric } from "../../src/metrics/table.ts";
import { mat, sliceRows, takeRows } from "../math/seeded-features.ts";

/** Four clusters in the corners of a square of 8 dimensions, in turn. */
function clusters(seed: number, rows: number, scale = 0.2): Features {
  const features = mat(seed, rows, 8, scale);
  for (let i = 0; i < rows; i++) {
    features.data[8 * i] += i % 2;
    features.data[8 * i + 1] += (i >> 1) % 2;
  }
  return features;
}

const real = clusters(1, 600);
const others = clusters(2, 600);
const whole = { seed: 2020, threads: 1 };

async function toSignals(fake: Features, heldOut?: Features): Promise<SetSignals> {
  const side = (features: Features) => ({ count: features.rows, features });
  const sides = { real: side(real), fake: side(fake), ...(heldOut && { heldOut: side(heldOut) }) };
  const ids = [...SET_METRICS, ...(heldOut ? HELD_OUT_METRICS : [])];
  const metrics = ids.map((id) => ({ row: idToMetric(id), parameters: idToMetric(id).defaults }));
  const scores = await sidesToScores(metrics, sides, { ...whole, floor: true, family: "x", warn: () => {} });
  return sidesToSetSignals(sides, scores, whole);
}

const idsOf = async (fake: Features, heldOut?: Features): Promise<string[]> =>
  judgeSets(await toSignals(fake, heldOut)).verdicts.map(({ id }) => id);

const rowsWhere = (features: Features, keep: (row: number) => boolean): Features =>
  takeRows(features, Array.from({ length: features.rows }, (_, i) => i).filter(keep));

describe("two sets", () => {
  it("of one distribution are healthy, with and without held-out samples", async () => {
    expect(await idsOf(others)).toEqual(["healthy"]);
    expect(await idsOf(others, clusters(3, 600))).toEqual(["healthy"]);
  });

  it("one of which is a single image repeated have collapsed", async () => {
    expect(await idsOf(takeRows(others, new Array(300).fill(5)))).toContain("mode-collapse");
  });

  it("one of which is a few images again and again have collapsed, though these are of all kinds", async () => {
    const few = takeRows(
      others,
      Array.from({ length: 600 }, (_, i) => i % 24),
    );
    const noise = mat(9, 600, 8, 1e-3);
    const repeated = { ...few, data: few.data.map((value, i) => value + noise.data[i]) };
    const { verdicts } = judgeSets(await toSignals(repeated));
    expect(verdicts[0]).toMatchObject({
      id: "mode-collapse",
      summary: expect.stringContaining("samples repeat"),
    });
  });

  it("one of which is a tenth of the data have collapsed, though it is few samples in wide bins", async () => {
    // Ten clusters on a circle, near to each other in pairs: 10 bins for 200 samples put pairs together.
    const paired = (seed: number, rows: number, only?: number): Features => {
      const features = mat(seed, rows, 8, 0.2);
      for (let i = 0; i < rows; i++) {
        const cluster = only ?? i % 10;
        const angle = (2 * Math.PI * ((cluster >> 1) + 0.25 * (cluster % 2))) / 5;
        features.data[8 * i] += 2 * Math.cos(angle);
        features.data[8 * i + 1] += 2 * Math.sin(angle);
      }
      return features;
    };
    const sides = { real: paired(1, 1000), fake: paired(2, 100, 3) };
    const side = (features: Features) => ({ count: features.rows, features });
    const found = await sidesToSetSignals(
      { real: side(sides.real), fake: side(sides.fake) },
      { metrics: {} },
      whole,
    );
    expect(found.missing.value).toBeLessThan(THRESHOLDS.collapseMissing.value);
    expect(found.spread).toBeGreaterThan(THRESHOLDS.collapseSpread.value);
    expect(found.unreached).toBeCloseTo(0.9, 1);
    expect(judgeSets(found).verdicts.map(({ id }) => id)).toContain("mode-collapse");
  });

  it("one of which is half of the data, few samples, have partly collapsed", async () => {
    const signals = await toSignals(rowsWhere(sliceRows(others, 0, 400), (row) => row % 4 < 2));
    expect(judgeSets(signals).verdicts.map(({ id }) => id)).toEqual(["partial-collapse"]);
    expect(signals.unreached).toBeCloseTo(0.5, 1);
  });

  it("one of which lacks a cluster have partly collapsed, by as much, with coverage and recall beside", async () => {
    const { verdicts } = judgeSets(await toSignals(rowsWhere(others, (row) => row % 4 !== 3)));
    expect(verdicts.map(({ id }) => id)).toEqual(["partial-collapse"]);
    const [missing, coverage, recall] = verdicts[0].evidence;
    expect(missing.value).toBeCloseTo(0.25, 1);
    expect(missing.floor).toBe(0);
    expect([coverage.metric, recall.metric]).toEqual(["coverage", "recall"]);
    expect(coverage.value).toBeLessThan(coverage.floor!);
    for (const { comparison, value, threshold } of [coverage, recall])
      expect(comparison).toBe(value < threshold ? "below" : "within");
  });

  it("one of which is copied from the other are told by held-out samples, and without", async () => {
    const noise = mat(9, 600, 8, 1e-3);
    const copies = { ...real, data: real.data.map((value, i) => value + noise.data[i]) };
    expect(await idsOf(copies)).toEqual(["memorisation"]);
    expect(await idsOf(copies, others)).toEqual(["memorisation"]);
    // Held-out images copied: not memorised.
    expect(
      await idsOf({ ...others, data: others.data.map((x, i) => x + noise.data[i]) }, clusters(3, 600)),
    ).toEqual(["healthy"]);
  });

  it("one of which is a few images again and again are no copies by chance, but by how near they are", async () => {
    const again = (of: Features): Features =>
      takeRows(
        of,
        Array.from({ length: 600 }, () => 7),
      );
    // One training image is nearer to itself; one other image is nearer to either side.
    expect(await idsOf(again(real), others)).toEqual(["mode-collapse", "memorisation"]);
    const more = clusters(3, 600);
    for (const row of [4, 5, 6, 7, 8, 9])
      expect(await idsOf(takeRows(more, new Array(600).fill(row)), others)).toEqual(["mode-collapse"]);
  });

  it("that are not alike are told so, not collapsed", async () => {
    expect(await idsOf(clusters(2, 600, 2))).toEqual(["under-training"]);
  });

  it("leave open what only a run shows, with a reason", async () => {
    const { notJudged } = judgeSets(await toSignals(sliceRows(others, 0, 300)));
    expect(notJudged.map(({ id }) => id).sort()).toEqual([
      "dead-units",
      "discriminator-dominance",
      "discriminator-overfitting",
      "divergence",
      "mode-hopping",
      "oscillation",
      "vanishing-gradient",
    ]);
  });
});
