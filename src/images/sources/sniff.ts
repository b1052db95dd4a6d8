/** What kind of file some first bytes begin, by magic numbers; names are not looked at. */

export type ImageFormat = "png" | "jpeg" | "gif" | "webp" | "tiff" | "heif" | "bmp" | "pnm";
export type FileFormat = ImageFormat | "zip" | "gzip" | "idx" | "npy";

const ascii = (bytes: Uint8Array, at: number, text: string): boolean =>
  bytes.length >= at + text.length &&
  Array.from(text).every((char, i) => bytes[at + i] === char.charCodeAt(0));

const starts = (bytes: Uint8Array, ...values: number[]): boolean =>
  bytes.length >= values.length && values.every((value, i) => bytes[i] === value);

/** Brands of ISO media files that hold still images (HEIF, AVIF). */
const HEIF_BRANDS = ["avif", "avis", "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"];

const TESTS: readonly (readonly [FileFormat, (bytes: Uint8Array) => boolean])[] = [
  ["png", (b) => starts(b, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
  ["jpeg", (b) => starts(b, 0xff, 0xd8, 0xff)],
  ["gif", (b) => ascii(b, 0, "GIF87a") || ascii(b, 0, "GIF89a")],
  ["webp", (b) => ascii(b, 0, "RIFF") && ascii(b, 8, "WEBP")],
  ["tiff", (b) => starts(b, 0x49, 0x49, 0x2a, 0) || starts(b, 0x4d, 0x4d, 0, 0x2a)],
  ["tiff", (b) => starts(b, 0x49, 0x49, 0x2b, 0) || starts(b, 0x4d, 0x4d, 0, 0x2b)],
  ["heif", (b) => ascii(b, 4, "ftyp") && HEIF_BRANDS.some((brand) => ascii(b, 8, brand))],
  ["zip", (b) => starts(b, 0x50, 0x4b, 3, 4) || starts(b, 0x50, 0x4b, 5, 6)],
  ["gzip", (b) => starts(b, 0x1f, 0x8b, 8)],
  ["npy", (b) => starts(b, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)],
  ["idx", (b) => starts(b, 0, 0, 8) && b[3] >= 1 && b[3] <= 4],
  // 14 bytes of file header, then the size of an information header
  [
    "bmp",
    (b) =>
      ascii(b, 0, "BM") && b.length >= 18 && b[15] === 0 && [12, 40, 52, 56, 64, 108, 124].includes(b[14]),
  ],
  ["pnm", (b) => b[0] === 0x50 && b[1] >= 0x31 && b[1] <= 0x36 && [9, 10, 13, 32, 35].includes(b[2])],
];

/** How many first bytes are enough. */
export const SNIFF_LENGTH = 32;

export const bytesToFormat = (bytes: Uint8Array): FileFormat | undefined =>
  TESTS.find(([, test]) => test(bytes))?.[0];

const IMAGES: ReadonlySet<string> = new Set(["png", "jpeg", "gif", "webp", "tiff", "heif", "bmp", "pnm"]);

export const isImage = (format: FileFormat | undefined): format is ImageFormat =>
  format !== undefined && IMAGES.has(format);

/** Names that make a file of a folder or archive an image; what it holds is decided by its content. */
const EXTENSION = /\.(png|apng|jpe?g|jpe|jfif|bmp|dib|gif|webp|tiff?|pgm|ppm|pbm|pnm|avif|heif|heic)$/i;

export const hasImageName = (name: string): boolean => EXTENSION.test(name);
