/** Every layout of data of one or two domains: pairs stay registered, held-out images stay apart, runs can be resumed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type DomainRequest,
  type Fields,
  openDomains,
  type SchemeData,
} from "../../../../src/train/data/domains/open-domains.ts";
import { temporaryFolder } from "../../../images/made-images.ts";
import "../../../fuzz-seed.ts";
import { decode, indexesOf, LAYOUTS, SIDE, writeLayouts } from "./made-domains.ts";

const folder = await temporaryFolder();
await writeLayouts(folder);

const NAMES = Object.keys(LAYOUTS);
const open = (name: string, request: Partial<DomainRequest> = {}) =>
  openDomains({ wants: "pairs", data: `${folder}/${name}`, seed: 7, ...LAYOUTS[name].request, ...request });

/** Crops of 8 of 12 pixels, mirrored or not. */
const AUGMENTED = { size: 8, loadSize: SIDE, flip: true } as const;
/** Less than any of the layouts takes. */
const LITTLE = 100;

const imageFields = (fields: object) => (["a", "b"] as const).filter((name) => name in fields);

describe.each(NAMES)("%s", (name) => {
  test("gives every field that it names, of its shape", async () => {
    const { data } = await open(name);
    const batch = await data.next(5);
    const heldOut = await data.heldOut.fields(0, 3);
    for (const fields of [batch, heldOut])
      expect(Object.keys(fields).sort()).toEqual(Object.keys(data.fields).sort());
    for (const [field, shape] of Object.entries(data.fields)) {
      const stride = shape.reduce((size, side) => size * side, 1);
      expect(batch[field]).toHaveLength(5 * stride);
      expect(heldOut[field]).toHaveLength(3 * stride);
    }
    expect(data.count).toBe(20);
  });

  test("trains on every image that is not held out once in a pass, and on no other", async () => {
    const { data, counts } = await open(name, AUGMENTED);
    const fields = imageFields(data.fields);
    const seen = Object.fromEntries(fields.map((field) => [field, [] as number[]]));
    for (let i = 0; i < 20; i++) {
      const batch = await data.next(1);
      for (const field of fields) seen[field].push(...indexesOf(data, batch, field));
    }
    for (const field of fields) {
      const pass = seen[field].slice(0, counts[field]);
      expect(new Set(pass).size).toBe(counts[field]);
      const { counts: heldOutCounts } = data.heldOut;
      const samples = await data.heldOut.images(field, 0, heldOutCounts[field]);
      const heldOut = indexesOf(data, { [field]: samples }, field);
      expect(new Set(heldOut).size).toBe(heldOutCounts[field]);
      expect(seen[field].filter((index) => heldOut.includes(index))).toEqual([]);
    }
  });

  test("crops and mirrors within an image, and held-out images not at all", async () => {
    const { data } = await open(name, AUGMENTED);
    const mirrored = new Set<boolean>();
    const places = new Set<string>();
    for (let k = 0; k < 10; k++) {
      const batch = await data.next(4);
      for (const field of imageFields(data.fields))
        for (const image of decode(data, batch, field)) {
          const [, top, left] = image[0][0];
          const step = image[0][1][2] - left;
          expect(Math.abs(step)).toBe(1);
          mirrored.add(step < 0);
          places.add(`${top},${Math.min(left, image[0][7][2])}`);
          for (const [y, row] of image.entries())
            for (const [x, pixel] of row.entries())
              expect(pixel.slice(1)).toEqual([top + y, left + step * x]);
        }
    }
    expect(mirrored.size).toBe(2);
    // 25 places, 40 draws or more: fewer than 12 would be a chance of less than one in a million.
    expect(places.size).toBeGreaterThan(11);
    const { data: plain } = await open(name, { size: 8 });
    expect(await data.heldOut.fields(0, 3)).toEqual(await plain.heldOut.fields(0, 3));
  });

  test("resumed at any round gives the bytes of an uninterrupted run", async () => {
    const { data: whole } = await open(name, AUGMENTED);
    const { data: resumed } = await open(name, AUGMENTED);
    const positions: SchemeData["position"][] = [];
    const batches: Fields[] = [];
    for (let i = 0; i < 24; i++) {
      positions.push(JSON.parse(JSON.stringify(whole.position)));
      batches.push(await whole.next(3));
    }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(23), { minLength: 1, maxLength: 4 }), async (rounds) => {
        for (const round of rounds) {
          resumed.jump(positions[round]);
          expect(await resumed.next(3)).toEqual(batches[round]);
        }
      }),
      { numRuns: 12 },
    );
  });

  test("gives the same read from disk as from memory, also after a jump", async () => {
    const memory = await open(name, AUGMENTED);
    const disk = await open(name, { ...AUGMENTED, memory: LITTLE });
    expect([memory.streams, disk.streams]).toEqual([false, true]);
    expect(disk.hash).toBe(memory.hash);
    const { position } = disk.data;
    const first = await disk.data.next(3);
    expect(first).toEqual(await memory.data.next(3));
    // Of other sizes than what was announced, over the ends of passes.
    for (const n of [3, 5, 4, 4, 4, 4, 1, 3, 3])
      expect(await disk.data.next(n)).toEqual(await memory.data.next(n));
    expect(disk.data.position).toEqual(memory.data.position);
    disk.data.jump(position);
    expect(await disk.data.next(3)).toEqual(first);
    expect(await disk.data.heldOut.fields(0, 9)).toEqual(await memory.data.heldOut.fields(0, 9));
    await disk.close();
  });

  test("is decided by the seed, the hash is not", async () => {
    const [one, again, other] = await Promise.all([open(name), open(name), open(name, { seed: 8 })]);
    const first = await one.data.next(8);
    expect(await again.data.next(8)).toEqual(first);
    expect(await other.data.next(8)).not.toEqual(first);
    expect(other.hash).toBe(one.hash);
    expect(await other.data.heldOut.fields(0, 4)).toEqual(await one.data.heldOut.fields(0, 4));
  });

  test("refuses a batch that is larger than its smallest domain", async () => {
    const { data, counts } = await open(name);
    const least = Math.min(...Object.values(counts));
    await expect(async () => data.next(least + 1)).rejects.toMatchObject({
      code: "usage.batch-size",
      message: expect.stringContaining(`at most ${least} images`),
    });
  });
});

const PAIRED = NAMES.filter((name) => LAYOUTS[name].request.wants === "pairs");

describe.each(PAIRED)("the pairs of %s", (name) => {
  test.each([
    ["as they are", {}],
    ["augmented", AUGMENTED],
    ["in the other direction", { ...AUGMENTED, direction: "b-to-a" }],
  ] as const)("are registered to the pixel, %s", async (_, request) => {
    const { data } = await open(name, request);
    const swapped = "direction" in request;
    for (const batch of [await data.next(20), await data.heldOut.fields(0, 4)]) {
      const fields = swapped ? { a: batch.b, b: batch.a } : batch;
      expect(decode(data, fields, "a")).toEqual(decode(data, fields, "b"));
    }
    expect(data.heldOut.paired).toBe(true);
  });
});

describe("domains that are not paired", () => {
  test.each(["train/A and train/B, unpaired", "side by side, independent"])(
    "have an order each: %s",
    async (name) => {
      const { data } = await open(name);
      const batch = await data.next(15);
      expect(indexesOf(data, batch, "a")).not.toEqual(indexesOf(data, batch, "b"));
      expect(Object.keys(data.position).sort()).toEqual(["a", "augment", "b"]);
    },
  );

  test("may differ in their number of images; a pass is the larger one's", async () => {
    const { data, counts, layout } = await open("train/A and train/B, unpaired");
    expect({ counts, layout, count: data.count }).toEqual({
      counts: { a: 20, b: 15 },
      layout: "unpaired",
      count: 20,
    });
    expect(data.heldOut).toMatchObject({ count: 3, counts: { a: 4, b: 3 }, paired: false });
    for (let i = 0; i < 2; i++) await data.next(10);
    expect(data.position).toMatchObject({ a: { epoch: 0, taken: 20 }, b: { epoch: 1, taken: 10 } });
  });

  test("are exchanged by the direction", async () => {
    const name = "train/A and train/B, unpaired";
    const { data, counts } = await open(name, { direction: "b-to-a" });
    expect(counts).toEqual({ a: 15, b: 20 });
    expect(data.heldOut.names.a).toEqual(["021.png", "022.png", "023.png"]);
    const batch = await data.next(2);
    expect(decode(data, { a: batch.b }, "a")[0][3][5].slice(1)).toEqual([3, 5]);
  });

  test("of side-by-side images are held out in pairs, so that they can be scored", async () => {
    const { data } = await open("side by side, independent");
    const fields = await data.heldOut.fields(0, 4);
    expect(data.heldOut.paired).toBe(true);
    expect(decode(data, fields, "a")).toEqual(decode(data, fields, "b"));
  });

  test("may lie in two locations, and be built in", async () => {
    const { data, counts } = await openDomains({
      ...{ wants: "domains", data: "digits", dataB: `${folder}/one folder`, seed: 1 },
      ...{ size: 16, labels: "read", heldOut: 4 },
    });
    expect(data.fields).toEqual({ a: [16, 16, 3], b: [16, 16, 3], labels: [10] });
    expect(counts.b).toBe(20);
    const { labels } = await data.next(6);
    for (let i = 0; i < 6; i++)
      expect(labels.subarray(10 * i, 10 * i + 10).reduce((sum, one) => sum + one, 0)).toBe(1);
  });
});

describe("labelled images", () => {
  test("have the attributes selected, in their order, through crops and passes", async () => {
    const { data, layout } = await open("labelled images", AUGMENTED);
    expect({ layout, attributes: data.attributes }).toEqual({
      layout: "labelled",
      attributes: ["small", "even"],
    });
    for (const batch of [await data.next(20), await data.next(7), await data.heldOut.fields(0, 4)])
      for (const [i, index] of indexesOf(data, batch, "a").entries())
        expect([...batch.attributes.subarray(2 * i, 2 * i + 2)]).toEqual([
          Number(index < 10),
          Number(index % 2 === 0),
        ]);
  });

  test("with an attribute that all share are warned of", async () => {
    const { warnings, data } = await open("labelled images", { selected: undefined });
    expect(data.attributes).toEqual(["even", "small", "always"]);
    expect(warnings).toMatchObject([
      { code: "constant-attributes", message: expect.stringContaining("always") },
    ]);
    expect((await open("labelled images")).warnings).toEqual([]);
  });
});

describe("low-resolution copies", () => {
  test("are of the same crop: their mean is that of the image", async () => {
    const { data } = await open("one folder", { ...AUGMENTED, scale: 4 });
    expect(data.fields).toEqual({ a: [8, 8, 3], low: [2, 2, 3] });
    const { a, low } = await data.next(12);
    for (let i = 0; i < 12; i++)
      for (const channel of [1, 2]) {
        const mean = (of: Float32Array, n: number) => {
          let sum = 0;
          for (let k = 0; k < n; k++) sum += of[(i * n + k) * 3 + channel];
          return (127.5 * sum) / n;
        };
        // A ramp keeps its mean, but for rounding to whole levels.
        expect(Math.abs(mean(low, 4) - mean(a, 64))).toBeLessThanOrEqual(0.5);
      }
  });
});
