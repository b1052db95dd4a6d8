/** Charts of runs of several networks, whose columns begin with their makers. */
import { expect, it } from "vitest";
import { runToCharts } from "../../../src/reports/content/run-charts.ts";
import type { RunRecord } from "../../../src/run-folder/read-run.ts";

const table = (columns: Readonly<Record<string, readonly number[]>>) => ({
  rounds: Int32Array.of(100, 200),
  columns: new Map(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)])),
});

const makers = (...names: readonly string[]) => ({
  scheme: {
    players: {},
    ...{ discriminators: [], terms: [], columns: [] },
    makers: names.map((name) => ({ name, label: name })),
  },
});

const chartsOf = (scheme: object, scores: Readonly<Record<string, readonly number[]>>) =>
  runToCharts({
    losses: table({}),
    layers: [],
    scores: table(scores),
    description: { config: { evalSamples: 1000 }, ...scheme },
  } as unknown as RunRecord);

const VALUES = {
  precision: [0.5, 0.6],
  kernel_digits_distance_mean: [0.2, 0.1],
  kernel_digits_distance_std: [0.02, 0.01],
};

it.each([
  ["a generator", "", {}],
  ["one maker", "", makers("a-to-b")],
  ["each of two makers", "b_to_a_", makers("a-to-b", "b-to-a")],
])(
  "shares of %s have Wilson's interval, and a value's standard deviation is its band",
  (_, prefix, scheme) => {
    const scores = Object.fromEntries(
      Object.entries(VALUES).map(([key, values]) => [`${prefix}${key}`, values]),
    );
    const texts = chartsOf(scheme, scores).map((chart) => JSON.stringify(chart));
    expect(texts).toHaveLength(2);
    expect(texts[0]).toContain("95 % interval of a share of 1,000 samples");
    expect(texts[1]).toContain("plus and minus one standard deviation");
  },
);
