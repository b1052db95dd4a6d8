import { describe, expect, it } from "vitest";
import { entriesToComparison } from "../../src/compare/entries-to-comparison.ts";
import { entry, KEY, score } from "./entries.ts";

const names = (of: readonly { readonly name: string }[]): string[] => of.map(({ name }) => name);

describe("rows", () => {
  it("are sorted by the metric, its better end first, failures last and never dropped", () => {
    const { rows, counts, best } = entriesToComparison([
      entry("gan", 1e-4, 1, 3),
      entry("gan", 1e-4, 2, null),
      entry("gan", 1e-4, 3, 1),
      entry("gan", 1e-4, 4, null, { status: "failed", failure: "out of memory" }),
      entry("gan", 1e-4, 5, 2),
    ]);
    expect(rows.map(({ seed, value }) => [seed, value])).toEqual([
      [3, 1],
      [5, 2],
      [1, 3],
      [2, null],
      [4, null],
    ]);
    expect(rows[4]).toMatchObject({ status: "failed", failure: "out of memory" });
    expect(counts).toEqual({ finished: 3, diverged: 1, failed: 1 });
    expect(best).toBe(0);
  });

  it("take the best or the last of a run's evaluations", () => {
    const runs = [
      entry("a", 1, 1, null, { status: "finished", scores: { [KEY]: score(1, 9, 40) } }),
      entry("b", 1, 1, 2),
    ];
    const best = entriesToComparison(runs);
    expect(best.rows[0].scores[KEY]).toEqual({ value: 1, best: 1, bestRound: 40, last: 9 });
    expect(names(best.groups)[0]).toBe("a");
    expect(names(entriesToComparison(runs, { at: "last" }).groups)[0]).toBe("b");
  });

  it("of metrics where more is better take the highest, and sort by it", () => {
    const runs = [1, 5, 3].map((modes, i) =>
      entry("gan", 1, i, null, {
        status: "finished",
        scores: { modes: score(modes, modes - 1) },
        metric: "modes",
      }),
    );
    const { rows, metric } = entriesToComparison(runs);
    expect(metric).toEqual({ key: "modes", direction: "higher" });
    expect(rows.map(({ value }) => value)).toEqual([5, 3, 1]);
  });

  it("without the metric are warned of, and are no failures", () => {
    const { rows, groups, warnings } = entriesToComparison([
      entry("gan", 1e-4, 1, 3),
      entry("gan", 1e-4, 2, null, { status: "finished", scores: { modes: score(8) } }),
    ]);
    expect(rows[1]).toMatchObject({ value: null, status: "finished" });
    expect(groups[0]).toMatchObject({ n: 2, failures: 0, median: 3 });
    expect(warnings).toEqual([{ code: "missing-metric", message: expect.stringContaining("1 of 2") }]);
  });

  it("are of runs whose diverged ones have no value, whatever they scored before", () => {
    const { rows } = entriesToComparison([
      entry("gan", 1e-4, 1, 3),
      entry("gan", 1e-2, 1, null, { scores: { [KEY]: score(0.1) } }),
    ]);
    expect(rows[1]).toMatchObject({ status: "diverged", value: null, scores: { [KEY]: { best: 0.1 } } });
  });
});

describe("groups", () => {
  const runs = [
    ...[1, 2, 6].map((value, seed) => entry("gan", 1e-3, seed, value)),
    ...[4, 5, null].map((value, seed) => entry("wgan_gp", 1e-3, seed, value)),
  ];

  it("are runs of equal options over seeds: median, best, worst, mean, sd, failures", () => {
    const { groups, varying, fixed } = entriesToComparison(runs);
    expect(varying).toEqual(["model"]);
    expect(fixed).toEqual({ lr: 1e-3, b1: 0.5 });
    expect(groups).toMatchObject([
      { name: "gan", n: 3, failures: 0, median: 2, best: 1, worst: 6, mean: 3, sd: Math.sqrt(7) },
      { name: "wgan_gp", n: 3, failures: 1, median: 5, best: 4, worst: 5, mean: 4.5 },
    ]);
  });

  it("differ from the best, or from the one that was named", () => {
    const toBest = entriesToComparison(runs).groups;
    expect(toBest[0].difference).toBeUndefined();
    expect(toBest[1].difference!.value).toBe(1.5);
    const named = entriesToComparison(runs, { baseline: "wgan_gp" });
    expect(named.groups[named.baseline!].name).toBe("wgan_gp");
    expect(named.groups[0].difference!.value).toBe(-1.5);
    expect(named.groups[0].difference!.low).toBeCloseTo(-toBest[1].difference!.high, 12);
    expect(() => entriesToComparison(runs, { baseline: "wgan-gp" })).toThrow(
      expect.objectContaining({ code: "usage.baseline", hint: "Did you mean wgan_gp?" }),
    );
  });

  it("name options that vary, and none that follow from the model", () => {
    const { varying, groups } = entriesToComparison([
      entry("gan", 1e-4, 1, 1),
      entry("mmgan", 1e-4, 1, 2),
      entry("mmgan", 3.16e-5, 1, 3),
    ]);
    expect(varying).toEqual(["model", "lr"]);
    expect(names(groups)).toEqual(["gan, lr 1e-4", "mmgan, lr 1e-4", "mmgan, lr 3.16e-5"]);
  });
});

describe("unlike protocols", () => {
  const other = entry("gan", 1e-3, 2, 1, { protocol: { data: "grid", evalSamples: 2000 } });
  it("are refused by the names of what differs", () => {
    expect(() => entriesToComparison([entry("gan", 1e-3, 1, 2), other])).toThrow(
      expect.objectContaining({
        code: "input.unlike-protocols",
        message: expect.stringContaining("data (ring, grid)"),
      }),
    );
  });

  it("are groups of their own where that is asked for, with a warning and without differences", () => {
    const runs = [
      ...[2, 3].map((value, seed) => entry("gan", 1e-3, seed, value)),
      other,
      { ...other, seed: 3 },
    ];
    const { groups, warnings, varying } = entriesToComparison(runs, { force: true });
    expect(varying).toEqual(["data"]);
    expect(names(groups)).toEqual(["data grid", "data ring"]);
    expect(groups[1].difference).toBeUndefined();
    expect(warnings[0]).toMatchObject({ code: "unlike-protocols" });
  });
});

describe("a comparison", () => {
  it("of nothing scored is an error that says how runs are scored", () => {
    expect(() => entriesToComparison([entry("gan", 1e-3, 1, null)])).toThrow(
      expect.objectContaining({ code: "input.no-scores", hint: expect.stringContaining("--eval-every") }),
    );
  });

  it("by a metric that nobody has suggests one", () => {
    expect(() => entriesToComparison([entry("gan", 1e-3, 1, 1)], { metric: "sliced_waserstein" })).toThrow(
      expect.objectContaining({ code: "usage.unknown-metric", hint: "Did you mean sliced_wasserstein?" }),
    );
  });

  it("by a metric's id finds its value of any extractor", () => {
    const scores = { precision: score(0.5), frechet_digits_distance: score(12) };
    const runs = [1, 2].map((seed) => entry("gan", 1e-3, seed, null, { status: "finished", scores }));
    expect(entriesToComparison(runs, { metric: "fid" }).metric.key).toBe("frechet_digits_distance");
  });

  it("of the same runs in another order is the same", () => {
    const runs = [1e-4, 1e-3, 1e-2].flatMap((lr, i) =>
      [1, 2, 3].map((seed) => entry("gan", lr, seed, seed === 3 && i === 2 ? null : i + seed)),
    );
    expect(entriesToComparison(runs.toReversed())).toEqual(entriesToComparison(runs));
  });

  it("of ten thousand runs takes seconds", () => {
    const runs = Array.from({ length: 10_000 }, (_, i) =>
      entry(
        i % 2 ? "gan" : "wgan_gp",
        Number((10 ** (-5 + (i % 1000) / 333)).toPrecision(4)),
        i,
        (i * 7919) % 1000,
      ),
    );
    const started = performance.now();
    const { rows, budgets } = entriesToComparison(runs);
    expect(rows).toHaveLength(10_000);
    expect(budgets[0].runs).toBe(5000);
    // A second or two; fifteen on a machine that does much else.
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it("survives JSON, names from hell included", () => {
    const location = `runs/\u202e<img src=x onerror=alert(1)>"'\n=cmd|'/c calc'`;
    const comparison = entriesToComparison([
      entry("gan", 1e-3, 1, 1, { location }),
      entry("gan", 1e-2, 1, null),
    ]);
    expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
  });
});
