import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { openEngine } from "../../../src/engine/index.ts";
import type { FeatureExtractor, FeatureMatrix } from "../../../src/extractors/extractor.ts";
import { openInceptionExtractor } from "../../../src/extractors/inception/inception-extractor.ts";
import type { Image } from "../../../src/images/source.ts";
import { mulberry32 } from "../../../src/inception/gap-fill.ts";
import { ENDS, type InceptionEnd } from "../../../src/inception/graph-nodes.ts";
import { readNetwork } from "../../../src/inception/read-network.ts";
import { hasShared, shared } from "../../shared.ts";

const PARTIAL = "inception/inception-2015-12-05-partial.safetensors";
const SEED = 2015;

interface Summary {
  readonly length: number;
  readonly first: readonly number[];
  readonly mean: number;
  readonly norm: number;
  readonly ramp: number;
  readonly float32_distance: number;
}
interface Golden {
  readonly recipe: "noise" | "pattern";
  readonly seed?: number;
  readonly height: number;
  readonly width: number;
  readonly sha256: string;
  readonly torch_fidelity: Readonly<Record<string, Summary>>;
  readonly pytorch_fid: Readonly<Record<string, Summary>>;
}

/** The images of bench/peers/golden.py. */
const RECIPES = {
  noise({ height, width, seed = 0 }: Golden): Uint8Array {
    const next = mulberry32(seed);
    return Uint8Array.from({ length: height * width * 3 }, () => Math.floor(next() * 256));
  },
  pattern({ height, width }: Golden): Uint8Array {
    return Uint8Array.from({ length: height * width * 3 }, (_, i) => {
      const c = i % 3;
      const x = Math.floor(i / 3) % width;
      const y = Math.floor(i / 3 / width);
      return ((x * x + 3 * y * x + 40 * c * y) >> 3) & 255;
    });
  },
};

async function goldenImages(): Promise<{ golden: Golden; image: Image }[]> {
  const file = path.join(import.meta.dirname, "../../inception/fixtures", "gap-filled-torch-fidelity.json");
  const { pictures } = JSON.parse(await readFile(file, "utf8")) as { pictures: Record<string, Golden> };
  return Object.entries(pictures).map(([name, golden]) => {
    const pixels = RECIPES[golden.recipe](golden);
    return { golden, image: { name, pixels, width: golden.width, height: golden.height } };
  });
}

/** The summaries of bench/peers/golden.py, of one row. */
function rowToSummary({ data, width }: FeatureMatrix, row: number) {
  const values = [...data.subarray(row * width, (row + 1) * width)];
  return {
    values,
    mean: values.reduce((a, b) => a + b, 0) / width,
    norm: Math.hypot(...values),
    ramp: values.reduce((sum, v, i) => sum + v * (i + 1), 0) / width,
  };
}

/**
 * Our float32 run against the float64 values: three times as far as the reference library's own float32 run is, at
 * most; and no closer than float32's accumulated rounding allows.
 */
const SLACK = 3;
const FLOOR = 2e-6;

describe.skipIf(!hasShared(PARTIAL))("the real convolutions, gaps filled from a seed", () => {
  let engine: Engine;
  let images: { golden: Golden; image: Image }[];
  const open = (resize: "tf1" | "pytorch", batchSize: number, ends: InceptionEnd[]) =>
    openInceptionExtractor(engine, {
      weights: shared(PARTIAL),
      fillGaps: { seed: SEED },
      resize,
      batchSize,
      ends,
    });

  beforeAll(async () => {
    engine = await openEngine({ engine: "onnx" });
    images = await goldenImages();
  });
  afterAll(() => engine.dispose());

  it("draws the images and fills the gaps as the Python side does, byte for byte", async () => {
    for (const { golden, image } of images)
      expect(createHash("sha256").update(image.pixels).digest("hex"), image.name).toBe(golden.sha256);
    const file = path.join(import.meta.dirname, "../../inception/fixtures", "gap-filled-torch-fidelity.json");
    const { _meta } = JSON.parse(await readFile(file, "utf8")) as {
      _meta: { fill_sha256: Record<string, string> };
    };
    const { weights, manifest } = await readNetwork(shared(PARTIAL), { fillGaps: { seed: SEED } });
    for (const [name, sha256] of Object.entries(_meta.fill_sha256))
      expect(
        createHash("sha256")
          .update(new Uint8Array(weights.get(name)!.buffer))
          .digest("hex"),
        name,
      ).toBe(sha256);
    expect(manifest.id).toBe("inception-v3-gap-filled");
    expect(manifest.gapFilled?.tensors).toEqual(Object.keys(_meta.fill_sha256));
  });

  it.each([
    ["tf1", "torch_fidelity"],
    ["pytorch", "pytorch_fid"],
  ] as const)("resize %s gives every end as %s does", async (resize, library) => {
    const ends = Object.keys(images[0].golden[library]).filter((end) => end in ENDS) as InceptionEnd[];
    const extractor = await open(resize, 4, ends);
    const features = await extractor.extract(images.map(({ image }) => image));
    for (const [row, { golden, image }] of images.entries())
      for (const end of ends) {
        const expected = golden[library][end];
        const got = rowToSummary(features[end]!, row);
        const tolerance = Math.max(FLOOR, SLACK * expected.float32_distance);
        const what = `${image.name}, ${end}`;
        expect(got.values.length, what).toBe(expected.length);
        expect(Math.abs(got.norm / expected.norm - 1), what).toBeLessThan(tolerance);
        const first = Math.hypot(...expected.first.map((v, i) => got.values[i] - v));
        expect(first / expected.norm, what).toBeLessThan(tolerance);
        expect(Math.abs(got.mean - expected.mean) / expected.norm, what).toBeLessThan(tolerance);
        expect(
          Math.abs(got.ramp - expected.ramp) / (expected.norm * Math.sqrt(expected.length)),
          what,
        ).toBeLessThan(tolerance);
      }
    await extractor.dispose();
  });

  it("an image's features are the same bytes alone, in a part of a batch and among other sizes", async () => {
    const three = await open("tf1", 3, ["64", "2048"]);
    const list = images.map(({ image }) => image);
    const together = await three.extract(list);
    const backwards = await three.extract([...list].reverse());
    const row = (matrix: FeatureMatrix, i: number) =>
      matrix.data.slice(i * matrix.width, (i + 1) * matrix.width);
    for (const end of ["64", "2048"] as const)
      for (let i = 0; i < list.length; i++) {
        expect(row(backwards[end]!, list.length - 1 - i)).toEqual(row(together[end]!, i));
        const alone = await three.extract([list[i]]);
        expect(alone[end]!.data).toEqual(row(together[end]!, i));
      }
    expect((await three.extract([]))["2048"]!.rows).toBe(0);
    await three.dispose();
  });

  it("two extractions at once do not mix", async () => {
    const extractor = await open("tf1", 2, ["192"]);
    const [a, b] = images.map(({ image }) => image);
    const [first, second] = await Promise.all([extractor.extract([a]), extractor.extract([b])]);
    expect(first["192"]).toEqual((await extractor.extract([a]))["192"]);
    expect(second["192"]).toEqual((await extractor.extract([b]))["192"]);
    await extractor.dispose();
  });

  it("an eager engine gives the same features and frees its tensors", async () => {
    const tf = await import("../../../src/engine/tfjs.ts");
    const wasm = await openEngine({ engine: "wasm" });
    const before = tf.memory().numTensors;
    const options = {
      weights: shared(PARTIAL),
      fillGaps: { seed: SEED },
      batchSize: 1,
      ends: ["64", "768"] as InceptionEnd[],
    };
    const eager: FeatureExtractor = await openInceptionExtractor(wasm, options);
    const traced = await open("tf1", 1, ["64", "768"]);
    const { image } = images[0];
    const got = await eager.extract([image]);
    const expected = await traced.extract([image]);
    for (const end of ["64", "768"] as const) {
      const scale = Math.hypot(...expected[end]!.data);
      const distance = Math.hypot(...expected[end]!.data.map((v, i) => v - got[end]!.data[i]));
      expect(distance / scale, end).toBeLessThan(1e-5); // float32, another order of summation
    }
    expect(await eager.extract([image])).toEqual(got);
    await eager.dispose();
    expect(tf.memory().numTensors).toBe(before);
    await traced.dispose();
    await wasm.dispose();
  });
});

describe("without weights", () => {
  it("says the ways to get them, and loads nothing else in their stead", async () => {
    const engine = await openEngine({ engine: "cpu" });
    const missing = openInceptionExtractor(engine, {
      cacheDir: path.join(import.meta.dirname, "no-such-cache"),
    });
    await expect(missing).rejects.toMatchObject({ code: "unavailable.inception-weights" });
    const { hint } = (await missing.catch((error) => error)) as { hint: string };
    for (const way of [
      "inception download",
      "inception import",
      "GAN_EVAL_CACHE",
      "--cache-dir",
      "--weights",
      "--extractor digits",
    ])
      expect(hint).toContain(way);
    await expect(openInceptionExtractor(engine, { ends: ["features"] })).rejects.toMatchObject({
      code: "usage.feature-end",
    });
    await expect(openInceptionExtractor(engine, { batchSize: 0 })).rejects.toMatchObject({
      code: "usage.batch-size",
    });
    await engine.dispose();
  });
});
