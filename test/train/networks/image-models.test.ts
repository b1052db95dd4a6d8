import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import { attributeTrunk } from "../../../src/train/networks/attribute-judge.ts";
import { clusterGenerator, clusterReader } from "../../../src/train/networks/code-networks.ts";
import { coupledJudgeTrunk, coupledTrunk } from "../../../src/train/networks/coupled.ts";
import type { ImageShape } from "../../../src/train/networks/image-size.ts";
import { holeGenerator } from "../../../src/train/networks/inpainting.ts";
import type { Network } from "../../../src/train/networks/network.ts";
import { unitEncoder, unitGenerator, unitShared } from "../../../src/train/networks/shared-latent.ts";
import { contentEncoder, STYLE_SIDE, styleDecoder, styleMlp } from "../../../src/train/networks/style.ts";
import { rrdb, srresnet } from "../../../src/train/networks/super-resolution.ts";
import { applied, normals, numbers } from "./eager.ts";

beforeAll(() => loadTensorflow());

const few = { filters: 2 } as const;

describe("networks that enlarge images", () => {
  it("do so 1, 2, 4 or 8 times, from any size", () => {
    for (const factor of [1, 2, 4, 8])
      for (const network of [
        srresnet([5, 3, 1], { ...few, factor, blocks: 1 }),
        rrdb([5, 3, 1], { ...few, factor, blocks: 1 }),
        rrdb([5, 3, 1], { ...few, factor, blocks: 1, upSampling: "shuffle" }),
      ])
        expect(network.output).toEqual([5 * factor, 3 * factor, 1]);
  });

  it.each([srresnet, rrdb])("%o refuses other factors", (make) => {
    for (const factor of [3, 0, 0.5]) expect(() => make([5, 3, 1], { factor })).toThrow(`got ${factor}`);
  });

  it("have no batch norm where none is wanted", () => {
    expect(srresnet([4, 4, 1], { ...few, norm: false }).buffers).toEqual({});
    expect(rrdb([4, 4, 1], few).buffers).toEqual({});
  });
});

describe("a context encoder", () => {
  it("fills a hole of half the side, or of a quarter", () => {
    for (const side of [16, 32, 64, 128, 256]) {
      expect(holeGenerator([side, side, 3], few).output).toEqual([side / 2, side / 2, 3]);
      const quarter = holeGenerator([side, side, 3], { ...few, holeHalvings: 2 });
      expect(quarter.output).toEqual([side / 4, side / 4, 3]);
    }
  });

  it("refuses sides that its halvings do not divide", () => {
    expect(() => holeGenerator([100, 128, 3])).toThrow(/multiples of 32, .* got 100 x 128/);
    expect(() => holeGenerator([4, 4, 3])).toThrow(/at least 8/);
  });
});

describe("a decoder of content and style", () => {
  const content = contentEncoder([16, 16, 3], { ...few, blocks: 1 });
  const decoder = styleDecoder(content.output as ImageShape, 3, { blocks: 2 });
  const mlp = styleMlp(decoder, { style: 2, units: 4 });

  it("reads two numbers for each channel of each norm, which the style's network gives", () => {
    expect(decoder.sides).toEqual({ [STYLE_SIDE]: [2 * 2 * 2 * 8] });
    expect(mlp.output).toEqual(decoder.sides[STYLE_SIDE]);
    expect(decoder.output).toEqual([16, 16, 3]);
  });

  it("makes another image of the same content with another style", () => {
    const x = normals([1, ...decoder.input]);
    const [one, two] = [1, 2].map((seed) => {
      const style = applied(mlp, { x: normals([1, 2], seed) }).output;
      return numbers(applied(decoder, { x, sides: { [STYLE_SIDE]: style } }).output);
    });
    expect(one).not.toEqual(two);
  });
});

describe("two domains around a shared latent", () => {
  it("fit together", () => {
    const encoder = unitEncoder([16, 24, 3], { ...few, blocks: 1 });
    const shared = unitShared(encoder.output as ImageShape);
    expect([shared.input, shared.output]).toEqual([encoder.output, encoder.output]);
    expect(unitGenerator(shared.output as ImageShape, 3, { blocks: 1 }).output).toEqual([16, 24, 3]);
  });
});

/** Sides that a network takes, and those that it refuses. */
const SIDES: readonly (readonly [
  string,
  (image: ImageShape) => Network,
  readonly number[],
  readonly number[],
])[] = [
  ["cluster_gan's generator", (image) => clusterGenerator(5, image, few), [4, 28, 32], [2, 10, 30]],
  ["cluster_gan's readers", (image) => clusterReader(image, 1, few), [10, 11, 28, 33], [1, 9]],
  ["cogan's generators", (image) => coupledTrunk(5, image, few), [4, 28, 32], [2, 30]],
  ["cogan's judges", (image) => coupledJudgeTrunk(image, few), [1, 16, 28, 33], []],
  ["stargan's judge", (image) => attributeTrunk(image, few), [64, 128], [32, 96, 100]],
  ["stargan's judge of 4 layers", (image) => attributeTrunk(image, { ...few, layers: 4 }), [16, 48], [8, 40]],
];

describe.each(SIDES)("%s", (_name, make, taken, refused) => {
  it("takes and refuses sides as it says", () => {
    for (const side of taken) {
      const { output } = make([side, side, 1]);
      expect(output.every((size) => size >= 1)).toBe(true);
    }
    for (const side of refused)
      expect(() => make([side, side, 1])).toThrow(expect.objectContaining({ code: "usage.network" }));
  });
});
