/** Paired scores beside the libraries that people compare with: goldens by bench/peers/paired_peer.py --golden. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { COMPAT_PRESETS, type CompatName, type CompatPreset } from "../../src/evaluate/compat.ts";
import type { Image } from "../../src/images/source.ts";
import { imageToPlanes } from "../../src/math/images/image-planes.ts";
import { imagesToSsim } from "../../src/math/images/ssim.ts";
import { SSIM_CONVENTIONS } from "../../src/math/images/ssim-conventions.ts";
import { imagesToL1 } from "../../src/metrics/l1.ts";
import type { Parameters } from "../../src/metrics/metric.ts";
import { imagesToPsnr } from "../../src/metrics/psnr.ts";
import { type MetricId, metrics } from "../../src/metrics/table.ts";
import { openContext } from "./context.ts";
import { fakeImage, flatImage, realImage } from "./paired-images.ts";

interface Golden {
  readonly size: readonly [height: number, width: number];
  readonly count: number;
  readonly border: number;
  readonly values: Readonly<Record<string, number>>;
}
const golden: Golden = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "fixtures/paired.json"), "utf8"),
);

/** As an evaluation compares pairs: the row's own comparison, then its value. */
async function pairsToValue(
  id: MetricId,
  given: Parameters,
  pairs: readonly (readonly [fake: Image, real: Image])[],
): Promise<number> {
  const row = metrics[id];
  const parameters = { ...row.defaults, ...given };
  const { columns, compare } = row.compare!(parameters);
  if (typeof compare !== "function") return expect.unreachable();
  const rows = pairs.map(([fake, real]) => compare(fake, real));
  const of = Object.fromEntries(
    columns.map((name, c) => [name, Float64Array.from(rows, (numbers) => numbers[c]!)]),
  );
  const fake = { count: rows.length, pairs: { rows: rows.length, of: { [id]: of } } };
  return Object.values(await row.measure({ fake }, parameters, openContext()))[0]!;
}

const goldenPairs = Array.from(
  { length: golden.count },
  (_, k) => [fakeImage(k, ...golden.size), realImage(k, ...golden.size)] as const,
);

const ofPreset = (name: CompatName, id: "psnr" | "ssim"): Parameters =>
  (COMPAT_PRESETS[name] as CompatPreset).parameters[id]!;

const BORDER = { border: golden.border };

/** What makes each golden: a metric, and its parameters. */
const GIVEN: Readonly<Record<string, readonly [id: MetricId, parameters: Parameters]>> = {
  l1: ["l1", {}],
  "psnr skimage": ["psnr", ofPreset("skimage", "psnr")],
  "psnr torchmetrics": ["psnr", ofPreset("torchmetrics", "psnr")],
  "psnr basicsr y": ["psnr", { ...ofPreset("basicsr", "psnr"), ...BORDER, channel: "y" }],
  "psnr basicsr rgb": ["psnr", { ...ofPreset("basicsr", "psnr"), ...BORDER }],
  "ssim skimage": ["ssim", ofPreset("skimage", "ssim")],
  "ssim wang": ["ssim", {}],
  "ssim torchmetrics": ["ssim", ofPreset("torchmetrics", "ssim")],
  "ssim basicsr y": ["ssim", { ...ofPreset("basicsr", "ssim"), ...BORDER, channel: "y" }],
  "ssim basicsr rgb": ["ssim", { ...ofPreset("basicsr", "ssim"), ...BORDER }],
};

describe("paired scores are those of the libraries", () => {
  it.each(Object.entries(golden.values))("%s", async (name, theirs) => {
    const [id, parameters] = GIVEN[name]!;
    // torchmetrics keeps its sums in float32.
    expect(Math.abs((await pairsToValue(id, parameters, goldenPairs)) - theirs)).toBeLessThan(1e-5);
  });
});

describe("PSNR", () => {
  const of = (a: number, b: number) => imagesToPsnr(flatImage(a, 4, 6), flatImage(b, 4, 6));

  it("is 48.1308 dB where every level is 1 off, and 28.1308 dB where it is 10", () => {
    expect(of(100, 101)).toBeCloseTo(48.1308, 4);
    expect(of(100, 110)).toBeCloseTo(28.1308, 4);
  });

  it("is 20 dB at an error of a tenth of the range", () => {
    expect(imagesToPsnr({ pixels: [0, 0, 0], ...ONE }, { pixels: [25.5, 25.5, 25.5], ...ONE })).toBeCloseTo(
      20,
      12,
    );
  });

  it("of equal images is infinite, as is the mean of values with one of them, and pooled is not", async () => {
    expect(of(7, 7)).toBe(Number.POSITIVE_INFINITY);
    const pairs = [
      [flatImage(7, 4, 4), flatImage(7, 4, 4)],
      [flatImage(7, 4, 4), flatImage(8, 4, 4)],
    ] as const;
    expect(await pairsToValue("psnr", {}, pairs)).toBe(Number.POSITIVE_INFINITY);
    expect(await pairsToValue("psnr", { pooling: "pooled" }, pairs)).toBeCloseTo(
      10 * Math.log10(255 ** 2 / 0.5),
      10,
    );
  });

  it("of the mean error is never above the mean of the images' values", async () => {
    const mean = await pairsToValue("psnr", {}, goldenPairs);
    expect(await pairsToValue("psnr", { pooling: "pooled" }, goldenPairs)).toBeLessThan(mean);
  });
});

const ONE = { width: 1, height: 1 };

describe("SSIM", () => {
  it.each(SSIM_CONVENTIONS)("by %s is 1 of equal images and .9954764 of levels 100 and 110", (convention) => {
    const options = { convention, channel: "rgb", border: 0 } as const;
    const image = realImage(2, 13, 15);
    expect(imagesToSsim(image, image, options)).toBeCloseTo(1, 12);
    const flat = imagesToSsim(flatImage(100, 13, 15), flatImage(110, 13, 15), options);
    expect(flat).toBeCloseTo(22006.5025 / 22106.5025, 9);
  });

  it.each(SSIM_CONVENTIONS)(
    "by %s does not depend on which image is first, nor on what came before",
    (convention) => {
      const options = { convention, channel: "rgb", border: 0 } as const;
      const [a, b] = [realImage(0, 21, 24), fakeImage(2, 21, 24)];
      const first = imagesToSsim(a, b, options);
      imagesToSsim(realImage(1, 60, 33), fakeImage(1, 60, 33), options);
      expect(imagesToSsim(a, b, options)).toBe(first);
      expect(imagesToSsim(b, a, options)).toBeCloseTo(first, 12);
    },
  );

  it("refuses images smaller than its window, and borders that leave less", () => {
    const of = (side: number, border: number) =>
      imagesToSsim(flatImage(1, side, 30), flatImage(1, side, 30), {
        ...{ convention: "wang", channel: "rgb", border },
      });
    expect(of(11, 0)).toBe(1);
    for (const [side, border] of [
      [10, 0],
      [18, 4],
    ] as const)
      expect(() => of(side, border)).toThrow(
        expect.objectContaining({ code: "input.too-small", message: expect.stringContaining("11x11") }),
      );
  });
});

describe("planes of an image", () => {
  it("are its luma from 16 to 235, of equal levels the same for every level", () => {
    const lumaOf = (level: number) =>
      imageToPlanes(flatImage(level, 1, 1), { channel: "y", border: 0 }).planes[0]![0]!;
    expect(lumaOf(0)).toBe(16);
    expect(lumaOf(255)).toBeCloseTo(235, 9);
  });

  it("are without the border on every side", () => {
    const { planes, width, height } = imageToPlanes(realImage(1, 9, 12), { channel: "rgb", border: 3 });
    expect([planes.length, width, height]).toEqual([3, 6, 3]);
    expect(planes[1]![0]).toBe(realImage(1, 9, 12).pixels[3 * (3 * 12 + 3) + 1]);
  });

  it("are refused where the border leaves nothing", () => {
    expect(() => imageToPlanes(realImage(1, 9, 12), { channel: "rgb", border: 5 })).toThrow(
      expect.objectContaining({ code: "input.too-small" }),
    );
  });
});

it("L1 is the share of the range, 1 of black and white", () => {
  expect(imagesToL1(flatImage(0, 3, 3), flatImage(255, 3, 3))).toBe(1);
  expect(imagesToL1(flatImage(10, 3, 3), flatImage(61, 3, 3))).toBeCloseTo(0.2, 12);
});
