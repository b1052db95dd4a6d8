import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GanEvalError } from "../../../src/errors.ts";
import { decodeImage } from "../../../src/images/decode/decode.ts";
import type { ImageNotice } from "../../../src/images/image-notices.ts";
import { hasShared, shared } from "../../shared.ts";

const fixtures = path.join(import.meta.dirname, "../fixtures");
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(path.join(fixtures, "files", name)));

interface Golden {
  readonly size: [number, number];
  readonly sha256: string;
  readonly rgb?: string;
}

/** Made with Pillow 13 by bench/peers/decode_goldens.py. */
const goldens = JSON.parse(readFileSync(path.join(fixtures, "decode.json"), "utf8")) as {
  files: Record<string, Golden>;
  photos: Record<string, string>;
};

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Where we differ from PIL, on purpose or because the decoders do; docs/pictures.md says so. */
const DIFFERENT: Record<string, string> = {
  "g16.png": "PIL clips 16-bit grey at 255",
  "g16.tif": "PIL clips 16-bit grey at 255",
  "g16.pgm": "PIL clips 16-bit grey at 255",
};

const same = Object.keys(goldens.files).filter((name) => !(name in DIFFERENT));

describe("pixels", () => {
  test.each(same)("of %s equal PIL's", async (name) => {
    const { image } = await decodeImage(fixture(name), name);
    const golden = goldens.files[name];
    expect([image.width, image.height]).toEqual(golden.size);
    if (golden.rgb)
      expect(Buffer.from(image.pixels).toString("hex")).toBe(
        Buffer.from(golden.rgb, "base64").toString("hex"),
      );
    expect(sha256(image.pixels)).toBe(golden.sha256);
  });

  test.each(Object.keys(DIFFERENT))("of %s have the size that PIL gives", async (name) => {
    const { image } = await decodeImage(fixture(name), name);
    expect([image.width, image.height]).toEqual(goldens.files[name].size);
    expect(image.pixels.length).toBe(image.width * image.height * 3);
  });

  test("16-bit grey is scaled: the same levels from PNG, TIFF and PGM", async () => {
    const [png, tiff, pgm] = await Promise.all(
      ["g16.png", "g16.tif", "g16.pgm"].map(
        async (name) => (await decodeImage(fixture(name), name)).image.pixels,
      ),
    );
    expect(tiff).toEqual(png);
    // PNM scales by its stated maximum and rounds, which moves a level by at most one
    const worst = Math.max(...png.map((value, i) => Math.abs(value - pgm[i])));
    expect(worst).toBeLessThanOrEqual(1);
    expect(new Set(png).size).toBeGreaterThan(20);
  });

  test.skipIf(!hasShared("data/flowers/images")).each(Object.entries(goldens.photos))(
    "of the photo %s equal PIL's",
    async (name, digest) => {
      const bytes = new Uint8Array(readFileSync(shared(`data/flowers/images/${name}`)));
      expect(sha256((await decodeImage(bytes, name)).image.pixels)).toBe(digest);
    },
  );
});

const REMARKS: readonly (readonly [string, readonly ImageNotice[]])[] = [
  ["rgb.png", []],
  ["rgba.png", ["alpha"]],
  ["la.png", ["alpha", "grey"]],
  ["g.png", ["grey"]],
  ["g16.png", ["16-bit", "grey"]],
  ["g16.pgm", ["16-bit", "grey"]],
  ["rgba16.png", ["16-bit", "alpha"]],
  ["exif.jpg", ["exif-rotation", "lossy"]],
  ["exif.png", ["exif-rotation"]],
  ["an.gif", ["animated"]],
  ["gif-two-frames.gif", ["alpha", "animated"]],
  ["gif-transparent-white.gif", ["alpha"]],
  ["gif-256-colours.gif", []],
  ["gif-grey-palette.gif", ["grey"]],
  ["tiff-orientation-6.tif", ["tiff-orientation"]],
  ["tiff-associated-alpha.tif", ["alpha"]],
  ["jpeg-exif-6.jpg", ["exif-rotation", "lossy"]],
  ["avif-turned-6.avif", ["exif-rotation", "lossy"]],
  ["avif-444.avif", ["lossy"]],
  ["avif-sequence.avif", ["animated", "lossy"]],
  ["mp.tif", ["animated"]],
  ["cmyk.jpg", ["cmyk", "lossy"]],
  ["cmyk.tif", ["cmyk"]],
  ["l.webp", []],
  ["y.webp", ["lossy"]],
  ["x.avif", ["lossy"]],
  ["g.bmp", ["grey"]],
  ["rgb.bmp", []],
  ["p2.pgm", ["grey"]],
  ["rgb.ppm", []],
];

test.each(REMARKS)("%s is noticed: %j", async (name, expected) => {
  const { notices } = await decodeImage(fixture(name), name);
  expect([...notices].sort()).toEqual([...expected].sort());
});

const codeOf = (bytes: Uint8Array, maxPixels?: number): Promise<string> =>
  decodeImage(bytes, "x", maxPixels).then(
    () => "no error",
    (error) => {
      if (error instanceof GanEvalError) return error.code;
      throw error;
    },
  );

describe("bad files", () => {
  test.each([
    "gif-256-colours.gif",
    "avif-444.avif",
    "rgb.jpg",
    "rgb.png",
    "l.webp",
    "rgb.tif",
    "rgb.bmp",
    "rgb.ppm",
    "p3.ppm",
    "pal.bmp",
  ])("%s cut off is an error", async (name) => {
    const bytes = fixture(name);
    expect(await codeOf(bytes.subarray(0, Math.floor(bytes.length * 0.6)))).toBe("input.picture");
  });

  test("empty files, text, and images in name only are errors", async () => {
    expect(await codeOf(new Uint8Array(0))).toBe("input.picture");
    expect(await codeOf(new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>"))).toBe(
      "input.picture",
    );
    expect(await codeOf(new TextEncoder().encode("P9 is not an image"))).toBe("input.picture");
  });

  test("a header that claims 100,000 x 100,000 pixels is refused before memory is asked for", async () => {
    const png = fixture("rgb.png").slice();
    new DataView(png.buffer).setUint32(16, 100_000);
    new DataView(png.buffer).setUint32(20, 100_000);
    await expect(decodeImage(png, "big.png")).rejects.toThrow(/100000x100000 pixels, over the limit/);
    const bmp = fixture("rgb.bmp").slice();
    new DataView(bmp.buffer).setInt32(18, 100_000, true);
    new DataView(bmp.buffer).setInt32(22, 100_000, true);
    expect(await codeOf(bmp)).toBe("input.picture");
    expect(await codeOf(new TextEncoder().encode("P6 100000 100000 255\n"))).toBe("input.picture");
    expect(await codeOf(new TextEncoder().encode("P3 16000 16000 255\n1 2 3"))).toBe("input.picture");
  });

  test("the limit on pixels is the caller's, for every format", async () => {
    for (const name of [
      "rgb.png",
      "rgb.jpg",
      "rgb.tif",
      "l.webp",
      "an.gif",
      "x.avif",
      "rgb.bmp",
      "rgb.ppm",
    ]) {
      expect(await codeOf(fixture(name), 62)).toBe("input.picture");
      expect(await codeOf(fixture(name), 10_000)).toBe("no error");
    }
  });

  test.each([
    "rgb.png",
    "pal.png",
    "rgb.jpg",
    "cmyk.jpg",
    "y.webp",
    "lzw.tif",
    "cmyk.tif",
    "an.gif",
    "gif-interlaced.gif",
    "gif-small-frame.gif",
    "gif-256-colours.gif",
    "x.avif",
    "avif-turned-6.avif",
    "avif-sequence.avif",
    "tiff-orientation-6.tif",
    "rgb.bmp",
    "pal.bmp",
    "rgba.bmp",
    "bit.bmp",
    "rgb.ppm",
    "p3.ppm",
    "b.pbm",
    "p6_16.ppm",
  ])("%s mutated or cut gives an image or an input error", async (name) => {
    const good = fixture(name);
    const header = Math.min(good.length - 1, 80);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.oneof(fc.nat(header), fc.nat(good.length - 1)), fc.nat(255)), { maxLength: 5 }),
        fc.oneof(fc.constant(good.length), fc.nat(good.length)),
        async (edits, length) => {
          const bytes = good.slice(0, length);
          for (const [at, value] of edits) if (at < length) bytes[at] = value;
          // a limit keeps the property about safety, not about decoding large images
          expect(await codeOf(bytes, 1 << 20)).toMatch(/^(no error|input\.picture)$/);
        },
      ),
      { numRuns: 60 },
    );
  });
});
