import { describe, expect, it } from "vitest";
import type { Image } from "../../src/images/source.ts";
import { imagesToPacketLeaves } from "../../src/math/images/wavelet-packets.ts";
import { rowsToQuarters } from "../../src/math/intervals/split-halves.ts";
import { imagesToWaveletDistance, row } from "../../src/metrics/fwd.ts";
import { noiseImages } from "../math/noise-images.ts";
import { openContext } from "./context.ts";

type Plane = number[][];

/** One step of the Haar transform of a plane: low and high by rows, then by columns. */
function naiveStep(plane: Plane): Plane[] {
  const pair = (lines: Plane, sign: number): Plane =>
    Array.from({ length: lines.length / 2 }, (_, y) =>
      lines[2 * y].map((value, x) => (value + sign * lines[2 * y + 1][x]) / Math.SQRT2),
    );
  const turned = (lines: Plane): Plane => lines[0].map((_, x) => lines.map((line) => line[x]));
  return [1, -1].flatMap((down) => [1, -1].map((across) => turned(pair(turned(pair(plane, down)), across))));
}

const naivePackets = (plane: Plane, levels: number): Plane[] =>
  levels === 0 ? [plane] : naiveStep(plane).flatMap((part) => naivePackets(part, levels - 1));

const imageToPlane = ({ pixels, width, height }: Image, channel: number): Plane =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => pixels[(y * width + x) * 3 + channel] / 255),
  );

/** [leaves][images][coefficients] */
function naiveLeaves(images: readonly Image[], levels: number): number[][][] {
  const each = images.map((image) => {
    const channels = [0, 1, 2].map((channel) => naivePackets(imageToPlane(image, channel), levels));
    return channels[0].map((_, leaf) => channels.flatMap((packets) => packets[leaf].flat()));
  });
  return each[0].map((_, leaf) => each.map((packets) => packets[leaf]));
}

/** Of leaves with one coefficient of variance: of one column alone the distance has a closed form. */
function naiveColumn(a: readonly number[], b: readonly number[]): number {
  const of = (values: readonly number[]) => {
    const mean = values.reduce((x, y) => x + y, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
  };
  const [x, y] = [of(a), of(b)];
  return (x.mean - y.mean) ** 2 + (x.deviation - y.deviation) ** 2;
}

const mapPixels = (images: readonly Image[], to: (value: number) => number): Image[] =>
  images.map((image) => ({ ...image, pixels: image.pixels.map(to) }));

/** The same in all channels, so that a leaf of one block is three times the same column. */
const toGrey = (images: readonly Image[]): Image[] =>
  images.map((image) => ({
    ...image,
    pixels: image.pixels.map((_, at, pixels) => pixels[at - (at % 3)]),
  }));

describe("wavelet packets", () => {
  it("are those of Haar steps one after another, up to signs and order", () => {
    const images = noiseImages(3, 16, 8, 5);
    for (const levels of [1, 2, 3]) {
      const side = 2 ** levels;
      const toText = (values: Iterable<number>, scale: number) =>
        Array.from(values, (value) => Math.abs(value * scale).toFixed(6)).join(" ");
      const got = Array.from({ length: side }, (_, rows) => imagesToPacketLeaves(images, levels, rows))
        .flat()
        .map(({ data }) => toText(data, 1 / (255 * side)));
      const wanted = naiveLeaves(images, levels).map((leaf) => toText(leaf.flat(), 1));
      expect(got.sort()).toEqual(wanted.sort());
    }
  });
});

describe("the Frechet wavelet distance", () => {
  it("is that of the definition, leaf by leaf", () => {
    const [real, fake] = [toGrey(noiseImages(40, 4, 4, 1)), toGrey(noiseImages(30, 4, 4, 2, 180))];
    const leaves = [naiveLeaves(real, 2), naiveLeaves(fake, 2)];
    const column = (leaf: number[][]) => leaf.map(([value]) => value);
    const wanted =
      leaves[0].reduce((sum, leaf, i) => sum + 3 * naiveColumn(column(leaf), column(leaves[1][i])), 0) / 16;
    // Three equal columns are one of length sqrt 3.
    expect(imagesToWaveletDistance(real, fake, { levels: 2 })).toBeCloseTo(wanted, 11);
  });

  it("of images c brighter than before is 3 (h / 16) (w / 16) c^2", () => {
    const dark = mapPixels(noiseImages(12, 32, 48, 3), (value) => value >> 1);
    const bright = mapPixels(dark, (value) => value + 51);
    expect(imagesToWaveletDistance(dark, bright)).toBeCloseTo(3 * 2 * 3 * 0.2 ** 2, 10);
    expect(imagesToWaveletDistance(dark, dark)).toBeLessThan(1e-10);
  });

  it("sees neither the order of images nor a flip of all, and both sides alike", () => {
    const [real, fake] = [noiseImages(20, 8, 8, 1), noiseImages(20, 8, 8, 2, 150)];
    const flip = (images: readonly Image[]): Image[] =>
      images.map((image) => ({
        ...image,
        pixels: image.pixels.map((_, at, pixels) => {
          const [pixel, channel] = [Math.floor(at / 3), at % 3];
          return pixels[((pixel & ~7) + 7 - (pixel & 7)) * 3 + channel];
        }),
      }));
    const all = imagesToWaveletDistance(real, fake, { levels: 2 });
    expect(imagesToWaveletDistance(flip(real), flip(fake), { levels: 2 })).toBeCloseTo(all, 9);
    expect(imagesToWaveletDistance([...real].reverse(), fake, { levels: 2 })).toBeCloseTo(all, 9);
    expect(imagesToWaveletDistance(fake, real, { levels: 2 })).toBeCloseTo(all, 9);
  });

  it("sees a frequency that is missing, by logarithms too", () => {
    const real = noiseImages(60, 8, 8, 1);
    const other = noiseImages(60, 8, 8, 2);
    const smooth = other.map((image) => ({
      ...image,
      pixels: image.pixels.map((_, at, pixels) => (pixels[at - (at % 6)] + pixels[at - (at % 6) + 3]) / 2),
    }));
    for (const logScale of [false, true]) {
      const of = (fake: readonly Image[]) => imagesToWaveletDistance(real, fake, { levels: 2, logScale });
      expect(of(smooth)).toBeGreaterThan(2 * of(other));
    }
  });

  it("of quarters is as if they were measured", async () => {
    const [real, fake] = [noiseImages(16, 8, 8, 1), noiseImages(20, 8, 8, 2)];
    const parameters = { levels: 1, logScale: false };
    const sides = { real: { count: 16, images: real }, fake: { count: 20, images: fake } };
    const found = await row.quarter!(sides, 3, parameters, openContext());
    const [ofReal, ofFake] = [rowsToQuarters(16, 3), rowsToQuarters(20, 4)].map(({ ofRow }) => ofRow[5]);
    const wanted = imagesToWaveletDistance(
      real.filter((_, i) => ofReal[i] === 3),
      fake.filter((_, i) => ofFake[i] === 3),
      parameters,
    );
    expect(found[5].quarters[3].distance).toBeCloseTo(wanted, 12);
  });

  it("refuses other sizes, and names the levels that they allow", () => {
    const of = (width: number, height: number, levels = 4) => {
      const images = noiseImages(4, width, height, 1);
      return () => imagesToWaveletDistance(images, images, { levels });
    };
    expect(of(28, 28)).toThrow(
      expect.objectContaining({ code: "input.packet-size", hint: expect.stringMatching(/--fwd-levels 2/) }),
    );
    expect(of(9, 8)).toThrow(
      expect.objectContaining({ code: "input.packet-size", hint: expect.stringMatching(/leave fwd out/) }),
    );
    expect(of(8, 8, 0)).toThrow(expect.objectContaining({ code: "usage.fwd-levels" }));
    const [a, b] = [noiseImages(3, 8, 8, 1), noiseImages(3, 16, 8, 1)];
    expect(() => imagesToWaveletDistance(a, b, { levels: 2 })).toThrow(
      expect.objectContaining({ code: "input.mixed-sizes" }),
    );
    expect(() => imagesToWaveletDistance(a.slice(0, 1), a, { levels: 2 })).toThrow(
      expect.objectContaining({ code: "input.too-few-samples" }),
    );
  });
});
