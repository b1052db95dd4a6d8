/** Data of domains that cannot be used: what was expected, what was got, and what to do. */
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type DomainRequest, openDomains } from "../../../../src/train/data/domains/open-domains.ts";
import { temporaryFolder, writeTree } from "../../../images/made-images.ts";
import { celebaList, pixelOfA, toImage } from "./made-domains.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);

const image = (width: number, height = width) => toImage(width, height, pixelOfA(1));
const small = await image(8);
const many = (prefix: string, count: number, content: Buffer | string = small) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}.png`, content]));

const TREES: Readonly<Record<string, Record<string, Buffer | string>>> = {
  unmatched: { ...many("trainA/", 5), ...many("trainB/", 3), "trainB/x.png": small },
  twice: { ...many("A/", 2), ...many("B/", 2), "A/0.bmp": small },
  proportions: { "A/0.png": small, "A/1.png": small, "B/0.png": small, "B/1.png": await image(8, 12) },
  half: many("trainA/", 3),
  empty: { ...many("trainA/", 3), "trainB/readme.txt": "none" },
  one: { ...many("trainA/", 3), ...many("trainB/", 1) },
  odd: { "0.png": await image(16, 8), "1.png": await image(17, 8) },
  square: many("", 3),
  pairs: many("", 3, await image(16, 8)),
  mixed: { "0.png": small, "1.png": await image(12) },
  damaged: { ...many("A/", 3), ...many("B/", 2), "B/2.png": "no image" },
  plain: many("", 3),
  attributes: { ...many("", 3), "list_attr.txt": celebaList(2).replaceAll("00", "") },
  short: { ...many("", 2), "a.csv": "file,red\n0.png,1,0\n" },
  value: { ...many("", 2), "a.csv": "file,red\n0.png,maybe\n" },
  nothing: { ...many("", 2), "a.csv": "" },
  repeated: { ...many("", 2), "a.csv": "file,red,red\n0.png,1,1\n" },
};
for (const [name, files] of Object.entries(TREES)) await writeTree(at(name), files);

type Bad = readonly [request: Partial<DomainRequest>, code: string, ...parts: string[]];
const pairs = (data: string, more: Partial<DomainRequest> = {}) =>
  ({ wants: "pairs", data, ...more }) as const;
const domains = (data: string, more: Partial<DomainRequest> = {}) =>
  ({ wants: "domains", data, ...more }) as const;
const attributes = (data: string, more: Partial<DomainRequest> = {}) =>
  ({ wants: "attributes", data, ...more }) as const;
const images = (data: string, more: Partial<DomainRequest> = {}) =>
  ({ wants: "images", data, ...more }) as const;

const BAD: Readonly<Record<string, Bad>> = {
  "files without partners": [
    pairs("unmatched"),
    "input.unmatched-pairs",
    "trainA (5)",
    "trainB (4)",
    "2 only in",
    "3.png, 4.png",
    "1 only in",
    "x.png",
  ],
  "two files of one name": [pairs("twice"), "input.unmatched-pairs", "0.bmp", "0.png"],
  "halves of other proportions": [pairs("proportions", { size: 8 }), "input.pair-size", "8x12", "1.png"],
  "one domain alone": [domains("half"), "input.missing-domain", "trainA and trainB", "trainA alone"],
  "an empty domain": [domains("empty"), "input.no-pictures", "trainB"],
  "a domain of one image": [domains("one"), "input.too-few-images", "at least 2", "trainB", "got 1"],
  "too many held out": [domains("unmatched", { heldOut: 9 }), "usage.held-out", "fewer than 5"],
  "all but one held out": [domains("unmatched", { heldOut: 3 }), "input.too-few-images", "trainB", "got 1"],
  "an odd width": [pairs("odd"), "input.pair-size", "even width", "17x8", "1.png"],
  "square images that nobody called pairs": [pairs("square"), "input.pair-size", "wider than high", "8x8"],
  "images of several sizes": [images("mixed"), "input.mixed-sizes", "12x12", "1.png"],
  "a damaged image": [domains("damaged"), "input.picture", "2.png"],
  "unpaired data for a model of pairs": [
    pairs("unmatched", { pairs: "unpaired" }),
    "usage.pairs",
    "unpaired",
  ],
  "folders that are not there": [pairs("pairs", { pairs: "folders" }), "usage.pairs", "trainA and trainB"],
  "two locations side by side": [
    pairs("pairs", { dataB: at("square"), pairs: "side-by-side" }),
    "usage.conflicting-option",
    "square",
  ],
  "a second domain for a model of one": [
    images("pairs", { dataB: at("square") }),
    "usage.data-option",
    "square",
  ],
  "a load size below the image size": [
    images("plain", { size: 8, loadSize: 7 }),
    "usage.load-size",
    "8x8",
    "7x7",
  ],
  "a load size without an image size": [images("plain", { loadSize: 9 }), "usage.load-size", "none"],
  "a scale that does not divide": [images("plain", { scale: 3 }), "usage.scale", "got 3 for 8x8"],
  "two channels": [images("plain", { channels: 2 as 1 }), "usage.channels", "got 2"],
  "a size out of range": [images("plain", { size: 2 }), "usage.img-size", "got 2"],
  "classes that there are not": [images("plain", { labels: "read" }), "input.no-classes", "expected classes"],
  "attributes that there are not": [attributes("plain"), "input.no-classes", "attributes or classes"],
  "no such file of attributes": [
    attributes("plain", { attributes: "none.txt" }),
    "input.not-found",
    "none.txt",
  ],
  "no such attribute": [
    attributes("attributes", { selected: ["even", "smal"] }),
    "usage.selected",
    "even, small, always",
    "got smal",
  ],
  "images without a line of attributes": [
    attributes("attributes", { selected: ["even"] }),
    "input.unmatched-attributes",
    "2 lines",
    "3 images",
    "none for 1: 2.png",
  ],
  "a line of too many values": [
    attributes("short"),
    "input.attributes",
    "1 values of 0.png in line 2",
    "got 2",
  ],
  "a value that is none": [attributes("value"), "input.attributes", "red in line 2", '"maybe"'],
  "an empty file of attributes": [attributes("nothing"), "input.attributes", "empty file"],
  "an attribute named twice": [attributes("repeated"), "input.attributes", "red twice"],
  "a misspelt name": [
    { wants: "pairs", data: "drawn-outlne" },
    "usage.data",
    "drawn-outline",
    "got drawn-outlne",
  ],
  "no such folder": [pairs("nowhere"), "input.not-found", "nowhere"],
  "drawn data without what the model wants": [
    { wants: "pairs", data: "drawn-masked" },
    "usage.data",
    "two domains",
    "drawn-masked",
  ],
};

const openBad = ({ data = "", ...request }: Partial<DomainRequest>) =>
  openDomains({
    ...{ wants: "pairs", seed: 1, ...request },
    data: data.startsWith("drawn-") ? data : at(data),
  });

describe.each(Object.entries(BAD))("%s", (_, [request, code, ...parts]) => {
  test.each([
    ["in memory", {}],
    ["on disk", { memory: 1 }],
  ])("are an error that says so, %s", async (where, memory) => {
    // What is on disk is met when it is read.
    const isMetWhenRead = ["input.pair-size", "input.mixed-sizes", "input.picture"].includes(code);
    const work = async () => {
      const opened = await openBad({
        ...request,
        ...memory,
        ...(where === "on disk" && { channels: request.channels ?? 3 }),
      });
      if (isMetWhenRead && opened.streams) for (let i = 0; i < 3; i++) await opened.data.next(1);
    };
    const error = await work().then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toMatchObject({ code, hint: expect.any(String) });
    for (const part of parts) expect(error.message).toContain(part);
  });
});

test.each([{}, { memory: 1 }])(
  "pairs of which one image is damaged are left out where that is asked for: %j",
  async (memory) => {
    const { counts, warnings } = await openDomains({
      ...{ wants: "pairs", data: at("damaged"), seed: 1, onError: "skip", ...memory },
    });
    expect(counts).toEqual({ a: 2, b: 2 });
    expect(warnings.map(({ code }) => code)).toContain("skipped");
  },
);

test("square images are taken for pairs if they are called so", async () => {
  const { data } = await openDomains({ wants: "pairs", data: at("square"), seed: 1, pairs: "side-by-side" });
  expect(data.fields).toEqual({ a: [8, 4, 3], b: [8, 4, 3] });
});

test("grey images have one channel, from memory and from disk, unless another image has colour", async () => {
  const grey = await toImage(16, 8, () => [9, 9, 9]);
  await writeTree(at("grey"), many("", 3, grey));
  await writeTree(at("late"), { ...many("", 3, grey), "late.png": await image(16, 8) });
  for (const memory of [{}, { memory: 1 }])
    for (const [name, channels] of [
      ["grey", 1],
      ["late", 3],
    ] as const) {
      const { data } = await openDomains({ wants: "pairs", data: at(name), seed: 1, ...memory });
      expect(data.fields.a).toEqual([8, 8, channels]);
    }
});
