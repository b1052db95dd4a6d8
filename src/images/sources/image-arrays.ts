/** Which array is images and how they lie in it, by name, type and shape; never one of several in silence. */
import { GanEvalError } from "../../errors.ts";
import { type NpyHeader, requireWholeNpy } from "../../formats/npy.ts";
import { rangeToAdvice, rangeToText, readValueRange } from "../decode/value-advice.ts";
import type { ByteFile } from "./byte-file.ts";
import type { RecordFile } from "./record-set.ts";

/** Names that say that an array is images. */
const IMAGE_KEYS: ReadonlySet<string> = new Set(["images", "samples", "x"]);

/** More channels than these are none: the axis is a side. */
const MOST_CHANNELS = 4;

export interface ImageListing {
  readonly name: string;
  readonly header: NpyHeader;
}

const describe = ({ type, shape, fortranOrder }: NpyHeader): string =>
  `${type} [${shape.join(", ")}]${fortranOrder ? " in Fortran order" : ""}`;

const listingsToText = (listings: readonly ImageListing[]): string => {
  const shown = listings.slice(0, 10).map(({ name, header }) => `${name}: ${describe(header)}`);
  return [...shown, ...(listings.length > 10 ? [`${listings.length - 10} more`] : [])].join("; ");
};

/** [h, w, 3]: numpy.savez(file, *images) keeps each image as an array of its own. */
const isOneImage = ({ shape }: NpyHeader): boolean => shape.length === 3 && shape[2] <= MOST_CHANNELS;

const wrongImages = (expected: string, location: string, got: string, hint: string): GanEvalError =>
  new GanEvalError("input.npz-pictures", `expected ${expected} in ${location}, got ${got}`, { hint });

/**
 * The array of images: the one whose name says so, else the only one of three axes or more.
 * @throws GanEvalError `input.no-pictures` where there is none, `input.npz-pictures` where there are several
 */
export function chooseImages<L extends ImageListing>(listings: readonly L[], location: string): L {
  const possible = listings.filter(({ header }) => header.shape.length >= 3);
  const named = possible.filter(({ name }) => IMAGE_KEYS.has(name));
  const chosen = named.length === 0 ? possible : named;
  if (chosen.length === 1) return chosen[0];
  if (chosen.length === 0)
    throw new GanEvalError(
      "input.no-pictures",
      `expected an array arr_0 of images in ${location}, got ${listingsToText(listings) || "no arrays of numbers"}`,
      { hint: "Save them with numpy.savez(file, images): uint8 [n, height, width, 3]." },
    );
  const single = chosen.every(({ header }) => isOneImage(header));
  throw wrongImages(
    "one array of images [n, height, width, channels]",
    location,
    `${chosen.length} arrays${single ? " of one image each" : ""}: ${listingsToText(chosen)}`,
    single
      ? "Save them as one array: numpy.savez(file, numpy.stack(images))."
      : "Save only the intended one, or name it images; join parts of one set with numpy.concatenate([a, b]).",
  );
}

/** Axes that read as channels first, [n, 3, 4, 4], and not also as images of 3 x 4 pixels. */
const looksChannelsFirst = ([, first, second, last]: readonly number[]): boolean =>
  [1, 3, 4].includes(first) && second === last && first !== second;

function refuseShape(header: NpyHeader, location: string): void {
  const { shape, fortranOrder } = header;
  const expected = "images [n, height, width, channels] in C order";
  if (isOneImage(header))
    throw wrongImages(
      expected,
      location,
      `one image, ${describe(header)}`,
      "Save images as one array: numpy.stack(images); a single one as x[None].",
    );
  const axes = shape.length;
  const channels = shape[3] ?? 1;
  const channelsFirst = axes === 4 && (channels > MOST_CHANNELS || looksChannelsFirst(shape));
  if (axes >= 3 && axes <= 4 && channels >= 1 && !channelsFirst && !fortranOrder) return;
  throw wrongImages(
    expected,
    location,
    describe(header),
    channelsFirst
      ? "For [n, channels, height, width] save numpy.ascontiguousarray(x.transpose(0, 2, 3, 1))."
      : fortranOrder
        ? "Save numpy.ascontiguousarray(x)."
        : "Save images as uint8 [n, height, width, 3], grey ones as [n, height, width].",
  );
}

async function refuseType(header: NpyHeader, file: ByteFile, location: string): Promise<void> {
  if (header.type === "u1") return;
  const expected = "uint8 images 0..255";
  if (header.type === "b1")
    throw wrongImages(expected, location, describe(header), "Save (x * 255).astype(numpy.uint8).");
  const range = await readValueRange(header, file, location);
  throw wrongImages(
    expected,
    location,
    `${describe(header)} with ${rangeToText(range)}`,
    rangeToAdvice(range),
  );
}

/**
 * Where the images of an array lie: uint8 `[n, h, w]` or `[n, h, w, c]`, in C order.
 * @throws GanEvalError `input.npz-pictures` for other shapes and types, `input.no-pictures` for none, `input.npy` where the
 *   file is shorter or longer than its shape says
 */
export async function headerToRecords(
  header: NpyHeader,
  file: ByteFile,
  location: string,
): Promise<RecordFile> {
  const [count, height, width, channels = 1] = header.shape;
  if (header.shape.some((side) => side === 0))
    throw new GanEvalError("input.no-pictures", `expected images in ${location}, got ${describe(header)}`);
  requireWholeNpy(header, file.size, location);
  refuseShape(header, location);
  await refuseType(header, file, location);
  const stride = height * width * channels;
  const layout = { width, height, channels, planar: false, prefix: "" };
  return { file, count, start: header.dataStart, stride, skip: 0, ...layout };
}
