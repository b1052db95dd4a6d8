import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runToHopping } from "../../src/diagnosis/mode-hopping.ts";
import { judgeLive, judgeRun } from "../../src/diagnosis/rules.ts";
import { THRESHOLDS, type ThresholdName } from "../../src/diagnosis/thresholds.ts";
import { PROBLEMS } from "../../src/diagnosis/verdict.ts";
import { packageRoot } from "../../src/package-root.ts";
import { LOSSES } from "../../src/train/losses.ts";
import { madeRun } from "./made-run.ts";

type Made = Parameters<typeof madeRun>[0];
const idsOf = (made?: Made): string[] => judgeRun(madeRun(made)).verdicts.map(({ id }) => id);
const whyOf = (id: string, made?: Made): string | undefined =>
  judgeRun(madeRun(made)).notJudged.find((each) => each.id === id)?.why;

/** What is looked for in models that read images alone. */
const OF_MAKERS: readonly string[] = ["outputs-alike", "input-ignored", "input-copied"];
const OF_LATENTS = PROBLEMS.filter((id) => !OF_MAKERS.includes(id));

/** Just on the bad side of a threshold, and just on the good one. */
const around = (name: ThresholdName, bad: "above" | "below"): readonly [bad: number, good: number] => {
  const { value } = THRESHOLDS[name];
  return bad === "above" ? [value * 1.001, value * 0.999] : [value * 0.999, value * 1.001];
};

describe("a run without a fault", () => {
  it("is healthy, and nothing else, by numbers within their thresholds", () => {
    const { verdicts } = judgeRun(madeRun());
    expect(verdicts.map(({ id }) => id)).toEqual(["healthy"]);
    expect(verdicts[0].evidence.length).toBeGreaterThan(5);
    for (const { value, source } of verdicts[0].evidence) {
      expect(Number.isFinite(value)).toBe(true);
      expect(source).not.toBe("");
    }
  });

  it("has no verdict without evidence and advice, whatever is wrong", () => {
    for (const made of [
      { signals: { missing_share: 0.2 } },
      { losses: { real_score: 0.99, fake_score: 0.01 } },
    ])
      for (const { evidence, advice } of judgeRun(madeRun(made)).verdicts) {
        expect(evidence.length).toBeGreaterThan(0);
        expect(advice.length).toBeGreaterThan(0);
      }
  });
});

describe("collapse", () => {
  it("is full where spread is lost or nearly all of the data is left out, at the thresholds", () => {
    const [narrow, wide] = around("collapseSpread", "below");
    expect(idsOf({ signals: { spread_ratio: narrow } })).toEqual(["mode-collapse"]);
    expect(idsOf({ signals: { spread_ratio: wide } })).toEqual(["healthy"]);
    const [most, less] = around("collapseMissing", "above");
    expect(idsOf({ signals: { missing_share: most } })).toEqual(["mode-collapse"]);
    expect(idsOf({ signals: { missing_share: less } })).toEqual(["partial-collapse"]);
  });

  it("is partial from a small share on", () => {
    const [some, none] = around("partialMissing", "above");
    expect(idsOf({ signals: { missing_share: some } })).toEqual(["partial-collapse"]);
    expect(idsOf({ signals: { missing_share: none } })).toEqual(["healthy"]);
  });

  it("is not told by one bad evaluation among good ones", () => {
    expect(idsOf({ signals: { missing_share: (round) => (round === 550 ? 0.9 : 0) } })).toEqual(["healthy"]);
  });

  it("is not told before the third evaluation, of a run that goes on or has ended, for all begin so", () => {
    const signals = { missing_share: 0.9 };
    for (const status of ["running", "finished", "interrupted"] as const) {
      for (const evaluations of [1, 2]) {
        expect(idsOf({ status, evaluations, signals })).toEqual(["healthy"]);
        for (const id of ["mode-collapse", "partial-collapse"])
          expect(whyOf(id, { status, evaluations, signals })).toContain(`got ${evaluations}`);
      }
      expect(idsOf({ status, evaluations: 3, signals })).toEqual(["mode-collapse"]);
    }
  });

  it("cannot be told of a run that was not scored", () => {
    expect(whyOf("mode-collapse", { evaluations: 0 })).toContain("--eval-every");
  });
});

describe("collapse of a run on images", () => {
  /** Good samples. */
  const images = {
    nearest_ratio: 0.6,
    real_distance: 1.1,
    thumbnail_distance: 1.1,
    middle_distance: 1.1,
    thumbnail_missing: 0.05,
    class_diversity: 0.95,
    class_missing: 0,
  };
  const of = (signals: Record<string, number | ((round: number) => number)>, more: Made = {}): string[] =>
    idsOf({ shape: [28, 28, 1], ...more, signals: { ...images, ...signals } });

  it("is neither said of good samples nor of bad ones, however alike these look to a network", () => {
    expect(of({})).toEqual(["healthy"]);
    const bad = { spread_ratio: 0.02, missing_share: 0.99, top_share: 0.99 };
    for (const distance of ["real_distance", "thumbnail_distance", "middle_distance"])
      expect(of({ ...bad, [distance]: 2 })).toEqual(["under-training"]);
  });

  it.each([
    ["nearest_ratio", "collapseRepeated", "below", "healthy"],
    ["class_diversity", "collapseClasses", "below", "healthy"],
    ["class_missing", "partialClasses", "above", "healthy"],
  ] as const)("is said by %s from its threshold on", (column, threshold, side, otherwise) => {
    const [bad, good] = around(threshold, side);
    const verdict = threshold === "partialClasses" ? "partial-collapse" : "mode-collapse";
    expect(of({ [column]: bad })).toEqual([verdict]);
    expect(of({ [column]: good })).toEqual([otherwise]);
  });

  it("is said of kinds that were made and are not any more, whatever classes there are", () => {
    const [bad, good] = around("collapseLost", "above");
    const losing = (lost: number) => (round: number) => (round < 450 ? 0.1 : 1 - 0.9 * (1 - lost));
    expect(of({ thumbnail_missing: losing(bad) })).toEqual(["mode-collapse"]);
    expect(of({ thumbnail_missing: losing(good) })).toEqual(["healthy"]);
    // What was never made is not lost.
    expect(of({ thumbnail_missing: 0.99 })).toEqual(["healthy"]);
  });

  it.each(["class_diversity", "class_missing"])(
    "is not said by %s of samples whose thumbnails are unlike real ones, nor what they are of",
    (column) => {
      const [unlike, like] = around("unlikeThumbnails", "above");
      const bad = column === "class_diversity" ? 0.1 : 0.95;
      expect(of({ [column]: bad, thumbnail_distance: unlike })).toEqual(["under-training"]);
      expect(of({ [column]: bad, thumbnail_distance: like })[0]).toMatch(/-collapse$/);
    },
  );

  it("is not said while variety still grows, whichever number shows it", () => {
    const [grows] = [THRESHOLDS.unfolding.value * 1.01];
    const growing = (from: number) => (round: number) => (round < 600 ? from : from * grows);
    expect(of({ nearest_ratio: growing(0.03) })).toEqual(["healthy"]);
    expect(of({ class_diversity: growing(0.2) })).toEqual(["healthy"]);
    expect(of({ class_missing: (round) => 1 - growing(0.5)(round) })).toEqual(["healthy"]);
    expect(of({ nearest_ratio: 0.03 })).toEqual(["mode-collapse"]);
  });

  it("is not told of a run that an earlier version recorded, with what to do", () => {
    const made: Made = { shape: [28, 28, 1], signals: { spread_ratio: 0.01, missing_share: 0.99 } };
    expect(idsOf(made)).toEqual(["healthy"]);
    for (const id of ["mode-collapse", "partial-collapse"]) expect(whyOf(id, made)).toContain("--fake");
  });

  it("has no evidence beside it that speaks against it", () => {
    const { verdicts } = judgeRun(
      madeRun({ shape: [28, 28, 1], signals: { ...images, class_diversity: 0.1 } }),
    );
    expect(verdicts.flatMap(({ evidence }) => evidence.map(({ comparison }) => comparison))).toEqual([
      "below",
    ]);
  });
});

/** Which of two that hold together are said: the table of docs/diagnosis.md. */
describe("precedence", () => {
  const faults = {
    "mode-collapse": { signals: { spread_ratio: 0.01 } },
    "vanishing-gradient": {
      layers: {
        "generator/dense1": { gradient_norm: 1e-6, zero_gradients: 0.1 },
        "generator/dense2": { gradient_norm: 1, zero_gradients: 0.1 },
      },
    },
    "discriminator-dominance": { losses: { real_score: 0.99, fake_score: 0.008 } },
    "under-training": { signals: { real_distance: 3 } },
  } as const satisfies Readonly<Record<string, Made>>;
  const said = {
    "mode-collapse, vanishing-gradient": ["mode-collapse", "vanishing-gradient"],
    "mode-collapse, discriminator-dominance": ["mode-collapse", "discriminator-dominance"],
    "mode-collapse, under-training": ["mode-collapse"],
    "vanishing-gradient, discriminator-dominance": ["vanishing-gradient"],
    "vanishing-gradient, under-training": ["vanishing-gradient"],
    "discriminator-dominance, under-training": ["discriminator-dominance"],
  } as const;

  it.each(Object.entries(faults))("%s alone is said alone", (id, made) => {
    expect(idsOf(made as Made)).toEqual([id]);
  });

  it.each(Object.entries(said))("of %s", (pair, expected) => {
    const [a, b] = pair.split(", ").map((id) => faults[id as keyof typeof faults] as NonNullable<Made>);
    expect(
      idsOf({ ...a, ...b, signals: { ...a.signals, ...b.signals }, losses: { ...a.losses, ...b.losses } }),
    ).toEqual(expected);
  });

  it("has a row in docs/diagnosis.md for each pair", () => {
    const page = readFileSync(path.join(packageRoot, "docs/diagnosis.md"), "utf8");
    for (const [pair, expected] of Object.entries(said)) {
      const cells = [...pair.split(", "), expected.map((id) => `\`${id}\``).join(" and ")];
      expect(page).toContain(`| \`${cells[0]}\` | \`${cells[1]}\` | ${cells[2]} |`);
    }
  });
});

describe("mode hopping", () => {
  const hopping = { missing_share: 0.75, top_share: 0.95, top_bin: (round: number) => (round / 50) % 8 };

  it("is one mode after another, and explains the collapse of each", () => {
    expect(idsOf({ signals: hopping })).toEqual(["mode-hopping"]);
    expect(idsOf({ signals: { ...hopping, missing_share: 0.875 } })).toEqual(["mode-hopping"]);
  });

  it("is neither one mode that stays nor equal modes that change places", () => {
    expect(idsOf({ signals: { ...hopping, top_bin: 2 } })).toEqual(["partial-collapse"]);
    expect(idsOf({ signals: { ...hopping, top_share: 0.5 } })).toEqual(["partial-collapse"]);
    expect(idsOf({ signals: { ...hopping, missing_share: 0 } })).toEqual(["healthy"]);
  });

  it("counts the share of evaluations after the first that have another mode than the one before", () => {
    const shareOf = (top_bin: (round: number) => number) => {
      const finding = runToHopping(madeRun({ signals: { ...hopping, top_bin } }));
      return ("unknown" in finding ? [] : "holds" in finding ? finding.holds : finding.clear)[0]?.value;
    };
    expect(shareOf((round) => round)).toBe(1);
    // The last 10 of 12 evaluations, 50 rounds apart: one of 9 changes.
    expect(shareOf((round) => Number(round > 400))).toBe(1 / 9);
    expect(shareOf(() => 2)).toBe(0);
  });

  it("takes four evaluations", () => {
    expect(whyOf("mode-hopping", { evaluations: 3, signals: hopping })).toContain("got 3");
  });
});

describe("a saturated discriminator", () => {
  const sure = { real_score: 0.99, fake_score: 0.008, discriminator_loss: 0.02 };

  it("dominates under the non-saturating loss, whose gradient stays", () => {
    expect(idsOf({ losses: sure })).toEqual(["discriminator-dominance"]);
  });

  it("makes the gradient vanish under the minimax loss, and that is said instead", () => {
    expect(idsOf({ losses: sure, config: { loss: "minimax" } })).toEqual(["vanishing-gradient"]);
    const milder = { ...sure, fake_score: 0.04 };
    expect(idsOf({ losses: milder, config: { loss: "minimax" } })).toEqual(["discriminator-dominance"]);
  });

  it("makes it vanish under any loss where the norm falls below 1 % of its beginning", () => {
    const [gone, left] = around("vanishingShare", "below");
    const falling = (to: number) => ({
      ...sure,
      generator_gradient_norm: (round: number) => (round <= 100 ? 1 : to),
    });
    expect(idsOf({ losses: falling(gone) })).toEqual(["vanishing-gradient"]);
    expect(idsOf({ losses: falling(left) })).toEqual(["discriminator-dominance"]);
  });

  it("is one for 200 rounds to the end, with doubts in one record of twenty at most", () => {
    const doubtful = (from: number) => ({
      ...sure,
      real_score: (round: number) => (round >= from ? 0.6 : 0.99),
    });
    expect(idsOf({ losses: doubtful(601) })).toEqual(["discriminator-dominance"]);
    expect(idsOf({ losses: doubtful(600) })).toEqual(["discriminator-dominance"]);
    expect(idsOf({ losses: doubtful(590) })).toEqual(["healthy"]);
    expect(whyOf("discriminator-dominance", { losses: sure, records: 19 })).toContain("got 190");
  });

  it("is held against smoothed targets where the labels were smoothed", () => {
    const losses = { ...sure, real_score: 0.87 };
    expect(idsOf({ losses })).toEqual(["healthy"]);
    expect(idsOf({ losses, config: { smoothing: 0.1 } })).toEqual(["discriminator-dominance"]);
  });

  it("is judged by its loss at indecision, less the penalty, where there are no probabilities", () => {
    const [low, high] = around("saturatedLoss", "below");
    const hinge = (share: number) => ({ discriminator_loss: 2 * share + 0.3, penalty: 0.3 });
    expect(idsOf({ losses: hinge(low), config: { loss: "hinge" } })).toEqual(["discriminator-dominance"]);
    expect(idsOf({ losses: hinge(high), config: { loss: "hinge" } })).toEqual(["healthy"]);
  });

  it("is judged or left open, with a reason, for every loss there is", () => {
    for (const loss of Object.keys(LOSSES)) {
      const judgement = judgeRun(
        madeRun({ losses: { ...sure, discriminator_loss: 1e-6 }, config: { loss } }),
      );
      const said = judgement.verdicts.some(({ id }) => /dominance|vanishing/.test(id));
      const left = judgement.notJudged.find(({ id }) => id === "discriminator-dominance");
      expect(said !== (left !== undefined), loss).toBe(true);
    }
  });
});

describe("layers", () => {
  const layers = (first: number, last: number, zeros = 0.1) => ({
    "generator/dense1": { gradient_norm: first, zero_gradients: 0 },
    "generator/dense2": { gradient_norm: last, zero_gradients: zeros },
  });

  it("whose first gets next to nothing have a vanishing gradient, by AutoTrainer's two bounds together", () => {
    expect(idsOf({ layers: layers(0.9e-4, 0.1) })).toEqual(["vanishing-gradient"]);
    expect(idsOf({ layers: layers(1.1e-4, 0.2) })).toEqual(["healthy"]);
    expect(idsOf({ layers: layers(0.9e-4, 0.01) })).toEqual(["healthy"]);
  });

  it("with most of their gradient entries at 0 have dead units", () => {
    const [dead, alive] = around("deadShare", "above");
    expect(idsOf({ layers: layers(0.5, 1, dead) })).toEqual(["dead-units"]);
    expect(idsOf({ layers: layers(0.5, 1, alive) })).toEqual(["healthy"]);
  });

  it("that dead units cut off have dead units, and no vanishing gradient, in either network", () => {
    for (const player of ["generator", "discriminator"]) {
      const cutOff = (first: number, zeros: number) => ({
        [`${player}/dense1`]: { gradient_norm: first, zero_gradients: first > 0 ? 0.1 : 1 },
        [`${player}/dense2`]: { gradient_norm: first, zero_gradients: first > 0 ? 0.1 : 1 },
        [`${player}/dense3`]: { gradient_norm: 0.1, zero_gradients: zeros },
      });
      const [dead, alive] = around("deadShare", "above");
      expect(idsOf({ layers: cutOff(0, dead) })).toEqual(["dead-units"]);
      // Something gets through, however little; or the inputs of the layer it ends at live.
      expect(idsOf({ layers: cutOff(1e-30, dead) })).toEqual(["vanishing-gradient"]);
      expect(idsOf({ layers: cutOff(0, alive) })).toEqual(["vanishing-gradient"]);
      expect(judgeRun(madeRun({ layers: cutOff(0, dead) })).verdicts[0].summary).toContain(
        `no gradient at all reaches ${player}/dense1`,
      );
    }
  });

  it("that dead units cut off explain what saturation leaves of the generator's gradient", () => {
    const losses = { real_score: 0.99, fake_score: 0.008, discriminator_loss: 0.02 };
    const made = { losses, config: { loss: "minimax" } };
    const ends = (first: number) => ({
      "generator/dense1": { gradient_norm: first, zero_gradients: first > 0 ? 0.1 : 1 },
      "generator/dense2": { gradient_norm: 1, zero_gradients: 0.97 },
    });
    expect(idsOf({ ...made, layers: ends(0) })).toEqual(["discriminator-dominance", "dead-units"]);
    expect(idsOf({ ...made, layers: ends(0.5) })).toEqual(["vanishing-gradient"]);
  });

  it("that get no gradient at all, nor any layer of their network, say nothing of dead units", () => {
    const none = { gradient_norm: 0, zero_gradients: 1 };
    expect(idsOf({ layers: { "generator/dense1": none, "generator/dense2": none } })).not.toContain(
      "dead-units",
    );
  });

  it("of an earlier version say nothing of dead units", () => {
    expect(whyOf("dead-units", { layers: { "generator/dense1": { gradient_norm: 1 } } })).toContain(
      "earlier version",
    );
  });
});

describe("a discriminator that overfits", () => {
  const probed = (heldOut: number) => ({
    seen_score: 0.9,
    held_out_score: heldOut,
    real_score: 0.9,
    fake_score: 0.1,
  });
  /** 1 and -1 in turn: of n records the standard error is 1 / sqrt(n - 1). */
  const turn = (round: number): number => ((round / 10) % 2 === 0 ? 1 : -1);

  it("judges held-out samples as generated ones, at the threshold of r_v", () => {
    const [bad, good] = around("overfitting", "above");
    expect(idsOf({ losses: probed(0.9 - 0.8 * bad) })).toEqual(["discriminator-overfitting"]);
    expect(idsOf({ losses: probed(0.9 - 0.8 * good) })).toEqual(["healthy"]);
  });

  it("is none that cannot tell real from generated", () => {
    const losses = { seen_score: 0.52, held_out_score: 0.49, real_score: 0.52, fake_score: 0.5 };
    expect(idsOf({ losses })).toEqual(["healthy"]);
  });

  it("is judged by differences within a record: its level may go up and down, seen and held-out together", () => {
    const moving = (by: number) => (round: number) => by + 0.3 * Math.sin(round);
    const losses = { ...probed(0), seen_score: moving(0.6) };
    expect(idsOf({ losses: { ...losses, held_out_score: moving(0.4) } })).toEqual([
      "discriminator-overfitting",
    ]);
    expect(idsOf({ losses: { ...losses, held_out_score: moving(0.6) } })).toEqual(["healthy"]);
  });

  it("has a difference of two standard errors more than the threshold", () => {
    const { value } = THRESHOLDS.overfitting;
    const noisy = (share: number, noise: number) => ({
      ...probed(0),
      held_out_score: (round: number) => 0.9 - 0.8 * (share + noise * turn(round)),
    });
    // The last 20 of 60 records.
    const [error, noise] = [1 / Math.sqrt(19), 0.4];
    expect(idsOf({ losses: noisy(value + 2.001 * noise * error, noise) })).toEqual([
      "discriminator-overfitting",
    ]);
    expect(idsOf({ losses: noisy(value + 1.999 * noise * error, noise) })).toEqual(["healthy"]);
    expect(idsOf({ losses: noisy(value + 1.999 * noise * error, 0) })).toEqual(["discriminator-overfitting"]);
  });

  it("cannot be told of a single record that has held-out scores", () => {
    const held_out_score = (round: number) => (round === 600 ? 0.1 : Number.NaN);
    const once = { losses: { ...probed(0.1), held_out_score } };
    expect(idsOf(once)).toEqual(["healthy"]);
    expect(whyOf("discriminator-overfitting", once)).toBe(
      "expected at least 2 records of held-out scores, got 1",
    );
  });

  it("cannot be told without samples set apart", () => {
    expect(whyOf("discriminator-overfitting")).toContain("held out");
  });
});

describe("memorisation", () => {
  const signals = (nearer_share: number, neighbour_ratio: number) => ({
    signals: { nearer_share, neighbour_ratio },
  });

  it("is samples nearer to training images than to others, and much nearer", () => {
    const [most, fewer] = around("nearerShare", "above");
    const [near, far] = around("copiedRatio", "below");
    expect(idsOf(signals(most, near))).toEqual(["memorisation"]);
    expect(idsOf(signals(fewer, near))).toEqual(["healthy"]);
    expect(whyOf("memorisation")).toContain("--eval-every");
    // Blurred samples, all of which have the same nearest image.
    expect(idsOf(signals(1, far))).toEqual(["healthy"]);
  });
});

describe("oscillation", () => {
  const wave = (size: number, period: number) => ({
    fake_logit: (round: number) => size * Math.sin((2 * Math.PI * round) / period),
  });

  it("is what comes back three times or more, and is larger than the noise of batches", () => {
    expect(idsOf({ records: 120, losses: wave(1, 100) })).toEqual(["oscillation"]);
    expect(idsOf({ records: 120, losses: wave(0.1, 100) })).toEqual(["healthy"]);
    expect(idsOf({ records: 120, losses: wave(1, 500) })).toEqual(["healthy"]);
  });

  it("is nothing that comes back after fewer than three records: that is the noise of batches", () => {
    expect(
      idsOf({ records: 120, losses: { fake_logit: (round) => ((round / 10) % 2 === 0 ? 1 : -1) } }),
    ).toEqual(["healthy"]);
    expect(idsOf({ records: 120, losses: wave(1, 40) })).toEqual(["oscillation"]);
  });

  it("is neither noise nor a trend", () => {
    const noise = (round: number) =>
      Math.sin(12.9898 * round) * 43758.5453 - Math.floor(Math.sin(12.9898 * round) * 43758.5453);
    expect(idsOf({ records: 120, losses: { fake_logit: noise } })).toEqual(["healthy"]);
    expect(idsOf({ records: 120, losses: { fake_logit: (round) => round / 100 } })).toEqual(["healthy"]);
  });

  it("takes sixty records", () => {
    expect(whyOf("oscillation", { records: 59, losses: wave(1, 100) })).toContain("got 59");
  });
});

describe("divergence", () => {
  it("is a loss of 1,000, and explains what else looks wrong", () => {
    expect(idsOf({ losses: { generator_loss: 1000 }, signals: { missing_share: 0.9 } })).toEqual([
      "divergence",
    ]);
    expect(idsOf({ losses: { generator_loss: 999 } })).toEqual(["healthy"]);
  });

  it("is samples that fly apart", () => {
    expect(idsOf({ signals: { spread_ratio: 10 } })).toEqual(["divergence"]);
    expect(idsOf({ signals: { spread_ratio: 9.9 } })).toEqual(["healthy"]);
  });

  const steps = (ratio: (round: number) => number, weights: (round: number) => number) => ({
    "generator/dense1": {
      gradient_norm: 1,
      weight_norm: (round: number) => 3 * weights(round),
      update_ratio: ratio,
    },
    "generator/dense2": {
      gradient_norm: 1,
      weight_norm: (round: number) => 4 * weights(round),
      update_ratio: ratio,
    },
  });

  it("is one step as large as the weights, whatever the losses are afterwards", () => {
    const [large, small] = around("divergedStep", "above");
    const once = (size: number) =>
      steps(
        (round) => (round === 10 ? size : 0.001),
        () => 1,
      );
    const made = { signals: { missing_share: 0.9 } };
    expect(idsOf({ ...made, layers: once(large) })).toEqual(["divergence"]);
    expect(idsOf({ ...made, layers: once(small) })).toEqual(["mode-collapse"]);
  });

  it("is told by a network's step, not by one layer's", () => {
    const layers = steps(
      () => 0.01,
      () => 1,
    );
    const small = { gradient_norm: 1, weight_norm: 0.1, update_ratio: 2 };
    expect(idsOf({ layers: { "generator/dense0": small, ...layers } })).toEqual(["healthy"]);
  });

  it("is none where weights pass through zero, so that small steps are large beside them", () => {
    const weights = (round: number) => (round === 300 ? 0.01 : 1);
    const ratio = (round: number) => (round === 300 ? 5 : 0.05);
    expect(idsOf({ layers: steps(ratio, weights) })).toEqual(["healthy"]);
  });

  it("is a loss that is no number, in the table or in the event that ended the run", () => {
    expect(idsOf({ losses: { discriminator_loss: (round) => (round === 600 ? Number.NaN : 1) } })).toEqual([
      "divergence",
    ]);
    const events = [{ round: 37, kind: "diverged", message: "" }];
    const { verdicts } = judgeRun(madeRun({ records: 3, status: "failed", events }));
    expect(verdicts[0]).toMatchObject({ id: "divergence", evidence: [{ value: 36, rounds: [37, 37] }] });
    expect(idsOf({ events, status: "finished" })).toEqual(["healthy"]);
  });
});

describe("under-training", () => {
  const falling = (gain: number) => ({
    sliced_wasserstein: (round: number) => (round === 50 ? 1 : round < 450 ? 0.5 : 0.5 - gain),
  });

  it("is a distance that still fell in the last third", () => {
    const [bad, good] = around("improvement", "above");
    expect(idsOf({ scores: falling(bad) })).toEqual(["under-training"]);
    expect(idsOf({ scores: falling(good) })).toEqual(["healthy"]);
  });

  it("is not said where next to nothing is left to be gained", () => {
    const [bad, good] = around("remaining", "above");
    const down = (to: number) => ({
      sliced_wasserstein: (round: number) => (round === 50 ? 1 : round < 450 ? 0.9 : to),
    });
    expect(idsOf({ scores: down(bad) })).toEqual(["under-training"]);
    expect(idsOf({ scores: down(good) })).toEqual(["healthy"]);
  });

  it("is samples that are not like real ones, whether scores still fall or not, from the third evaluation on", () => {
    for (const column of ["real_distance", "thumbnail_distance", "middle_distance"]) {
      const [bad, good] = around("unlikeReal", "above");
      expect(idsOf({ signals: { [column]: bad } })).toEqual(["under-training"]);
      expect(idsOf({ signals: { [column]: good } })).toEqual(["healthy"]);
      expect(idsOf({ signals: { [column]: bad }, evaluations: 2 })).toEqual(["healthy"]);
    }
  });

  it("is not said of a run that goes on", () => {
    expect(judgeLive(madeRun({ scores: falling(0.4) }))).toEqual([]);
  });
});

describe("an empty run", () => {
  it("has no verdict, and a reason for each that was not judged", () => {
    const { verdicts, notJudged } = judgeRun(madeRun({ records: 0, evaluations: 0, layers: {} }));
    expect(verdicts).toEqual([]);
    expect(notJudged.map(({ id }) => id).sort()).toEqual([...OF_LATENTS].sort());
    for (const { why } of notJudged) expect(why).not.toBe("");
  });
});
