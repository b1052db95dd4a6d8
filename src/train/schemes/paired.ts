/** Translation learnt from pairs of images: pix2pix. */
import * as tf from "../../engine/tfjs.ts";
import type { ImageShape } from "../networks/image-size.ts";
import { PATCHES } from "../networks/judges.ts";
import { NAMED_JUDGES } from "../networks/named-judge.ts";
import type { Network } from "../networks/network.ts";
import { RESNETS, resnetTranslator } from "../networks/translators.ts";
import { UNETS, unetTranslator } from "../networks/unet.ts";
import type { Round, Scheme } from "../scheme/scheme.ts";
import { mixInput, penaltyToTerm } from "./critic-penalty.ts";
import { imagesToInputs } from "./image-inputs.ts";
import { opposedToParts } from "./one-discriminator.ts";
import { imageField, type SchemeRequest } from "./scheme-request.ts";
import { absoluteError } from "./terms.ts";
import { translationMaker } from "./two-domains.ts";
import { weightedTerms } from "./weighted-terms.ts";

const fakeOf = (round: Round): tf.Tensor => round.pass("made", round.input("a")).output;

/** What the discriminator sees of an image: the image, and the one that it should be a translation of. */
const besideInput = (round: Round, image: tf.Tensor): tf.Tensor => tf.concat([image, round.input("a")], 3);

function requestToNetworks(request: SchemeRequest, pair: ImageShape): Record<string, Network> {
  const { translator, filters, blocks, norm, upSampling, dropout } = request.options;
  const { discriminatorFilters, discriminatorLayers, discriminatorNet } = request.options;
  const [input, [, , channels]] = [imageField(request, "a"), imageField(request, "b")];
  return {
    generator:
      translator === "resnet"
        ? resnetTranslator(input, {
            ...RESNETS.junyanz,
            ...{ channels, filters, blocks, norm, upSampling, dropout },
          })
        : unetTranslator(input, { ...UNETS.pix2pix, channels, filters, norm, dropout }),
    discriminator: NAMED_JUDGES[discriminatorNet](
      pair,
      { ...PATCHES.pix2pix, norm },
      { filters: discriminatorFilters, layers: discriminatorLayers, norm },
    ),
  };
}

/**
 * A generator from a to b, and a discriminator of `[image, a]`. The generator minimises `adversarial` + pixel
 * `E |G(a) - b|`, with the options' weights. The discriminator has an interpolated gradient penalty of weight `penalty`, if
 * that is not 0.
 * Sources: Isola et al. 2017; PyTorch-GAN.
 * @throws GanEvalError `usage.data` without pairs of images, `usage.network` for sizes that the networks do not take
 */
export function pairedScheme(request: SchemeRequest): Scheme {
  const { options } = request;
  const [a, b] = [imageField(request, "a"), imageField(request, "b")];
  const answer = (round: Round) => besideInput(round, round.input("b"));
  const made = (round: Round) => besideInput(round, fakeOf(round));
  const pair: ImageShape = [b[0], b[1], b[2] + a[2]];
  const parts = opposedToParts({ options, real: answer, made, shape: pair });
  const penalised = options.weights.penalty > 0;
  const penalty = penaltyToTerm({
    name: "penalty",
    player: "discriminator",
    weight: options.weights.penalty ?? 0,
    mix: "mix",
    real: answer,
    fake: made,
    critic: (round, images) => round.probe("real-judged", images).output,
  });
  const pixel = weightedTerms(options, ["generator"])("pixel", (round) =>
    absoluteError(fakeOf(round), round.input("b")),
  );
  const maker = translationMaker("a", { make: fakeOf });
  return {
    ...parts,
    label: "pix2pix",
    networks: requestToNetworks(request, pair),
    inputs: {
      ...imagesToInputs(request, ["a", "b"]),
      ...(penalised && { mix: mixInput("discriminator") }),
    },
    terms: [pixel, ...parts.terms, ...(penalised ? [penalty] : [])],
    makers: [maker],
    preview: [
      { label: "A", field: "a" },
      { label: "fake B", maker: maker.name },
      { label: "B", field: "b" },
    ],
  };
}
