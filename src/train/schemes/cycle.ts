/** Translation between two sets of images that are not paired: cyclegan, discogan and dualgan. */
import type * as tf from "../../engine/tfjs.ts";
import { PATCHES, type PatchOptions } from "../networks/judges.ts";
import { NAMED_JUDGES } from "../networks/named-judge.ts";
import type { Network } from "../networks/network.ts";
import { RESNETS, resnetTranslator } from "../networks/translators.ts";
import { UNETS, unetTranslator } from "../networks/unet.ts";
import type { Pass, Phase, Round, Scheme, Term } from "../scheme/scheme.ts";
import { mixInput, penaltyToTerm } from "./critic-penalty.ts";
import { imagesToInputs } from "./image-inputs.ts";
import { imageField, optionsToPlayer, type SchemeOptions, type SchemeRequest } from "./scheme-request.ts";
import { absoluteError, averageOf, type Judge, judgeToSides, judgeToTerm, sumOf, TOGETHER } from "./terms.ts";
import {
  BOTH,
  bothPasses,
  other,
  type Side,
  TRANSLATIONS_PREVIEW,
  translationMaker,
  translationName,
} from "./two-domains.ts";
import { owedTo, weightedTerms } from "./weighted-terms.ts";

/** Where the three models differ. */
export interface CycleKind {
  readonly label: string;
  readonly unet: keyof typeof UNETS;
  readonly patch: PatchOptions;
  /** Terms are sums over both directions instead of averages (dualgan). */
  readonly isSummed?: true;
}

export const CYCLE_KINDS = {
  cyclegan: { label: "CycleGAN", unet: "pix2pix", patch: PATCHES.cyclegan },
  discogan: { label: "DiscoGAN", unet: "discogan", patch: PATCHES.discogan },
  dualgan: { label: "DualGAN", unet: "dualgan", patch: PATCHES.dualgan, isSummed: true },
} as const satisfies Readonly<Record<string, CycleKind>>;

const TRANSLATORS = ["a-to-b", "b-to-a"] as const;
const JUDGES = ["discriminator-a", "discriminator-b"] as const;

const into = (side: Side): string => translationName(other(side));

/** The networks' values at their places, each made once. */
const fakeOf = (round: Round, side: Side): tf.Tensor =>
  round.pass(`fake-${side}`, round.input(other(side))).output;
const againOf = (round: Round, side: Side): tf.Tensor =>
  round.pass(`again-${side}`, fakeOf(round, other(side))).output;
const sameOf = (round: Round, side: Side): tf.Tensor => round.pass(`same-${side}`, round.input(side)).output;
const judged = (round: Round, place: "real" | "fake" | "own", side: Side, x: tf.Tensor): tf.Tensor =>
  round.pass(`${place}-${side}-judged`, x).output;
const realOf = (round: Round, side: Side): tf.Tensor => judged(round, "real", side, round.input(side));

/** The discriminators are critics with a gradient penalty (dualgan, `--gan-mode wgangp`). */
const isPenalised = (weights: SchemeOptions["weights"]): boolean => weights.penalty > 0;

function networksOf(request: SchemeRequest, kind: CycleKind): Record<string, Network> {
  const { filters, blocks, norm, upSampling, translator, dropout } = request.options;
  const { discriminatorFilters, discriminatorLayers, discriminatorNet } = request.options;
  const translate = (from: Side, to: Side): Network => {
    const [input, [, , channels]] = [imageField(request, from), imageField(request, to)];
    return translator === "resnet"
      ? resnetTranslator(input, { ...RESNETS.cyclegan, channels, filters, blocks, norm, upSampling, dropout })
      : unetTranslator(input, { ...UNETS[kind.unet], channels, filters, norm, dropout });
  };
  const judge = (of: Side): Network =>
    NAMED_JUDGES[discriminatorNet](imageField(request, of), kind.patch, {
      ...{ filters: discriminatorFilters, layers: discriminatorLayers, norm },
    });
  return {
    "a-to-b": translate("a", "b"),
    "b-to-a": translate("b", "a"),
    "discriminator-a": judge("a"),
    "discriminator-b": judge("b"),
  };
}

function termsOf({ weights, loss, poolSize }: SchemeOptions, kind: CycleKind): [Term[], Judge[]] {
  const judges = BOTH.map(
    (side): Judge => ({
      name: `discriminator-${side}`,
      loss,
      real: (round) => realOf(round, side),
      fake: (round) => {
        const fake = fakeOf(round, side);
        return judged(round, "fake", side, poolSize > 0 ? round.kept(`fake-${side}`, fake) : fake);
      },
    }),
  );
  const total = kind.isSummed ? sumOf : averageOf;
  const average = (of: (side: Side) => tf.Scalar): tf.Scalar => total(BOTH.map(of));
  const weighted = weightedTerms({ weights }, ["translators"]);
  const term = (name: string, value: Term["value"]): Term[] =>
    name in weights ? [weighted(name, value)] : [];
  const terms = [
    ...term("adversarial", (round) =>
      average((side) =>
        owedTo(round, judges[BOTH.indexOf(side)], judged(round, "own", side, fakeOf(round, side))),
      ),
    ),
    ...term("cycle", (round) => average((side) => absoluteError(againOf(round, side), round.input(side)))),
    ...term("identity", (round) => average((side) => absoluteError(sameOf(round, side), round.input(side)))),
    ...term("pixel", (round) => average((side) => absoluteError(fakeOf(round, side), round.input(side)))),
    ...judges.map(judgeToTerm),
  ];
  const penaltyOf = (side: Side): Term =>
    penaltyToTerm({
      name: `penalty-${side}`,
      player: `discriminator-${side}`,
      weight: weights.penalty,
      mix: `mix-${side}`,
      real: (round) => round.input(side),
      fake: (round) => fakeOf(round, side),
      critic: (round, images) => round.probe(`real-${side}-judged`, images).output,
    });
  return [[...terms, ...(isPenalised(weights) ? BOTH.map(penaltyOf) : [])], judges];
}

/** Passes that a term of weight 0 would never take are not declared. */
function passesOf({ weights }: SchemeOptions): Record<string, Pass> {
  const shown = (place: string, users?: (side: Side) => readonly string[]) =>
    BOTH.map(
      (side) =>
        [
          `${place}-${side}-judged`,
          { network: `discriminator-${side}`, ...(users && { for: users(side) }) },
        ] as const,
    );
  const own = (side: Side) => [`discriminator-${side}`];
  return Object.fromEntries([
    ...bothPasses("fake", into),
    ...(weights.cycle > 0 ? bothPasses("again", into) : []),
    ...(weights.identity > 0 ? bothPasses("same", into) : []),
    ...shown("own", () => ["translators"]),
    ...shown("real"),
    ...shown("fake", own),
  ]);
}

function planOf({ discriminatorSteps: steps }: SchemeOptions): readonly Phase[] {
  if (steps === 1) return TOGETHER(["translators", ...JUDGES]);
  return [
    {
      rounds: "rest",
      steps: [
        { trains: JUDGES, times: 1, batch: "new" },
        { trains: ["translators"], times: 1, batch: "same" },
        { trains: JUDGES, times: steps - 1, batch: "new" },
      ],
    },
  ];
}

/**
 * Two translators and two discriminators. The translators, one player, minimise
 * `adversarial` + cycle `E |b-to-a(a-to-b(a)) - a|` + identity `E |b-to-a(a) - a|` (+ pixel `E |a-to-b(a) - b|`), each the
 * average over both directions (of dualgan the sum), with the options' weights. Each discriminator has an interpolated
 * gradient penalty of weight `penalty`, if that is not 0.
 * Sources: Zhu et al. 2017 (cyclegan), Kim et al. 2017 (discogan), Yi et al. 2017 (dualgan); PyTorch-GAN.
 * @throws GanEvalError `usage.network` for sizes that the networks do not take; `usage.data`
 */
export function cycleScheme(request: SchemeRequest, kind: CycleKind): Scheme {
  const { options } = request;
  const [a, b] = [imageField(request, "a"), imageField(request, "b")];
  const [terms, judges] = termsOf(options, kind);
  return {
    label: kind.label,
    batchSize: options.batchSize,
    networks: networksOf(request, kind),
    players: {
      translators: optionsToPlayer(options, "generator", TRANSLATORS),
      "discriminator-a": optionsToPlayer(options, "discriminator", ["discriminator-a"]),
      "discriminator-b": optionsToPlayer(options, "discriminator", ["discriminator-b"]),
    },
    inputs: {
      ...imagesToInputs(request, BOTH),
      ...(isPenalised(options.weights) && {
        "mix-a": mixInput("discriminator-a"),
        "mix-b": mixInput("discriminator-b"),
      }),
    },
    passes: passesOf(options),
    terms,
    plan: planOf(options),
    discriminators: judges.map(judgeToSides),
    ...(options.poolSize > 0 && {
      pools: {
        "fake-a": { size: options.poolSize, shape: a },
        "fake-b": { size: options.poolSize, shape: b },
      },
    }),
    makers: BOTH.map((from) => translationMaker(from, { make: (round) => fakeOf(round, other(from)) })),
    preview: TRANSLATIONS_PREVIEW,
  };
}
