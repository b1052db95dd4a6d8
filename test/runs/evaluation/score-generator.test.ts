import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluate/evaluate.ts";
import { resizeBytes } from "../../../src/images/resize/resize-bytes.ts";
import {
  type GeneratorScorer,
  openGeneratorScorer,
  type ScorerOptions,
} from "../../../src/runs/evaluation/score-generator.ts";
import type { OpenedData } from "../../../src/train/data/opened-data.ts";
import { toyToOpenedData } from "../../../src/train/data/toy.ts";
import { openRandomStream } from "../../../src/train/random.ts";
import { TOY_DATA } from "../../../src/train/toy-data.ts";
import type { ImageArrays } from "../../../src/train/training-data.ts";
import { fixture, readDigits } from "../../extractors/digits/digit-images.ts";

const SIDE = 28;

/** Grey images of a fixture as bytes; the first n of them. */
function readGrey(set: string, n = 2000): ImageArrays {
  const { images } = readDigits(fixture(set));
  const pixels = new Uint8Array(n * SIDE * SIDE);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < SIDE * SIDE; k++) pixels[i * SIDE * SIDE + k] = images[i].pixels[3 * k];
  return { pixels, shape: [SIDE, SIDE, 1] };
}

const toSamples = ({ pixels }: ImageArrays) => Float32Array.from(pixels, (level) => level / 127.5 - 1);

const N = 1000;
const train = readGrey("fake-close", N);
const heldOut = readGrey("real");

function toData(pixels: NonNullable<OpenedData["pixels"]>, more: Partial<OpenedData> = {}): OpenedData {
  return {
    ...{ kind: "images", label: "digits", location: "digits", hash: "", warnings: [] },
    shape: pixels.train.shape,
    training: () => expect.unreachable(),
    heldOut: () => expect.unreachable(),
    pixels,
    ...more,
  };
}

const opened: GeneratorScorer[] = [];
async function open(data: OpenedData, options: Partial<ScorerOptions> = {}): Promise<GeneratorScorer> {
  const scorer = await openGeneratorScorer(data, { samples: N, engine: "onnx", device: "cpu", ...options });
  opened.push(scorer);
  return scorer;
}
afterAll(() => Promise.all(opened.map((scorer) => scorer.dispose())));

const digits = open(toData({ train, heldOut }));

const DIGIT_VALUES = [
  ...["frechet_digits_distance", "digits_score_mean", "digits_score_std"],
  ...["precision", "recall", "classes", "classes_kl"],
];

describe("a scorer of digits", () => {
  it("says what it gives, and that the distance decides", async () => {
    const { metrics, first, floor } = await digits;
    expect(metrics).toEqual(DIGIT_VALUES);
    expect(Object.keys(floor!)).toEqual(DIGIT_VALUES);
    expect(first).toEqual({ name: "frechet_digits_distance", lowerIsBetter: true });
  });

  it("gives training images the floor, in any order but for the score of ten parts", async () => {
    const { floor, score } = await digits;
    const got = await score(toSamples(train), N);
    for (const name of ["precision", "recall", "classes"]) expect(got[name]).toBe(floor![name]);
    for (const name of ["frechet_digits_distance", "classes_kl"])
      expect(got[name]).toBeCloseTo(floor![name], 9);
    expect(Math.abs(got.digits_score_mean - floor!.digits_score_mean)).toBeLessThan(got.digits_score_std);
  });

  it("gives the held-out images themselves distance 0", async () => {
    const got = await (await digits).score(toSamples(heldOut), 2000);
    expect(got.frechet_digits_distance).toBeLessThan(1e-9);
    expect(got).toMatchObject({ classes: 10, classes_kl: 0, recall: 1 });
  });

  it("is the same twice", async () => {
    const { score } = await digits;
    const samples = toSamples(readGrey("fake-noisy", 300));
    expect(await score(samples, 300)).toEqual(await score(samples, 300));
  });

  it("of a collapsed generator sees the recall, the classes and the distance; of a blurred one the distance", async () => {
    const { floor, score } = await digits;
    const collapsed = await score(toSamples(readGrey("fake-collapsed", N)), N);
    const noisy = await score(toSamples(readGrey("fake-noisy", N)), N);
    for (const one of [collapsed, noisy])
      expect(one.frechet_digits_distance).toBeGreaterThan(10 * floor!.frechet_digits_distance);
    expect(collapsed.recall).toBeLessThan(0.1 * floor!.recall);
    expect(collapsed.classes).toBeLessThan(10);
    expect(collapsed.classes_kl).toBeGreaterThan(1);
    expect(noisy.precision).toBeLessThan(floor!.precision);
    expect(noisy.classes).toBe(10);
  });

  it("of images that are two digits at once sees the precision", async () => {
    const { floor, score } = await digits;
    const { pixels } = train;
    const half = pixels.length / 2;
    const both = pixels.map((level, i) => Math.max(level, pixels[(i + half) % pixels.length]));
    const got = await score(toSamples({ ...train, pixels: both }), N);
    expect(got.precision).toBeLessThan(0.6 * floor!.precision);
  });

  it("gives the figures of `gan-eval` on the files", async () => {
    const result = await evaluate({
      ...{ metrics: ["fid", "is"], real: fixture("real"), fake: fixture("fake-noisy") },
      ...{
        extractor: "digits",
        resize: "tf1",
        batchSize: 64,
        onError: "fail",
        engine: "onnx",
        device: "cpu",
      },
      ...{ splits: 10, shuffle: true, seed: 2020, ddof: 1, clock: () => 0 },
    });
    const got = await (await digits).score(toSamples(readGrey("fake-noisy")), 2000);
    for (const [name, value] of Object.entries(result.metrics)) expect(got[name]).toBeCloseTo(value, 6);
  });

  it("refuses samples of another number and NaN", async () => {
    const { score } = await digits;
    await expect(score(new Float32Array(SIDE * SIDE), 2)).rejects.toThrow(/\[2, 28, 28, 1\], got 784/);
    await expect(score(new Float32Array(SIDE * SIDE).fill(Number.NaN), 1)).rejects.toThrow(/NaN/);
  });

  it("takes digits of 32 x 32, and brings both sides back to 28 x 28", async () => {
    const to32 = ({ pixels }: ImageArrays): ImageArrays => {
      const area = SIDE * SIDE;
      const resized = Array.from({ length: pixels.length / area }, (_, i) =>
        resizeBytes(pixels.subarray(i * area, (i + 1) * area), [SIDE, SIDE, 1], [32, 32]),
      );
      return { pixels: Uint8Array.from(resized.flatMap((one) => [...one])), shape: [32, 32, 1] };
    };
    const large = to32(train);
    const scorer = await open(toData({ train: large, heldOut: to32(readGrey("real", N)) }));
    expect(scorer.metrics).toEqual(DIGIT_VALUES);
    const collapsed = await scorer.score(toSamples(to32(readGrey("fake-collapsed", 200))), 200);
    expect(scorer.floor).toMatchObject({ classes: 10 });
    expect(scorer.floor!.recall).toBeGreaterThan(0.8);
    expect(collapsed.frechet_digits_distance).toBeGreaterThan(10 * scorer.floor!.frechet_digits_distance);
  });

  it("gives only what was asked for, the first deciding", async () => {
    const scorer = await open(toData({ train, heldOut }), { metrics: ["recall", "classes"], floor: false });
    expect(scorer.metrics).toEqual(["recall", "classes", "classes_kl"]);
    expect(scorer.first).toEqual({ name: "recall", lowerIsBetter: false });
    expect(scorer.floor).toBeUndefined();
    const got = await scorer.score(toSamples(train), N);
    expect(Object.keys(got)).toEqual(scorer.metrics);
  });

  it("has no floor where no images are held out", async () => {
    const scorer = await open(toData({ train }), { metrics: ["fid"] });
    expect(scorer.floor).toBeUndefined();
    expect((await scorer.score(toSamples(train), N)).frechet_digits_distance).toBeLessThan(1e-9);
  });

  it("finds out at opening that there are too few images, samples or no such metric", async () => {
    const three = readGrey("real", 3);
    const data = toData({ train, heldOut: three });
    await expect(open(data)).rejects.toMatchObject({ code: "input.too-few-samples" });
    await expect(open(data, { samples: 1 })).rejects.toMatchObject({ code: "usage.eval-samples" });
    await expect(open(data, { metrics: ["fido"] })).rejects.toMatchObject({ code: "usage.unknown-metric" });
    const aborted = AbortSignal.abort();
    await expect(open(toData({ train, heldOut }), { signal: aborted })).rejects.toThrow(/abort/);
  });
});

describe("a scorer of stacked digits", () => {
  const N_STACKS = 300;
  /** Stacks of images i, i + 1 and i + 2. */
  function toStacks(grey: ImageArrays, n: number): ImageArrays {
    const area = SIDE * SIDE;
    const pixels = new Uint8Array(n * area * 3);
    for (let i = 0; i < n; i++)
      for (let k = 0; k < area; k++)
        for (let layer = 0; layer < 3; layer++)
          pixels[(i * area + k) * 3 + layer] = grey.pixels[(i + layer) * area + k];
    return { pixels, shape: [SIDE, SIDE, 3] };
  }

  it("counts the classes that the channels make", async () => {
    const stacks = toStacks(heldOut, N_STACKS);
    const scorer = await open(toData({ train: stacks, heldOut: stacks }, { classes: 1000 }), {
      samples: N_STACKS,
    });
    expect(scorer.metrics).toEqual(["classes", "classes_kl"]);
    const { labels } = readDigits(fixture("real"));
    const classes = Array.from(
      { length: N_STACKS },
      (_, i) => `${labels[i]}${labels[i + 1]}${labels[i + 2]}`,
    );
    const hit = new Set(classes).size;
    const got = await scorer.score(toSamples(stacks), N_STACKS);
    // The network is right on 95 % of images or more, so on 0.95^3 of the stacks.
    expect(Math.abs(got.classes - hit)).toBeLessThan(0.15 * hit);
    const one = toSamples(stacks);
    for (let i = 1; i < N_STACKS; i++) one.copyWithin(i * 3 * SIDE * SIDE, 0, 3 * SIDE * SIDE);
    const collapsed = await scorer.score(one, N_STACKS);
    expect(collapsed.classes).toBe(1);
    expect(collapsed.classes_kl).toBeCloseTo(Math.log(1000), 9);
  });

  it("counts the same modes as the metric of stacks, and refuses what would read a stack as one digit", async () => {
    const stacks = toStacks(heldOut, N_STACKS);
    const data = toData({ train: stacks, heldOut: stacks }, { classes: 1000 });
    const scorer = await open(data, { metrics: ["modes", "classes"], samples: N_STACKS, floor: false });
    const got = await scorer.score(toSamples(stacks), N_STACKS);
    expect(scorer.metrics).toEqual([
      "stacked_digits_modes",
      "stacked_digits_modes_kl",
      "classes",
      "classes_kl",
    ]);
    expect([got.stacked_digits_modes, got.stacked_digits_modes_kl]).toEqual([got.classes, got.classes_kl]);
    await expect(open(data, { metrics: ["mode-score"], samples: N_STACKS })).rejects.toMatchObject({
      code: "usage.eval-metrics",
      hint: expect.stringContaining("classes or modes"),
    });
  });
});

describe("a scorer of other images", () => {
  it("takes Inception, and says at opening that its weights are missing", async () => {
    const cacheDir = mkdtempSync(path.join(tmpdir(), "gan-eval-"));
    const colour: ImageArrays = { pixels: new Uint8Array(8 * 32 * 32 * 3), shape: [32, 32, 3] };
    await expect(open(toData({ train: colour, heldOut: colour }), { cacheDir })).rejects.toMatchObject({
      code: "unavailable.inception-weights",
    });
    await expect(open(toData({ train: colour }), { metrics: ["classes"], cacheDir })).rejects.toMatchObject({
      code: "usage.unknown-metric",
    });
    rmSync(cacheDir, { recursive: true });
  });
});

describe("a scorer of toys", () => {
  const n = 2500;

  it.each(["ring", "grid"] as const)("gives a perfect sampler of the %s the floor", async (name) => {
    const { floor, metrics, score, first } = await open(toyToOpenedData(name), { samples: n });
    expect(metrics).toEqual(["sliced_wasserstein", "modes", "high_quality", "reverse_kl"]);
    expect(first).toEqual({ name: "sliced_wasserstein", lowerIsBetter: true });
    const modes = name === "ring" ? 8 : 25;
    const perfect = await score(TOY_DATA[name].sample(n, openRandomStream(5, "data")), n);
    const quality = 1 - Math.exp(-4.5);
    for (const one of [floor!, perfect]) {
      expect(one.modes).toBe(modes);
      // Four standard errors of a binomial share.
      expect(Math.abs(one.high_quality - quality)).toBeLessThan(4 * Math.sqrt((quality * (1 - quality)) / n));
      expect(one.reverse_kl).toBeLessThan((4 * modes) / (2 * n));
    }
    expect(perfect.sliced_wasserstein).toBeLessThan(3 * floor!.sliced_wasserstein);
  });

  it("finds one mode of eight far, and a blurred ring too", async () => {
    const { floor, score } = await open(toyToOpenedData("ring"), { samples: n });
    const { centres, deviation } = TOY_DATA.ring.mixture;
    const normal = openRandomStream(6, "data").normal(new Float32Array(2 * n));
    const one = await score(
      normal.map((value, i) => centres[i % 2] + deviation * value),
      n,
    );
    expect(one).toMatchObject({ modes: 1, reverse_kl: Math.log(8) });
    expect(one.sliced_wasserstein).toBeGreaterThan(20 * floor!.sliced_wasserstein);
    const blurred = await score(
      normal.map((value, i) => centres[(2 * (i >> 1) + (i % 2)) % 16] + 0.3 * value),
      n,
    );
    expect(blurred.high_quality).toBeLessThan(0.05);
    expect(blurred.sliced_wasserstein).toBeGreaterThan(3 * floor!.sliced_wasserstein);
  });

  it("without modes gives the distance alone, the same twice", async () => {
    const { floor, metrics, score } = await open(toyToOpenedData("spiral"), { samples: n });
    expect(metrics).toEqual(["sliced_wasserstein"]);
    const samples = TOY_DATA.spiral.sample(n, openRandomStream(7, "data"));
    const perfect = await score(samples, n);
    expect(await score(samples, n)).toEqual(perfect);
    expect(perfect.sliced_wasserstein).toBeLessThan(3 * floor!.sliced_wasserstein);
    const noise = openRandomStream(8, "data").normal(new Float32Array(2 * n));
    expect((await score(noise, n)).sliced_wasserstein).toBeGreaterThan(10 * floor!.sliced_wasserstein);
    await expect(open(toyToOpenedData("spiral"), { metrics: ["modes"] })).rejects.toMatchObject({
      code: "usage.unknown-metric",
    });
  });
});
