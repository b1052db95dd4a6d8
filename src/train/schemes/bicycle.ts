/** Several right answers to one image, told apart by a code: bicyclegan. */
import * as tf from "../../engine/tfjs.ts";
import { codeEncoder, codeToChannels } from "../networks/image-to-code.ts";
import { PATCHES } from "../networks/judges.ts";
import type { Network } from "../networks/network.ts";
import { UNETS, unetTranslator } from "../networks/unet.ts";
import type { Maker, Pass, Round, Scheme, Term } from "../scheme/scheme.ts";
import { imagesToInputs } from "./image-inputs.ts";
import { judgesToParts, judgeToAdversarial, type ScaleJudge } from "./scale-judges.ts";
import { imageField, optionsToPlayer, type SchemeOptions, type SchemeRequest } from "./scheme-request.ts";
import { absoluteError, sumOf, TOGETHER } from "./terms.ts";
import { variantColumns } from "./two-domains.ts";
import { weightedTerms } from "./weighted-terms.ts";

const GENERATOR = "generator";
const ENCODER = "encoder";
const MAKERS = [GENERATOR, ENCODER] as const;
const CODE_MAP = "code-map";
/** Columns of a preview with codes of their own. */
const VARIANTS = 4;

/** Means and logarithms of variances, `[n, code]` each. */
function codeOf(round: Round, place: "encoded" | "read", images: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const [mean, logVariance] = tf.split(round.pass(place, images).output, 2, 1);
  return [mean, logVariance];
}

/** What the generator makes of the images A and a code. */
function madeOf(round: Round, place: "encoded" | "random", code: tf.Tensor): tf.Tensor {
  const channel = round.pass(`code-${place}`, code).output;
  return round.pass(`fake-${place}`, tf.concat([round.input("a"), channel], 3)).output;
}

/** By a code of the right answer: its mean and noise. */
function encodedFake(round: Round): tf.Tensor {
  const [mean, logVariance] = codeOf(round, "encoded", round.input("b"));
  const deviation = tf.exp(tf.mul(logVariance, 0.5));
  return madeOf(round, "encoded", tf.add(mean, tf.mul(deviation, round.input("noise"))));
}

/** By a code that is drawn. */
const randomFake = (round: Round): tf.Tensor => madeOf(round, "random", round.input("code"));

function networksOf(request: SchemeRequest): Record<string, Network> {
  const { filters, norm, upSampling, dropout, latentDim: code } = request.options;
  const a = imageField(request, "a");
  const b = imageField(request, "b");
  const own = codeToChannels(code, a);
  const options = { ...UNETS.bicyclegan, filters, norm, upSampling, dropout };
  return {
    [CODE_MAP]: own,
    generator: unetTranslator([a[0], a[1], a[2] + own.output[2]], { ...options, channels: b[2] }),
    encoder: codeEncoder(b, { filters, code }),
  };
}

/** Passes that a term of weight 0 would never take are not declared. */
function passesOf({ weights }: SchemeOptions): Record<string, Pass> {
  return {
    encoded: { network: ENCODER },
    "code-encoded": { network: CODE_MAP },
    "fake-encoded": { network: GENERATOR },
    "code-random": { network: CODE_MAP },
    "fake-random": { network: GENERATOR },
    ...(weights.latent > 0 && { read: { network: ENCODER, for: [GENERATOR] } }),
  };
}

function termsOf(options: SchemeOptions, judges: readonly ScaleJudge[]): Term[] {
  const term = (name: string, trains: readonly string[], value: Term["value"]): Term =>
    weightedTerms(options, trains)(name, value);
  return [
    term("adversarial", MAKERS, (round) =>
      sumOf(judges.map((judge) => judgeToAdversarial(round, judge, options))),
    ),
    term("pixel", MAKERS, (round) => absoluteError(encodedFake(round), round.input("b"))),
    term("divergence", [ENCODER], (round) => {
      const [mean, logVariance] = codeOf(round, "encoded", round.input("b"));
      const each = tf.sub(tf.add(tf.exp(logVariance), tf.square(mean)), tf.add(logVariance, 1));
      return tf.mul(tf.sum(each), 0.5);
    }),
    term("latent", [GENERATOR], (round) =>
      absoluteError(codeOf(round, "read", randomFake(round))[0], round.input("code")),
    ),
  ];
}

const MAKER_ROWS: readonly Maker[] = [
  {
    name: "a-to-b",
    label: "A to B",
    inputs: ["a", "code"],
    target: "b",
    make: randomFake,
    isVaried: true,
  },
  {
    name: "encoded",
    label: "A to B, by the code of B",
    inputs: ["a", "b"],
    target: "b",
    make: (round) => madeOf(round, "encoded", codeOf(round, "encoded", round.input("b"))[0]),
  },
];

/**
 * A generator of an image A and a code, an encoder of B into the code, and two discriminators of B alone: of images by the
 * code z(B) = mean + deviation times noise, and of images by a code z that is drawn. Generator and encoder minimise
 * adversarial + pixel `E |G(A, z(B)) - B|`; the encoder divergence `sum (variance + mean^2 - log variance - 1) / 2` too, over
 * batch and code; the generator latent `E |mean(G(A, z)) - z|` too. Sources: Zhu et al. 2017b; PyTorch-GAN bicyclegan.
 * @throws GanEvalError `usage.network` for sizes that the networks do not take; `usage.data`
 */
export function bicyclegan(request: SchemeRequest): Scheme {
  const { options } = request;
  const b = imageField(request, "b");
  const judge = (name: string, fake: (round: Round) => tf.Tensor): ScaleJudge => ({
    name,
    image: b,
    patch: { ...PATCHES.bicyclegan, norm: options.norm },
    makers: MAKERS,
    real: (round) => round.input("b"),
    fake,
  });
  const judges = [judge("discriminator-encoded", encodedFake), judge("discriminator-random", randomFake)];
  const parts = judgesToParts(judges, options);
  return {
    label: "BicycleGAN",
    batchSize: options.batchSize,
    networks: { ...networksOf(request), ...parts.networks },
    players: {
      generator: optionsToPlayer(options, "generator", [CODE_MAP, GENERATOR]),
      encoder: optionsToPlayer(options, "generator", [ENCODER]),
      ...parts.players,
    },
    inputs: {
      ...imagesToInputs(request, ["a", "b"]),
      noise: { kind: "normal", shape: [options.latentDim] },
      code: { kind: "normal", shape: [options.latentDim] },
    },
    passes: { ...passesOf(options), ...parts.passes },
    terms: [...termsOf(options, judges), ...parts.terms],
    plan: TOGETHER([...MAKERS, ...parts.names]),
    discriminators: parts.discriminators,
    makers: MAKER_ROWS,
    preview: [{ label: "A", field: "a" }, { label: "B", field: "b" }, ...variantColumns("code", VARIANTS)],
  };
}
