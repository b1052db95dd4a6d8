/** Options of models of several networks: translation, super-resolution, inpainting and the like. */
import { integer, number, type OptionKind, oneOf, optional, text } from "../../options/kinds.ts";
import { MODELS_OWN, option } from "../../options/option.ts";

const GROUP = "Several networks";

/** Weights by term: `cycle=5,identity=0`, or a JSON object. */
const WEIGHTS: OptionKind<Readonly<Record<string, number>>> = {
  expects: "weights of terms such as cycle=5,identity=0",
  schema: ({ z }) =>
    z
      .union([
        z.record(z.string(), z.number().min(0)),
        z
          .string()
          .regex(/^[\w-]+=\d*\.?\d+(e[+-]?\d+)?(,[\w-]+=\d*\.?\d+(e[+-]?\d+)?)*$/i)
          .transform((given) =>
            Object.fromEntries(
              given.split(",").map((pair) => {
                const [name, weight] = pair.split("=");
                return [name, Number(weight)];
              }),
            ),
          ),
      ])
      .pipe(z.record(z.string(), z.number().min(0))),
  toText: (weights) =>
    Object.entries(weights)
      .map(([name, weight]) => `${name}=${weight}`)
      .join(","),
};

/** An option that the model decides unless it is given. */
const modelsOwn = <T>(kind: OptionKind<T>, value: string, summary: string, aliases: readonly string[] = []) =>
  option<T | undefined>({
    group: GROUP,
    kind: optional(kind),
    value,
    ...(aliases.length > 0 && { aliases }),
    default: undefined,
    defaultText: MODELS_OWN,
    summary,
  });

/** PyTorch-GAN's flags for weights, and the term that each weighs. */
export const LAMBDAS = {
  lambdaAdv: "adversarial",
  lambdaCyc: "cycle",
  lambdaId: "identity",
  lambdaPixel: "pixel",
  lambdaLatent: "latent",
  lambdaKl: "divergence",
  lambdaTask: "task",
} as const;
type Lambda = keyof typeof LAMBDAS;

const LAMBDA_ROWS = Object.fromEntries(
  Object.entries(LAMBDAS).map(([name, term]) => [
    name,
    modelsOwn(number(0), "X", `weight of the term ${term}: the same as --weight ${term}=X`),
  ]),
) as { readonly [Name in Lambda]: ReturnType<typeof modelsOwn<number>> };

/**
 * Flags of pytorch-CycleGAN-and-pix2pix, and what each of their values stands for here: `run.json` has only that. A loss
 * brings the weight of the gradient penalty along.
 */
export const STAND_FOR = {
  ganMode: {
    vanilla: { loss: "non-saturating", termWeights: { penalty: 0 } },
    lsgan: { loss: "least-squares", termWeights: { penalty: 0 } },
    wgangp: { loss: "wasserstein", termWeights: { penalty: 10 } },
  },
  lrPolicy: {
    linear: { schedule: "linear-late" },
    cosine: { schedule: "cosine" },
  },
} as const;

/** What a value of an option brings along, unless it is given: `--discriminator-net basic` sees patches of 70 x 70. */
export const BRINGS_ALONG = {
  discriminatorNet: { basic: { discriminatorLayers: 3 } },
} as const;

const namesOf = <Name extends string>(values: Readonly<Record<Name, unknown>>): Name[] =>
  Object.keys(values) as Name[];

/** Policies of theirs that no schedule of ours is: each is refused with its reason. */
const NO_MATCH: Readonly<Record<string, string>> = {
  step: "step counts epochs (--lr_decay_iters), which no schedule here does: --schedule exponential falls as far, smoothly.",
  plateau:
    "plateau is fed a constant there, and cuts the rate every sixth epoch whatever happens: nothing here does that.",
};

const LR_POLICY: OptionKind<keyof typeof STAND_FOR.lrPolicy> = {
  ...oneOf(namesOf(STAND_FOR.lrPolicy)),
  schema: ({ z }) =>
    z.string().transform((given, context) => {
      if (Object.hasOwn(STAND_FOR.lrPolicy, given)) return given as keyof typeof STAND_FOR.lrPolicy;
      const message = NO_MATCH[given] ?? `Schedules by their own names are values of --schedule.`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }),
};

/** By the keys of `run.json`, where weights stand together. A model takes those of its row in docs/models.md; another is refused. */
export const SCHEME_ROWS = {
  termWeights: {
    ...modelsOwn(
      WEIGHTS,
      "LIST",
      "weights of the model's terms by name: cycle=5,identity=0; 0 leaves a term out (docs/models.md)",
    ),
    flag: "weight",
  },
  translator: modelsOwn(oneOf(["resnet", "unet"]), "NAME", "networks that translate: resnet or unet"),
  filters: modelsOwn(integer(1, 1024), "N", "filters in the first layer of the networks that make images", [
    "ngf",
    "dim",
  ]),
  discriminatorFilters: modelsOwn(integer(1, 1024), "N", "filters in the discriminators' first layer", [
    "ndf",
  ]),
  units: modelsOwn(integer(1, 65_536), "N", "units of the hidden dense layers"),
  clusters: modelsOwn(integer(2, 1000), "N", "clusters that cluster_gan finds"),
  blocks: modelsOwn(integer(0, 64), "N", "residual blocks", [
    "n-residual-blocks",
    "residual-blocks",
    "n-residual",
  ]),
  norm: modelsOwn(
    oneOf(["instance", "batch", "none"]),
    "NAME",
    "normalisation in the networks that make images",
  ),
  upSampling: modelsOwn(
    oneOf(["nearest-convolution", "transposed"]),
    "NAME",
    "how images are enlarged: nearest pixels and a convolution, or a transposed convolution",
  ),
  discriminatorLayers: modelsOwn(
    integer(1, 8),
    "N",
    "halvings of the discriminators: more look at larger patches",
    ["n-layers-d"],
  ),
  discriminatorNet: modelsOwn(
    oneOf(["own", "basic", "pixel"]),
    "NAME",
    "discriminators of a translator: own (the model's); basic (the CycleGAN authors', patches of 70 x 70 pixels with 3 --discriminator-layers); pixel (each pixel by itself)",
    ["net-d"],
  ),
  ganMode: modelsOwn(
    oneOf(namesOf(STAND_FOR.ganMode)),
    "NAME",
    "loss of a translator by the name in the CycleGAN authors' program: vanilla (--loss non-saturating), lsgan (--loss least-squares), wgangp (--loss wasserstein --weight penalty=10)",
  ),
  lrPolicy: modelsOwn(
    LR_POLICY,
    "NAME",
    "schedule of a translator by the name in the CycleGAN authors' program: linear (--schedule linear-late) or cosine",
  ),
  dropout: modelsOwn(number(0, 0.95), "X", "rate of dropout in the networks that make images"),
  poolSize: modelsOwn(
    integer(0, 100_000),
    "N",
    "earlier images in each replay pool that the discriminators see again; 0 for none",
  ),
  warmUp: modelsOwn(integer(0), "N", "rounds of the pixel term alone at the beginning", ["warmup-batches"]),
  maskSize: modelsOwn(integer(1, 1024), "N", "side of the square hole that a model fills, in pixels"),
  maskPlace: modelsOwn(
    oneOf(["random", "middle"]),
    "WHERE",
    "where the hole of a training image is: random or middle",
  ),
  perceptual: modelsOwn(
    text("random, digits, none, vgg19, vgg16, alexnet or a file of VGG weights"),
    "NAME",
    "what compares images by features: random, digits, none, vgg19 (or vgg16, alexnet; fetched where it is not installed), or the file of such a network (.pth, .safetensors)",
  ),
  perceptualLayer: modelsOwn(text("a layer such as conv5_4"), "LAYER", "layer of that VGG network"),
  weightDecay: modelsOwn(number(0), "X", "Adam's weight decay"),
  ...LAMBDA_ROWS,
} as const;
