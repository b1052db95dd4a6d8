/** LPIPS (version 0.1) of a backbone and layer weights that the user brings. */
import type { ArrayValue } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { FirstUseOptions } from "../../networks/first-use.ts";
import { layersUpTo, NETWORKS } from "./layers.ts";
import { nameToFile } from "./name-to-file.ts";
import type { TappedNetwork } from "./perceptual-distance.ts";
import { readStateDict, type StateDict, stateDictToArray } from "./read-state-dict.ts";
import { stateDictToArrays, stateDictToNetworkName } from "./state-dict-to-network.ts";

interface LpipsNetwork {
  readonly taps: readonly string[];
  readonly channels: readonly number[];
  /** Smaller images leave maps of one or a few places. Source: torchvision's `min_size` of its weights. */
  readonly least: number;
}

/** The maps after these rectifiers, by lpips' names of the networks. Source: richzhang/PerceptualSimilarity, pretrained_networks.py. */
const LPIPS_NETWORKS = {
  alexnet: {
    taps: ["relu1", "relu2", "relu3", "relu4", "relu5"],
    channels: [64, 192, 384, 256, 256],
    least: 63,
  },
  vgg16: {
    taps: ["relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3"],
    channels: [64, 128, 256, 512, 512],
    least: 32,
  },
} as const satisfies Readonly<Record<string, LpipsNetwork>>;

/** lpips' ScalingLayer, of images in [-1, 1]. */
const [SHIFT, SCALE] = [
  [-0.03, -0.088, -0.188],
  [0.458, 0.448, 0.45],
] as const;

export interface Lpips extends TappedNetwork {
  readonly network: keyof typeof LPIPS_NETWORKS;
  readonly arrays: Readonly<Record<string, ArrayValue>>;
  readonly least: number;
  readonly hashes: { readonly backbone: string; readonly weights: string };
}

const missing = (): GanEvalError =>
  new GanEvalError(
    "unavailable.weights",
    "expected --lpips-backbone NAME and --lpips-weights FILE for LPIPS, whose networks are not part of gan-eval",
    {
      hint: "The backbone is alexnet or vgg16, or a file of torchvision's weights; bring alex.pth or vgg.pth from lpips/weights/v0.1 of the lpips package; without them take perceptual-random.",
    },
  );

/** The non-negative weight of every channel of every tap, as tensors `lin0`, `lin1`, ... */
function stateDictToLin(stateDict: StateDict, { channels }: LpipsNetwork, network: string) {
  const arrays = channels.map((count, i): [string, ArrayValue] => {
    const name = `lin${i}.model.1.weight`;
    const data = stateDictToArray(stateDict, name, [1, count, 1, 1], `LPIPS of ${network}`);
    return [`lin${i}`, { data, shape: [count] }];
  });
  return Object.fromEntries(arrays);
}

/**
 * Reads both files.
 * @param backbone a file, or the name of a network, whose official file is fetched where it is not installed
 * @throws GanEvalError `unavailable.weights` where one was not given, `unavailable.network` where a named one is not to be
 *   had, `input.perceptual-weights` for another network's
 */
export async function openLpips(
  backbone: string | undefined,
  weights: string | undefined,
  options: FirstUseOptions = {},
): Promise<Lpips> {
  if (backbone === undefined || weights === undefined) throw missing();
  const ofWeights = await readStateDict(weights);
  const ofBackbone = await readStateDict(await nameToFile(backbone, options));
  const network = stateDictToNetworkName(ofBackbone);
  if (network === "vgg19")
    throw new GanEvalError(
      "input.perceptual-weights",
      `expected AlexNet or VGG16 for LPIPS in ${backbone}, got ${network}`,
      { hint: "LPIPS's vgg is VGG16: vgg16-397923af.pth." },
    );
  const row = LPIPS_NETWORKS[network];
  const layers = layersUpTo(NETWORKS[network], row.taps.at(-1)!, network);
  return {
    network,
    layers,
    taps: row.taps,
    least: row.least,
    arrays: { ...stateDictToArrays(ofBackbone, layers, network), ...stateDictToLin(ofWeights, row, network) },
    hashes: { backbone: ofBackbone.hash, weights: ofWeights.hash },
    normalize: (images) => tf.div(tf.sub(images, tf.tensor1d([...SHIFT])), tf.tensor1d([...SCALE])),
  };
}
