/** Every extractor crops alike, and says so. */
import { describe, expect, it } from "vitest";
import { openExtractor } from "../../src/extractors/open-extractor.ts";
import { cropToResize, resizeToCrop } from "../../src/extractors/with-crop.ts";
import { imageToCrop } from "../../src/images/resize/crop.ts";

const COMPUTATION = { batchSize: 2, engine: "onnx", device: "cpu", threads: 1 } as const;

function wideImage(width: number, height: number) {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7919) % 256);
  return { pixels, width, height, name: "wide" };
}

describe("withCrop", () => {
  it.each(["pixels", "random-conv", "digits", "stacked-digits"])(
    "%s gives the features of the cropped image, under another hash and resize",
    async (name) => {
      const image = wideImage(41, 30);
      const plain = await openExtractor({ ...COMPUTATION, extractor: name });
      const cropping = await openExtractor({ ...COMPUTATION, extractor: name, crop: "centre" });
      const uncropped = await openExtractor({ ...COMPUTATION, extractor: name, crop: "none" });
      try {
        const end = plain.extractor.featureEnd;
        const features = async ({ extractor }: typeof plain, of = image) =>
          (await extractor.extract([of]))[end]!.data;
        const expected = await features(plain, imageToCrop(image, "centre") as typeof image);
        expect(await features(cropping)).toEqual(expected);
        expect(await features(plain)).not.toEqual(expected);
        expect(cropping.extractor.resize).toBe(`centre crop, ${plain.extractor.resize}`);
        expect(cropping.extractor.hash).not.toBe(plain.extractor.hash);
        expect(uncropped.extractor.hash).toBe(plain.extractor.hash);
        expect(uncropped.extractor.resize).toBe(plain.extractor.resize);
      } finally {
        for (const each of [plain, cropping, uncropped]) await each.close();
      }
    },
  );

  it("the crop is read back from what it was written to", () => {
    expect(resizeToCrop(cropToResize("centre", "tf1"))).toBe("centre");
    expect(resizeToCrop(cropToResize("none", "tf1"))).toBe("none");
    expect(resizeToCrop(cropToResize(undefined, "tf1"))).toBe("none");
    expect(resizeToCrop("unknown")).toBe("unknown");
    expect(cropToResize("centre", cropToResize("centre", "tf1"))).toBe("centre crop, tf1");
  });
});
