/** Discriminators of one domain at several scales, as one player: those of munit, unit and bicyclegan. */
import * as tf from "../../engine/tfjs.ts";
import type { ImageShape } from "../networks/image-size.ts";
import { type PatchOptions, patchJudge } from "../networks/judges.ts";
import type { Network } from "../networks/network.ts";
import type { JudgedSides, Pass, Player, Round, Term } from "../scheme/scheme.ts";
import { optionsToPlayer, type SchemeOptions } from "./scheme-request.ts";
import { adversarialLoss, judgeToSides, judgingLoss, seesReal, sumOf } from "./terms.ts";

export interface ScaleJudge {
  /** Of its player: `discriminator-a`. */
  readonly name: string;
  readonly image: ImageShape;
  readonly patch: PatchOptions;
  /** Whose images it judges: their players. */
  readonly makers: readonly string[];
  readonly real: (round: Round) => tf.Tensor;
  readonly fake: (round: Round) => tf.Tensor;
}

type Place = "real" | "fake" | "own";

/** By scale: the image, half of it, a quarter. */
const networkNames = (name: string, { scales }: SchemeOptions): string[] =>
  scales === 1 ? [name] : Array.from({ length: scales }, (_, i) => `${name}-${i + 1}`);

/** Logits of each scale's map. */
const mapsOf = (
  round: Round,
  { name }: ScaleJudge,
  options: SchemeOptions,
  place: Place,
  images: tf.Tensor,
): tf.Tensor[] =>
  networkNames(name, options).map((network) => round.pass(`${place}-${network}`, images).output);

const flattened = (maps: readonly tf.Tensor[]): tf.Tensor =>
  tf.concat(maps.map((map) => tf.reshape(map, [-1])));

function judgeToNetworks(judge: ScaleJudge, options: SchemeOptions): Record<string, Network> {
  const { discriminatorFilters: filters, discriminatorLayers: layers } = options;
  return Object.fromEntries(
    networkNames(judge.name, options).map((name, halvings) => [
      name,
      patchJudge(judge.image, { ...judge.patch, filters, layers, halvings }),
    ]),
  );
}

const judgeToPlayer = ({ name }: ScaleJudge, options: SchemeOptions): Record<string, Player> => ({
  [name]: optionsToPlayer(options, "discriminator", networkNames(name, options)),
});

function judgeToPasses({ name, makers }: ScaleJudge, options: SchemeOptions): Record<string, Pass> {
  const at = (place: Place, users?: readonly string[]) =>
    networkNames(name, options).map(
      (network) => [`${place}-${network}`, { network, ...(users && { for: users }) }] as const,
    );
  return Object.fromEntries([
    ...at("own", makers),
    ...at("real", seesReal(options.loss) ? undefined : [name]),
    ...at("fake", [name]),
  ]);
}

/** What those who make images owe it: the sum over scales. */
export function judgeToAdversarial(round: Round, judge: ScaleJudge, options: SchemeOptions): tf.Scalar {
  const { loss } = options;
  const own = mapsOf(round, judge, options, "own", judge.fake(round));
  const real = seesReal(loss) ? mapsOf(round, judge, options, "real", judge.real(round)) : [];
  return sumOf(own.map((map, i) => adversarialLoss(loss, map, real[i])));
}

/** Its own loss, the sum over scales: least squares as E (f - 1)^2 + E f^2 here, twice that of `LOSSES`. */
function scaleJudgeToTerm(judge: ScaleJudge, options: SchemeOptions): Term {
  const { loss } = options;
  const value = (round: Round): tf.Scalar => {
    const real = mapsOf(round, judge, options, "real", judge.real(round));
    const fake = mapsOf(round, judge, options, "fake", judge.fake(round));
    const sum = sumOf(real.map((map, i) => judgingLoss(loss, map, fake[i])));
    return loss === "least-squares" ? tf.mul(sum, 2) : sum;
  };
  return { name: `${judge.name}-judging`, trains: [judge.name], value, isSilent: true };
}

/** As records and diagnosis see it: the logits of all scales. */
function scaleJudgeToSides(judge: ScaleJudge, options: SchemeOptions): JudgedSides {
  const { crossEntropy, ...sides } = judgeToSides({
    name: judge.name,
    loss: options.loss,
    real: (round) => flattened(mapsOf(round, judge, options, "real", judge.real(round))),
    fake: (round) => flattened(mapsOf(round, judge, options, "fake", judge.fake(round))),
  });
  // A sum over scales estimates no divergence.
  return options.scales === 1 && crossEntropy !== undefined ? { ...sides, crossEntropy } : sides;
}

const joined = <T>(records: readonly Readonly<Record<string, T>>[]): Record<string, T> =>
  Object.assign({}, ...records);

/** What a scheme takes from several such judges. */
export const judgesToParts = (judges: readonly ScaleJudge[], options: SchemeOptions) => ({
  names: judges.map(({ name }) => name),
  networks: joined(judges.map((judge) => judgeToNetworks(judge, options))),
  players: joined(judges.map((judge) => judgeToPlayer(judge, options))),
  passes: joined(judges.map((judge) => judgeToPasses(judge, options))),
  terms: judges.map((judge) => scaleJudgeToTerm(judge, options)),
  discriminators: judges.map((judge) => scaleJudgeToSides(judge, options)),
});
