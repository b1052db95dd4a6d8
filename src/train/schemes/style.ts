/** Translation of content, with a style that is drawn: munit. */
import type * as tf from "../../engine/tfjs.ts";
import type { ImageShape } from "../networks/image-size.ts";
import { PATCHES } from "../networks/judges.ts";
import type { Network } from "../networks/network.ts";
import { contentEncoder, STYLE_SIDE, styleDecoder, styleEncoder, styleMlp } from "../networks/style.ts";
import type { SchemeInput } from "../scheme/inputs.ts";
import type { Maker, Pass, PreviewColumn, Round, Scheme, Term } from "../scheme/scheme.ts";
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
const PARTS = ["content", "style", "norms", "decoder"] as const;
const OWNED = PARTS.flatMap((part) => BOTH.map((side) => `${part}-${side}`));
/** Columns of a preview with styles of their own. */
const VARIANTS = 4;

/** The networks' values at their places, each made once. */
const contentOf = (round: Round, side: Side): tf.Tensor =>
  round.pass(`content-${side}`, round.input(side)).output;
const styleOf = (round: Round, side: Side): tf.Tensor =>
  round.pass(`style-${side}`, round.input(side)).output;

/** An image of a domain, made of a content and a style. */
const decoded = (
  round: Round,
  side: Side,
  place: "same" | "fake" | "again",
  content: tf.Tensor,
  style: tf.Tensor,
): tf.Tensor => {
  // What an image and its translation back have in common is read once.
  const numbers = round.pass(`${place === "fake" ? "fake" : "same"}-norms-${side}`, style).output;
  return round.pass(`${place}-${side}`, content, { sides: { [STYLE_SIDE]: numbers } }).output;
};

const sameOf = (round: Round, side: Side): tf.Tensor =>
  decoded(round, side, "same", contentOf(round, side), styleOf(round, side));
/** The other domain's content in a style that was drawn. */
const fakeOf = (round: Round, side: Side): tf.Tensor =>
  decoded(round, side, "fake", contentOf(round, other(side)), round.input(`drawn-style-${side}`));
const fakeContentOf = (round: Round, side: Side): tf.Tensor =>
  round.pass(`fake-content-${side}`, fakeOf(round, side)).output;
const againOf = (round: Round, side: Side): tf.Tensor =>
  decoded(round, side, "again", fakeContentOf(round, other(side)), styleOf(round, side));

function networksOf(request: SchemeRequest, judges: readonly ScaleJudge[]): Record<string, Network> {
  const { filters, halvings, blocks, styleDim: style, styleUnits: units } = request.options;
  const sizes = { filters, halvings, blocks, style };
  const each = (make: (side: Side) => Record<string, Network>) => BOTH.map(make);
  return Object.assign(
    {},
    ...each((side) => {
      const image = imageField(request, side);
      const content = contentEncoder(image, sizes);
      const decoder = styleDecoder(content.output as ImageShape, image[2], sizes);
      return {
        [`content-${side}`]: content,
        [`style-${side}`]: styleEncoder(image, sizes),
        [`norms-${side}`]: styleMlp(decoder, { style, units }),
        [`decoder-${side}`]: decoder,
      };
    }),
    ...judges.map((judge) => judgeToNetworks(judge, request.options)),
  );
}

/** Passes that a term of weight 0 would never take are not declared. */
function passesOf({ weights }: SchemeOptions): Record<string, Pass> {
  const own = [TRANSLATORS];
  const each = (place: string, part: (typeof PARTS)[number], users?: readonly string[]) =>
    BOTH.map(
      (side) => [`${place}-${side}`, { network: `${part}-${side}`, ...(users && { for: users }) }] as const,
    );
  const { content, cycle, reconstruction, style } = weights;
  return Object.fromEntries([
    ...each("content", "content"),
    ...each("fake-norms", "norms"),
    ...each("fake", "decoder"),
    ...(reconstruction > 0 || cycle > 0
      ? [...each("style", "style", own), ...each("same-norms", "norms", own)]
      : []),
    ...(reconstruction > 0 ? each("same", "decoder", own) : []),
    ...(content > 0 || cycle > 0 ? each("fake-content", "content", own) : []),
    ...(style > 0 ? each("fake-style", "style", own) : []),
    ...(cycle > 0 ? each("again", "decoder", own) : []),
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
  return [
    term("adversarial", (round, side) => judgeToAdversarial(round, judges[BOTH.indexOf(side)], options)),
    term("reconstruction", (round, side) => absoluteError(sameOf(round, side), round.input(side))),
    term("style", (round, side) =>
      absoluteError(
        round.pass(`fake-style-${side}`, fakeOf(round, side)).output,
        round.input(`drawn-style-${side}`),
      ),
    ),
    term("content", (round, side) =>
      absoluteError(
        fakeContentOf(round, side),
        round.still((outer) => contentOf(outer, other(side))),
      ),
    ),
    term("cycle", (round, side) => absoluteError(againOf(round, side), round.input(side))),
    ...judges.map((judge) => scaleJudgeToTerm(judge, options)),
  ];
}

const makerOf = (from: Side): Maker => ({
  name: `${from}-to-${other(from)}`,
  label: `${from.toUpperCase()} to ${other(from).toUpperCase()}`,
  inputs: [from, `drawn-style-${other(from)}`],
  target: other(from),
  make: (round) => fakeOf(round, other(from)),
  isVaried: true,
});

const previewOf = (): PreviewColumn[] => [
  { label: "A", field: "a" },
  ...Array.from({ length: VARIANTS }, (_, variant) => ({
    label: `fake B, style ${variant + 1}`,
    maker: "a-to-b",
    variant,
  })),
];

/**
 * Of each domain an encoder of content, an encoder of style, and a decoder of both, whose norms read the style. The
 * translators, one player, minimise adversarial + reconstruction `E |decode-a(content(a), style(a)) - a|` + style
 * `E |style(x) - t|` + content `E |content(x) - content(b)|` + cycle `E |decode-b(content(x), style(b)) - b|`, where
 * x = decode-a(content(b), t), t is standard normal, and content(b) is a constant in its term; each the sum over both
 * domains and, of `adversarial`, over the discriminators' scales. Sources: Huang et al. 2018; PyTorch-GAN munit.
 * @throws GanEvalError `usage.network` for sizes that the networks do not take; `usage.data`
 */
export function munit(request: SchemeRequest): Scheme {
  const { options } = request;
  const judges = BOTH.map(
    (side): ScaleJudge => ({
      name: `discriminator-${side}`,
      image: imageField(request, side),
      patch: PATCHES.munit,
      makers: [TRANSLATORS],
      real: (round) => round.input(side),
      fake: (round) => fakeOf(round, side),
    }),
  );
  const fields = BOTH.map((side): [string, SchemeInput] => [
    side,
    { kind: "field", field: side, shape: imageField(request, side) },
  ]);
  const styles = BOTH.map((side): [string, SchemeInput] => [
    `drawn-style-${side}`,
    { kind: "normal", shape: [options.styleDim] },
  ]);
  return {
    label: "MUNIT",
    batchSize: options.batchSize,
    networks: networksOf(request, judges),
    players: Object.assign(
      { [TRANSLATORS]: optionsToPlayer(options, "generator", OWNED) },
      ...judges.map((judge) => judgeToPlayer(judge, options)),
    ),
    inputs: Object.fromEntries([...fields, ...styles]),
    passes: Object.assign(passesOf(options), ...judges.map((judge) => judgeToPasses(judge, options))),
    terms: termsOf(options, judges),
    plan: TOGETHER([TRANSLATORS, ...judges.map(({ name }) => name)]),
    discriminators: judges.map((judge) => scaleJudgeToSides(judge, options)),
    makers: BOTH.map(makerOf),
    preview: previewOf(),
  };
}
