import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import type { GanEvalError } from "../../../src/errors.ts";
import { adaptationJudge } from "../../../src/train/networks/domain-adaptation.ts";
import { PATCHES, type PatchOptions, patchJudge, pixelJudge } from "../../../src/train/networks/judges.ts";
import type { Network } from "../../../src/train/networks/network.ts";
import { enlargedJudge } from "../../../src/train/networks/super-resolution.ts";
import { applied, numbers, specsToTensors } from "./eager.ts";

beforeAll(() => loadTensorflow());

type Name = keyof typeof PATCHES;

/** The map's side of an image's, and the pixels that a logit sees, as worked out by hand from the scripts. */
const MAPS: Readonly<
  Record<Name, readonly [multiple: number, map: (side: number) => number, field: number]>
> = {
  junyanz: [8, (side) => side / 8 - 2, 70],
  cyclegan: [16, (side) => side / 16, 94],
  pix2pix: [16, (side) => side / 16, 94],
  discogan: [8, (side) => side / 8, 46],
  dualgan: [8, (side) => side / 8 - 2, 46],
  unit: [16, (side) => side / 16, 78],
  munit: [16, (side) => side / 16, 78],
  bicyclegan: [16, (side) => side / 16, 78],
  inpainting: [8, (side) => side / 8, 47],
};
const rows = Object.entries(MAPS).map(([name, facts]) => [name as Name, ...facts] as const);

/** How many columns of an image have a slope in the logit in the middle of the map. */
function networkToField(network: Network): number {
  const [height, width] = network.output;
  const arrays = {
    weights: Object.fromEntries(
      Object.entries(specsToTensors(network.weights)).map(([name, tensor]) => [
        name,
        tf.add(tf.abs(tensor), 0.1),
      ]),
    ),
    buffers: specsToTensors(network.buffers),
  };
  const x = tf.ones([1, ...network.input]);
  const middle = [0, Math.floor(height / 2), Math.floor(width / 2), 0];
  const logit = (image: tf.Tensor): tf.Tensor =>
    tf.slice(applied(network, { x: image, mode: "evaluate", ...arrays }).output, middle, [1, 1, 1, 1]);
  const columns = numbers(tf.sum(tf.abs(tf.grad(logit)(x)), [0, 1, 3]));
  return columns.filter((slope) => slope !== 0).length;
}

describe.each(rows)("the patch judge of %s", (name, multiple, map, field) => {
  const options: PatchOptions = PATCHES[name];

  it("gives a map by its formula", () => {
    for (const times of [4, 5, 8, 16]) {
      const [height, width] = [multiple * times, multiple * (times + 3)];
      expect(patchJudge([height, width, 2], { ...options, filters: 1 }).output).toEqual([
        map(height),
        map(width),
        1,
      ]);
    }
  });

  it("sees as many pixels with a logit", () => {
    const network = patchJudge([64, 256, 1], {
      ...options,
      filters: 1,
      norm: "none",
    });
    expect(networkToField(network)).toBe(field);
  });

  it("takes any image from a smallest on, and refuses smaller ones, naming it", () => {
    const taken = Array.from({ length: 64 }, (_, i) => i + 1).filter((side) => {
      try {
        return patchJudge([side, side, 3], { ...options, filters: 1 }) !== undefined;
      } catch (error) {
        expect((error as GanEvalError).code).toBe("usage.network");
        return false;
      }
    });
    const [smallest] = taken;
    expect(taken).toHaveLength(64 - smallest + 1);
    expect(() => patchJudge([smallest, smallest - 1, 3], { ...options, filters: 1 })).toThrow(
      `at least ${smallest} x ${smallest} pixels for a judge of ${options.layers ?? 3} layers, got ${smallest} x ${smallest - 1}`,
    );
  });
});

describe("a patch judge", () => {
  it("has 1 to 5 layers", () => {
    for (const layers of [1, 2, 3, 4, 5])
      expect(patchJudge([256, 256, 3], { layers, filters: 1 }).output).toEqual([
        256 / 2 ** layers - 2,
        256 / 2 ** layers - 2,
        1,
      ]);
    for (const layers of [0, 6, 1.5])
      expect(() => patchJudge([256, 256, 3], { layers })).toThrow(`1 to 5 layers of a judge, got ${layers}`);
  });

  it("has eight times its first filters at most", () => {
    const { weights } = patchJudge([256, 256, 3], { layers: 5, filters: 2 });
    const shapes = Object.values(weights).filter(({ shape }) => shape.length === 4);
    expect(shapes.map(({ shape }) => shape[3])).toEqual([2, 4, 8, 16, 16, 16, 1]);
  });

  it("sees the image at half or a quarter of its size, averaged without the border's padding", () => {
    const sides = [0, 1, 2].map(
      (halvings) => patchJudge([128, 128, 3], { ...PATCHES.munit, filters: 1, halvings }).output[0],
    );
    expect(sides).toEqual([8, 4, 2]);
    const network = patchJudge([64, 64, 1], { ...PATCHES.munit, filters: 1, norm: "none", halvings: 1 });
    const alone = patchJudge([32, 32, 1], { ...PATCHES.munit, filters: 1, norm: "none" });
    const weights = specsToTensors(network.weights);
    // Ones stay ones, at the border too.
    expect(numbers(applied(network, { x: tf.ones([1, 64, 64, 1]), weights }).output)).toEqual(
      numbers(applied(alone, { x: tf.ones([1, 32, 32, 1]), weights }).output),
    );
    expect(() => patchJudge([32, 32, 3], { ...PATCHES.munit, halvings: 2 })).toThrow(/at 1\/4 of the size/);
  });

  it("has the norm that it is asked for, and no biases before batch norm where they are not wanted", () => {
    const of = (options: PatchOptions) =>
      patchJudge([64, 64, 3], { ...PATCHES.junyanz, filters: 2, ...options });
    const kinds = (network: Network) => new Set(network.layers.map(({ kind }) => kind));
    expect(kinds(of({ norm: "batch" }))).toContain("batch-norm");
    expect(kinds(of({ norm: "instance" }))).toContain("instance-norm");
    expect([...kinds(of({ norm: "none" }))].filter((kind) => kind.endsWith("norm"))).toEqual([]);
    const biases = (network: Network) =>
      Object.keys(network.weights).filter((name) => name.endsWith("biases"));
    expect(biases(of({ norm: "instance" }))).toHaveLength(5);
    expect(biases(of({ norm: "batch" }))).toEqual(["convolution1/biases", "convolution5/biases"]);
  });
});

describe("the judge of pixels", () => {
  it("looks at each pixel alone, at any size", () => {
    expect(pixelJudge([3, 2, 3], { filters: 2 }).output).toEqual([3, 2, 1]);
    expect(networkToField(pixelJudge([4, 9, 1], { filters: 2, norm: "none" }))).toBe(1);
  });
});

describe("judges of a sixteenth of the size, rounded up", () => {
  it("of enlarged images see 93 pixels", () => {
    expect(networkToField(enlargedJudge([32, 160, 1], { filters: 1 }))).toBe(93);
    for (const side of [1, 16, 17, 90])
      expect(enlargedJudge([side, 32, 3], { filters: 1 }).output).toEqual([Math.ceil(side / 16), 2, 1]);
  });

  it("of pixelda take images from 17 pixels on", () => {
    for (const side of [17, 32, 33])
      expect(adaptationJudge([side, 32, 3], { filters: 1 }).output).toEqual([Math.ceil(side / 16), 2, 1]);
    expect(() => adaptationJudge([16, 32, 3])).toThrow(/at least 17 x 17/);
    expect(() => adaptationJudge([8, 32, 3], { layers: 3 })).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/at least 9 x 9 .* with 3 halvings, got 8 x 32/),
        hint: expect.stringMatching(/--discriminator-layers/),
      }),
    );
  });
});
