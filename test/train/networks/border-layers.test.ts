import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import { layersToNetwork } from "../../../src/train/networks/network.ts";
import { applied, expectSlopes, normals, numbers } from "./eager.ts";

beforeAll(() => loadTensorflow());

const SIDES = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));
const FUZZ = { numRuns: 12, seed: 2020 };

/** The border's pixels, each from where `from(place in the output)` says; 0 where it says nothing. */
function framed(
  pixels: readonly number[],
  [height, width]: readonly number[],
  [above, below, before, after]: readonly number[],
  from: (place: number, side: number) => number | undefined,
): number[] {
  const framedPixels: number[] = [];
  for (let y = -above; y < height + below; y++)
    for (let x = -before; x < width + after; x++) {
      const [row, column] = [from(y, height), from(x, width)];
      framedPixels.push(row === undefined || column === undefined ? 0 : pixels[row * width + column]);
    }
  return framedPixels;
}

describe("zero padding", () => {
  it("puts as many zeros on each side as it says", () => {
    const border = fc.integer({ min: 0, max: 2 });
    fc.assert(
      fc.property(SIDES, border, border, border, border, ([height, width], top, bottom, left, right) => {
        const network = layersToNetwork([height, width, 1], [{ kind: "zero-pad", top, bottom, left, right }]);
        const x = normals([1, height, width, 1]);
        const { output } = applied(network, { x });
        expect(output.shape.slice(1)).toEqual(network.output);
        const inside = (place: number, side: number) => (place >= 0 && place < side ? place : undefined);
        expect(numbers(output)).toEqual(
          framed(numbers(x), [height, width], [top, bottom, left, right], inside),
        );
      }),
      FUZZ,
    );
  });
});

describe("reflection padding", () => {
  it("mirrors the image at its outermost pixels, with the slopes of differences", () => {
    fc.assert(
      fc.property(SIDES, fc.integer({ min: 0, max: 3 }), ([height, width], size) => {
        fc.pre(size < Math.min(height, width));
        const network = layersToNetwork([height, width, 1], [{ kind: "reflection-pad", size }]);
        const x = normals([1, height, width, 1]);
        const { output } = applied(network, { x });
        expect(output.shape.slice(1)).toEqual(network.output);
        const mirrored = (place: number, side: number) => {
          const turned = Math.abs(place);
          return turned < side ? turned : 2 * (side - 1) - turned;
        };
        expect(numbers(output)).toEqual(
          framed(numbers(x), [height, width], [size, size, size, size], mirrored),
        );
        expectSlopes(network, { x });
      }),
      FUZZ,
    );
  });

  it("is refused where there are not enough pixels to mirror", () => {
    expect(() => layersToNetwork([3, 4, 1], [{ kind: "reflection-pad", size: 3 }])).toThrow(
      /at least 4 x 4 pixels to mirror 3 at each side, got \[3,4,1\]/,
    );
  });
});
