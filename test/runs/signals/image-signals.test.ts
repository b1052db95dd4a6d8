import { describe, expect, it } from "vitest";
import { openImageSignals } from "../../../src/runs/signals/image-signals.ts";
import { openRandomStream } from "../../../src/train/random.ts";
import type { ImageArrays } from "../../../src/train/training-data.ts";

const SIDE = 20;
const SHAPE = [SIDE, SIDE, 1] as const;

/** Bars at one of five places, of different widths and levels; `grain` of the pixels are noise. */
function bars(
  seed: number,
  count: number,
  { only, grain = 0 }: { only?: number; grain?: number } = {},
): ImageArrays {
  const random = openRandomStream(seed, "data");
  const pixels = new Uint8Array(count * SIDE * SIDE);
  const labels = new Int32Array(count);
  const noise = random.uniform(new Float32Array(2 * pixels.length));
  for (let i = 0; i < count; i++) {
    const [a, b, c] = random.uniform(new Float32Array(3));
    labels[i] = only ?? i % 5;
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) {
        const at = (i * SIDE + y) * SIDE + x;
        const along = labels[i] < 3 ? x - 6 * labels[i] - 2 : y - 6 * (labels[i] - 3) - 4;
        const level = Math.abs(along - 2 * a) < 1.5 + b ? 155 + 100 * c : 0;
        pixels[at] = noise[2 * at] < grain ? 255 * noise[2 * at + 1] : level;
      }
  }
  return { pixels, shape: SHAPE, labels, classes: 5 };
}

const repeat = ({ pixels, shape }: ImageArrays, few: number): ImageArrays => ({
  shape,
  pixels: pixels.map((_, i) => pixels[i % (few * SIDE * SIDE)]),
});

describe("what images show without a network", () => {
  const open = () => openImageSignals(bars(1, 600), 300, { threads: 1 });

  it("is 1 or 0 of other real images", async () => {
    const found = await (await open())(bars(2, 300));
    expect(found.nearest_ratio).toBeCloseTo(1, 0);
    expect(found.thumbnail_distance).toBeLessThan(1.3);
    expect(found.middle_distance).toBeLessThan(1.5);
    expect(found.class_diversity).toBeGreaterThan(0.98);
    expect([found.class_missing, found.thumbnail_missing]).toEqual([0, 0]);
  });

  it("says that a few images come again and again, and grain alone does not hide it in thumbnails", async () => {
    const measure = await open();
    expect((await measure(repeat(bars(2, 300), 12))).nearest_ratio).toBe(0);
    expect((await measure(bars(2, 300, { grain: 1 }))).nearest_ratio).toBeGreaterThan(1);
  });

  it("tells the classes of samples by their thumbnails, also under grain", async () => {
    const measure = await open();
    for (const grain of [0, 0.3]) {
      const one = await measure(bars(3, 300, { only: 1, grain }));
      expect(one.class_diversity).toBeLessThan(0.35);
      expect(one.class_missing).toBeGreaterThan(0.7);
      expect((await measure(bars(3, 300, { grain }))).class_missing).toBe(0);
    }
  });

  it("says nothing of classes that thumbnails do not tell", async () => {
    const real = bars(1, 600);
    const mixed = { ...real, labels: real.labels!.map((_, i) => (i * 7) % 3), classes: 3 };
    const measure = await openImageSignals(mixed, 300, { threads: 1 });
    expect(Object.keys(await measure(bars(2, 300)))).not.toContain("class_diversity");
  });

  it("is the same of a real set that holds each image twice", async () => {
    const real = bars(1, 300);
    const twice = {
      ...real,
      pixels: Uint8Array.from([...real.pixels, ...real.pixels]),
      labels: Int32Array.from([...real.labels!, ...real.labels!]),
    };
    const measure = await openImageSignals(twice, 600, { threads: 1 });
    const found = await measure(bars(2, 300));
    expect(found.nearest_ratio).toBeCloseTo(1, 0);
    expect(found.thumbnail_distance).toBeLessThan(1.3);
  });
});
