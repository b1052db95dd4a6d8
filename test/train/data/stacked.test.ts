import { describe, expect, test } from "vitest";
import { drawStacked } from "../../../src/train/data/stacked.ts";
import { openData } from "../../../src/train/open-data.ts";
import { openRandomStream } from "../../../src/train/random.ts";

/** Two pixels an image, which tell its number and its class. */
const source = {
  pixels: Uint8Array.from({ length: 14 }, (_, i) => (i % 2 === 0 ? i / 2 : 100 + Math.floor(i / 2))),
  shape: [2, 1, 1],
  labels: Int32Array.of(0, 1, 2, 3, 0, 1, 2),
  classes: 4,
} as const;

describe("stacks", () => {
  const { pixels, labels, shape, classes } = drawStacked(source, 4000, openRandomStream(3, "data"));

  test("have a whole image in each channel, and the class that the channels' classes spell", () => {
    expect(shape).toEqual([2, 1, 3]);
    expect(classes).toBe(64);
    for (let i = 0; i < 4000; i++) {
      const [r, g, b] = pixels.subarray(6 * i, 6 * i + 3);
      expect([...pixels.subarray(6 * i + 3, 6 * i + 6)]).toEqual([r + 100, g + 100, b + 100]);
      expect(labels![i]).toBe(16 * (r % 4) + 4 * (g % 4) + (b % 4));
    }
  });

  test("take every image for every channel, about equally often", () => {
    for (let channel = 0; channel < 3; channel++)
      for (let image = 0; image < 7; image++) {
        let times = 0;
        for (let i = 0; i < 4000; i++) if (pixels[6 * i + channel] === image) times++;
        // Five standard deviations of a count of mean 571.
        expect(Math.abs(times - 4000 / 7)).toBeLessThan(5 * Math.sqrt((4000 / 7) * (6 / 7)));
      }
  });
});

describe("stacked-digits", async () => {
  const data = await openData("stacked-digits", { labels: "read", onError: "fail" });

  test("is a thousand classes of 28x28x3, without an end", () => {
    expect(data).toMatchObject({ kind: "images", shape: [28, 28, 3], classes: 1000, warnings: [] });
    expect(data.count).toBeUndefined();
    const batch = data.training(1).next(50);
    expect(batch.samples).toHaveLength(50 * 28 * 28 * 3);
    expect(Math.max(...batch.labels!)).toBeGreaterThan(99);
    expect(Math.min(...batch.samples)).toBe(-1);
  });

  test("goes on from a position to the same stacks, and other seeds give others", () => {
    const training = data.training(5);
    training.next(3);
    const { position } = training;
    const batch = training.next(4);
    const later = data.training(5);
    later.jump(position);
    expect(later.next(4)).toEqual(batch);
    expect(data.training(6).next(4)).not.toEqual(data.training(5).next(4));
  });

  test("has held-out stacks that are the same at every call", () => {
    expect(data.heldOut(20)).toEqual(data.heldOut(20));
    expect(data.heldOut(20).samples).toHaveLength(20 * 28 * 28 * 3);
    expect(data.pixels!.heldOut!.pixels).not.toEqual(data.pixels!.train.pixels);
  });

  test("can be of any images, but is never grey", async () => {
    const options = { labels: "ignore", onError: "fail" } as const;
    const stacked = await openData("stacked-mnist:digits", options);
    expect(stacked).toMatchObject({ shape: [28, 28, 3], hash: data.hash });
    expect(stacked.training(1).next(2).labels).toBeUndefined();
    await expect(openData("stacked-digits", { ...options, channels: 1 })).rejects.toMatchObject({
      code: "usage.channels",
    });
  });
});
