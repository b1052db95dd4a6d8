import { describe, expect, it } from "vitest";
import { openRandomStream } from "../../src/train/random.ts";
import { TOY_DATA, type ToyData, type ToyName } from "../../src/train/toy-data.ts";
import { imagesToTrainingData, toyToTrainingData } from "../../src/train/training-data.ts";
import { tinyImages } from "./games.ts";

/** Ten images of one pixel, 0, 20, 40 and so on, with their tens as labels. */
const tens = (seed: number) =>
  imagesToTrainingData(
    {
      pixels: Uint8Array.from({ length: 10 }, (_, i) => i * 20),
      shape: [1, 1, 1],
      labels: Int32Array.from({ length: 10 }, (_, i) => i * 2),
      classes: 20,
    },
    seed,
  );
const toByte = (value: number) => (value + 1) * 127.5;

describe("images as training data", () => {
  it("every pass gives each image at most once, in an order of its own, as -1..1", () => {
    const data = tens(3);
    const pass = () => [data.next(4), data.next(4)].flatMap(({ samples }) => Array.from(samples, toByte));
    const [first, second] = [pass(), pass()].map((bytes) => bytes.map(Math.round));
    for (const seen of [first, second]) {
      expect(new Set(seen).size).toBe(8);
      expect(seen.every((byte) => byte % 20 === 0 && byte >= 0 && byte <= 180)).toBe(true);
    }
    expect(second).not.toEqual(first);
    expect(data.position).toMatchObject({ epoch: 1, taken: 8 });
    const ends = imagesToTrainingData({ pixels: Uint8Array.of(0, 255), shape: [1, 2, 1] }, 1);
    expect([...ends.next(1).samples]).toEqual([-1, 1]);
  });

  it("a pass of whole batches gives every image once", () => {
    const data = tens(3);
    const pass = [data.next(5), data.next(5)].flatMap(({ samples }) => Array.from(samples, toByte));
    expect(pass.map(Math.round).sort((a, b) => a - b)).toEqual([0, 20, 40, 60, 80, 100, 120, 140, 160, 180]);
    expect(data.position).toMatchObject({ epoch: 0, taken: 10 });
    data.next(5);
    expect(data.position).toMatchObject({ epoch: 1, taken: 5 });
  });

  it("labels go with their images", () => {
    const data = tens(4);
    for (let i = 0; i < 5; i++) {
      const { samples, labels } = data.next(3);
      expect([...labels!]).toEqual(Array.from(samples, (value) => Math.round(toByte(value)) / 10));
    }
    const { labels: _, ...unlabelled } = { pixels: new Uint8Array(4), shape: [1, 1, 1] as const, labels: 0 };
    const without = imagesToTrainingData(unlabelled, 1);
    expect(without.classes).toBeUndefined();
    expect(without.next(2)).not.toHaveProperty("labels");
  });

  it("gives the same images again from a position that was left, in any pass", () => {
    const data = tens(5);
    for (const before of [0, 1, 2, 5, 9]) {
      for (let i = 0; i < before; i++) data.next(4);
      const { position } = data;
      const expected = [data.next(4), data.next(4), data.next(4)];
      const other = tens(5);
      other.next(2);
      other.jump(position);
      expect([other.next(4), other.next(4), other.next(4)], `after ${before} more`).toEqual(expected);
    }
  });

  it("has the order of its seed", () => {
    expect(tens(1).next(10)).toEqual(tens(1).next(10));
    expect(tens(1).next(10)).not.toEqual(tens(2).next(10));
  });

  it("a batch larger than the data is refused", () => {
    expect(() => tinyImages().next(21)).toThrow(/at most 20 images, got 21/);
  });
});

describe("toy data", () => {
  it("go on without an end, and again from a position that was left", () => {
    const data = toyToTrainingData(TOY_DATA.ring, 1);
    expect(data.count).toBeUndefined();
    const first = data.next(5);
    const { position } = data;
    const second = data.next(5);
    expect(second).not.toEqual(first);
    data.jump(position);
    expect(data.next(5)).toEqual(second);
  });

  it.each(Object.keys(TOY_DATA) as ToyName[])("%s: samples lie where its mixture or curve is", (name) => {
    const toy: ToyData = TOY_DATA[name];
    const samples = toy.sample(4000, openRandomStream(1, "data"));
    expect(samples).toHaveLength(4000 * toy.d);
    expect(samples.every((x) => Math.abs(x) < 5)).toBe(true);
    if (toy.mixture === undefined) return;
    const { centres, deviation } = toy.mixture;
    const modes = centres.length / toy.d;
    const counts = Array.from({ length: modes }, () => 0);
    let squares = 0;
    for (let i = 0; i < 4000; i++) {
      const distances = Array.from({ length: modes }, (_, mode) =>
        Array.from(
          { length: toy.d },
          (_, k) => (samples[i * toy.d + k] - centres[mode * toy.d + k]) ** 2,
        ).reduce((sum, x) => sum + x),
      );
      const nearest = Math.min(...distances);
      counts[distances.indexOf(nearest)]++;
      squares += nearest / (4000 * toy.d);
    }
    // Five standard errors of a deviation from 4000 numbers or more, and of a count.
    expect(Math.sqrt(squares) / deviation).toBeGreaterThan(0.94);
    expect(Math.sqrt(squares) / deviation).toBeLessThan(1.06);
    for (const count of counts)
      expect(Math.abs(count - 4000 / modes)).toBeLessThan(5 * Math.sqrt(4000 / modes));
  });
});
