/** Paired scores and diversity of files, as commands measure them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluate/evaluate.ts";
import type { EvaluateOptions, PerImage } from "../../../src/evaluate/options.ts";
import type { Image } from "../../../src/images/source.ts";
import { imagesToL1 } from "../../../src/metrics/l1.ts";
import { imagesToPsnr } from "../../../src/metrics/psnr.ts";
import { fakeImage, flatImage, realImage } from "../../metrics/paired-images.ts";

let folder: string;
const at = (name: string) => path.join(folder, name);
const COUNT = 9;
const [HEIGHT, WIDTH] = [17, 20];

async function write(name: string, { pixels, width, height }: Image): Promise<void> {
  const file = at(name);
  mkdirSync(path.dirname(file), { recursive: true });
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  await (name.endsWith(".webp") ? image.webp({ lossless: true }) : image.png()).toFile(file);
}

const of = (k: number) => [realImage(k, HEIGHT, WIDTH), fakeImage(k % 3, HEIGHT, WIDTH)] as const;
const pairs = Array.from({ length: COUNT }, (_, k) => of(k));

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "gan-eval-paired-"));
  for (const [k, [real, fake]] of pairs.entries()) {
    // In another order on each side, in subfolders, with other extensions.
    await write(`truth/${k < 4 ? "a" : "b"}/${k}.png`, real);
    await write(`fakes/${k < 4 ? "a" : "b"}/${k}.${k % 2 ? "webp" : "png"}`, fake);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const measure = (options: Partial<EvaluateOptions>) =>
  evaluate({
    ...{ real: at("truth"), fake: at("fakes"), metrics: ["l1", "psnr"], paired: true },
    ...{ extractor: "pixels", inputSize: [4, 4], cache: false, threads: 1, engine: "onnx" },
    ...options,
  });

const meanOf = (score: (fake: Image, real: Image) => number): number =>
  pairs.reduce((sum, [real, fake]) => sum + score(fake, real), 0) / COUNT;

describe("paired scores of files", () => {
  it("are means over the images of one name, whatever their extensions, batches and read-ahead", async () => {
    for (const batchSize of [1, 4, 64]) {
      const { metrics, inputs } = await measure({ batchSize });
      expect(metrics.l1).toBeCloseTo(meanOf(imagesToL1), 12);
      expect(metrics.psnr).toBeCloseTo(meanOf(imagesToPsnr), 12);
      expect([inputs.real!.count, inputs.fake!.count]).toEqual([COUNT, COUNT]);
    }
  });

  it("stand beside distances of the same sets, which they do not change", async () => {
    const { metrics } = await measure({ metrics: ["psnr", "swd", "ssim"] });
    const alone = await measure({ metrics: ["swd"], paired: false });
    const distances = Object.entries(metrics).filter(([key]) => !["psnr", "ssim"].includes(key));
    expect(Object.fromEntries(distances)).toEqual(alone.metrics);
    expect(metrics.psnr).toBeCloseTo(meanOf(imagesToPsnr), 12);
  });

  it("have an interval over pairs, narrower of more alike ones, and a value for each image", async () => {
    const tables: PerImage[] = [];
    const { metrics, intervals } = await measure({
      ci: true,
      onPerImage: (table) => tables.push(table),
    });
    for (const key of ["l1", "psnr"]) {
      const { low, high, fixed } = intervals![key]!;
      expect(low).toBeLessThan(metrics[key]!);
      expect(high).toBeGreaterThan(metrics[key]!);
      expect(fixed).toBeUndefined();
    }
    const [{ names, columns }] = tables as [PerImage];
    expect(Object.keys(columns)).toEqual(["l1", "psnr"]);
    for (const [row, name] of names.entries()) {
      const [real, fake] = pairs[Number(path.parse(name).name)]!;
      expect(columns.psnr![row]).toBeCloseTo(imagesToPsnr(fake, real), 12);
    }
  });

  it("of arrays are of the images at the same place", async () => {
    const [real, fake] = [0, 1].map((side) => pairs.map((pair) => pair[side]!)) as [Image[], Image[]];
    expect((await measure({ real, fake })).metrics.l1).toBeCloseTo(meanOf(imagesToL1), 12);
    await expect(measure({ real, fake: fake.slice(1) })).rejects.toMatchObject({
      code: "input.pairs",
      message: expect.stringMatching(/got 8 .* and 9 /),
    });
  });

  it("follow --paired-channel and --paired-border, which the result records", async () => {
    const { metrics, protocol } = await measure({
      metrics: ["psnr"],
      pairedChannel: "y",
      pairedBorder: 3,
    });
    const options = { channel: "y", border: 3 } as const;
    expect(metrics.psnr).toBeCloseTo(
      meanOf((fake, real) => imagesToPsnr(fake, real, options)),
      12,
    );
    expect(protocol.parameters.psnr).toEqual({ pooling: "mean", ...options });
  });

  it("by a random network record its seed and weights", async () => {
    const { metrics, protocol } = await measure({ metrics: ["perceptual-random"] });
    expect(metrics.perceptual_random).toBeGreaterThan(0);
    expect(protocol.parameters["perceptual-random"]).toMatchObject({ seed: 2020 });
  });
});

describe("images that cannot be paired", () => {
  it("are named with how many there are on each side", async () => {
    await write("fewer/a/0.png", pairs[0]![1]);
    await write("fewer/a/other.png", pairs[1]![1]);
    await expect(measure({ fake: at("fewer") })).rejects.toMatchObject({
      code: "input.pairs",
      message: expect.stringMatching(/8 of 9 real ones .*a\/1\.png.* and 1 of 2 fake ones .*a\/other\.png/),
    });
  });

  it("are refused where two have one name but for the extension", async () => {
    await write("twice/0.png", pairs[0]![1]);
    await write("twice/0.webp", pairs[0]![1]);
    await expect(measure({ fake: at("twice"), real: at("twice") })).rejects.toMatchObject({
      code: "input.pairs",
      message: expect.stringContaining("0.png and 0.webp"),
    });
  });

  it("are refused where their sizes differ, with both names", async () => {
    await write("sizes/real/0.png", realImage(0, 12, 12));
    await write("sizes/fake/0.png", realImage(0, 12, 13));
    await expect(measure({ real: at("sizes/real"), fake: at("sizes/fake") })).rejects.toMatchObject({
      code: "input.pair-sizes",
      message: expect.stringMatching(/0\.png of 13x12 and 0\.png of 12x12/),
    });
  });

  it("because one is unreadable are left out of the scores with --on-error skip", async () => {
    for (const [k, [real, fake]] of pairs.slice(0, 3).entries()) {
      await write(`broken/real/${k}.png`, real);
      await write(`broken/fake/${k}.png`, fake);
    }
    writeFileSync(at("broken/real/0.png"), "no image");
    writeFileSync(at("broken/fake/2.png"), "no image");
    const sides = { real: at("broken/real"), fake: at("broken/fake"), onError: "skip" } as const;
    const tables: PerImage[] = [];
    const { metrics } = await measure({ ...sides, onPerImage: (table) => tables.push(table) });
    const [real, fake] = pairs[1]!;
    expect(metrics.l1).toBeCloseTo(imagesToL1(fake, real), 12);
    expect(tables[0]!.names).toEqual(["0.png", "1.png"]);
    expect(tables[0]!.columns.l1![0]).toBeNaN();
  });
});

describe("--paired and metrics", () => {
  it("are asked for together", async () => {
    await expect(measure({ paired: false })).rejects.toMatchObject({
      code: "usage.paired",
      hint: expect.stringContaining("--paired"),
    });
    await expect(measure({ metrics: ["swd"] })).rejects.toMatchObject({ code: "usage.paired" });
    const { real: _, ...alone } = { real: at("truth"), fake: at("fakes") };
    await expect(evaluate({ ...alone, metrics: ["psnr"], paired: true })).rejects.toMatchObject({
      code: "usage.missing-real",
    });
  });

  it("a metric that cannot compare these images leaves the others their values", async () => {
    await write("small/real/0.png", realImage(0, 8, 8));
    await write("small/fake/0.png", fakeImage(0, 8, 8));
    const sides = { real: at("small/real"), fake: at("small/fake") };
    const { metrics, notMeasured } = await measure({ ...sides, metrics: ["ssim", "l1"] });
    expect(metrics.l1).toBeGreaterThan(0);
    expect(notMeasured!.ssim).toMatchObject({ code: "input.too-small" });
  });

  it("LPIPS without its files is refused before an image is read", async () => {
    await expect(measure({ metrics: ["lpips", "l1"] })).rejects.toMatchObject({
      code: "unavailable.weights",
    });
  });
});

describe("diversity", () => {
  const levels = { shoe: [0, 51, 102], bag: [10, 10] };
  const expected = ((51 + 102 + 51) / 3 / 255 + 0) / 2;

  beforeAll(async () => {
    for (const [input, of] of Object.entries(levels))
      for (const [i, level] of of.entries()) {
        await write(`numbered/${input}_${i + 1}.png`, flatImage(level, 6, 7));
        await write(`folders/${input}/${String.fromCharCode(97 + i)}.png`, flatImage(level, 6, 7));
      }
  });

  it.each(["numbered", "folders"])(
    "of %s outputs is the mean over inputs of the mean over pairs",
    async (name) => {
      const { metrics, inputs } = await evaluate({ fake: at(name), metrics: ["diversity"] });
      expect(metrics.diversity_l1).toBeCloseTo(expected, 12);
      expect(inputs.fake!.count).toBe(5);
    },
  );

  it("of images of one numbered name says that they are taken for outputs of one input", async () => {
    for (const k of [1, 2, 3]) await write(`samples/image_${k}.png`, flatImage(k, 4, 4));
    const { warnings } = await evaluate({ fake: at("samples"), metrics: ["diversity"] });
    expect(warnings).toContainEqual(expect.objectContaining({ code: "one-input" }));
    const several = await evaluate({ fake: at("numbered"), metrics: ["diversity"] });
    expect(several.warnings.map(({ code }) => code)).not.toContain("one-input");
  });

  it("has an interval over inputs, and another value by a random network", async () => {
    for (let input = 0; input < 6; input++)
      for (const k of [0, 1, 2]) await write(`many/${input}_${k}.png`, fakeImage(k, 8 + input, 12));
    const { metrics, intervals } = await evaluate({
      ...{ fake: at("many"), metrics: ["diversity", "diversity-random"], ci: true, threads: 1 },
    });
    for (const key of ["diversity_l1", "diversity_random"]) {
      expect(intervals![key]!.low).toBeLessThan(metrics[key]!);
      expect(intervals![key]!.high).toBeGreaterThan(metrics[key]!);
    }
  });

  it("needs names that say which outputs belong to one input, and two of each", async () => {
    await write("flat/shoe.png", flatImage(1, 4, 4));
    await write("flat/bag.png", flatImage(1, 4, 4));
    await write("single/shoe_1.png", flatImage(1, 4, 4));
    for (const [name, got] of [
      ["flat", "bag.png"],
      ["single", "1 output of shoe"],
    ] as const)
      await expect(evaluate({ fake: at(name), metrics: ["diversity"] })).rejects.toMatchObject({
        code: "input.groups",
        message: expect.stringContaining(got),
      });
  });
});
