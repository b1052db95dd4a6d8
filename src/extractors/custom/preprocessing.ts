/** Images as a network takes them: resized, scaled, laid out. */
import type { Engine } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import { RESIZE_MODES, type ResizeMode } from "../../images/resize/resize.ts";
import type { Image } from "../../images/source.ts";
import { type ImageInput, type InputForm, openImageInput } from "../image-input.ts";
import { type CustomExtractorOptions, type Layout, SCALINGS } from "./custom-options.ts";

export interface Preprocessing extends Omit<InputForm, "scaling"> {
  /** One a channel, in units of levels 0..1. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** A side that a file leaves open is undefined. */
export type OpenShape = readonly (number | undefined)[];

const shapeToText = (shape: OpenShape): string => `[${shape.map((side) => side ?? "any").join(", ")}]`;

const otherInput = (shape: OpenShape, location: string): GanEvalError =>
  new GanEvalError(
    "input.extractor-input",
    `expected an input [n, 3, height, width] or [n, height, width, 3] of ${location}, got ${shapeToText(shape)}`,
    { hint: "Export the part of the network that takes images; for grey ones, 1 replaces 3." },
  );

/** Where the channels stand: the axis that has 3, else 1. */
function shapeToLayout(shape: OpenShape, location: string): Layout {
  for (const channels of [3, 1]) {
    const [first, last] = [shape[1] === channels, shape[3] === channels];
    if (first !== last) return first ? "nchw" : "nhwc";
  }
  throw new GanEvalError(
    "usage.layout",
    `expected an unambiguous channel axis in the input ${shapeToText(shape)} of ${location}, got two candidates`,
    { hint: "Choose one: --layout nchw (PyTorch) or --layout nhwc (TensorFlow)." },
  );
}

function toSize(
  stated: readonly [height: number | undefined, width: number | undefined],
  asked: CustomExtractorOptions["inputSize"],
  location: string,
): readonly [height: number, width: number] {
  const [height, width] = [stated[0] ?? asked?.[0], stated[1] ?? asked?.[1]];
  if (height === undefined || width === undefined)
    throw new GanEvalError("usage.input-size", `expected the size of images for ${location}, got none`, {
      hint: "The network takes any size: give the one it was trained on, --input-size 224.",
    });
  if (asked !== undefined && (asked[0] !== height || asked[1] !== width))
    throw new GanEvalError(
      "usage.input-size",
      `expected an input size of ${height}x${width}, as stated in ${location}, got ${asked.join("x")}`,
      { hint: "Leave --input-size out, or export the network for that size." },
    );
  return [height, width];
}

/** One number for all channels or one each. */
function toChannels(values: readonly number[], channels: number, flag: "mean" | "std"): readonly number[] {
  const fits = values.length === 1 || values.length === channels;
  const usable = values.every((value) => Number.isFinite(value) && (flag === "mean" || value > 0));
  if (fits && usable) return Array.from({ length: channels }, (_, c) => values[values.length === 1 ? 0 : c]);
  throw new GanEvalError(
    "usage.scaling",
    `expected --${flag} of ${channels === 1 ? "one number" : "one or three numbers"}${flag === "std" ? " over 0" : ""}, got ${values.join(",")}`,
    { hint: "Values refer to levels in 0..1: --mean 0.485,0.456,0.406, or --mean imagenet for both." },
  );
}

/** A name given as the mean stands for its deviations too. */
function optionsToScaling({ mean, std }: CustomExtractorOptions) {
  const named = typeof mean === "string" ? SCALINGS[mean] : { mean: mean ?? [0], std: [1] };
  return { mean: named.mean, std: typeof std === "string" ? SCALINGS[std].std : (std ?? named.std) };
}

/**
 * What a network's input and the options say together.
 * @throws GanEvalError `input.extractor-input` for an input that takes no images; `usage.layout`,
 *   `usage.input-size`, `usage.scaling` for options that are missing or do not fit
 */
export function shapeToPreprocessing(
  shape: OpenShape,
  options: CustomExtractorOptions & { readonly resize?: ResizeMode },
  location: string,
): Preprocessing {
  if (shape.length !== 4) throw otherInput(shape, location);
  const layout = options.layout ?? shapeToLayout(shape, location);
  const [channels = 3, ...sides] =
    layout === "nchw" ? [shape[1], shape[2], shape[3]] : [shape[3], shape[1], shape[2]];
  if (channels !== 1 && channels !== 3) throw otherInput(shape, location);
  const [height, width] = toSize([sides[0], sides[1]], options.inputSize, location);
  const { mean, std } = optionsToScaling(options);
  return {
    height,
    width,
    channels,
    layout,
    resize: options.resize ?? "clean",
    mean: toChannels(mean, channels, "mean"),
    std: toChannels(std, channels, "std"),
  };
}

/** `clean to 224x224, mean 0.485,0.456,0.406, std 0.229,0.224,0.225` */
export function preprocessingToText(preprocessing: Preprocessing): string {
  const { resize, height, width, channels, mean, std } = preprocessing;
  const grey = channels === 1 ? " in grey" : "";
  return `${resize} to ${height}x${width}${grey}, mean ${mean.join(",")}, std ${std.join(",")}`;
}

/** In place: the first third becomes the luma. Equal channels stay what they are to the bit. */
function rgbToGrey(rgb: Float32Array): void {
  for (let i = 0, p = 0; p < rgb.length; i++, p += 3)
    rgb[i] = (19595 * rgb[p] + 38470 * rgb[p + 1] + 7471 * rgb[p + 2]) / 65536;
}

/**
 * `(level / 255 - mean) / std` of the resized image, whose levels are not rounded, in float64 until the end.
 * @param out float32 `[channels, height, width]` or `[height, width, channels]`, by the layout
 * @param scratch float32 of `3 height width`, overwritten
 */
export function imageToInput(
  { pixels, width, height }: Image,
  { mean, std, channels, layout, ...to }: Preprocessing,
  out: Float32Array,
  scratch: Float32Array,
): void {
  if (width === to.width && height === to.height) scratch.set(pixels);
  else RESIZE_MODES[to.resize](pixels, width, height, to.width, to.height, scratch);
  if (channels === 1) rgbToGrey(scratch);
  const area = to.width * to.height;
  const [step, channelStep] = layout === "nchw" ? [1, area] : [channels, 1];
  for (let c = 0; c < channels; c++)
    for (let i = 0, from = c, at = c * channelStep; i < area; i++, from += channels, at += step)
      out[at] = (scratch[from] / 255 - mean[c]) / std[c];
}

/** Batches of images in the form of a preprocessing, on the engine. */
export function openPreprocessedInput(
  engine: Engine,
  preprocessing: Preprocessing,
  batchSize: number,
): Promise<ImageInput> {
  const { mean, std, height, width } = preprocessing;
  const scratch = new Float32Array(height * width * 3);
  const form = { ...preprocessing, scaling: { mean, std } };
  return openImageInput(engine, form, batchSize, (image, place) =>
    imageToInput(image, preprocessing, place, scratch),
  );
}
