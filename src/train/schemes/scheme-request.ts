/** What a model of several networks is made from: its options, all of them given, and what its data have. */
import { GanEvalError } from "../../errors.ts";
import type { LossName } from "../losses.ts";
import type { Doubling, NormName } from "../networks/image-blocks.ts";
import type { ImageShape } from "../networks/image-size.ts";
import type { JudgeName } from "../networks/named-judge.ts";
import type { Shape } from "../networks/shapes.ts";
import type { OptimizerName } from "../optimizers.ts";
import type { NetworkRole } from "../players.ts";
import type { Player } from "../scheme/scheme.ts";

/** Options that only models of several networks have; each model has those of its row in `SCHEME_MODELS`. */
export interface ParticularOptions {
  /** Of the first layer of the networks that make images; each halving doubles them. */
  readonly filters: number;
  /** Of the discriminators' first layer. */
  readonly discriminatorFilters: number;
  /** Residual blocks. */
  readonly blocks: number;
  readonly norm: NormName;
  readonly upSampling: Doubling;
  /** Halvings of a patch discriminator. */
  readonly discriminatorLayers: number;
  /** What discriminators of translators are: the model's own, or one of pytorch-CycleGAN-and-pix2pix. */
  readonly discriminatorNet: JudgeName;
  /** What the networks that translate are built as. */
  readonly translator: "resnet" | "unet";
  /** Images in each replay pool; 0 for none. */
  readonly poolSize: number;
  /** Rate in the networks that make images; 0 for none. */
  readonly dropout: number;
  readonly latentDim: number;
  /** Of hidden dense layers. */
  readonly units: number;
  /** Clusters that a model finds. */
  readonly clusters: number;
  /** Steps of a discriminator to one of the networks that make images. */
  readonly discriminatorSteps: number;
  /** Rounds of the pixel term alone at the beginning. */
  readonly warmUp: number;
  /** Side of the hole that is filled, in pixels. */
  readonly maskSize: number;
  /** Where the hole of a training image is: anywhere, or in the middle. */
  readonly maskPlace: "random" | "middle";
  /** How many times larger images are made. */
  readonly scale: number;
  /** What compares images by features: `random`, `digits`, `none`, or the file of a VGG network. */
  readonly perceptual: string;
  readonly perceptualLayer: string;
  /** Halvings of the networks that encode images. */
  readonly halvings: number;
  /** Sizes of an image that discriminators see: 3 for the image, half of it and a quarter. */
  readonly scales: number;
  /** Numbers of a style. */
  readonly styleDim: number;
  /** Units of the two hidden layers between a style and the decoder's norms. */
  readonly styleUnits: number;
  /** Attributes that are asked for: those of the batch in another order, or a fair coin for each. */
  readonly wanted: "permuted" | "coins";
}

/** Options of every model of several networks. */
export interface SharedOptions {
  readonly loss: LossName;
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  readonly b1: number;
  readonly b2: number;
  /** Adam's weight decay, as torch.optim.Adam has it. */
  readonly weightDecay: number;
  /** 0 for none. */
  readonly gradientClip: number;
  /** 0 for none. */
  readonly emaDecay: number;
  /** By term. */
  readonly weights: Readonly<Record<string, number>>;
}

export type SchemeOptions = SharedOptions & ParticularOptions;

export interface SchemeRequest {
  readonly options: SchemeOptions;
  /** Shapes of the data's fields: `a`, `b`, `low`, `attributes`, `labels`. */
  readonly fields: Readonly<Record<string, Shape>>;
  /** Names of the columns of `attributes`. */
  readonly attributes?: readonly string[];
}

/** An image field's shape. @throws GanEvalError `usage.data` where the data have none of that name */
export function imageField({ fields }: SchemeRequest, name: string): ImageShape {
  const shape = (fields as Partial<typeof fields>)[name];
  if (shape?.length === 3) return shape as ImageShape;
  throw new GanEvalError(
    "usage.data",
    `expected data with images ${name} for this model, got ${shape === undefined ? `only ${Object.keys(fields).join(", ")}` : `[${shape}]`}`,
    { hint: "See docs/models.md for the data that each model takes." },
  );
}

/** A player of a model: the options' optimizer over its networks. */
export function optionsToPlayer(options: SharedOptions, role: NetworkRole, owns: readonly string[]): Player {
  const { optimizer, b1, b2, weightDecay, gradientClip, emaDecay } = options;
  return {
    owns,
    role,
    optimizer,
    optimizerOptions: { b1, b2, ...(weightDecay > 0 && { weightDecay }) },
    ...(gradientClip > 0 && { gradientClip }),
    ...(role === "generator" && emaDecay > 0 && { emaDecay }),
  };
}
