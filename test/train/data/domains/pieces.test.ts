/** Names, orders, attributes, copies and holes: the pieces that data of domains are made of. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resizeClean } from "../../../../src/images/resize/resize-bicubic.ts";
import { attributesOf, textToAttributes } from "../../../../src/train/data/domains/attributes-file.ts";
import { imageToLow, sizeToLow } from "../../../../src/train/data/domains/low-resolution.ts";
import {
  checkMaskSize,
  cornersToMasks,
  drawMaskCorners,
  middleCorners,
} from "../../../../src/train/data/domains/masks.ts";
import { namesToPairs } from "../../../../src/train/data/domains/pair-names.ts";
import { openPassOrder } from "../../../../src/train/data/domains/pass-order.ts";
import { openRandomStream } from "../../../../src/train/random.ts";
import { imagesToTrainingData } from "../../../../src/train/training-data.ts";
import { seededBytes } from "../../../images/seeded.ts";
import "../../../fuzz-seed.ts";

describe("an order of passes", () => {
  test("is that of images without a domain, looked ahead or not", () => {
    const images = { pixels: Uint8Array.from({ length: 10 }, (_, i) => i), shape: [1, 1, 1] } as const;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 12 }),
        fc.boolean(),
        (sizes, ahead) => {
          const known = imagesToTrainingData(images, 5);
          const order = openPassOrder(10, openRandomStream(5, "order"), "here");
          for (const n of sizes) {
            const peeked = ahead ? [...order.peek(n)] : undefined;
            const taken = [...order.take(n)];
            if (peeked) expect(peeked).toEqual(taken);
            expect(taken).toEqual(Array.from(known.next(n).samples, (p) => Math.round((p + 1) * 127.5)));
            expect(order.position).toEqual(known.position);
          }
        },
      ),
    );
  });
});

describe("pairs of names", () => {
  test("are found whatever the order and the extensions", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z0-9_/]{1,8}$/), { minLength: 1 }),
        fc.nat(),
        (stems, seed) => {
          const order = openRandomStream(seed % 2 ** 32, "order").permutation(stems.length);
          const b = Array.from(order, (i) => `${stems[i]}.jpg`);
          const pairs = namesToPairs(
            { names: stems.map((stem) => `${stem}.png`), where: "A" },
            { names: b, where: "B" },
          );
          expect(pairs.map(([i]) => i)).toEqual(stems.map((_, i) => i));
          for (const [i, j] of pairs) expect(b[j]).toBe(`${stems[i]}.jpg`);
        },
      ),
    );
  });
});

describe("attributes", () => {
  const CELEBA = "2\n5_o_Clock_Shadow Male\n000001.jpg -1  1\n000002.jpg  1 -1\n";
  test.each([
    ["CelebA's list", CELEBA],
    ["CSV", "image_id,5_o_Clock_Shadow,Male\r\n000001.jpg,-1,1\r\n000002.jpg,1,-1\r\n"],
    ["CSV of words", 'file; "5_o_Clock_Shadow"; Male\n000001.jpg; False; yes\n000002.jpg; true; no'],
  ])("of %s are read alike", (_, text) => {
    const table = textToAttributes(text, "list");
    expect(table.names).toEqual(["5_o_Clock_Shadow", "Male"]);
    const chosen = attributesOf(["x/000002.png", "000001.jpg"], table, ["Male", "5_o_Clock_Shadow"], "list");
    expect([...chosen]).toEqual([0, 1, 1, 0]);
  });
});

describe("a low-resolution copy", () => {
  test.each([1, 3] as const)(
    "of %i channels is the project's bicubic, rounded; mirrored it is mirrored",
    (channels) => {
      const pixels = seededBytes(3, 28 * 28 * channels);
      const low = imageToLow(pixels, [28, 28], channels, sizeToLow([28, 28], 4));
      const rgb = Uint8Array.from({ length: 28 * 28 * 3 }, (_, i) =>
        channels === 3 ? pixels[i] : pixels[Math.floor(i / 3)],
      );
      const exact = resizeClean(rgb, 28, 28, 7);
      for (const [i, level] of low.entries())
        expect(level).toBe(Math.round(exact[channels === 3 ? i : 3 * i]));
      const mirror = (of: Uint8Array, side: number) =>
        of.map((_, i) => {
          const [place, channel] = [Math.floor(i / channels), i % channels];
          const x = place % side;
          return of[(place - x + side - 1 - x) * channels + channel];
        });
      const mirrored = imageToLow(mirror(pixels, 28), [28, 28], channels, [7, 7]);
      // The filter sums in another direction: half a level may fall to either side.
      for (const [i, level] of mirror(low, 7).entries())
        expect(Math.abs(level - mirrored[i])).toBeLessThanOrEqual(1);
    },
  );
});

describe("holes", () => {
  const side = [9, 12] as const;
  test("lie inside, are equally likely anywhere, and are ones in their masks", () => {
    const n = 4000;
    const corners = drawMaskCorners(n, side, 5, openRandomStream(1, "masks"));
    const places = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const key = `${corners[2 * i]},${corners[2 * i + 1]}`;
      places.set(key, (places.get(key) ?? 0) + 1);
    }
    expect(places.size).toBe(5 * 8);
    // 100 expected a place: five deviations of a binomial.
    for (const count of places.values()) expect(Math.abs(count - 100)).toBeLessThan(50);
    const some = corners.subarray(0, 20);
    const masks = cornersToMasks(some, side, 5);
    const [height, width] = side;
    const isHidden = (at: number): boolean => {
      const [i, y, x] = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
      const [row, column] = [some[2 * i], some[2 * i + 1]];
      return y >= row && y < row + 5 && x >= column && x < column + 5;
    };
    expect([...masks]).toEqual(Array.from(masks, (_, at) => Number(isHidden(at))));
  });

  test("in the middle leave equal borders", () => {
    expect([...middleCorners(2, [8, 12], 4)]).toEqual([2, 4, 2, 4]);
  });

  test("are no larger than the images", () => {
    for (const size of [0, 10, 1.5])
      expect(() => checkMaskSize(side, size)).toThrow(expect.objectContaining({ code: "usage.mask-size" }));
  });
});
