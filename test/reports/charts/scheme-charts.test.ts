import { describe, expect, it } from "vitest";
import { runToCharts } from "../../../src/reports/content/run-charts.ts";
import type { RunRecord } from "../../../src/run-folder/read-run.ts";
import { madeRun } from "../../diagnosis/made-run.ts";

const scheme: RunRecord["description"]["scheme"] = {
  players: {
    translators: { role: "generator", networks: ["a-to-b", "b-to-a"] },
    "discriminator-a": { role: "discriminator", networks: ["discriminator-a"] },
    "discriminator-b": { role: "discriminator", networks: ["discriminator-b"] },
  },
  discriminators: ["discriminator-a", "discriminator-b"].map((name) => ({
    ...{ name, player: name, isProbability: true },
  })),
  terms: [
    { name: "adversarial", trains: ["translators"] },
    { name: "cycle", trains: ["translators"] },
  ],
  makers: ["a-to-b", "b-to-a"].map((name) => ({ name, label: name })),
  columns: ["A", "fake B"],
};

const charts = runToCharts({
  ...madeRun({
    scheme,
    losses: {
      ...{
        translators_loss: 2,
        discriminator_a_loss: 1,
        discriminator_b_loss: 1,
        adversarial: 0.7,
        cycle: 0.1,
      },
      ...{ discriminator_a_real_score: 0.6, discriminator_a_fake_score: 0.4 },
      ...{ discriminator_b_real_score: 0.7, discriminator_b_fake_score: 0.3 },
    },
    scores: { a_to_b_frechet_inception_distance: (round) => 1000 - round },
    layers: {
      "a-to-b/convolution1": { gradient_norm: (round) => 1 / round },
      "discriminator-b/convolution1": { gradient_norm: (round) => 2 / round },
    },
  }),
  folder: "made",
  timing: { rounds: new Float64Array(0), columns: new Map() },
  samples: [],
  checkpoints: [],
  warnings: [],
});
const labelsOf = (id: string): string[] =>
  charts.find((chart) => chart.id === id)!.config.datasets.map(({ label }) => label);

describe("charts of a model of several networks", () => {
  it("have a loss a player and a group of its own for the terms", () => {
    expect(labelsOf("losses")).toEqual(["translators", "discriminator-a", "discriminator-b"]);
    expect(labelsOf("terms")).toEqual(["adversarial", "cycle"]);
  });

  it("have a chart a discriminator and a chart a network, each under its name", () => {
    const ids = charts.map(({ id }) => id);
    for (const name of ["discriminator-a", "discriminator-b"]) expect(ids).toContain(`discriminator-${name}`);
    for (const name of ["a-to-b", "discriminator-b"]) expect(ids).toContain(`gradients-${name}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("name a score by its metric and its maker", () => {
    const [chart] = charts.filter(({ title }) => title.includes("a-to-b") && title.includes("FID"));
    expect(chart.title).toBe("FID, a-to-b");
  });
});
