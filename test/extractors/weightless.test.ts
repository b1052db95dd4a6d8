import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openEngine } from "../../src/engine/index.ts";
import { openPixelsExtractor } from "../../src/extractors/simple/pixels-extractor.ts";
import { openRandomConvExtractor } from "../../src/extractors/simple/random-conv-extractor.ts";
import { seedToRandomConv, standardNormals } from "../../src/extractors/simple/random-conv-weights.ts";
import { resizeClean, resizeTf1 } from "../../src/images/resize/resize.ts";
import type { Image } from "../../src/images/source.ts";
import { madeImages } from "./made-networks.ts";

const IMAGES = madeImages(5, 40);

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ engine: "onnx", threads: 1 });
});
afterAll(() => engine.dispose());

describe("pixels", () => {
  it("are the levels of the resized image, in 0..1, red, green, blue, row by row", async () => {
    const extractor = openPixelsExtractor();
    expect(extractor).toMatchObject({
      id: "pixels-32x32",
      ends: { features: 3072 },
      resize: "clean to 32x32",
    });
    const { features } = await extractor.extract(IMAGES);
    for (const [row, { pixels, width, height }] of IMAGES.entries())
      expect(features!.data.slice(3072 * row, 3072 * (row + 1))).toEqual(
        resizeClean(pixels, width, height, 32).map((level) => level / 255),
      );
  });

  it("of another size and mode are another extractor's", async () => {
    const extractor = openPixelsExtractor({ inputSize: [4, 6], resize: "tf1" });
    expect(extractor).toMatchObject({ id: "pixels-4x6", resize: "tf1 to 4x6" });
    const { pixels, width, height } = IMAGES[0];
    const { features } = await extractor.extract(IMAGES.slice(0, 1));
    expect(features!.data).toEqual(resizeTf1(pixels, width, height, 6, 4).map((level) => level / 255));
  });

  it("are refused where there would be too many to compare", () => {
    expect(() => openPixelsExtractor({ inputSize: [224, 224] })).toThrow(
      expect.objectContaining({ code: "usage.input-size" }),
    );
  });

  it("say that nothing published compares", () => {
    expect(openPixelsExtractor().warnings!()).toMatchObject([{ code: "no-published-figures" }]);
  });
});

/** The network in plain loops, channels last, SAME padding of a stride-2 convolution. */
function naiveFeatures({ pixels }: Image, side: number, seed: number): number[] {
  let maps = Array.from(pixels, (level) => level / 127.5 - 1);
  let [size, channels] = [side, 3];
  const features: number[] = [];
  for (const { data, shape } of seedToRandomConv(seed).filters) {
    const [out, outSize] = [shape[3], Math.ceil(size / 2)];
    const before = Math.floor(Math.max((outSize - 1) * 2 + 3 - size, 0) / 2);
    const next = new Array(outSize * outSize * out).fill(0);
    for (let y = 0; y < outSize; y++)
      for (let x = 0; x < outSize; x++)
        for (let k = 0; k < out; k++) {
          let sum = 0;
          for (let dy = 0; dy < 3; dy++)
            for (let dx = 0; dx < 3; dx++) {
              const [row, column] = [2 * y + dy - before, 2 * x + dx - before];
              if (row < 0 || column < 0 || row >= size || column >= size) continue;
              for (let c = 0; c < channels; c++)
                sum +=
                  maps[(row * size + column) * channels + c] * data[((dy * 3 + dx) * channels + c) * out + k];
            }
          next[(y * outSize + x) * out + k] = Math.max(0, sum);
        }
    [maps, size, channels] = [next, outSize, out];
    const column = (k: number) => maps.filter((_, i) => i % channels === k);
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const means = Array.from({ length: channels }, (_, k) => mean(column(k)));
    features.push(...means, ...means.map((m, k) => Math.sqrt(mean(column(k).map((v) => (v - m) ** 2)))));
  }
  return features;
}

describe("random convolutions", () => {
  it("are drawn as NumPy draws normal numbers, at He's deviation", () => {
    // numpy.random.RandomState(0).standard_normal(5)
    const golden = [
      1.764052345967664, 0.4001572083672233, 0.9787379841057392, 2.240893199201458, 1.8675579901499675,
    ];
    const normal = standardNormals(0);
    for (const value of golden) expect(normal()).toBeCloseTo(value, 14);
    for (const { data, shape } of seedToRandomConv(7).filters) {
      const fanIn = shape[0] * shape[1] * shape[2];
      const variance = data.reduce((sum, value) => sum + value * value, 0) / data.length;
      // The mean of n squares of standard normals deviates by sqrt(2 / n): 5 of that.
      expect(Math.abs((variance * fanIn) / 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / data.length));
    }
  });

  it("give means and deviations of each layer, as plain loops do", async () => {
    const side = 32;
    const exact = { ...IMAGES[0], width: side, height: side };
    const image = { ...exact, pixels: exact.pixels.subarray(0, side * side * 3) };
    const extractor = await openRandomConvExtractor(engine, {
      seed: 5,
      inputSize: [side, side],
      batchSize: 1,
    });
    const { features } = await extractor.extract([image]);
    const expected = naiveFeatures(image, side, 5);
    expect(features).toMatchObject({ rows: 1, width: 512 });
    expect(expected.length).toBe(512);
    // Float32 sums of up to 576 terms around 1, four layers deep.
    for (const [i, value] of expected.entries())
      expect(Math.abs(features!.data[i] - value)).toBeLessThan(1e-4);
    await extractor.dispose();
  });

  it("give an image the same bytes in any company, and twice", async () => {
    const open = () => openRandomConvExtractor(engine, { batchSize: 3 });
    const [one, two] = [await open(), await open()];
    const together = (await one.extract(IMAGES)).features!;
    expect((await two.extract(IMAGES)).features).toEqual(together);
    const alone = (await one.extract([IMAGES[4]])).features!;
    expect(alone.data).toEqual(together.data.slice(4 * 512));
    expect(one.hash).toBe(two.hash);
    for (const extractor of [one, two]) await extractor.dispose();
  });

  it("of another seed are another network", async () => {
    const [one, two] = [
      await openRandomConvExtractor(engine),
      await openRandomConvExtractor(engine, { seed: 1 }),
    ];
    expect(one).toMatchObject({ id: "random-conv-2020", resize: "clean to 64x64" });
    expect(two.id).toBe("random-conv-1");
    expect(two.hash).not.toBe(one.hash);
    expect(one.warnings!()).toMatchObject([{ code: "no-published-figures" }]);
    for (const extractor of [one, two]) await extractor.dispose();
  });

  it("refuse images too small for four halvings, and seeds that NumPy refuses", async () => {
    const codes = [{ inputSize: [16, 64] as const }, { seed: -1 }, { batchSize: 0 }].map((options) =>
      openRandomConvExtractor(engine, options).catch(({ code }) => code),
    );
    expect(await Promise.all(codes)).toEqual(["usage.input-size", "usage.seed", "usage.batch-size"]);
  });
});
