/** Domains that are drawn, without files, whose answers are known: to see in a minute whether a model learns. */
import type { RandomStream } from "../../random.ts";
import type { ImageArrays } from "../../training-data.ts";
import { imageCount } from "../opened-data.ts";
import {
  BLACK,
  BLUE,
  type Shape as DrawnShape,
  drawShapes,
  GREEN,
  RED,
  SHAPE_SIDE,
  shapeToPixels,
} from "./drawn-shapes.ts";

/** Images as bytes, `[n, ...shape]`; `b` is the right answer to `a`. */
export interface DrawnSamples {
  readonly a: Uint8Array;
  readonly b?: Uint8Array;
  /** `[n, attributes]` of 0 and 1. */
  readonly attributes?: Uint8Array;
  /** `[n]` classes. */
  readonly labels?: Int32Array;
}

export interface DrawnDomain {
  readonly label: string;
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Side of the digits that it is drawn from. */
  readonly digits?: number;
  readonly attributes?: readonly string[];
  readonly hasB: boolean;
  readonly classes?: number;
  /** Of the low-resolution copy that belongs to it. */
  readonly scale?: number;
  /** The truth that a model is to find. */
  readonly truth: string;
  draw(n: number, random: RandomStream, digits: ImageArrays): DrawnSamples;
}

const FILLS = [RED, GREEN, BLUE] as const;
const SHAPES = { shape: [SHAPE_SIDE, SHAPE_SIDE, 3], hasB: true } as const;
const GREY_DIGITS = { shape: [16, 16, 1], digits: 16, classes: 10 } as const;
const COLOUR_DIGITS = { shape: [16, 16, 3], digits: 16, classes: 10, hasB: true } as const;

const join = (images: readonly Uint8Array[]): Uint8Array => {
  const stride = images[0]?.length ?? 0;
  const joined = new Uint8Array(stride * images.length);
  for (const [i, image] of images.entries()) joined.set(image, i * stride);
  return joined;
};

/** n digits at random, and their classes. */
function chooseDigits(n: number, random: RandomStream, digits: ImageArrays) {
  const stride = digits.shape.reduce((size, side) => size * side, 1);
  const chance = random.uniform(new Float32Array(n));
  const chosen = Array.from(chance, (u) => Math.floor(u * imageCount(digits)));
  return {
    pixels: join(chosen.map((at) => digits.pixels.subarray(at * stride, (at + 1) * stride))),
    labels: Int32Array.from(chosen, (at) => digits.labels![at]),
  };
}

/** Grey bytes as three channels. */
const paint = (grey: Uint8Array, colour: (level: number) => readonly number[]): Uint8Array => {
  const pixels = new Uint8Array(3 * grey.length);
  for (const [i, level] of grey.entries()) pixels.set(colour(level), 3 * i);
  return pixels;
};

const outlines =
  (fillOf: (shape: DrawnShape) => number): DrawnDomain["draw"] =>
  (n, random) => {
    const shapes = drawShapes(n, random);
    return {
      a: join(shapes.map((shape) => shapeToPixels(shape, BLACK, false))),
      b: join(shapes.map((shape) => shapeToPixels(shape, FILLS[fillOf(shape)], true))),
    };
  };

const drawDigits: DrawnDomain["draw"] = (n, random, digits) => {
  const { pixels, labels } = chooseDigits(n, random, digits);
  return { a: pixels, labels };
};

/** Places of a coarse field of random numbers, between which a background is interpolated. */
const COARSE = 4;
/** The field, and two colours. */
const BACKGROUND_NUMBERS = COARSE * COARSE + 6;

/** Bytes `[side, side, 3]`: two random colours, mixed by a field of low frequency. */
function chanceToBackground(chance: Float32Array, side: number): Uint8Array {
  const field = chance.subarray(0, COARSE * COARSE);
  const colours = chance.subarray(COARSE * COARSE);
  const pixels = new Uint8Array(side * side * 3);
  const place = (at: number) => {
    const exact = (at / (side - 1)) * (COARSE - 1);
    const low = Math.min(COARSE - 2, Math.floor(exact));
    return [low, exact - low];
  };
  for (let y = 0, to = 0; y < side; y++) {
    const [row, down] = place(y);
    for (let x = 0; x < side; x++) {
      const [column, across] = place(x);
      const at = row * COARSE + column;
      const top = field[at] * (1 - across) + field[at + 1] * across;
      const bottom = field[at + COARSE] * (1 - across) + field[at + COARSE + 1] * across;
      const mix = top * (1 - down) + bottom * down;
      for (let c = 0; c < 3; c++)
        pixels[to++] = Math.round(255 * (colours[c] * (1 - mix) + colours[3 + c] * mix));
    }
  }
  return pixels;
}

/** Digits on coloured backgrounds: the absolute difference of both, as MNIST-M blends them. */
function shiftDigits(grey: Uint8Array, n: number, random: RandomStream): Uint8Array {
  const [side] = COLOUR_DIGITS.shape;
  const area = side * side;
  const chance = random.uniform(new Float32Array(n * BACKGROUND_NUMBERS));
  return join(
    Array.from({ length: n }, (_, i) => {
      const own = chance.subarray(i * BACKGROUND_NUMBERS, (i + 1) * BACKGROUND_NUMBERS);
      return chanceToBackground(own, side).map((level, k) =>
        Math.abs(level - grey[i * area + Math.floor(k / 3)]),
      );
    }),
  );
}

/** Every drawn domain, by the name of `--data`. */
export const DRAWN_DOMAINS = {
  "drawn-outline": {
    label: "outlines of shapes, and the shapes filled",
    ...SHAPES,
    truth: "discs are red, squares green, triangles blue",
    draw: outlines(({ kind }) => kind),
  },
  "drawn-outline-many": {
    label: "outlines of shapes, and the shapes filled in one of three colours",
    ...SHAPES,
    truth: "red, green and blue are equally likely, whatever the shape",
    draw: outlines(({ chance: [first] }) => Math.floor(first * FILLS.length)),
  },
  "drawn-recolour": {
    label: "digits white on black, and yellow on blue",
    ...COLOUR_DIGITS,
    truth: "red and green are the grey, blue is its opposite",
    draw(n, random, digits) {
      const { pixels, labels } = chooseDigits(n, random, digits);
      return {
        a: paint(pixels, (grey) => [grey, grey, grey]),
        b: paint(pixels, (grey) => [grey, grey, 255 - grey]),
        labels,
      };
    },
  },
  "drawn-masked": {
    label: "digits of 16x16, to be hidden in part",
    ...GREY_DIGITS,
    hasB: false,
    truth: "the digit",
    draw: drawDigits,
  },
  "drawn-larger": {
    label: "digits of 28x28, and their copies of 7x7",
    ...{ shape: [28, 28, 1], digits: 28, classes: 10, scale: 4 },
    hasB: false,
    truth: "the digit of 28x28",
    draw: drawDigits,
  },
  "drawn-attributes": {
    label: "shapes, red or blue, filled or outlined",
    ...SHAPES,
    hasB: false,
    attributes: ["red", "filled"],
    truth: "the shape stays; red or blue, and filled or outlined, are as asked for",
    draw(n, random) {
      const shapes = drawShapes(n, random);
      const bits = shapes.map(({ chance: [first, second] }) => [Number(first < 0.5), Number(second < 0.5)]);
      return {
        a: join(shapes.map((shape, i) => shapeToPixels(shape, bits[i][0] ? RED : BLUE, bits[i][1] === 1))),
        attributes: Uint8Array.from(bits.flat()),
      };
    },
  },
  "drawn-coupled": {
    label: "digits white on black, and black on white",
    ...GREY_DIGITS,
    hasB: true,
    truth: "the inverted digit",
    draw(n, random, digits) {
      const { pixels, labels } = chooseDigits(n, random, digits);
      return { a: pixels, b: pixels.map((level) => 255 - level), labels };
    },
  },
  "drawn-shifted": {
    label: "digits, and digits on coloured backgrounds",
    ...COLOUR_DIGITS,
    truth: "the digit's class is the same on any background",
    draw(n, random, digits) {
      const { pixels, labels } = chooseDigits(n, random, digits);
      return {
        a: paint(pixels, (grey) => [grey, grey, grey]),
        b: shiftDigits(pixels, n, random),
        labels,
      };
    },
  },
} as const satisfies Readonly<Record<string, DrawnDomain>>;

export type DrawnName = keyof typeof DRAWN_DOMAINS;

export const isDrawn = (location: string): location is DrawnName => Object.hasOwn(DRAWN_DOMAINS, location);
