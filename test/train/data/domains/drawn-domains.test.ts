/** Drawn domains: their samples follow the truth that they state. */
import { describe, expect, test } from "vitest";
import { DRAWN_DOMAINS, type DrawnName } from "../../../../src/train/data/domains/drawn-domains.ts";
import {
  type DomainRequest,
  DRAWN_NAMES,
  openDomains,
} from "../../../../src/train/data/domains/open-domains.ts";
import { openRandomStream } from "../../../../src/train/random.ts";
import { toBytes } from "./made-domains.ts";

const open = (data: string, request: Partial<DomainRequest> = {}) =>
  openDomains({ wants: "images", seed: 3, data, ...request });

const toPixels = (samples: Float32Array): number[][] => {
  const bytes = toBytes(samples);
  return Array.from({ length: bytes.length / 3 }, (_, i) => bytes.slice(3 * i, 3 * i + 3));
};
const isColoured = (pixels: number[][]) => pixels.map((pixel) => pixel.some((level) => level !== 255));

describe.each(DRAWN_NAMES)("%s", (name) => {
  const row = DRAWN_DOMAINS[name as DrawnName];
  const wants = "attributes" in row ? "attributes" : row.hasB ? "pairs" : "images";

  test("is the same for a seed, endless, and goes on from a position", async () => {
    const [{ data }, { data: again }] = await Promise.all([open(name, { wants }), open(name, { wants })]);
    expect(data.count).toBeUndefined();
    await data.next(5);
    const { position } = data;
    const second = await data.next(7);
    again.jump(JSON.parse(JSON.stringify(position)));
    expect(await again.next(7)).toEqual(second);
    expect(await data.next(7)).not.toEqual(second);
  });

  test("holds out other samples than it trains on, the same for every seed", async () => {
    const [{ data }, { data: other }] = await Promise.all([
      open(name, { wants }),
      open(name, { wants, seed: 4 }),
    ]);
    const { heldOut } = data;
    const fields = await heldOut.fields(2, 9);
    expect(fields).toEqual(await other.heldOut.fields(2, 9));
    expect(Object.keys(fields)).toEqual(Object.keys(data.fields));
    expect(await heldOut.images("a", 2, 9)).toEqual(fields.a);
    expect(fields.a).not.toEqual((await data.next(7)).a);
    expect(heldOut).toMatchObject({ count: 1000, paired: true });
  });
});

describe("outlines", () => {
  test.each(["drawn-outline", "drawn-outline-many"])("of %s have their fill in place", async (name) => {
    const { data } = await open(name, { wants: "pairs" });
    const n = 300;
    const { a, b } = await data.next(n);
    const [first, second] = [toPixels(a), toPixels(b)];
    const colours = new Set<string>();
    let wrong = 0;
    for (let i = 0; i < n; i++) {
      const [outline, filled] = [first, second].map((of) => of.slice(256 * i, 256 * (i + 1)));
      const [edge, inside] = [isColoured(outline), isColoured(filled)];
      for (let k = 0; k < 256; k++) {
        const y = Math.floor(k / 16);
        const x = k % 16;
        const at = (row: number, column: number) =>
          row >= 0 && row < 16 && column >= 0 && column < 16 && inside[16 * row + column];
        const isEdge = at(y, x) && !(at(y - 1, x) && at(y + 1, x) && at(y, x - 1) && at(y, x + 1));
        wrong += Number(edge[k] !== isEdge);
      }
      const fill = new Set(filled.filter((_, k) => inside[k]).map((pixel) => pixel.join()));
      expect(fill.size).toBe(1);
      // A square fills its box, a disc and a triangle do not; a triangle is wider below than above.
      const rows = Array.from(
        { length: 16 },
        (_, y) => inside.slice(16 * y, 16 * y + 16).filter(Boolean).length,
      );
      const widths = rows.filter((width) => width > 0);
      const kind = widths.every((width) => width === widths[0])
        ? "square"
        : widths[0] === widths.at(-1)
          ? "disc"
          : "triangle";
      colours.add(`${kind} ${[...fill][0]}`);
    }
    expect(wrong).toBe(0);
    const truth = ["disc 255,0,0", "square 0,128,0", "triangle 0,0,255"];
    if (name === "drawn-outline") expect([...colours].sort()).toEqual(truth);
    else expect(colours.size).toBe(9);
  });

  test("are independent of their fills where domains are not paired in training", async () => {
    const { data } = await open("drawn-outline", { wants: "domains" });
    const { a, b } = await data.next(50);
    const overlaps = Array.from({ length: 50 }, (_, i) => {
      const [outline, filled] = [a, b].map((of) => isColoured(toPixels(of.subarray(768 * i, 768 * (i + 1)))));
      return outline.every((is, k) => !is || filled[k]);
    });
    expect(overlaps.filter(Boolean).length).toBeLessThan(10);
  });
});

describe("digits", () => {
  test("recoloured are yellow on blue, by a fixed map", async () => {
    const { data } = await open("drawn-recolour", { wants: "pairs" });
    const { a, b } = await data.heldOut.fields(0, 20);
    const [white, yellow] = [toPixels(a), toPixels(b)];
    expect(yellow).toEqual(white.map(([grey]) => [grey, grey, 255 - grey]));
    const { data: swapped } = await open("drawn-recolour", { wants: "pairs", direction: "b-to-a" });
    expect(await swapped.heldOut.fields(0, 20)).toEqual({ a: b, b: a });
  });

  test("coupled are inverted", async () => {
    const { data } = await open("drawn-coupled", { wants: "pairs" });
    const { a, b } = await data.heldOut.fields(0, 20);
    const inverted = toBytes(b);
    expect(toBytes(a).map((level) => 255 - level)).toEqual(inverted);
  });

  test("have copies of a quarter of their size", async () => {
    const { data } = await open("drawn-larger");
    expect(data.fields).toEqual({ a: [28, 28, 1], low: [7, 7, 1] });
  });

  test("on coloured backgrounds differ from these by the digit, and keep their classes", async () => {
    const { data } = await open("drawn-shifted", { wants: "pairs", labels: "read" });
    const { labels } = await data.next(200);
    const classes = new Set<number>();
    for (let i = 0; i < 200; i++) classes.add(labels.subarray(10 * i, 10 * i + 10).indexOf(1));
    expect(classes.size).toBe(10);
  });

  test("are blended with smooth backgrounds by the absolute difference", () => {
    const { draw } = DRAWN_DOMAINS["drawn-shifted"];
    const blend = (level: number) =>
      draw(50, openRandomStream(1, "data"), {
        pixels: new Uint8Array(256).fill(level),
        shape: [16, 16, 1],
        labels: Int32Array.of(0),
        classes: 1,
      }).b!;
    const backgrounds = blend(0);
    expect(blend(90)).toEqual(backgrounds.map((level) => Math.abs(level - 90)));
    const steps = backgrounds.map((level, i) => (i % 48 < 3 ? 0 : Math.abs(level - backgrounds[i - 3])));
    // A field of four places across changes by at most 1 over five pixels, and rounding adds 1.
    expect(Math.max(...steps)).toBeLessThanOrEqual(52);
    expect(new Set(backgrounds).size).toBeGreaterThan(200);
  });
});

test("attributes say the colour and whether a shape is filled", async () => {
  const { data } = await open("drawn-attributes", { wants: "attributes" });
  const { a, attributes } = await data.next(100);
  const pixels = toPixels(a);
  const seen = new Set<string>();
  for (let i = 0; i < 100; i++) {
    const image = pixels.slice(256 * i, 256 * (i + 1));
    const inked = image.filter((pixel) => pixel.some((level) => level !== 255));
    const [red, filled] = attributes.subarray(2 * i, 2 * i + 2);
    expect(inked.every(([level]) => level === (red ? 255 : 0))).toBe(true);
    const coloured = isColoured(image);
    const inner = coloured.filter(
      (is, k) => is && coloured[k - 1] && coloured[k + 1] && coloured[k - 16] && coloured[k + 16],
    );
    expect(inner.length > 0).toBe(filled === 1);
    seen.add(`${red}${filled}`);
  }
  expect(seen.size).toBe(4);
  expect(data.attributes).toEqual(["red", "filled"]);
  const { data: only } = await open("drawn-attributes", { wants: "attributes", selected: ["filled"] });
  expect(only.fields).toEqual({ a: [16, 16, 3], attributes: [1] });
});
