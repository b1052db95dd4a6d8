import { describe, expect, it } from "vitest";
import { attributesToRow, makerToFeeds, makerToInputsOf } from "../../src/samples/maker-feeds.ts";
import type { TrainedMaker } from "../../src/samples/open-maker.ts";
import { namesToFiles } from "../../src/samples/translation-names.ts";
import type { SchemeInput } from "../../src/train/scheme/inputs.ts";

const IMAGE = [8, 8, 1];
const INPUTS: Readonly<Record<string, SchemeInput>> = {
  a: { kind: "field", field: "a", shape: IMAGE },
  b: { kind: "field", field: "b", shape: IMAGE },
  low: { kind: "field", field: "low", shape: [4, 4, 1] },
  code: { kind: "latent", spec: { noise: 5, distribution: "normal" } },
  hole: { kind: "hole", image: IMAGE, side: 2, place: "random" },
  attributes: { kind: "field", field: "attributes", shape: [3] },
  wanted: { kind: "permuted", field: "attributes", shape: [3] },
};

const makerOf = (...inputs: string[]) =>
  ({
    scheme: { inputs: INPUTS },
    maker: { name: "made", inputs },
    fields: { a: IMAGE, b: IMAGE, low: [4, 4, 1], attributes: [3] },
    attributes: ["Black_Hair", "Male", "Young"],
  }) as unknown as TrainedMaker;

const images = Uint8Array.from({ length: 128 }, (_, i) => (i < 64 ? 255 : 0));

describe("a maker is given", () => {
  it("codes of the seed: the same for every image, others for each variant and seed", () => {
    const maker = makerOf("a", "code");
    const feeds = makerToFeeds(maker);
    const inputs = (seed: number, variant: number) =>
      makerToInputsOf(maker, feeds, undefined, seed)(images, 2, variant).code;
    const codes = inputs(1, 0);
    expect(codes.subarray(0, 5)).toEqual(codes.subarray(5));
    expect(inputs(1, 0)).toEqual(codes);
    expect(inputs(1, 1)).not.toEqual(codes);
    expect(inputs(2, 0)).not.toEqual(codes);
  });

  it("holes in the middle, wherever they were in training", () => {
    const maker = makerOf("a", "hole");
    const { hole } = makerToInputsOf(maker, makerToFeeds(maker), undefined, 1)(images, 1, 0);
    const places = Array.from(hole).flatMap((value, i) => (value === 1 ? [i] : []));
    expect(places).toEqual([27, 28, 35, 36]);
  });

  it("a low-resolution copy of the image where it reads both, and the image itself where it reads that alone", () => {
    const both = makerOf("low", "a");
    const { low, a } = makerToInputsOf(both, makerToFeeds(both), undefined, 1)(images, 2, 0);
    expect([a.length, low.length]).toEqual([128, 32]);
    expect([low[0], low[31]]).toEqual([1, -1]);
    expect(makerToFeeds(makerOf("low"))).toEqual({ field: "low", kinds: { low: "image" } });
  });

  it.each(["attributes", "wanted"])("the attributes asked for as %s, the others 0", (name) => {
    const maker = makerOf("a", name);
    const row = attributesToRow(maker, { Male: 1 }, true);
    expect(makerToInputsOf(maker, makerToFeeds(maker), row, 1)(images, 2, 0)[name]).toEqual(
      Float32Array.of(0, 1, 0, 0, 1, 0),
    );
  });
});

describe("what is refused:", () => {
  it.each([
    ["a maker of two images", () => makerToFeeds(makerOf("a", "b")), "usage.maker"],
    ["a maker of none", () => makerToFeeds(makerOf("code")), "usage.maker"],
    [
      "no attributes where some are read",
      () => attributesToRow(makerOf(), undefined, true),
      "usage.attributes",
    ],
    ["unknown ones", () => attributesToRow(makerOf(), { Mal: 1 }, true), "usage.attributes"],
  ] as const)("%s", (_, work, code) => {
    expect(work).toThrow(expect.objectContaining({ code }));
  });
});

describe("files", () => {
  it("are named after the images, variant by variant, and never lead out of the folder", () => {
    expect(namesToFiles(["a/b.jpg", "#1", "../../c.webp", "/etc/d", "C:\\e.png"], 1).flat()).toEqual([
      "a/b.png",
      "00000001.png",
      "c.png",
      "d.png",
      "e.png",
    ]);
    expect(namesToFiles(["x.jpg"], 3)).toEqual([["x_1.png", "x_2.png", "x_3.png"]]);
  });

  it.each([[["a.png", "a.jpg"]], [["A.png", "a.png"]]])("of %s would be one", (names) => {
    expect(() => namesToFiles(names, 1)).toThrow(expect.objectContaining({ code: "input.same-names" }));
  });
});
