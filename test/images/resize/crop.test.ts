/** The square in the middle of an image: what it holds, and where halves of a pixel go. */
import { describe, expect, it } from "vitest";
import { imageToCrop } from "../../../src/images/resize/crop.ts";

/** Red is the column, green the row. */
function coordinates(width: number, height: number) {
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    pixels[3 * i] = i % width;
    pixels[3 * i + 1] = Math.floor(i / width);
  }
  return { pixels, width, height, name: "a" };
}

describe("imageToCrop", () => {
  it.each([
    [5, 5],
    [8, 5],
    [5, 8],
    [7, 6],
    [6, 7],
    [9, 6],
    [1, 4],
  ])(
    "takes the square of the short side of %i x %i, and begins at the whole part of half the rest",
    (width, height) => {
      const side = Math.min(width, height);
      const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
      const cut = imageToCrop(coordinates(width, height), "centre");
      expect([cut.width, cut.height]).toEqual([side, side]);
      for (let i = 0; i < side * side; i++) {
        expect(cut.pixels[3 * i]).toBe(left + (i % side));
        expect(cut.pixels[3 * i + 1]).toBe(top + Math.floor(i / side));
      }
    },
  );

  it("cuts a square image and no crop nowhere", () => {
    const [square, wide] = [coordinates(4, 4), coordinates(6, 4)];
    expect(imageToCrop(square, "centre")).toBe(square);
    expect(imageToCrop(wide, "none")).toBe(wide);
  });
});
