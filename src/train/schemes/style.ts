/** Translation of content, with a style that is drawn: munit. */
import type * as tf from "../../engine/tfjs.ts";
import type { ImageShape } from "../networks/image-size.ts";
import { PATCHES } from "../networks/judges.ts";
import type { Network } from "../networks/network.ts";
import { contentEncoder, STYLE_SIDE, styleDecoder, styleEncoder, styleMlp } from "../networks/style.ts";
import type { SchemeInput } from "../scheme/inputs.ts";
import type { Maker, Pass, Round, Scheme, Term } from "../scheme/scheme.ts";
import { imagesToInputs } from "./image-inputs.ts";
import { judgesToParts, judgeToAdversarial, type ScaleJudge } from "./scale-judges.ts";
import { imageField, optionsToPlayer, type SchemeOptions, type SchemeRequest } from "./scheme-request.ts";
import { absoluteError, sumOf, TOGETHER } from "./terms.ts";
import { BOTH, bothPasses, other, type Side, translationMaker, variantColumns } from "./two-domains.ts";
import { weightedTerms } from "./weighted-terms.ts";

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

function networksOf(request: SchemeRequest): Record<string, Network> {
  const { filters, halvings, blocks, styleDim: style, styleUnits: units } = request.options;
  const sizes = { filters, halvings, blocks, style };
  return Object.assign(
    {},
    ...BOTH.map((side): Record<string, Network> => {
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
  );
}

/** Passes that a term of weight 0 would never take are not declared. */
function passesOf({ weights }: SchemeOptions): Record<string, Pass> {
  const own = [TRANSLATORS];
  const each = (place: string, part: (typeof PARTS)[number], users?: readonly string[]) =>
    bothPasses(place, (side) => `${part}-${side}`, users);
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
  const weighted = weightedTerms(options, [TRANSLATORS]);
  const term = (name: string, of: (round: Round, side: Side) => tf.Scalar): Term =>
    weighted(name, (round) => sumOf(BOTH.map((side) => of(round, side))));
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
  ];
}

const makerOf = (from: Side): Maker =>
  translationMaker(from, {
    inputs: [from, `drawn-style-${other(from)}`],
    make: (round) => fakeOf(round, other(from)),
    isVaried: true,
  });

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
  const parts = judgesToParts(judges, options);
  const styles = BOTH.map((side): [string, SchemeInput] => [
    `drawn-style-${side}`,
    { kind: "normal", shape: [options.styleDim] },
  ]);
  return {
    label: "MUNIT",
    batchSize: options.batchSize,
    networks: { ...networksOf(request), ...parts.networks },
    players: { [TRANSLATORS]: optionsToPlayer(options, "generator", OWNED), ...parts.players },
    inputs: { ...imagesToInputs(request, BOTH), ...Object.fromEntries(styles) },
    passes: { ...passesOf(options), ...parts.passes },
    terms: [...termsOf(options, judges), ...parts.terms],
    plan: TOGETHER([TRANSLATORS, ...parts.names]),
    discriminators: parts.discriminators,
    makers: BOTH.map(makerOf),
    preview: [{ label: "A", field: "a" }, ...variantColumns("style", VARIANTS)],
  };
}
