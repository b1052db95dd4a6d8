import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { RESIZE_MODES, type ResizeMode } from "../../../src/images/resize/resize.ts";
import { seededBytes } from "../seeded.ts";

interface Golden {
  readonly sha256: string;
  readonly samples: readonly (readonly [number, number])[];
}
type Case = { seed: number; from: [number, number]; to: [number, number] } & Record<ResizeMode, Golden>;

/** Made by bench/peers/resize_goldens.py with torch-fidelity, PyTorch and Pillow themselves. */
const { cases } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "../fixtures/resize.json"), "utf8"),
) as { cases: Case[] };

/**
 * Largest deviation from the reference. tf1 and clean: none. pytorch: its vectorised kernel fuses or reorders roundings
 * of terms up to 255, so 2 ulp of 255 (2^-16 each); see `resizePytorch`. antialias: PyTorch sums up
 * to 23 terms in float32, this in float64; 4 ulp of 255. torch-bicubic: the same of weights of both signs, which overshoot
 * to twice the terms; 8 ulp of 255. pil-bicubic and pil13-bicubic: none.
 */
const TOLERANCE: Record<ResizeMode, number> = {
  tf1: 0,
  pytorch: 2 * 2 ** -16,
  clean: 0,
  antialias: 4 * 2 ** -16,
  "pil-bicubic": 0,
  "pil13-bicubic": 0,
  "torch-bicubic": 8 * 2 ** -16,
};

const grey = (rows: number[][]): Uint8Array => Uint8Array.from(rows.flat().flatMap((v) => [v, v, v]));
const red = (out: Float32Array): number[] => Array.from(out).filter((_, i) => i % 3 === 0);

describe.each(Object.keys(RESIZE_MODES) as ResizeMode[])("%s", (mode) => {
  const resize = RESIZE_MODES[mode];

  test.each(cases)("gives the reference library's values, $from to $to", (golden) => {
    const [width, height] = golden.from;
    const pixels = seededBytes(golden.seed, width * height * 3);
    const out = resize(pixels, width, height, ...golden.to);
    const { samples, sha256 } = golden[mode];
    const worst = Math.max(...samples.map(([i, value]) => Math.abs(out[i] - value)));
    expect(worst).toBeLessThanOrEqual(TOLERANCE[mode]);
    if (TOLERANCE[mode] === 0) expect(createHash("sha256").update(out).digest("hex")).toBe(sha256);
  });

  test("an image of the size wanted stays as it is", () => {
    const pixels = seededBytes(12, 13 * 13 * 3);
    expect(Array.from(resize(pixels, 13, 13, 13))).toEqual(Array.from(pixels));
  });

  test("one colour stays that colour, up and down", () => {
    // weights that sum to 1 but for rounding: 4 ulp of 200
    for (const [width, height] of [
      [3, 5],
      [40, 61],
    ])
      for (const value of resize(new Uint8Array(width * height * 3).fill(200), width, height, 17))
        expect(Math.abs(value - 200)).toBeLessThanOrEqual(4 * 2 ** -16);
  });

  test("a place in a batch is written, and nothing else", () => {
    const pixels = seededBytes(5, 6 * 4 * 3);
    const alone = resize(pixels, 6, 4, 9, 8);
    const batch = new Float32Array(3 * alone.length).fill(-1);
    resize(pixels, 6, 4, 9, 8, batch.subarray(alone.length, 2 * alone.length));
    expect(batch.subarray(alone.length, 2 * alone.length)).toEqual(alone);
    expect(batch[alone.length - 1]).toBe(-1);
    expect(batch[2 * alone.length]).toBe(-1);
  });
});

describe("by hand", () => {
  const pixels = grey([
    [0, 100],
    [200, 40],
  ]);

  test("tf1 without half pixels", () => {
    // reference/TensorFlow 1.x resize_bilinear(align_corners=False)
    expect(red(RESIZE_MODES.tf1(pixels, 2, 2, 4))).toEqual(
      [
        [0, 50, 100, 100],
        [100, 85, 70, 70],
        [200, 120, 40, 40],
        [200, 120, 40, 40],
      ].flat(),
    );
  });

  test("pytorch with half pixels", () => {
    expect(red(RESIZE_MODES.pytorch(pixels, 2, 2, 4))).toEqual(
      [
        [0, 25, 75, 100],
        [50, 58.75, 76.25, 85],
        [150, 126.25, 78.75, 55],
        [200, 160, 80, 40],
      ].flat(),
    );
  });
});
