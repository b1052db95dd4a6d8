/** Files to pixels, so that they equal what the reference libraries get from PIL's `Image.open(f).convert("RGB")`. */
import type { Metadata, Sharp, SharpOptions } from "sharp";
import type { ImageNotice } from "../image-notices.ts";
import { bytesToMeasure, isLossyWebp, type Measure } from "../measure.ts";
import type { Image } from "../source.ts";
import { bytesToKnownKind } from "../sources/known-kinds.ts";
import { bytesToFormat, type ImageFormat, isImage } from "../sources/sniff.ts";
import { bmpToRaster, type Raster } from "./bmp.ts";
import { gifToRaster } from "./gif.ts";
import { bytesToHeifStill, type HeifStill } from "./heif-still.ts";
import { ImageError } from "./image-error.ts";
import { pnmToRaster } from "./pnm.ts";
import { planesToRgb } from "./yuv-to-rgb.ts";

export interface Decoded {
  readonly image: Image;
  readonly notices: readonly ImageNotice[];
}

/** 16,384 x 16,384: an image that unpacks to more is taken for an attack. */
export const DEFAULT_MAX_PIXELS = 2 ** 28;

/** An image whose header was read and that waits to be decoded. */
export interface Undecoded {
  /** Bytes of its pixels, or an estimate where the header does not say. */
  readonly pixelBytes: number;
  decode(): Promise<Decoded>;
}

type SharpModule = (input: Uint8Array, options: SharpOptions) => Sharp;

let loaded: Promise<SharpModule> | undefined;

/** sharp, loaded at the first image; without its cache, so that memory does not grow. */
function loadSharp(): Promise<SharpModule> {
  loaded ??= import("sharp").then(({ default: sharp }) => {
    sharp.cache(false);
    // Images are decoded side by side; threads within one would only get in each other's way.
    sharp.concurrency(1);
    return sharp as SharpModule;
  });
  return loaded;
}

function rasterToDecoded(raster: Raster, name: string): Decoded {
  const { pixels, width, height } = raster;
  const notices: ImageNotice[] = [];
  if (raster.grey) notices.push("grey");
  if (raster.sixteenBit) notices.push("16-bit");
  if (raster.alpha) notices.push("alpha");
  if (raster.animated) notices.push("animated");
  return { image: { pixels, width, height, name }, notices };
}

function metadataToRemarks(
  metadata: Metadata,
  format: ImageFormat,
  bytes: Uint8Array,
  still: HeifStill | undefined,
): ImageNotice[] {
  const asksToBeTurned = (metadata.orientation ?? 1) > 1 || still?.turned === true;
  const met: readonly (readonly [ImageNotice, boolean])[] = [
    ["grey", metadata.space === "b-w" || metadata.space === "grey16"],
    ["alpha", metadata.hasAlpha === true],
    ["16-bit", metadata.depth === "ushort"],
    ["exif-rotation", asksToBeTurned && format !== "tiff"],
    ["tiff-orientation", asksToBeTurned && format === "tiff"],
    ["animated", (metadata.pages ?? 1) > 1 || still?.sequence === true],
    ["cmyk", metadata.space === "cmyk"],
    ["lossy", format === "jpeg" || format === "heif" || (format === "webp" && isLossyWebp(bytes))],
  ];
  return met.filter(([, is]) => is).map(([notice]) => notice);
}

/** PIL's formula, without colour profiles: `R = (255 - K) - (255 - K) C / 255`, division rounded. */
function cmykToRgb(inks: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((inks.length / 4) * 3);
  for (let i = 0, to = 0; i < inks.length; i += 4) {
    const light = 255 - inks[i + 3];
    for (let c = 0; c < 3; c++) {
      const product = inks[i + c] * light + 128;
      rgb[to++] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }
  return rgb;
}

const isCmykJpeg = (measure: Measure | undefined): boolean => measure?.components === 4;

/** One line of what sharp says, without its prefixes. */
const reasonOf = (error: Error, format: ImageFormat): string => {
  const line = error.message.split("\n")[0].trim();
  // libvips sometimes has no words for it.
  const detail = line === "Unknown error" ? "" : ` (${line.slice(0, 120)})`;
  return `a damaged, truncated or unsupported ${format} file${detail}`;
};

async function decodeWithSharp(
  bytes: Uint8Array,
  name: string,
  format: ImageFormat,
  measure: Measure | undefined,
  maxPixels: number,
): Promise<Decoded> {
  const sharp = await loadSharp();
  const still = format === "heif" ? bytesToHeifStill(bytes) : undefined;
  const options: SharpOptions = { ignoreIcc: true, failOn: "error", limitInputPixels: maxPixels };
  // PIL turns TIFFs as they ask for, and no other format.
  const open = () =>
    format === "tiff" ? sharp(bytes, options).autoOrient() : sharp(still?.bytes ?? bytes, options);
  const toRgb = () => open().removeAlpha().toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  const toInks = () =>
    open().pipelineColourspace("cmyk").toColourspace("cmyk").raw().toBuffer({ resolveWithObject: true });
  try {
    // Both jobs are queued at once: while the network blocks this thread, the decoding threads go on.
    const first = isCmykJpeg(measure) ? toInks() : toRgb();
    const [metadata, decoded] = await Promise.all([open().metadata(), first]);
    const cmyk = metadata.space === "cmyk";
    const { data, info } = cmyk && !isCmykJpeg(measure) ? await toInks() : decoded;
    const colours = cmyk ? cmykToRgb(data) : channelsToRgb(data, info.channels);
    const pixels = still?.planes ? planesToRgb(colours, info.width, still.planes) : colours;
    if (pixels.length !== info.width * info.height * 3)
      throw new Error(`${info.channels} channels of ${info.width}x${info.height} pixels`);
    return {
      image: { pixels, width: info.width, height: info.height, name },
      notices: metadataToRemarks(metadata, format, bytes, still),
    };
  } catch (error) {
    throw new ImageError(name, reasonOf(error as Error, format), error);
  }
}

/** One channel is copied to three; three are kept. */
export function channelsToRgb(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const count = data.length / channels;
  const pixels = new Uint8Array(count * 3);
  const [green, blue] = channels >= 3 ? [1, 2] : [0, 0];
  for (let i = 0; i < count; i++) {
    pixels[i * 3] = data[i * channels];
    pixels[i * 3 + 1] = data[i * channels + green];
    pixels[i * 3 + 2] = data[i * channels + blue];
  }
  return pixels;
}

/** Formats that are decoded here, on this thread: sharp lacks them, or blackens what is transparent (GIF). */
const RASTER_READERS: Partial<
  Record<ImageFormat, (bytes: Uint8Array, name: string, maxPixels: number) => Raster>
> = { bmp: bmpToRaster, gif: gifToRaster, pnm: pnmToRaster };

/**
 * Looks at a file's first bytes and says what decoding it takes. What it is goes by content, not by name.
 * @throws ImageError for an empty file, one that is no image, or one of more than `maxPixels`
 */
export function bytesToUndecoded(bytes: Uint8Array, name: string, maxPixels: number): Undecoded {
  if (bytes.length === 0) throw new ImageError(name, "an empty file");
  const format = bytesToFormat(bytes);
  if (!isImage(format))
    throw new ImageError(
      name,
      format === undefined ? (bytesToKnownKind(bytes)?.what ?? "a file of another kind") : `a ${format} file`,
    );
  const measure = bytesToMeasure(bytes, format);
  const pixelCount = measure === undefined ? bytes.length * 8 : measure.width * measure.height;
  if (measure !== undefined && pixelCount > maxPixels)
    throw new ImageError(
      name,
      `${measure.width}x${measure.height} pixels, over the limit of ${maxPixels.toLocaleString("en-US")}`,
    );
  const reader = RASTER_READERS[format];
  return {
    pixelBytes: pixelCount * 3,
    decode: async () =>
      reader
        ? rasterToDecoded(reader(bytes, name, maxPixels), name)
        : decodeWithSharp(bytes, name, format, measure, maxPixels),
  };
}

/** Decodes one file. */
export const decodeImage = (
  bytes: Uint8Array,
  name: string,
  maxPixels: number = DEFAULT_MAX_PIXELS,
): Promise<Decoded> => Promise.resolve().then(() => bytesToUndecoded(bytes, name, maxPixels).decode());
