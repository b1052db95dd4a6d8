/** Which network a state dict is of, and its weights as tensorflow.js has them. */
import type { ArrayValue } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import { isConvolution, NETWORK_NAMES, NETWORKS, type NetworkLayer, type NetworkName } from "./layers.ts";
import { filterToArray, type StateDict, stateDictToArray } from "./read-state-dict.ts";

/** A weight that no other network has: VGG16's and VGG19's third blocks differ in length. */
const SIGNS: Readonly<Record<NetworkName, readonly [name: string, shape: string]>> = {
  vgg19: ["features.16.weight", "256,256,3,3"],
  vgg16: ["features.17.weight", "512,256,3,3"],
  alexnet: ["features.0.weight", "64,3,11,11"],
};

/** @throws GanEvalError `input.perceptual-weights` for none of them, and for VGG with batch normalisation */
export function stateDictToNetworkName({ tensors, location }: StateDict): NetworkName {
  const isNormalised = tensors.has("features.1.running_mean");
  const found = NETWORK_NAMES.find((name) => {
    const [sign, shape] = SIGNS[name];
    return tensors.get(sign)?.shape.join() === shape;
  });
  if (found && !isNormalised) return found;
  const some = [...tensors.keys()].slice(0, 4).join(", ") || "no weights";
  throw new GanEvalError(
    "input.perceptual-weights",
    `expected the weights of torchvision's ${Object.keys(NETWORKS).join(", ")} in ${location}, got ${isNormalised ? "a VGG with batch normalisation" : `${some}, ...`}`,
    { hint: "For example vgg19-dcbb9e9d.pth; names are features.0.weight, features.0.bias, ..." },
  );
}

/**
 * The weights of a list's convolutions, `KEY.weight` turned to [h, w, in, out].
 * @throws GanEvalError `input.perceptual-weights` where one is missing or of another shape
 */
export function stateDictToArrays(
  stateDict: StateDict,
  layers: readonly NetworkLayer[],
  network: string,
): Record<string, ArrayValue> {
  const arrays: Record<string, ArrayValue> = {};
  for (const { key, filter } of layers.filter(isConvolution)) {
    const [height, width, into, out] = filter;
    const read = (name: string, shape: readonly number[]) =>
      stateDictToArray(stateDict, `${key}.${name}`, shape, network);
    arrays[`${key}.weight`] = filterToArray(read("weight", [out, into, height, width]), filter);
    arrays[`${key}.bias`] = { data: read("bias", [out]), shape: [out] };
  }
  return arrays;
}
