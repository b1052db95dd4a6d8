/** Images resized on a device: what the CPU's exact resizes give, to the rounding of float32. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { DeviceArray, Engine } from "../../../src/engine/engine.ts";
import {
  imageToInput,
  openPreprocessedInput,
  type Preprocessing,
} from "../../../src/extractors/custom/preprocessing.ts";
import { type BatchArray, type InputForm, openImageInput } from "../../../src/extractors/image-input.ts";
import { RESIZE_MODES, type ResizeMode } from "../../../src/images/resize/resize.ts";
import type { Image } from "../../../src/images/source.ts";
import { seededBytes } from "../../images/seeded.ts";
import { haveWebGpu } from "./software-gpu.ts";

/**
 * 8 ulp of 255, what torch-bicubic may be from PyTorch itself (test/images/resize): sums of up to 23 terms in another order,
 * of weights rounded to float32.
 */
const LEVELS = 8 * 2 ** -16;
const MODES = Object.keys(RESIZE_MODES) as ResizeMode[];

type Sides = readonly [width: number, height: number];

const randomImage = ([width, height]: Sides, seed: number): Image => ({
  ...{ width, height, name: `${seed}` },
  pixels: seededBytes(seed, width * height * 3),
});

/** Smooth as photographs mostly are, with an edge. */
function smoothImage([width, height]: Sides, seed: number): Image {
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const light = 127 + 90 * Math.sin(seed + x / 9 + (i % 3)) * Math.cos(y / 13);
    pixels[i] = x > 2 * y ? light : 255 - light / 2;
  }
  return { width, height, name: `${seed}`, pixels };
}

describe.skipIf(!haveWebGpu())("on WebGPU a batch of images", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOnnxEngine({ device: "webgpu", threads: 1, selfCheck: true });
  });
  afterAll(() => engine?.dispose());

  const readBatch = async (batch: BatchArray) => {
    expect(batch).not.toBeInstanceOf(Float32Array);
    return (await engine.memory!.read(batch as DeviceArray)) as Float32Array;
  };

  async function imagesToLevels(images: readonly Image[], resize: ResizeMode, [width, height]: Sides) {
    const form: InputForm = { width, height, channels: 3, layout: "nhwc", resize };
    const fill = ({ pixels, ...from }: Image, place: Float32Array): void => {
      RESIZE_MODES[resize](pixels, from.width, from.height, width, height, place);
    };
    const input = await openImageInput(engine, form, images.length, fill);
    const actual = await input.run(images, readBatch);
    await input.dispose();
    const expected = images.map((image) => {
      const place = new Float32Array(width * height * 3);
      fill(image, place);
      return [...place];
    });
    return Math.max(...expected.flat().map((level, i) => Math.abs(level - actual[i]!)));
  }

  it.each(MODES)("is resized by %s as on the CPU, up, down and along one axis", async (mode) => {
    const cases: readonly (readonly [Sides, Sides])[] = [
      [
        [32, 32],
        [75, 75],
      ],
      [
        [200, 131],
        [75, 60],
      ],
      [
        [75, 40],
        [75, 61],
      ],
      [
        [91, 60],
        [75, 60],
      ],
    ];
    let largest = 0;
    for (const [from, to] of cases)
      for (const images of [
        [randomImage(from, 1), randomImage(from, 2)],
        [smoothImage(from, 1), smoothImage(from, 2)],
      ])
        largest = Math.max(largest, await imagesToLevels(images, mode, to));
    expect(largest).toBeLessThanOrEqual(LEVELS);
  });

  it.each(MODES)("of the network's size keeps its levels: %s", async (mode) => {
    expect(await imagesToLevels([randomImage([20, 30], 3)], mode, [20, 30])).toBe(0);
  });

  it("is made grey and scaled in the layout of the network", async () => {
    for (const channels of [1, 3] as const)
      for (const layout of ["nchw", "nhwc"] as const) {
        const to: Preprocessing = {
          ...{ width: 24, height: 20, channels, layout, resize: "clean" },
          ...{ mean: [0.4, 0.5, 0.6].slice(0, channels), std: [0.2, 0.3, 0.25].slice(0, channels) },
        };
        const images = [smoothImage([40, 40], 1), randomImage([40, 40], 4)];
        const input = await openPreprocessedInput(engine, to, 3);
        const actual = await input.run(images, readBatch);
        expect(actual).toHaveLength(3 * 24 * 20 * channels);
        const expected = new Float32Array(24 * 20 * channels);
        for (const [row, image] of images.entries()) {
          imageToInput(image, to, expected, new Float32Array(24 * 20 * 3));
          for (const [i, value] of expected.entries())
            expect(Math.abs(actual[row * expected.length + i]! - value)).toBeLessThan(5e-6);
        }
        await input.dispose();
      }
  });

  it("of several sizes is resized on the CPU, exactly", async () => {
    const form: InputForm = { width: 24, height: 24, channels: 3, layout: "nhwc", resize: "tf1" };
    const input = await openImageInput(engine, form, 2, ({ pixels, width, height }, place) => {
      RESIZE_MODES.tf1(pixels, width, height, 24, 24, place);
    });
    const images = [randomImage([30, 30], 5), randomImage([31, 30], 6)];
    const batch = await input.run(images, async (array) => array);
    expect(batch).toEqual(
      Float32Array.from(
        images.flatMap(({ pixels, width, height }) => [...RESIZE_MODES.tf1(pixels, width, height, 24)]),
      ),
    );
    await input.dispose();
  });

  it("fails where the device does not resize as the CPU does", async () => {
    const form: InputForm = { width: 24, height: 24, channels: 3, layout: "nhwc", resize: "tf1" };
    const input = await openImageInput(engine, form, 1, ({ pixels, width, height }, place) => {
      RESIZE_MODES.pytorch(pixels, width, height, 24, 24, place);
    });
    for (let run = 0; run < 2; run++)
      await expect(input.run([randomImage([30, 30], 5)], readBatch)).rejects.toMatchObject({
        code: "unavailable.device-differs",
        message: expect.stringContaining("output batch of resize-30x30 on webgpu"),
      });
    await input.dispose();
  });
});
