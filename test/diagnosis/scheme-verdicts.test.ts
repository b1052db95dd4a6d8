import { describe, expect, it } from "vitest";
import { judgeLive, judgeRun } from "../../src/diagnosis/rules.ts";
import { THRESHOLDS, type ThresholdName } from "../../src/diagnosis/thresholds.ts";
import type { RunScheme } from "../../src/run-folder/description.ts";
import { madeRun } from "./made-run.ts";

type Made = NonNullable<Parameters<typeof madeRun>[0]>;

const scheme: RunScheme = {
  players: {
    translators: { role: "generator", networks: ["a-to-b", "b-to-a"] },
    "discriminator-a": { role: "discriminator", networks: ["discriminator-a"] },
    "discriminator-b": { role: "discriminator", networks: ["discriminator-b"] },
  },
  discriminators: [
    { name: "discriminator-a", player: "discriminator-a", isProbability: true },
    { name: "discriminator-b", player: "discriminator-b", isProbability: true },
  ],
  terms: [
    { name: "adversarial", trains: ["translators"] },
    { name: "cycle", trains: ["translators"] },
  ],
  makers: [
    { name: "a-to-b", label: "A to B", source: "a" },
    { name: "b-to-a", label: "B to A", source: "b" },
  ],
  columns: ["A", "fake B", "B", "fake A"],
};

/** A translation without a fault, with changes. */
const translation = (made: Made = {}) =>
  madeRun({
    scheme,
    shape: [8, 8, 3],
    ...made,
    losses: {
      translators_loss: 1,
      translators_gradient_norm: 1,
      discriminator_a_loss: 1.38,
      discriminator_b_loss: 1.38,
      adversarial: 0.7,
      cycle: 0.03,
      ...Object.fromEntries(
        ["a", "b"].flatMap((side) =>
          Object.entries({ real_score: 0.5, fake_score: 0.5, fake_logit: 0 }).map(([name, value]) => [
            `discriminator_${side}_${name}`,
            value,
          ]),
        ),
      ),
      ...made.losses,
    },
    layers: made.layers ?? {
      "a-to-b/convolution1": { gradient_norm: 0.5, zero_gradients: 0.1 },
      "a-to-b/convolution2": { gradient_norm: 1, zero_gradients: 0.1 },
      "discriminator-b/convolution1": { gradient_norm: 0.5, zero_gradients: 0.1 },
      "discriminator-b/convolution2": { gradient_norm: 1, zero_gradients: 0.1 },
    },
    signals: Object.fromEntries([
      ...["a_to_b", "b_to_a"].flatMap((maker) =>
        Object.entries({ output_spread: 1, input_distance: 0.8, input_dependence: 0.5 }).map(
          ([name, value]) => [`${maker}_${name}`, value] as const,
        ),
      ),
      ...Object.entries(made.signals ?? {}),
    ]),
  });

const verdictsOf = (made?: Made) => judgeRun(translation(made)).verdicts;
const idsOf = (made?: Made) => verdictsOf(made).map(({ id }) => id);

describe("a translation between two domains", () => {
  it("is healthy where nothing is wrong, and says why rules on latents' samples are silent", () => {
    const { verdicts, notJudged } = judgeRun(translation());
    expect(verdicts.map(({ id }) => id)).toEqual(["healthy"]);
    const silent = new Map(notJudged.map(({ id, why }) => [id, why]));
    for (const id of ["mode-collapse", "mode-hopping", "partial-collapse"] as const)
      expect(silent.get(id)).toContain("outputs-alike");
    expect(silent.has("memorisation")).toBe(true);
  });

  it.each([
    ["outputs-alike", "outputsAlike", "output_spread"],
    ["input-ignored", "inputIgnored", "input_dependence"],
    ["input-copied", "inputCopied", "input_distance"],
  ] as const)(
    "is %s exactly below its threshold, of either direction, which is named",
    (id, name, signal) => {
      const { value } = THRESHOLDS[name satisfies ThresholdName];
      for (const maker of ["a_to_b", "b_to_a"]) {
        const column = `${maker}_${signal}`;
        expect(idsOf({ signals: { [column]: value * 1.001 } })).toEqual(["healthy"]);
        const [verdict, ...others] = verdictsOf({ signals: { [column]: value * 0.999 } });
        expect(others).toEqual([]);
        expect(verdict.id).toBe(id);
        expect(verdict.evidence).toHaveLength(1);
        expect(verdict.evidence[0].metric).toContain(maker.replaceAll("_", "-"));
        expect(verdict.summary).toContain(maker.replaceAll("_", "-"));
      }
    },
  );

  it("is not told to be ill before the third evaluation, nor by one of many", () => {
    const signals = { a_to_b_output_spread: 0 };
    expect(idsOf({ evaluations: 2, signals })).toEqual(["healthy"]);
    expect(idsOf({ evaluations: 3, signals })).toEqual(["outputs-alike"]);
    const once = (round: number) => (round === 550 ? 0 : 1);
    expect(idsOf({ signals: { a_to_b_output_spread: once } })).toEqual(["healthy"]);
  });

  it("whose outputs are all alike is said to be that alone", () => {
    const signals = { a_to_b_output_spread: 0, a_to_b_input_dependence: 0, b_to_a_input_distance: 0 };
    expect(idsOf({ signals })).toEqual(["outputs-alike"]);
    expect(judgeLive(translation({ signals })).map(({ id }) => id)).toEqual(["outputs-alike"]);
  });

  it("with one discriminator that is sure has that one in its evidence", () => {
    const [verdict] = verdictsOf({
      losses: { discriminator_b_real_score: 0.99, discriminator_b_fake_score: 0.01 },
    });
    expect(verdict.id).toBe("discriminator-dominance");
    expect(verdict.summary).toContain("discriminator-b was certain");
    expect(verdict.evidence.map(({ metric }) => metric)).toEqual([
      "D(x) of discriminator-b",
      "D(G(z)) of discriminator-b",
    ]);
  });

  it("has a network that no gradient reaches, and dead units, by the network's name", () => {
    const vanished = verdictsOf({
      layers: {
        "b-to-a/convolution1": { gradient_norm: 1e-6, zero_gradients: 0 },
        "b-to-a/convolution9": { gradient_norm: 1, zero_gradients: 0 },
      },
    });
    expect(vanished[0]).toMatchObject({
      id: "vanishing-gradient",
      summary: "almost no gradient reaches b-to-a/convolution1",
    });
    const dead = verdictsOf({
      layers: { "discriminator-a/dense1": { gradient_norm: 1, zero_gradients: 0.9 } },
    });
    expect(dead[0].evidence[0].metric).toContain("discriminator-a/dense1");
  });

  it("goes round where one discriminator's logits do", () => {
    const wave = (round: number) => Math.sin((2 * Math.PI * round) / 80);
    const [verdict] = verdictsOf({ losses: { discriminator_a_fake_logit: wave } });
    expect(verdict).toMatchObject({ id: "oscillation" });
    expect(verdict.summary).toContain("discriminator_a_fake_logit");
  });

  it("may have rounds that do not compute a loss, and names the term that was not finite", () => {
    const phased = (round: number) => (round < 300 ? Number.NaN : 1.38);
    expect(idsOf({ losses: { discriminator_a_loss: phased } })).toEqual(["healthy"]);
    const [verdict] = verdictsOf({
      status: "failed",
      events: [
        {
          round: 70,
          kind: "diverged",
          message: "expected finite losses, got NaN for the term cycle: translators/loss NaN in round 70",
        },
      ],
    });
    expect(verdict).toMatchObject({
      id: "divergence",
      summary: "in round 70 a loss of cycle became NaN or infinite",
    });
    expect(idsOf({ losses: { translators_loss: 5000 } })).toEqual(["divergence"]);
  });
});

it("runs of latents and sets are not asked for what a model that reads images does", () => {
  const { verdicts, notJudged } = judgeRun(madeRun());
  const said = [...verdicts, ...notJudged].map(({ id }) => id);
  for (const id of ["outputs-alike", "input-ignored", "input-copied"] as const)
    expect(said).not.toContain(id);
});
