import { describe, expect, it } from "vitest";
import { dataToRealImages } from "../../../src/reports/content/real-images.ts";
import type { OpenedData } from "../../../src/train/data/opened-data.ts";
import { type ImageArrays, imagesToTrainingData } from "../../../src/train/training-data.ts";

/** Images of one level each, of which none is held out. */
function made(count: number, classes?: number): OpenedData {
  const train: ImageArrays = {
    pixels: Uint8Array.from({ length: count * 4 }, (_, i) => Math.floor(i / 4) % 256),
    shape: [2, 2, 1],
    ...(classes !== undefined && {
      labels: Int32Array.from({ length: count }, (_, i) => i % classes),
      classes,
    }),
  };
  return {
    kind: "images",
    label: "made",
    location: "made",
    shape: train.shape,
    ...(classes !== undefined && { classes }),
    count,
    heldOutCount: 0,
    hash: "",
    training: (seed) => imagesToTrainingData(train, seed),
    heldOut: () => ({ samples: new Float32Array(0) }),
    pixels: { train },
    warnings: [],
  };
}

describe("real images beside samples", () => {
  it.each([1, 2, 24, 25, 26, 60, 1999, 2000, 2001])("are there of data of %i", (count) => {
    const { pixels, columns } = dataToRealImages(made(count), false)!;
    expect(pixels.length / 4).toBe(Math.min(25, count));
    expect(columns).toBe(5);
  });

  it("stand in a row a class where none are held out either", () => {
    const { pixels, columns } = dataToRealImages(made(90, 3), true)!;
    expect([pixels.length / 4, columns]).toEqual([30, 10]);
    const levels = Array.from({ length: 30 }, (_, i) => pixels[4 * i]);
    for (const [i, level] of levels.entries()) expect(level % 3).toBe(Math.floor(i / 10));
  });

  it("are there, without rows, where the classes have too few for one", () => {
    expect(dataToRealImages(made(12, 3), true)!.pixels.length / 4).toBe(12);
  });
});
