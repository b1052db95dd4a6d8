import { GlobalFonts } from "@napi-rs/canvas";
import { describe, expect, test } from "vitest";
import { type SampleGrid, samplesToGrid } from "../../src/drawing/sample-grid.ts";
import { GanEvalError } from "../../src/errors.ts";
import { seededBytes } from "../images/seeded.ts";
import { pngToDrawn } from "../reports/drawn.ts";

const HEIGHT = 3;
const WIDTH = 5;
const gridOf = (n: number, channels: number): SampleGrid => ({
  pixels: seededBytes(n, n * HEIGHT * WIDTH * channels),
  height: HEIGHT,
  width: WIDTH,
  channels,
});

const WHITE = [255, 255, 255];

describe.each([
  ["grey", 1, 7, 3, 1],
  ["grey, enlarged", 1, 7, 3, 4],
  ["colour, enlarged", 3, 4, 4, 2],
  ["one image", 3, 1, 1, 3],
])("%s", (_, channels, n, columns, scale) => {
  const grid = { ...gridOf(n, channels), columns, scale };

  test("every pixel is a square in its place, two white pixels around each image", async () => {
    const drawn = await pngToDrawn(await samplesToGrid(grid));
    const rows = Math.ceil(n / columns);
    expect([drawn.width, drawn.height]).toEqual([
      columns * WIDTH * scale + 2 * (columns + 1),
      rows * HEIGHT * scale + 2 * (rows + 1),
    ]);
    for (let y = 0; y < drawn.height; y++)
      for (let x = 0; x < drawn.width; x++) {
        const [column, inX] = [Math.floor((x - 2) / (WIDTH * scale + 2)), (x - 2) % (WIDTH * scale + 2)];
        const [row, inY] = [Math.floor((y - 2) / (HEIGHT * scale + 2)), (y - 2) % (HEIGHT * scale + 2)];
        const position = row * columns + column;
        const isImage = inX >= 0 && inX < WIDTH * scale && inY >= 0 && inY < HEIGHT * scale && position < n;
        const from =
          ((position * HEIGHT + Math.floor(inY / scale)) * WIDTH + Math.floor(inX / scale)) * channels;
        const pixel = Array.from({ length: 3 }, (_, c) => grid.pixels[from + (channels === 1 ? 0 : c)]);
        expect(drawn.at(x, y)).toEqual(isImage ? pixel : WHITE);
      }
  });
});

test("without columns and scale it is square and about 600 wide", async () => {
  const digits = { pixels: new Uint8Array(23 * 28 * 28), height: 28, width: 28, channels: 1 };
  const drawn = await pngToDrawn(await samplesToGrid(digits));
  // five columns, and a scale of 588 / 140, rounded
  expect(drawn.width).toBe(5 * 28 * 4 + 12);
  expect(drawn.height).toBe(drawn.width);
  const large = await pngToDrawn(await samplesToGrid({ ...gridOf(4, 3), columns: 4, scale: 1 }));
  expect(large.height).toBe(HEIGHT + 4);
});

test("captions stand to the left of an unchanged grid", async () => {
  const grid = { ...gridOf(8, 1), columns: 4, scale: 6 };
  const plain = await pngToDrawn(await samplesToGrid(grid));
  const captioned = await pngToDrawn(await samplesToGrid({ ...grid, labelsOfRows: ["step 0", "step 1000"] }));
  const left = captioned.width - plain.width;
  expect(captioned.height).toBe(plain.height);
  for (let y = 0; y < plain.height; y++)
    for (let x = 0; x < plain.width; x++) expect(captioned.at(left + x, y)).toEqual(plain.at(x, y));
  // Without fonts there is no text.
  if (GlobalFonts.families.length === 0) return;
  const isDark = (rgb: readonly number[]) => rgb[0] < 128;
  const half = Math.floor(captioned.height / 2);
  const strip = { left: 0, right: left };
  const upper = captioned.count(isDark, { ...strip, top: 0, bottom: half });
  const lower = captioned.count(isDark, { ...strip, top: half, bottom: captioned.height });
  expect(upper).toBeGreaterThan(10);
  expect(lower).toBeGreaterThan(upper);
});

test("the same images give the same bytes", async () => {
  const grid = { ...gridOf(9, 3), labelsOfRows: ["a", "b", "c"] };
  expect(await samplesToGrid(grid)).toEqual(await samplesToGrid({ ...grid, pixels: grid.pixels.slice() }));
});

test.each([
  ["part of an image", { pixels: new Uint8Array(16) }],
  ["no image", { pixels: new Uint8Array(0) }],
  ["two channels", { channels: 2, pixels: new Uint8Array(30) }],
  ["half a column", { columns: 0.5 }],
  ["no scale", { scale: 0 }],
  ["captions for other rows", { labelsOfRows: ["a"] }],
  ["more pixels than anybody looks at", { scale: 4000 }],
])("%s is refused", async (_, change) => {
  const error = await samplesToGrid({ ...gridOf(4, 1), ...change }).catch((error) => error);
  expect(error).toBeInstanceOf(GanEvalError);
  expect(error.code).toBe("usage.sample-grid");
});
