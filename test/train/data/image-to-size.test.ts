import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { isGrey, pixelsToSize, rgbToGrey } from "../../../src/train/data/image-to-size.ts";
import { seededBytes } from "../../images/seeded.ts";

interface Case {
  readonly seed: number;
  readonly from: readonly [width: number, height: number, channels: number];
  readonly side: number;
  readonly sha256: string;
}

/** Made by bench/peers/picture_size_goldens.py with torchvision itself. */
const { cases } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "../fixtures/picture-size.json"), "utf8"),
) as { cases: Case[] };

describe("images brought to a size", () => {
  test.each(cases)("are torchvision's Resize and CenterCrop to the byte, $from to $side", (golden) => {
    const [width, height, channels] = golden.from;
    const pixels = seededBytes(golden.seed, width * height * channels);
    const out = pixelsToSize(pixels, [height, width], channels, [golden.side, golden.side]);
    expect(out).toHaveLength(golden.side ** 2 * channels);
    expect(createHash("sha256").update(out).digest("hex")).toBe(golden.sha256);
  });

  test("of the size wanted stay as they are", () => {
    const pixels = seededBytes(1, 12 * 7 * 3);
    expect(pixelsToSize(pixels, [7, 12], 3, [7, 12])).toBe(pixels);
  });

  test("of one colour stay of that colour", () => {
    const out = pixelsToSize(new Uint8Array(31 * 17).fill(200), [31, 17], 1, [8, 12]);
    expect(out).toEqual(new Uint8Array(96).fill(200));
  });

  test("lose as much on both sides: a symmetric image stays symmetric", () => {
    const row = Uint8Array.from({ length: 40 }, (_, x) => 6 * Math.min(x, 39 - x));
    const out = pixelsToSize(
      new Uint8Array(
        Array(20)
          .fill([...row])
          .flat(),
      ),
      [20, 40],
      1,
      [10, 10],
    );
    for (let x = 0; x < 10; x++) expect(out[x]).toBe(out[9 - x]);
    // Columns 10 to 29 of 40 are left.
    expect(out[0]).toBeGreaterThanOrEqual(60);
  });
});

test("grey is PIL's mode L of colour, and every level of grey stays itself", () => {
  // Image.new("RGB", (1, 1), colour).convert("L")
  expect([...rgbToGrey(Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255))]).toEqual([76, 150, 29]);
  const levels = Uint8Array.from({ length: 256 }, (_, i) => i);
  const rgb = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
  expect(rgbToGrey(rgb)).toEqual(levels);
  expect(isGrey(rgb)).toBe(true);
  rgb[767]--;
  expect(isGrey(rgb)).toBe(false);
});
