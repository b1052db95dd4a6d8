/** Translation between two sets of images through one latent that they share: unit. */
import * as tf from "../../engine/tfjs.ts";
import type { ImageShape } from "../networks/image-size.ts";
import { PATCHES } from "../networks/judges.ts";
import type { Network } from "../networks/network.ts";
import { unitEncoder, unitGenerator, unitShared } from "../networks/shared-latent.ts";
import type { SchemeInput } from "../scheme/inputs.ts";
import type { Maker, Pass, Round, Scheme, Term } from "../scheme/scheme.ts";
import {
  judgeToAdversarial,
  judgeToNetworks,
  judgeToPasses,
  judgeToPlayer,
  type ScaleJudge,
  scaleJudgeToSides,
  scaleJudgeToTerm,
} from "./scale-judges.ts";
import { imageField, optionsToPlayer, type SchemeOptions, type SchemeRequest } from "./scheme-request.ts";
import { absoluteError, sumOf, TOGETHER } from "./terms.ts";

type Side = "a" | "b";
const BOTH: readonly Side[] = ["a", "b"];
const other = (side: Side): Side => (side === "a" ? "b" : "a");

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
  const each = (place: string, network: (side: Side) => string, users?: readonly string[]) =>
    BOTH.map(
      (side) => [`${place}-${side}`, { network: network(side), ...(users && { for: users }) }] as const,
    );
  const own = [TRANSLATORS];
  return Object.fromEntries([
    ...each("encoded-once", (side) => `encoder-${side}`),
    ...each("shared-once", () => SHARED[0]),
    ...each("read-once", () => SHARED[1]),
    ...each("fake", (side) => `decoder-${side}`),
    ...(weights.reconstruction > 0 ? each("same", (side) => `decoder-${side}`, own) : []),
    ...(encodesAgain(options)
      ? [
          ...each("encoded-again", (side) => `encoder-${side}`, own),
          ...each("shared-again", () => SHARED[0], own),
        ]
      : []),
    ...(readsAgain(options)
      ? [...each("read-again", () => SHARED[1], own), ...each("again", (side) => `decoder-${side}`, own)]
      : []),
  ]);
}

function termsOf(options: SchemeOptions, judges: readonly ScaleJudge[]): Term[] {
  const { weights } = options;
  const term = (name: string, of: (round: Round, side: Side) => tf.Scalar): Term => ({
    name,
    trains: [TRANSLATORS],
    weight: weights[name],
    value: (round) => sumOf(BOTH.map((side) => of(round, side))),
  });
  const divergence = (turn: Turn) => (round: Round, side: Side) =>
    tf.mean(tf.square(meanOf(round, turn, side))) as tf.Scalar;
  return [
    term("adversarial", (round, side) => judgeToAdversarial(round, judges[BOTH.indexOf(side)], options)),
    term("divergence", divergence("once")),
    term("reconstruction", (round, side) => absoluteError(sameOf(round, side), round.input(side))),
    term("cycle-divergence", divergence("again")),
    term("cycle", (round, side) => absoluteError(againOf(round, side), round.input(side))),
    ...judges.map((judge) => scaleJudgeToTerm(judge, options)),
  ];
}

function networksOf(request: SchemeRequest, judges: readonly ScaleJudge[]): Record<string, Network> {
  const { filters, halvings, blocks } = request.options;
  const sizes = { filters, halvings, blocks };
  const encoders = BOTH.map((side) => unitEncoder(imageField(request, side), sizes));
  const map = encoders[0].output as ImageShape;
  const decoders = BOTH.map((side) => unitGenerator(map, imageField(request, side)[2], sizes));
  return Object.assign(
    {
      "encoder-a": encoders[0],
      "encoder-b": encoders[1],
      "shared-encoder": unitShared(map),
      "shared-decoder": unitShared(map),
      "decoder-a": decoders[0],
      "decoder-b": decoders[1],
    },
    ...judges.map((judge) => judgeToNetworks(judge, request.options)),
  );
}

/** Of the mean of the latent, without noise. */
const makerOf = (from: Side): Maker => ({
  name: `${from}-to-${other(from)}`,
  label: `${from.toUpperCase()} to ${other(from).toUpperCase()}`,
  inputs: [from],
  target: other(from),
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
  const networks = networksOf(request, judges);
  const noise = (turn: Turn, users?: readonly string[]) =>
    BOTH.map((side): [string, SchemeInput] => [
      `noise-${turn}-${side}`,
      { kind: "normal", shape: networks["shared-encoder"].output, ...(users && { for: users }) },
    ]);
  const fields = BOTH.map((side): [string, SchemeInput] => [
    side,
    { kind: "field", field: side, shape: imageField(request, side) },
  ]);
  const players = [TRANSLATORS, ...judges.map(({ name }) => name)];
  return {
    label: "UNIT",
    batchSize: options.batchSize,
    networks,
    players: Object.assign(
      { [TRANSLATORS]: optionsToPlayer(options, "generator", OWNED) },
      ...judges.map((judge) => judgeToPlayer(judge, options)),
    ),
    inputs: Object.fromEntries([
      ...fields,
      ...noise("once"),
      ...(readsAgain(options) ? noise("again", [TRANSLATORS]) : []),
    ]),
    passes: Object.assign(passesOf(options), ...judges.map((judge) => judgeToPasses(judge, options))),
    terms: termsOf(options, judges),
    plan: TOGETHER(players),
    discriminators: judges.map((judge) => scaleJudgeToSides(judge, options)),
    makers: BOTH.map(makerOf),
    preview: [
      { label: "A", field: "a" },
      { label: "fake B", maker: "a-to-b" },
      { label: "B", field: "b" },
      { label: "fake A", maker: "b-to-a" },
    ],
  };
}
