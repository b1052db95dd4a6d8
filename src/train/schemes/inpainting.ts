/** Filling square holes in images: context_encoder and ccgan. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { ImageShape } from "../networks/image-size.ts";
import { holeGenerator } from "../networks/inpainting.ts";
import { PATCHES, patchJudge } from "../networks/judges.ts";
import { UNETS, unetTranslator } from "../networks/unet.ts";
import type { Maker, PreviewColumn, Round, Scheme, Term } from "../scheme/scheme.ts";
import { cutHoles, maskToPlaces, partsToPlaces } from "./hole-places.ts";
import { oncePerRound, opposedToParts } from "./one-discriminator.ts";
import { imageField, type SchemeOptions, type SchemeRequest } from "./scheme-request.ts";
import { absoluteError } from "./terms.ts";

/** x (1 - m) + f m: the known pixels, and f in the hole. */
const filled = (image: tf.Tensor, mask: tf.Tensor, filling: tf.Tensor | number): tf.Tensor =>
  tf.add(tf.mul(image, tf.sub(1, mask)), tf.mul(mask, filling));

const judgeOf = (image: ImageShape, { discriminatorFilters, discriminatorLayers }: SchemeOptions) =>
  patchJudge(image, { ...PATCHES.inpainting, filters: discriminatorFilters, layers: discriminatorLayers });

const PREVIEW = (maker: string): readonly PreviewColumn[] => [
  { label: "filled", maker },
  { label: "image", field: "a" },
];

/** @throws GanEvalError `usage.mask-size` for a hole that no whole number of halvings leads to */
function maskToHalvings([height, width]: ImageShape, side: number): number {
  const halvings = Math.log2(height / side);
  if (height === width && Number.isInteger(halvings) && halvings >= 1) return halvings;
  const sides = [2, 4, 8].map((part) => height / part).filter((each) => Number.isInteger(each) && each >= 4);
  throw new GanEvalError(
    "usage.mask-size",
    `expected square images and a mask of a half, a quarter or an eighth of their side, got ${width}x${height} and ${side}`,
    height === width && sides.length > 0
      ? { hint: `Choose --mask-size ${sides.join(" or ")}.` }
      : { hint: "Choose --img-size 128 and --mask-size 64." },
  );
}

/**
 * A generator from an image with a white hole to what the hole hid, and a discriminator of such parts. The generator
 * minimises `adversarial` + pixel `E |G(masked) - part|`, with the options' weights.
 * Sources: Pathak et al. 2016; PyTorch-GAN.
 * @throws GanEvalError `usage.data`, `usage.mask-size`, `usage.network`
 */
export function contextEncoderScheme(request: SchemeRequest): Scheme {
  const { options } = request;
  const { maskSize: side, maskPlace: place, filters, latentDim: bottleneck, weights } = options;
  const image = imageField(request, "a");
  const holeHalvings = maskToHalvings(image, side);
  const part: ImageShape = [side, side, image[2]];
  const partOf = (round: Round, hole: string) =>
    round.pass("made", filled(round.input("a"), round.input(hole), 1)).output;
  const made = oncePerRound((round) => partOf(round, "hole"));
  const real = oncePerRound((round) => cutHoles(round.input("a"), maskToPlaces(round.input("hole"), side)));
  const parts = opposedToParts({ options, real, made, shape: part });
  const pixel: Term = {
    name: "pixel",
    trains: ["generator"],
    weight: weights.pixel,
    value: (round) => absoluteError(made(round), real(round)),
  };
  const maker: Maker = {
    name: "fill",
    label: "the middle filled",
    inputs: ["a", "middle"],
    target: "a",
    make: (round) => {
      const mask = round.input("middle");
      const placed = partsToPlaces(partOf(round, "middle"), maskToPlaces(mask, side));
      return filled(round.input("a"), mask, placed);
    },
  };
  return {
    ...parts,
    label: "Context encoder",
    networks: {
      generator: holeGenerator(image, { filters, bottleneck, holeHalvings }),
      discriminator: judgeOf(part, options),
    },
    inputs: {
      a: { kind: "field", field: "a", shape: image },
      hole: { kind: "hole", image, side, place, stream: "masks" },
      // Of makers only: no step reads it.
      middle: { kind: "hole", image, side, place: "middle", for: [] },
    },
    terms: [pixel, ...parts.terms],
    makers: [maker],
    preview: PREVIEW(maker.name),
  };
}

/**
 * A U-Net from an image with a black hole, joined by a low-resolution copy of the whole, to an image, of which the hole is
 * kept and the rest is the known pixels; a discriminator of images. The generator minimises `adversarial`, and, where they
 * weigh something, pixel `E |filled - a|` and reconstruction `E |(1 - m) (G - a)|` of the pixels around the hole m.
 * Sources: Denton et al. 2016; PyTorch-GAN.
 * @throws GanEvalError `usage.data`, `usage.scale`, `usage.network`
 */
export function ccganScheme(request: SchemeRequest): Scheme {
  const { options } = request;
  const { maskSize: side, maskPlace: place, filters, dropout, weights } = options;
  const [image, low] = [imageField(request, "a"), imageField(request, "low")];
  const after = Math.log2(image[0] / low[0]);
  if (!Number.isInteger(after))
    throw new GanEvalError(
      "usage.scale",
      `expected a low-resolution copy of a half, a quarter or an eighth of the side, got ${low[1]}x${low[0]} of ${image[1]}x${image[0]}`,
      { hint: "Choose --scale 4." },
    );
  const whole = oncePerRound((round) => {
    const masked = filled(round.input("a"), round.input("hole"), -1);
    return round.pass("made", masked, { sides: { low: round.input("low") } }).output;
  });
  const made = oncePerRound((round) => filled(round.input("a"), round.input("hole"), whole(round)));
  const parts = opposedToParts({ options, real: (round) => round.input("a"), made, shape: image });
  const terms: Term[] = [
    {
      name: "pixel",
      trains: ["generator"],
      weight: weights.pixel,
      value: (round) => absoluteError(made(round), round.input("a")),
    },
    {
      name: "reconstruction",
      trains: ["generator"],
      weight: weights.reconstruction,
      value: (round) => {
        const known = tf.sub(1, round.input("hole"));
        return absoluteError(tf.mul(whole(round), known), tf.mul(round.input("a"), known));
      },
    },
  ];
  const maker: Maker = {
    name: "fill",
    label: "the hole filled",
    inputs: ["a", "low", "hole"],
    target: "a",
    make: made,
  };
  return {
    ...parts,
    label: "CCGAN",
    networks: {
      generator: unetTranslator(image, {
        ...UNETS.ccgan,
        ...{ filters, dropout, side: { name: "low", after, channels: low[2] } },
      }),
      discriminator: judgeOf(image, options),
    },
    inputs: {
      a: { kind: "field", field: "a", shape: image },
      low: { kind: "field", field: "low", shape: low },
      hole: { kind: "hole", image, side, place, stream: "masks" },
    },
    terms: [...terms, ...parts.terms],
    makers: [maker],
    preview: PREVIEW(maker.name),
  };
}
