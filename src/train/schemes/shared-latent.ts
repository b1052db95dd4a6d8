/** Translation between two sets of images through one latent that they share: unit. */
import * as tf from "../../engine/tfjs.ts";
import type { ImageShape } from "../networks/image-size.ts";
import { PATCHES } from "../networks/judges.ts";
import type { Network } from "../networks/network.ts";
import { unitEncoder, unitGenerator, unitShared } from "../networks/shared-latent.ts";
import type { SchemeInput } from "../scheme/inputs.ts";
import type { Maker, Pass, Round, Scheme, Term } from "../scheme/scheme.ts";
import { imagesToInputs } from "./image-inputs.ts";
import { judgesToParts, judgeToAdversarial, type ScaleJudge } from "./scale-judges.ts";
import { imageField, optionsToPlayer, type SchemeOptions, type SchemeRequest } from "./scheme-request.ts";
import { absoluteError, sumOf, TOGETHER } from "./terms.ts";
import { BOTH, bothPasses, other, type Side, TRANSLATIONS_PREVIEW, translationMaker } from "./two-domains.ts";
import { weightedTerms } from "./weighted-terms.ts";

const TRANSLATORS = "translators";
const SHARED = ["shared-encoder", "shared-decoder"] as const;
const OWNED = [...BOTH.map((side) => `encoder-${side}`), ...SHARED, ...BOTH.map((side) => `decoder-${side}`)];

/** The networks' values at their places, each made once. `once` is of the images, `again` of their translations. */
type Turn = "once" | "again";

/** Mean of the latent of a domain's images, `[n, h / 4, w / 4, c]`. */
function meanOf(round: Round, turn: Turn, side: Side): tf.Tensor {
  const images = turn === "once" ? round.input(side) : fakeOf(round, side);
  return round.pass(`shared-${turn}-${side}`, round.pass(`encoded-${turn}-${side}`, images).output).output;
}

/** What both decoders read of a domain's images: the latent behind the shared block. */
const readOf = (round: Round, turn: Turn, side: Side): tf.Tensor =>
  round.pass(`read-${turn}-${side}`, tf.add(meanOf(round, turn, side), round.input(`noise-${turn}-${side}`)))
    .output;

const sameOf = (round: Round, side: Side): tf.Tensor =>
  round.pass(`same-${side}`, readOf(round, "once", side)).output;
const fakeOf = (round: Round, side: Side): tf.Tensor =>
  round.pass(`fake-${side}`, readOf(round, "once", other(side))).output;
const againOf = (round: Round, side: Side): tf.Tensor =>
  round.pass(`again-${side}`, readOf(round, "again", other(side))).output;

const readsAgain = ({ weights }: SchemeOptions): boolean => weights.cycle > 0;
const encodesAgain = (options: SchemeOptions): boolean =>
  readsAgain(options) || options.weights["cycle-divergence"] > 0;

/** Passes that a term of weight 0 would never take are not declared. */
function passesOf(options: SchemeOptions): Record<string, Pass> {
  const { weights } = options;
  const own = [TRANSLATORS];
  return Object.fromEntries([
    ...bothPasses("encoded-once", (side) => `encoder-${side}`),
    ...bothPasses("shared-once", () => SHARED[0]),
    ...bothPasses("read-once", () => SHARED[1]),
    ...bothPasses("fake", (side) => `decoder-${side}`),
    ...(weights.reconstruction > 0 ? bothPasses("same", (side) => `decoder-${side}`, own) : []),
    ...(encodesAgain(options)
      ? [
          ...bothPasses("encoded-again", (side) => `encoder-${side}`, own),
          ...bothPasses("shared-again", () => SHARED[0], own),
        ]
      : []),
    ...(readsAgain(options)
      ? [
          ...bothPasses("read-again", () => SHARED[1], own),
          ...bothPasses("again", (side) => `decoder-${side}`, own),
        ]
      : []),
  ]);
}

function termsOf(options: SchemeOptions, judges: readonly ScaleJudge[]): Term[] {
  const weighted = weightedTerms(options, [TRANSLATORS]);
  const term = (name: string, of: (round: Round, side: Side) => tf.Scalar): Term =>
    weighted(name, (round) => sumOf(BOTH.map((side) => of(round, side))));
  const divergence = (turn: Turn) => (round: Round, side: Side) =>
    tf.mean(tf.square(meanOf(round, turn, side))) as tf.Scalar;
  return [
    term("adversarial", (round, side) => judgeToAdversarial(round, judges[BOTH.indexOf(side)], options)),
    term("divergence", divergence("once")),
    term("reconstruction", (round, side) => absoluteError(sameOf(round, side), round.input(side))),
    term("cycle-divergence", divergence("again")),
    term("cycle", (round, side) => absoluteError(againOf(round, side), round.input(side))),
  ];
}

function networksOf(request: SchemeRequest) {
  const { filters, halvings, blocks } = request.options;
  const sizes = { filters, halvings, blocks };
  const encoders = BOTH.map((side) => unitEncoder(imageField(request, side), sizes));
  const map = encoders[0].output as ImageShape;
  const decoders = BOTH.map((side) => unitGenerator(map, imageField(request, side)[2], sizes));
  return {
    "encoder-a": encoders[0],
    "encoder-b": encoders[1],
    "shared-encoder": unitShared(map),
    "shared-decoder": unitShared(map),
    "decoder-a": decoders[0],
    "decoder-b": decoders[1],
  } satisfies Record<string, Network>;
}

/** Of the mean of the latent, without noise. */
const makerOf = (from: Side): Maker =>
  translationMaker(from, {
    make: (round) =>
      round.pass(`fake-${other(from)}`, round.pass(`read-once-${from}`, meanOf(round, "once", from)).output)
        .output,
  });

/**
 * Encoders and decoders of two domains around blocks that both share; the latent z is mean + standard normal noise. The
 * translators, one player, minimise adversarial + divergence `E mean^2` + reconstruction `E |decode-a(z_a) - a|` +
 * cycle-divergence, the same of the translations' latents, + cycle `E |decode-a(z(translation of a)) - a|`, each the sum
 * over both domains. Sources: Liu et al. 2017; PyTorch-GAN unit.
 * @throws GanEvalError `usage.network` for sizes that the networks do not take; `usage.data`
 */
export function unit(request: SchemeRequest): Scheme {
  const { options } = request;
  const judges = BOTH.map(
    (side): ScaleJudge => ({
      name: `discriminator-${side}`,
      image: imageField(request, side),
      patch: PATCHES.unit,
      makers: [TRANSLATORS],
      real: (round) => round.input(side),
      fake: (round) => fakeOf(round, side),
    }),
  );
  const parts = judgesToParts(judges, options);
  const networks = networksOf(request);
  const noise = (turn: Turn, users?: readonly string[]) =>
    BOTH.map((side): [string, SchemeInput] => [
      `noise-${turn}-${side}`,
      { kind: "normal", shape: networks["shared-encoder"].output, ...(users && { for: users }) },
    ]);
  return {
    label: "UNIT",
    batchSize: options.batchSize,
    networks: { ...networks, ...parts.networks },
    players: { [TRANSLATORS]: optionsToPlayer(options, "generator", OWNED), ...parts.players },
    inputs: {
      ...imagesToInputs(request, BOTH),
      ...Object.fromEntries([
        ...noise("once"),
        ...(readsAgain(options) ? noise("again", [TRANSLATORS]) : []),
      ]),
    },
    passes: { ...passesOf(options), ...parts.passes },
    terms: [...termsOf(options, judges), ...parts.terms],
    plan: TOGETHER([TRANSLATORS, ...parts.names]),
    discriminators: parts.discriminators,
    makers: BOTH.map(makerOf),
    preview: TRANSLATIONS_PREVIEW,
  };
}
