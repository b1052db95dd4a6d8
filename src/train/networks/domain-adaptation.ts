/** The networks of pixelda (Bousmalis et al. 2017), as PyTorch-GAN builds them; its code map is `codeToChannels`. */
import { LEAKY, optionsToBlocks, RELU, repeated, residualBlock, TANH } from "./image-blocks.ts";
import { halved, type ImageShape, requireSides } from "./image-size.ts";
import { widened } from "./judges.ts";
import { type Layer, sizeOf } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

export interface AdaptationOptions {
  /** Of the first layer; 64 if left out. */
  readonly filters?: number;
}

/** Of the judge and the classifier. */
export interface AdaptationTrunkOptions extends AdaptationOptions {
  /** Halvings; 4 if left out. */
  readonly layers?: number;
}

/** An image, with channels made of a code beside it, to an image in the other domain's look; never halved. */
export function adaptationGenerator(
  input: ImageShape,
  channels: number,
  { filters = 64, blocks = 6 }: AdaptationOptions & { readonly blocks?: number } = {},
): Network {
  const make = optionsToBlocks({ norm: "batch" });
  const window = { size: 3 };
  return layersToNetwork(input, [
    ...make.plain(filters, window),
    RELU,
    ...repeated(blocks, () => [residualBlock(make, filters, { border: "zero" })]),
    ...make.last(channels, window),
    TANH,
  ]);
}

/** Of PyTorch-GAN's. */
const HALVINGS = 4;
/** A norm of one pixel would leave nothing of it. */
const smallestOf = (layers: number): number => 2 ** layers + 1;

/** 3x3 convolutions of stride 2; instance norm behind the leaky units (0.2), but for the first. */
function trunk(input: ImageShape, filters: number, layers: number): Layer[] {
  requireSides(
    input,
    smallestOf(layers),
    `the judge and the classifier of pixelda with ${layers} halvings`,
    "Use larger images (--img-size), or fewer halvings (--discriminator-layers).",
  );
  const make = optionsToBlocks({ norm: "instance" });
  return repeated(layers, (i) => [
    ...make.plain(widened(filters, i), { size: 3, stride: 2, padding: 1 }),
    LEAKY,
    ...(i > 0 ? make.norm : []),
  ]);
}

/** A map of logits of a sixteenth of the image's size, or 1/2^layers, rounded up. */
export function adaptationJudge(
  input: ImageShape,
  { filters = 64, layers = HALVINGS }: AdaptationTrunkOptions = {},
): Network {
  return layersToNetwork(input, [
    ...trunk(input, filters, layers),
    ...optionsToBlocks({}).last(1, { size: 3 }),
  ]);
}

/** Logits of the classes, by an architecture as the judge's. */
export function adaptationClassifier(
  input: ImageShape,
  classes: number,
  { filters = 64, layers = HALVINGS }: AdaptationTrunkOptions = {},
): Network {
  const flat = sizeOf([...halved(input, layers), widened(filters, layers - 1)]);
  return layersToNetwork(input, [
    ...trunk(input, filters, layers),
    { kind: "reshape", shape: [flat] },
    { kind: "dense", units: classes },
  ]);
}
