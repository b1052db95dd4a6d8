import { describe, expect, it } from "vitest";
import { SCALINGS } from "../../../src/extractors/custom/custom-options.ts";
import {
  imageToInput,
  type Preprocessing,
  preprocessingToText,
  shapeToPreprocessing,
} from "../../../src/extractors/custom/preprocessing.ts";
import { RESIZE_MODES } from "../../../src/images/resize/resize.ts";
import { seededBytes } from "../../images/seeded.ts";

const IMAGE = { name: "#0", width: 9, height: 7, pixels: seededBytes(3, 9 * 7 * 3) };

function toInput(preprocessing: Preprocessing, image = IMAGE): Float32Array {
  const { height, width, channels } = preprocessing;
  const out = new Float32Array(height * width * channels);
  imageToInput(image, preprocessing, out, new Float32Array(height * width * 3));
  return out;
}

describe("images made ready", () => {
  it.each(["tf1", "pytorch", "clean", "antialias"] as const)(
    "are (level / 255 - mean) / std of the image resized by %s, in both layouts",
    (resize) => {
      const { mean, std } = SCALINGS.clip;
      const levels = RESIZE_MODES[resize](IMAGE.pixels, 9, 7, 5, 4);
      for (const layout of ["nchw", "nhwc"] as const) {
        const shape = layout === "nchw" ? [1, 3, 4, 5] : [1, 4, 5, 3];
        const input = toInput(shapeToPreprocessing(shape, { mean: "clip", resize }, "net"));
        for (let y = 0; y < 4; y++)
          for (let x = 0; x < 5; x++)
            for (let c = 0; c < 3; c++) {
              const at = layout === "nchw" ? (c * 4 + y) * 5 + x : (y * 5 + x) * 3 + c;
              const level = levels[(y * 5 + x) * 3 + c];
              expect(input[at]).toBe(Math.fround((level / 255 - mean[c]) / std[c]));
            }
      }
    },
  );

  it("of the network's size are not resized", () => {
    const preprocessing = shapeToPreprocessing([undefined, 3, 7, 9], {}, "net");
    expect([...toInput(preprocessing)].slice(0, 9)).toEqual(
      Array.from({ length: 9 }, (_, x) => Math.fround(IMAGE.pixels[3 * x] / 255)),
    );
  });

  it("in grey keep equal channels to the bit", () => {
    const grey = Uint8Array.from({ length: 63 * 3 }, (_, i) => IMAGE.pixels[Math.floor(i / 3)]);
    const preprocessing = shapeToPreprocessing([1, 7, 9, 1], { mean: "half" }, "net");
    expect(preprocessing).toMatchObject({ channels: 1, layout: "nhwc", mean: [0.5], std: [0.5] });
    expect([...toInput(preprocessing, { ...IMAGE, pixels: grey })]).toEqual(
      Array.from({ length: 63 }, (_, i) => Math.fround((grey[3 * i] / 255 - 0.5) / 0.5)),
    );
  });
});

describe("what the input's shape and the options say together", () => {
  it("is the layout by where 3 stands, then by where 1 does", () => {
    const layoutOf = (shape: (number | undefined)[]) =>
      shapeToPreprocessing(shape, { inputSize: [8, 8] }, "net").layout;
    expect(layoutOf([1, 3, 8, 8])).toBe("nchw");
    expect(layoutOf([undefined, undefined, undefined, 3])).toBe("nhwc");
    expect(layoutOf([1, 1, 8, 8])).toBe("nchw");
    expect(() => layoutOf([1, undefined, undefined, undefined])).toThrow(
      expect.objectContaining({ code: "usage.layout" }),
    );
  });

  it("is a size of the options only where the shape leaves it open", () => {
    const sizeOf = (shape: (number | undefined)[], inputSize?: [number, number]) => {
      const { height, width } = shapeToPreprocessing(shape, inputSize ? { inputSize } : {}, "net");
      return [height, width];
    };
    expect(sizeOf([1, 3, 8, 6])).toEqual([8, 6]);
    expect(sizeOf([1, 3, undefined, 6], [5, 6])).toEqual([5, 6]);
    expect(sizeOf([1, 3, 8, 6], [8, 6])).toEqual([8, 6]);
    for (const wrong of [
      () => sizeOf([1, 3, undefined, 6]),
      () => sizeOf([1, 3, 8, 6], [6, 8]),
      () => sizeOf([1, 3, 8, 6], [8, 8]),
      () => sizeOf([1, 3, 8, 6], [6, 6]),
    ])
      expect(wrong).toThrow(expect.objectContaining({ code: "usage.input-size" }));
  });

  it("is said in one line", () => {
    const text = (options: Parameters<typeof shapeToPreprocessing>[1]) =>
      preprocessingToText(shapeToPreprocessing([1, 3, 224, 224], options, "net"));
    expect(text({})).toBe("clean to 224x224, mean 0,0,0, std 1,1,1");
    expect(text({ mean: "imagenet", resize: "antialias" })).toBe(
      "antialias to 224x224, mean 0.485,0.456,0.406, std 0.229,0.224,0.225",
    );
    // A deviation of one's own goes before the named one.
    expect(text({ mean: "imagenet", std: [0.5] })).toContain("std 0.5,0.5,0.5");
  });
});
