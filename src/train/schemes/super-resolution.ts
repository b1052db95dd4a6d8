/** Larger images from small ones: srgan and esrgan. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { ImageShape } from "../networks/image-size.ts";
import type { Network } from "../networks/network.ts";
import { enlargedJudge, RRDBS, rrdb, srresnet } from "../networks/super-resolution.ts";
import type { Maker, Phase, Round, Scheme, Term } from "../scheme/scheme.ts";
import { opposedToParts, PLAYERS, type Rules } from "./one-discriminator.ts";
import { openFeatures } from "./perceptual.ts";
import { imageField, type SchemeOptions, type SchemeRequest } from "./scheme-request.ts";
import { absoluteError, binaryCrossEntropy } from "./terms.ts";

/** Where the two models differ. */
export interface EnlargingKind {
  readonly label: string;
  readonly generator: (low: ImageShape, factor: number, options: SchemeOptions) => Network;
  /** The layer of VGG19 that its authors compare. */
  readonly layer: string;
}

export const ENLARGING_KINDS = {
  srgan: {
    label: "SRGAN",
    generator: (low, factor, { filters, blocks }) => srresnet(low, { factor, filters, blocks }),
    layer: "relu3_4",
  },
  esrgan: {
    label: "ESRGAN",
    generator: (low, factor, { filters, blocks }) =>
      rrdb(low, { ...RRDBS.esrgan, factor, filters, blocks, growth: Math.max(1, Math.round(filters / 2)) }),
    layer: "conv5_4",
  },
} as const satisfies Readonly<Record<string, EnlargingKind>>;

/**
 * The relativistic average loss of a map of logits: with r and f those of real and of made images, M their means over the
 * batch, place by place, and H the cross-entropy with 1 or 0,
 * D: (H(r - M f, 1) + H(f - M r, 0)) / 2; G: the same with r and f exchanged.
 * Source: Wang et al. 2018; BasicSR. `LOSSES` has means over all places, and no half.
 */
function relativisticAverage(upper: tf.Tensor, lower: tf.Tensor): tf.Scalar {
  const against = (x: tf.Tensor, other: tf.Tensor, target: number): tf.Scalar =>
    binaryCrossEntropy(tf.sub(x, tf.mean(other, 0, true)), tf.scalar(target));
  return tf.div(tf.add(against(upper, lower, 1), against(lower, upper, 0)), 2);
}

const RELATIVISTIC: Rules = {
  generator: (own, real) => relativisticAverage(own, real()),
  discriminator: relativisticAverage,
};

/** @throws GanEvalError `usage.scale` where one side of the image is not as many times larger as the other */
function sizesToFactor(low: ImageShape, image: ImageShape): number {
  const factor = image[0] / low[0];
  if (image[1] / low[1] === factor && image[2] === low[2]) return factor;
  throw new GanEvalError(
    "usage.scale",
    `expected low-resolution copies of one scale, got ${low.join("x")} for ${image.join("x")}`,
    { hint: "Choose a --scale that divides both sides of the images." },
  );
}

/** Rounds of the pixel term alone, and then all terms of both players. */
function optionsToPlan({ warmUp }: SchemeOptions, terms: readonly Term[]): readonly Phase[] {
  const all: Phase = { rounds: "rest", steps: [{ trains: PLAYERS, times: 1, batch: "new" }] };
  if (warmUp === 0) return [all];
  const own = terms.filter(({ trains }) => trains.includes("generator")).map(({ name }) => name);
  const weights = Object.fromEntries(own.map((name) => [name, name === "pixel" ? 1 : 0]));
  return [{ rounds: warmUp, steps: [{ trains: ["generator"], times: 1, batch: "new", weights }] }, all];
}

/**
 * A generator of images a few times larger, and a discriminator of large images. The generator minimises
 * perceptual_X `E |X(G(low)) - X(a)|` of the features of a network X + `adversarial` + pixel `E |G(low) - a|`, with the
 * options' weights; for `warmUp` rounds first the pixel term alone, of weight 1. Where no network compares features, the
 * pixel term has the weight of the perceptual term besides its own.
 * Sources: Ledig et al. 2017 (srgan), Wang et al. 2018 (esrgan); PyTorch-GAN.
 * @throws GanEvalError `usage.data`, `usage.scale`, `usage.network`, `usage.perceptual`, `input.perceptual-weights`
 */
export async function superResolutionScheme(request: SchemeRequest, kind: EnlargingKind): Promise<Scheme> {
  const { options } = request;
  const { weights, loss, discriminatorFilters } = options;
  const [image, low] = [imageField(request, "a"), imageField(request, "low")];
  const features = weights.perceptual > 0 ? await openFeatures(options, image, kind.layer) : undefined;
  const made = (round: Round): tf.Tensor => round.pass("made", round.input("low")).output;
  const parts = opposedToParts({
    options,
    real: (round) => round.input("a"),
    made,
    shape: image,
    ...(loss === "relativistic-average" && { rules: RELATIVISTIC }),
  });
  const pixel: Term = {
    name: "pixel",
    trains: ["generator"],
    weight: weights.pixel + (features ? 0 : weights.perceptual),
    value: (round) => absoluteError(made(round), round.input("a")),
  };
  const perceptual: Term[] = !features
    ? []
    : [
        {
          name: features.term,
          trains: ["generator"],
          weight: weights.perceptual,
          value: (round) =>
            absoluteError(
              round.pass("made-features", made(round)).output,
              round.pass("real-features", round.input("a")).output,
            ),
        },
      ];
  const terms = [...perceptual, pixel, ...parts.terms];
  const maker: Maker = {
    name: "enlarge",
    label: "enlarged",
    inputs: ["low"],
    target: "a",
    // ESRGAN's network is linear at its end.
    make: (round) => tf.clipByValue(made(round), -1, 1),
  };
  const seen = { network: "features", for: ["generator"] };
  return {
    ...parts,
    label: kind.label,
    networks: {
      generator: kind.generator(low, sizesToFactor(low, image), options),
      discriminator: enlargedJudge(image, { filters: discriminatorFilters }),
      ...(features && { features: features.network }),
    },
    ...(features && { frozen: { features: features.arrays } }),
    inputs: {
      low: { kind: "field", field: "low", shape: low },
      a: { kind: "field", field: "a", shape: image },
    },
    passes: { ...parts.passes, ...(features && { "made-features": seen, "real-features": seen }) },
    terms,
    plan: optionsToPlan(options, terms),
    makers: [maker],
    preview: [
      { label: "small", field: "low" },
      { label: "enlarged", maker: maker.name },
      { label: "image", field: "a" },
    ],
  };
}
