import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GanEvalError } from "../../../src/errors.ts";
import { imageToDigit } from "../../../src/extractors/digits/image-to-digit.ts";
import { fixture, greyImage, readDigits } from "./digit-images.ts";

const side = fc.integer({ min: 1, max: 90 });

describe("an image as a digit", () => {
  it("keeps the bytes of a grey 28x28 image", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 784, maxLength: 784 }), (grey) => {
        const digit = imageToDigit(greyImage(grey));
        expect(digit.grey).toEqual(grey);
        expect([digit.coloured, digit.resized]).toEqual([false, false]);
      }),
      { numRuns: 20 },
    );
  });

  it("turns colour into PIL's luma, and says so", () => {
    const pixels = new Uint8Array(784 * 3);
    pixels.set([255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30]);
    const digit = imageToDigit({ pixels, width: 28, height: 28, name: "colours" });
    // Image.new("RGB", (1, 1), c).convert("L") of Pillow 13 for the four colours.
    expect([...digit.grey.subarray(0, 4)]).toEqual([76, 150, 29, 18]);
    expect(digit.coloured).toBe(true);
  });

  it("keeps a constant image constant at any size", () => {
    fc.assert(
      fc.property(side, side, fc.integer({ min: 0, max: 255 }), (width, height, value) => {
        const digit = imageToDigit(greyImage(new Uint8Array(width * height).fill(value), width, height));
        expect(digit.grey).toEqual(new Uint8Array(784).fill(value));
        expect(digit.resized).toBe(width !== 28 || height !== 28);
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the mean of an image that shrinks to within rounding", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 56 * 56, maxLength: 56 * 56 }), (grey) => {
        // Black at the border, where the filter is cut off and weighs pixels unevenly.
        for (let i = 0; i < grey.length; i++) {
          const [x, y] = [i % 56, Math.floor(i / 56)];
          if (Math.min(x, y, 55 - x, 55 - y) < 3) grey[i] = 0;
        }
        const mean = (bytes: Uint8Array) => bytes.reduce((a, b) => a + b, 0) / bytes.length;
        const { grey: small } = imageToDigit(greyImage(grey, 56, 56));
        expect(Math.abs(mean(small) - mean(grey))).toBeLessThan(0.5);
      }),
      { numRuns: 20 },
    );
  });

  it("keeps left left and up up", () => {
    const grey = new Uint8Array(60 * 40);
    for (let y = 0; y < 20; y++) grey.fill(255, y * 60 + 45, y * 60 + 60);
    const { grey: digit } = imageToDigit(greyImage(grey, 60, 40));
    const at = (x: number, y: number) => digit[y * 28 + x];
    expect([at(26, 2), at(2, 2), at(26, 26), at(2, 26)]).toEqual([255, 0, 0, 0]);
  });

  it("remarks on black digits on white, and not on white ones on black", () => {
    const { images } = readDigits(fixture("real"));
    for (const image of images.slice(0, 200)) {
      expect(imageToDigit(image).light).toBe(false);
      const inverted = { ...image, pixels: image.pixels.map((value) => 255 - value) };
      expect(imageToDigit(inverted).light).toBe(true);
    }
  });

  it("refuses bytes that do not fit the size", () => {
    const sizes = [
      [784 * 3 - 1, 28, 28],
      [0, 0, 0],
      [3, -1, -1],
      [3, Number.NaN, 1],
    ];
    for (const [length, width, height] of sizes)
      expect(() => imageToDigit({ pixels: new Uint8Array(length), width, height, name: "odd" })).toThrow(
        GanEvalError,
      );
  });
});
