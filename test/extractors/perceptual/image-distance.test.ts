import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { openEngine } from "../../../src/engine/index.ts";
import { openImageDistance } from "../../../src/extractors/perceptual/image-distance.ts";
import { layersUpTo, NETWORKS } from "../../../src/extractors/perceptual/layers.ts";
import { fakeImage, realImage } from "../../metrics/paired-images.ts";
import { channelsToLin, layersToTensors, writeSafetensors } from "./formula-weights.ts";

interface Golden {
  readonly lpips: { readonly size: readonly [number, number]; readonly count: number; readonly alex: number };
}
const { lpips }: Golden = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, "../../metrics/fixtures/paired.json"), "utf8"),
);

let folder: string;
let engine: Engine;
const files = { backbone: "", weights: "", vgg19: "" };
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "gan-eval-lpips-"));
  engine = await openEngine({ engine: "onnx", threads: 1 });
  const alexnet = layersToTensors(layersUpTo(NETWORKS.alexnet, "relu5", "alexnet"));
  files.backbone = writeSafetensors(folder, "alexnet.safetensors", alexnet);
  files.weights = writeSafetensors(folder, "alex.safetensors", channelsToLin([64, 192, 384, 256, 256]));
  const vgg19 = layersToTensors(layersUpTo(NETWORKS.vgg19, "relu3_4", "vgg19"));
  files.vgg19 = writeSafetensors(folder, "vgg19.safetensors", vgg19);
});
afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

const open = (name: "lpips" | "random", more: { lpipsBackbone?: string; lpipsWeights?: string } = {}) =>
  openImageDistance(name, async () => engine, { seed: 2020, ...more });
const openLpips = () => open("lpips", { lpipsBackbone: files.backbone, lpipsWeights: files.weights });

const pairs = Array.from({ length: lpips.count }, (_, k) => ({
  real: realImage(k, ...lpips.size),
  fake: fakeImage(k, ...lpips.size),
}));
const [reals, fakes] = [pairs.map(({ real }) => real), pairs.map(({ fake }) => fake)];

describe("LPIPS", () => {
  it("is what the lpips package computes with the same weights", async () => {
    const distance = await openLpips();
    const values = await distance.measure(fakes, reals);
    expect(Math.abs(values.reduce((a, b) => a + b) / values.length - lpips.alex)).toBeLessThan(1e-5);
    expect(distance.record).toMatchObject({
      network: "alexnet",
      backbone: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await distance.close();
  });

  it("of all pairs is the mean of what it is of each, channels weighed by the file", async () => {
    const distance = await openLpips();
    const images = [reals[0]!, fakes[0]!, fakes[1]!];
    const each = await distance.measure(
      [images[0]!, images[0]!, images[1]!],
      [images[1]!, images[2]!, images[2]!],
    );
    const mean = each.reduce((sum, value) => sum + value) / 3;
    expect(Math.abs((await distance.measureAll(images)) / mean - 1)).toBeLessThan(1e-5);
    await distance.close();
  });

  it("asks for both files where they were not given, and says which", async () => {
    for (const more of [{}, { lpipsBackbone: files.backbone }, { lpipsWeights: files.weights }])
      await expect(open("lpips", more)).rejects.toMatchObject({
        code: "unavailable.weights",
        hint: expect.stringContaining("alexnet or vgg16"),
      });
  });

  it("refuses VGG19, and weights of another network's layers", async () => {
    await expect(
      open("lpips", { lpipsBackbone: files.vgg19, lpipsWeights: files.weights }),
    ).rejects.toMatchObject({ code: "input.perceptual-weights", hint: expect.stringContaining("VGG16") });
    const vgg = writeSafetensors(folder, "vgg.safetensors", channelsToLin([64, 128, 256, 512, 512]));
    await expect(open("lpips", { lpipsBackbone: files.backbone, lpipsWeights: vgg })).rejects.toMatchObject({
      code: "input.perceptual-weights",
      message: expect.stringMatching(
        /lin1\.model\.1\.weight of shape \[1, 192, 1, 1\].*got \[1, 128, 1, 1\]/,
      ),
    });
  });

  it("refuses images smaller than the network's least", async () => {
    const distance = await openLpips();
    const small = [realImage(0, 62, 80)];
    await expect(distance.measure(small, small)).rejects.toMatchObject({
      code: "input.too-small",
      message: expect.stringContaining("at least 63x63 for LPIPS, got 62x80"),
    });
    await distance.close();
  });
});

describe("the distance by a random network", () => {
  it("is 0 of equal images, symmetric, and larger of images that differ more", async () => {
    const distance = await open("random");
    const real = realImage(0, 20, 24);
    const [same] = await distance.measure([real], [real]);
    expect(same).toBe(0);
    const [near, far] = [fakeImage(0, 20, 24), realImage(4, 20, 24)];
    const [there] = await distance.measure([near], [real]);
    const [back] = await distance.measure([real], [near]);
    const [farther] = await distance.measure([far], [real]);
    expect(there).toBeGreaterThan(0);
    expect(back).toBeCloseTo(there!, 6);
    expect(farther).toBeGreaterThan(there!);
    await distance.close();
  });

  it("of all pairs of images is the mean of theirs, and 0 of equal images", async () => {
    const distance = await open("random");
    const images = Array.from({ length: 6 }, (_, k) => fakeImage(k, 17, 20));
    const pairs = images.flatMap((a, i) => images.slice(i + 1).map((b) => [a, b] as const));
    const each = await distance.measure(
      pairs.map(([a]) => a),
      pairs.map(([, b]) => b),
    );
    const mean = each.reduce((sum, value) => sum + value) / each.length;
    expect(Math.abs((await distance.measureAll(images)) / mean - 1)).toBeLessThan(1e-5);
    expect(await distance.measureAll([images[0]!, images[0]!, images[0]!])).toBe(0);
    expect(await distance.measureAll([images[0]!])).toBeNaN();
    await distance.close();
  });

  it("of all pairs encodes each image once", async () => {
    let runs = 0;
    const compile: Engine["compile"] = async (...parameters) => {
      const program = await engine.compile(...parameters);
      const run: typeof program.run = (inputs) => {
        runs++;
        return program.run(inputs);
      };
      return { run, dispose: () => program.dispose() };
    };
    const counted = Object.assign(Object.create(engine), { compile }) as Engine;
    const distance = await openImageDistance("random", async () => counted, { seed: 2020 });
    await distance.measureAll(Array.from({ length: 8 }, (_, k) => fakeImage(k, 12, 12)));
    expect(runs).toBe(2);
    await distance.close();
  });

  it("of many pairs of several sizes is that of each alone", async () => {
    const distance = await open("random");
    const sizes = [...Array(6).keys(), 0, 0].map((k) => [12 + 2 * k, 16] as const);
    const a = sizes.map(([height, width], k) => realImage(k, height, width));
    const b = sizes.map(([height, width], k) => fakeImage(k, height, width));
    const together = await distance.measure(a, b);
    for (const k of sizes.keys()) {
      const [alone] = await distance.measure([a[k]!], [b[k]!]);
      expect(alone).toBeCloseTo(together[k]!, 6);
    }
    await distance.close();
  });
});
