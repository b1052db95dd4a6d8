import { describe, expect, test } from "vitest";
import type { PixelBatch } from "../../../src/images/sources/generator.ts";
import { openImages } from "../../../src/images/sources/open.ts";
import { codeOf, noise, readAll } from "../made-images.ts";

const COUNT = 7;
const SIDE = 4;
const rgb = noise(3, COUNT, SIDE, 3);
const batch = (start: number, n: number): PixelBatch => ({
  data: Buffer.concat(rgb.slice(start, start + n)),
  shape: [Math.min(n, COUNT - start), SIDE, SIDE, 3],
});

describe("images made by a program", () => {
  test("come from a callback, at every pass anew", async () => {
    const source = await openImages({ count: COUNT, images: (n, start) => batch(start, n) });
    expect(source).toMatchObject({ kind: "generator", count: COUNT });
    for (let pass = 0; pass < 2; pass++) {
      const read = await readAll(source);
      expect(read.map(({ pixels }) => [...pixels])).toEqual(rgb.map((pixels) => [...pixels]));
    }
    await source.close();
  });

  test("come from an iterable, whatever its steps, and no more than asked for", async () => {
    async function* steps() {
      for (const [start, n] of [
        [0, 2],
        [2, 4],
        [6, 1],
      ])
        yield batch(start, n);
    }
    const source = await openImages({ count: 5, images: steps() });
    expect((await readAll(source)).map(({ pixels }) => [...pixels])).toEqual(
      rgb.slice(0, 5).map((pixels) => [...pixels]),
    );
    await source.close();
  });

  test("the generator may use its buffer again", async () => {
    const buffer = new Uint8Array(SIDE * SIDE * 3);
    const one = (start: number): PixelBatch => {
      buffer.set(rgb[start]);
      return { data: buffer, shape: [1, SIDE, SIDE, 3] };
    };
    const source = await openImages({ count: COUNT, images: (_n, start) => one(start) });
    expect((await readAll(source)).map(({ pixels }) => [...pixels])).toEqual(rgb.map((p) => [...p]));
    await source.close();
  });

  const values = (data: ArrayLike<number>) => ({ data, shape: [1, 1, 1, 1] }) as const;
  test.each([
    ["values in [-1, 1]", values([-0.5]), /\[-1, 1\]/],
    ["values in [0, 1]", values([0.25]), /\[0, 1\]/],
    ["fractions", values([17.5]), /fractions/],
    ["levels over 255", values([300]), /300/],
    ["NaN", values([Number.NaN]), /NaN/],
    ["a shape that does not fit", { data: [1, 2], shape: [1, 1, 1, 3] } as const, /2 values for \[1,1,1,3\]/],
  ])("%s are refused", async (_what, generated, message) => {
    const source = await openImages({ count: 1, images: () => generated });
    const reading = readAll(source);
    await expect(reading).rejects.toMatchObject({ code: "input.generator" });
    await expect(reading).rejects.toThrow(message);
    await source.close();
  });

  test("too few are an error, not a smaller set", async () => {
    const source = await openImages({ count: COUNT, images: [batch(0, 3)] });
    expect(await codeOf(readAll(source))).toBe("input.generator");
    await source.close();
  });
});
