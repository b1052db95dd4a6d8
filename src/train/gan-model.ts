/** Two players and the rules between them. */
import { GanEvalError } from "../errors.ts";
import { AUXILIARIES, type Auxiliary, type AuxiliaryName } from "./auxiliaries.ts";
import { type LatentSpec, latentWidth } from "./latent.ts";
import { type BalanceOptions, LOSSES, type Loss, type LossName } from "./losses.ts";
import type { Network } from "./networks/network.ts";
import { packedShape, type Shape, sizeOf } from "./networks/shapes.ts";
import type { OptimizerName, OptimizerOptions } from "./optimizers.ts";
import { PARTICULAR_ROWS } from "./options/particulars.ts";
import { PENALTIES, type Penalty, type PenaltyName } from "./penalties.ts";

export { NETWORK_ROLES, type NetworkRole } from "./players.ts";

/** A network and how it is trained. */
export interface NetworkSetup {
  readonly network: Network;
  readonly optimizer: OptimizerName;
  readonly optimizerOptions?: Partial<OptimizerOptions>;
  /** The norm of all its gradients together is scaled down to this. */
  readonly gradientClip?: number;
}

/** How a discriminator's output becomes a logit. */
export type Critic =
  /** The first number is the logit; auxiliaries own the others. */
  | { readonly kind: "logit" }
  /** The output is the image again; the logit is minus its mean error. */
  | { readonly kind: "autoencoder"; readonly error: "absolute" | "squared" };

export interface GanModel {
  readonly generator: NetworkSetup;
  readonly discriminator: NetworkSetup;
  readonly loss: LossName;
  readonly latent: LatentSpec;
  /** Of the data, where labels play a part. */
  readonly classes?: number;
  readonly critic?: Critic;
  readonly auxiliaries?: readonly { readonly name: AuxiliaryName; readonly weight?: number }[];
  readonly penalties?: readonly { readonly name: PenaltyName; readonly weight?: number }[];
  /** The discriminator's weights are clipped to [-clipValue, clipValue] after each of its steps. */
  readonly clipValue?: number;
  /** Weight of the orthogonal regularisation of both networks. */
  readonly orthogonal?: number;
  /** One-sided label smoothing. */
  readonly smoothing?: number;
  /** Of the energy-based loss. */
  readonly margin?: number;
  /** Of BEGAN: how its k is steered (`BalanceOptions`). */
  readonly gamma?: number;
  readonly lambdaK?: number;
  /** Deviation of normal noise on what the discriminator sees, at the beginning; it falls evenly to zero over the run. */
  readonly instanceNoise?: number;
  /** The discriminator judges so many samples at a time, side by side in channels (PacGAN); 1 if left out. */
  readonly packing?: number;
  /** Decay of a running average of the generator, which then is what is sampled from. */
  readonly emaDecay?: number;
  /** What the discriminator judges in one step; with packing, that many packs. */
  readonly batchSize: number;
  /** Steps of the discriminator to one of the generator. */
  readonly discriminatorSteps: number;
  /** Steps of the generator in a round; 1 if left out. */
  readonly generatorSteps?: number;
  /**
   * Both players look at the weights of before and at the same fake images, as in PyTorch-GAN's simple scripts. Else
   * the discriminator goes first, on images of its own.
   */
  readonly sharedFakes: boolean;
}

export const lossOf = (model: GanModel): Loss => LOSSES[model.loss];
export const packingOf = (model: GanModel): number => model.packing ?? 1;
export const generatorStepsOf = (model: GanModel): number => model.generatorSteps ?? 1;
export const balanceOf = ({ gamma, lambdaK }: GanModel): BalanceOptions => ({
  gamma: gamma ?? PARTICULAR_ROWS.gamma.default,
  lambdaK: lambdaK ?? PARTICULAR_ROWS.lambdaK.default,
});

/** Samples that a step makes or reads. */
export const samplesOf = (model: GanModel): number => model.batchSize * packingOf(model);

/** The shape of one sample. */
export const sampleShapeOf = (model: GanModel): Shape => model.generator.network.output;

export const penaltiesOf = (
  model: GanModel,
): readonly { readonly penalty: Penalty; readonly weight: number }[] =>
  (model.penalties ?? []).map(({ name, weight }) => ({
    penalty: PENALTIES[name],
    weight: weight ?? PENALTIES[name].weight,
  }));

export const auxiliariesOf = (
  model: GanModel,
): readonly { readonly name: AuxiliaryName; readonly auxiliary: Auxiliary; readonly weight: number }[] =>
  (model.auxiliaries ?? []).map(({ name, weight }) => ({
    name,
    auxiliary: AUXILIARIES[name],
    weight: weight ?? AUXILIARIES[name].weight,
  }));

/** The random inputs that the model's penalties read. */
export const penaltyNeeds = (model: GanModel): ReadonlySet<"mix" | "noise"> =>
  new Set(penaltiesOf(model).flatMap(({ penalty }) => penalty.needs));

/** Whether anything reads the classes of real images. */
export const readsLabels = (model: GanModel): boolean =>
  model.discriminator.network.classes !== undefined ||
  auxiliariesOf(model).some(({ auxiliary }) => auxiliary.needsLabels);

/** Whether fake images are made of a class, or judged by one. */
export const drawsLabels = (model: GanModel): boolean =>
  model.generator.network.classes !== undefined || readsLabels(model);

/** Widths of the discriminator's outputs behind the logit, by name. */
export function headsOf(
  auxiliaries: GanModel["auxiliaries"],
  classes: number | undefined,
  latent: LatentSpec,
): Record<string, number> {
  const heads: Record<string, number> = {};
  for (const { name } of auxiliaries ?? [])
    Object.assign(heads, (AUXILIARIES[name] as Auxiliary).heads({ classes: classes ?? 0, latent }));
  return heads;
}

const refuse = (what: string, hint?: string): never => {
  throw new GanEvalError("usage.network", what, hint === undefined ? {} : { hint });
};

/** @throws GanEvalError `usage.*` where networks and rules do not fit together */
export function checkModel(model: GanModel): void {
  const { generator, discriminator, discriminatorSteps, sharedFakes, latent, classes } = model;
  const [g, d] = [generator.network, discriminator.network];
  if (`${g.input}` !== `${[latentWidth(latent)]}`)
    refuse(`expected a generator with latents of [${latentWidth(latent)}], got one with [${g.input}]`);
  const shown = packedShape(g.output, packingOf(model));
  if (`${shown}` !== `${d.input}`)
    refuse(
      `expected a generator whose output is the discriminator's input, [${d.input}], got [${g.output}]${packingOf(model) > 1 ? `, packed [${shown}]` : ""}`,
    );
  if (model.critic?.kind === "autoencoder") {
    if (`${d.output}` !== `${d.input}`)
      refuse(`expected an autoencoder as discriminator, got a network from [${d.input}] to [${d.output}]`);
  } else {
    const heads = headsOf(model.auxiliaries, classes, latent);
    const wanted = Object.values(heads).reduce((sum, width) => sum + width, 1);
    if (`${d.output}` !== `${wanted}`)
      refuse(
        `expected a discriminator with an output of ${wanted === 1 ? "one logit" : `${wanted} numbers (the logit and ${Object.keys(heads).join(", ")})`}, got [${d.output}]`,
      );
  }
  for (const network of [g, d])
    if (network.classes !== undefined && network.classes !== classes)
      refuse(`expected networks for ${classes ?? "no"} classes, got one for ${network.classes}`);
  if (readsLabels(model) && classes === undefined)
    refuse("expected a number of classes for networks that read labels, got none");
  if (drawsLabels(model) && packingOf(model) > 1)
    refuse("expected packing without class labels, got both", "A pack mixes samples of different classes.");
  for (const { auxiliary } of auxiliariesOf(model))
    if (auxiliary.needsMark !== undefined && !(auxiliary.needsMark in d.marks))
      refuse(
        `expected a discriminator with a marked ${auxiliary.needsMark} for the ${auxiliary.label} term, got one without it`,
      );
  if ((model.smoothing ?? 0) > 0 && !lossOf(model).canSmooth)
    refuse(
      `expected no label smoothing with the loss ${model.loss}, got ${model.smoothing}`,
      "This loss has no target for real images to smooth.",
    );
  if (sharedFakes && (discriminatorSteps !== 1 || generatorStepsOf(model) !== 1))
    throw new GanEvalError(
      "usage.discriminator-steps",
      `expected one step of each network with shared fakes, got ${discriminatorSteps} and ${generatorStepsOf(model)}`,
      { hint: "Leave sharedFakes out to use more steps." },
    );
  if (sizeOf(g.output) === 0) refuse(`expected a generator with a nonempty output, got [${g.output}]`);
}
