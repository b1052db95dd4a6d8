/** A perceptual network in a scheme: frozen, its features compared by a term that bears its name. */
import type { ArrayValue } from "../../engine/engine.ts";
import { openPerceptual, type Perceptual } from "../../extractors/perceptual/open-perceptual.ts";
import type { ImageShape } from "../networks/image-size.ts";
import type { Specs } from "../networks/layer-row.ts";
import type { Network } from "../networks/network.ts";
import type { SchemeOptions } from "./scheme-request.ts";

export interface Features {
  /** `perceptual_vgg`, `perceptual_alexnet`, `perceptual_random`, `perceptual_digits`: never one for another. */
  readonly term: string;
  readonly network: Network;
  /** Its weights, for `Scheme.frozen`. */
  readonly arrays: Readonly<Record<string, ArrayValue>>;
}

/** Networks that need no file. Their layers have other names than VGG's. */
const STAND_INS = ["random", "digits"];

/** `vgg19 relu3_4` to `perceptual_vgg`. */
const nameToTerm = (name: string): string => `perceptual_${/^[a-z]+/.exec(name)![0]}`;

/** A network of given weights: the trainer holds its arrays, and gradients flow through it to the images. */
function perceptualToNetwork({ arrays, features }: Perceptual, image: ImageShape): Network {
  const specs = Object.entries(arrays).map(([name, { shape }]) => [
    name,
    { shape, initializer: { kind: "zeros" } },
  ]);
  return {
    input: image,
    // Of features: whoever compares them needs no shape.
    output: [],
    weights: Object.fromEntries(specs) as Specs,
    buffers: {},
    noise: {},
    layers: [],
    sides: {},
    marks: {},
    apply: (x, { weights, buffers }) => ({ output: features(x, weights), buffers, marks: {} }),
  };
}

/**
 * Opens what the option `perceptual` names; undefined for `none`. `usual` is the model's own layer of VGG, which stand-ins
 * do not have: they give their last one in its place.
 * @throws GanEvalError `usage.perceptual`, `input.perceptual-weights`
 */
export async function openFeatures(
  { perceptual: source, perceptualLayer: layer }: SchemeOptions,
  image: ImageShape,
  usual: string,
): Promise<Features | undefined> {
  if (source === "none") return undefined;
  const [height, width, channels] = image;
  const isOwn = STAND_INS.includes(source) && layer === usual;
  const opened = await openPerceptual(source, {
    channels,
    size: [height, width],
    ...(!isOwn && { layer }),
  });
  return {
    term: nameToTerm(opened.name),
    network: perceptualToNetwork(opened, image),
    arrays: opened.arrays,
  };
}
