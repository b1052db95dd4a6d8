import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import type { GanEvalError } from "../../../src/errors.ts";
import type { ImageShape } from "../../../src/train/networks/image-size.ts";
import { codeEncoder } from "../../../src/train/networks/image-to-code.ts";
import type { Network } from "../../../src/train/networks/network.ts";
import { unitEncoder } from "../../../src/train/networks/shared-latent.ts";
import { contentEncoder, styleEncoder } from "../../../src/train/networks/style.ts";
import { RESNETS, resnetTranslator } from "../../../src/train/networks/translators.ts";
import { UNETS, unetTranslator } from "../../../src/train/networks/unet.ts";
import { applied, normals, numbers, specsToTensors } from "./eager.ts";

beforeAll(() => loadTensorflow());

const few = { filters: 1 } as const;
const resnets = Object.entries(RESNETS).map(([name, options]) => [name, options] as const);
const unets = Object.entries(UNETS).map(([name, options]) => [name, options] as const);

/** Networks of images, and the number that must divide their sides. */
const TAKING: readonly (readonly [string, (input: ImageShape) => Network, number, number])[] = [
  ...resnets.map(
    ([name, options]) =>
      [
        `the residual network of ${name}`,
        (input: ImageShape) => resnetTranslator(input, { ...options, ...few, blocks: 1 }),
        4,
        8,
      ] as const,
  ),
  ...unets.map(
    ([name, options]) =>
      [
        `the U-Net of ${name}, of 4 levels`,
        (input: ImageShape) => unetTranslator(input, { ...options, ...few, levels: 4 }),
        16,
        16,
      ] as const,
  ),
  ["munit's content encoder", (input) => contentEncoder(input, { ...few, blocks: 1 }), 4, 8],
  ["munit's style encoder", (input) => styleEncoder(input, few), 4, 8],
  ["unit's encoder", (input) => unitEncoder(input, { ...few, blocks: 1 }), 4, 8],
  ["bicyclegan's encoder", (input) => codeEncoder(input, few), 16, 16],
];

describe.each(TAKING)("%s", (_name, make, multiple, smallest) => {
  const side = fc.integer({ min: 1, max: 80 });
  const fits = (size: number): boolean => size % multiple === 0 && size >= smallest;

  it("takes sides that its halvings divide, and refuses others, naming the nearest that fit", () => {
    fc.assert(
      fc.property(side, side, fc.constantFrom(1, multiple), (rows, columns, by) => {
        const [height, width] = [Math.ceil(rows / by) * by, Math.ceil(columns / by) * by];
        // A U-Net has as many levels as its shorter side allows.
        fc.pre(Math.min(height, width) >= smallest);
        if (fits(height) && fits(width)) {
          expect(make([height, width, 3]).input).toEqual([height, width, 3]);
          return;
        }
        const error = (() => {
          try {
            make([height, width, 3]);
          } catch (caught) {
            return caught as GanEvalError;
          }
          throw new Error(`${height} x ${width} was taken`);
        })();
        expect(error.message).toMatch(`multiples of ${multiple}`);
        expect(error.message).toMatch(`got ${height} x ${width}`);
        const named = error.hint!.match(/\d+/g)!.map(Number);
        for (const wrong of [height, width].filter((size) => !fits(size))) {
          const distances = named.map((size) => Math.abs(size - wrong));
          expect(Math.min(...distances)).toBeLessThan(multiple);
        }
        for (const size of named) expect(make([size, size, 3]).input).toEqual([size, size, 3]);
      }),
      { numRuns: 40, seed: 2020 },
    );
  });
});

describe.each([
  ...resnets.map(([name, options]) => [
    `the residual network of ${name}`,
    (input: ImageShape) => resnetTranslator(input, { ...options, ...few, blocks: 1, channels: 2 }),
  ]),
  ...unets.map(([name, options]) => [
    `the U-Net of ${name}`,
    (input: ImageShape) => unetTranslator(input, { ...options, ...few, levels: 3, channels: 2 }),
  ]),
] as [string, (input: ImageShape) => Network][])("%s", (_name, make) => {
  it("gives images of the input's size and the channels asked for, in [-1, 1]", () => {
    const network = make([16, 24, 3]);
    expect(network.output).toEqual([16, 24, 2]);
    const sides = Object.fromEntries(
      Object.entries(network.sides).map(([name, shape]) => [name, normals([2, ...shape])]),
    );
    const noise = Object.fromEntries(
      Object.entries(network.noise).map(([name, shape]) => [name, tf.fill([2, ...shape], 0.9)]),
    );
    const { output } = applied(network, { x: normals([2, 16, 24, 3]), sides, noise });
    expect(output.shape).toEqual([2, 16, 24, 2]);
    expect(Math.max(...numbers(tf.abs(output)))).toBeLessThanOrEqual(1);
  });
});

describe("a U-Net", () => {
  /** How often `skip` stands in the longest name: one less than the levels. */
  const depth = ({ weights }: Network): number =>
    Math.max(...Object.keys(weights).map((name) => name.split("skip").length - 1));

  it("has the levels asked for, but not more than the shorter side can be halved", () => {
    expect(depth(unetTranslator([64, 64, 3], { ...few, levels: 3 }))).toBe(2);
    expect(depth(unetTranslator([64, 64, 3], few))).toBe(5);
    expect(depth(unetTranslator([64, 32, 3], few))).toBe(4);
    expect(depth(unetTranslator([256, 256, 3], few))).toBe(7);
    expect(() => unetTranslator([48, 64, 3], few)).toThrow(/multiples of 32/);
    expect(() => unetTranslator([3, 3, 3], few)).toThrow(/at least 2 halvings of a U-Net, got 3 x 3/);
  });

  it.each([
    ["pix2pix", 9],
    ["discogan", 7],
    ["dualgan", 7],
    ["ccgan", 7],
    ["bicyclegan", 0],
    ["junyanz", 3],
  ] as const)("of %s has dropout in %i places at its full depth, none at a rate of 0", (name, places) => {
    const options = { ...UNETS[name], ...few };
    expect(Object.keys(unetTranslator([256, 256, 3], options).noise)).toHaveLength(places);
    expect(unetTranslator([256, 256, 3], { ...options, dropout: 0 }).noise).toEqual({});
  });

  it("reads a side input where the image has its size, and refuses to be too shallow for it", () => {
    const options = { ...UNETS.ccgan, ...few };
    expect(unetTranslator([32, 64, 3], options).sides).toEqual({ low: [8, 16, 3] });
    expect(() => unetTranslator([32, 32, 3], { ...options, levels: 2 })).toThrow(/more than 2 levels/);
  });

  it("brings what the largest size held straight across: near a pixel all is there without the inner levels", () => {
    const network = unetTranslator([16, 16, 1], { filters: 4, norm: "none", deviation: 0.3, levels: 4 });
    const weights = Object.fromEntries(
      Object.entries(specsToTensors(network.weights)).map(([name, tensor]) => [
        name,
        name.startsWith("skip1/") ? tf.zerosLike(tensor) : tensor,
      ]),
    );
    const [row, column] = [9, 5];
    const pixels = (change: number) =>
      tf.tensor(
        Float32Array.from({ length: 256 }, (_, i) => 0.1 + (i === row * 16 + column ? change : 0)),
        [1, 16, 16, 1],
      );
    const outputOf = (change: number) => applied(network, { x: pixels(change), weights }).output;
    const changes = numbers(tf.abs(tf.sub(outputOf(0.5), outputOf(0))));
    const isNear = (i: number) => Math.abs(Math.floor(i / 16) - row) <= 3 && Math.abs((i % 16) - column) <= 3;
    expect(changes.some((change, i) => isNear(i) && change > 1e-3)).toBe(true);
    expect(changes.filter((_, i) => !isNear(i)).every((change) => change === 0)).toBe(true);
  });
});

describe("weights before training", () => {
  const values = (network: Network, end: string) =>
    Object.entries(specsToTensors(network.weights))
      .filter(([name]) => name.endsWith(end))
      .flatMap(([, tensor]) => numbers(tensor));
  const spread = (all: readonly number[]): number =>
    Math.sqrt(all.reduce((sum, value) => sum + value * value, 0) / all.length);

  it("are normal with deviation 0.02, with biases of 0 or PyTorch's", () => {
    const zeros = resnetTranslator([32, 32, 3], { ...RESNETS.cyclegan, filters: 8, blocks: 1 });
    expect(spread(values(zeros, "/weights"))).toBeCloseTo(0.02, 3);
    expect(new Set(values(zeros, "/biases"))).toEqual(new Set([0]));
    const drawn = unetTranslator([32, 32, 3], { ...UNETS.discogan, filters: 4 });
    expect(spread(values(drawn, "/biases"))).toBeGreaterThan(0.02);
  });

  it("are PyTorch's where nothing else is asked for: uniform within 1 / sqrt(inputs)", () => {
    const network = resnetTranslator([32, 32, 3], { filters: 8, blocks: 1, deviation: null });
    const weights = Object.entries(specsToTensors(network.weights)).filter(([name]) =>
      /\/weights$/.test(name),
    );
    for (const [, tensor] of weights) {
      const [height, width, inputs] = tensor.shape;
      const bound = 1 / Math.sqrt(height * width * inputs!);
      const largest = Math.max(...numbers(tf.abs(tensor)));
      expect(largest).toBeLessThanOrEqual(bound);
      expect(largest).toBeGreaterThan(0.9 * bound);
    }
  });
});
