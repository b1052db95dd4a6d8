/** PyTorch's names of the network (pytorch-fid, torch-fidelity, clean-fid share them) and its weights from a state dict. */
import { GanEvalError } from "../errors.ts";
import { type StoredTensor, tensorToFloat32 } from "../formats/tensor.ts";
import { CLASSES, CONVOLUTIONS, type Convolution, FEATURES, type InceptionWeights } from "./architecture.ts";
import { type BatchNorm, EPSILON, foldIntoBiases, foldIntoWeights } from "./batch-norm.ts";

/** The layers before the blocks. */
const STEM: Readonly<Record<string, string>> = {
  conv: "Conv2d_1a_3x3",
  conv_1: "Conv2d_2a_3x3",
  conv_2: "Conv2d_2b_3x3",
  conv_3: "Conv2d_3b_1x1",
  conv_4: "Conv2d_4a_3x3",
};

type Branches = Readonly<Record<string, string>>;

const A: Branches = {
  conv: "branch1x1",
  "tower/conv": "branch5x5_1",
  "tower/conv_1": "branch5x5_2",
  "tower_1/conv": "branch3x3dbl_1",
  "tower_1/conv_1": "branch3x3dbl_2",
  "tower_1/conv_2": "branch3x3dbl_3",
  "tower_2/conv": "branch_pool",
};
const B: Branches = {
  conv: "branch3x3",
  "tower/conv": "branch3x3dbl_1",
  "tower/conv_1": "branch3x3dbl_2",
  "tower/conv_2": "branch3x3dbl_3",
};
const C: Branches = {
  conv: "branch1x1",
  "tower/conv": "branch7x7_1",
  "tower/conv_1": "branch7x7_2",
  "tower/conv_2": "branch7x7_3",
  "tower_1/conv": "branch7x7dbl_1",
  "tower_1/conv_1": "branch7x7dbl_2",
  "tower_1/conv_2": "branch7x7dbl_3",
  "tower_1/conv_3": "branch7x7dbl_4",
  "tower_1/conv_4": "branch7x7dbl_5",
  "tower_2/conv": "branch_pool",
};
const D: Branches = {
  "tower/conv": "branch3x3_1",
  "tower/conv_1": "branch3x3_2",
  "tower_1/conv": "branch7x7x3_1",
  "tower_1/conv_1": "branch7x7x3_2",
  "tower_1/conv_2": "branch7x7x3_3",
  "tower_1/conv_3": "branch7x7x3_4",
};
const E: Branches = {
  conv: "branch1x1",
  "tower/conv": "branch3x3_1",
  "tower/mixed/conv": "branch3x3_2a",
  "tower/mixed/conv_1": "branch3x3_2b",
  "tower_1/conv": "branch3x3dbl_1",
  "tower_1/conv_1": "branch3x3dbl_2",
  "tower_1/mixed/conv": "branch3x3dbl_3a",
  "tower_1/mixed/conv_1": "branch3x3dbl_3b",
  "tower_2/conv": "branch_pool",
};

const BLOCKS: Readonly<Record<string, readonly [module: string, branches: Branches]>> = {
  mixed: ["Mixed_5b", A],
  mixed_1: ["Mixed_5c", A],
  mixed_2: ["Mixed_5d", A],
  mixed_3: ["Mixed_6a", B],
  mixed_4: ["Mixed_6b", C],
  mixed_5: ["Mixed_6c", C],
  mixed_6: ["Mixed_6d", C],
  mixed_7: ["Mixed_6e", C],
  mixed_8: ["Mixed_7a", D],
  mixed_9: ["Mixed_7b", E],
  mixed_10: ["Mixed_7c", E],
};

/** `mixed/tower/conv_1` -> `Mixed_5b.branch5x5_2`. */
export function layerToModule(layer: string): string {
  const slash = layer.indexOf("/");
  if (slash < 0) return STEM[layer];
  const [module, branches] = BLOCKS[layer.slice(0, slash)];
  return `${module}.${branches[layer.slice(slash + 1)]}`;
}

/** Statistics of a layer's batch norm in a state dict. */
const NORM_PARTS = ["weight", "bias", "running_mean", "running_var"] as const;

/** Every key that the network needs, with its shape. */
function expectedKeys(): Map<string, readonly number[]> {
  const keys = new Map<string, readonly number[]>();
  for (const { name, shape } of CONVOLUTIONS) {
    const [height, width, input, output] = shape;
    const module = layerToModule(name);
    keys.set(`${module}.conv.weight`, [output, input, height, width]);
    for (const part of NORM_PARTS) keys.set(`${module}.bn.${part}`, [output]);
  }
  return keys.set("fc.weight", [CLASSES, FEATURES]).set("fc.bias", [CLASSES]);
}

/** Keys that say nothing about inference, and torchvision's second classifier, which only training used. */
const isIgnored = (key: string): boolean =>
  key.endsWith(".num_batches_tracked") || key.startsWith("AuxLogits.");

const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");

function refuseOtherKeys(tensors: ReadonlyMap<string, StoredTensor>, location: string): void {
  const expected = expectedKeys();
  const missing = [...expected.keys()].filter((key) => !tensors.has(key));
  const unexpected = [...tensors.keys()].filter((key) => !expected.has(key) && !isIgnored(key));
  const misshapen = [...expected].flatMap(([key, shape]) => {
    const got = tensors.get(key)?.shape;
    return got && String(got) !== String(shape) ? [`${key} [${got}] instead of [${shape}]`] : [];
  });
  const parts = [
    missing.length > 0 && `missing ${listed(missing)}`,
    unexpected.length > 0 && `unexpected ${listed(unexpected)}`,
    misshapen.length > 0 && `with another shape ${listed(misshapen)}`,
  ].filter(Boolean);
  if (parts.length === 0) return;
  throw new GanEvalError(
    "input.other-network",
    `expected the Inception network of 2015-12-05 in ${location}, got another state dict: ${parts.join("; ")}`,
    {
      hint: "Use pt_inception-2015-12-05-6726825d.pth from pytorch-fid. torchvision's inception_v3 is another network (1000 classes).",
    },
  );
}

/** OIHW to HWIO. */
function toHwio(data: Float32Array, { shape: [height, width, input, output] }: Convolution): Float32Array {
  const result = new Float32Array(data.length);
  let at = 0;
  for (let o = 0; o < output; o++)
    for (let i = 0; i < input; i++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) result[((y * width + x) * input + i) * output + o] = data[at++];
  return result;
}

/** [rows, columns] to [columns, rows]. */
function transpose(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c];
  return result;
}

/**
 * The weights of a state dict, batch norm folded.
 * @throws GanEvalError `input.other-network` listing missing, unexpected and misshapen keys
 */
export function stateDictToWeights(
  stateDict: ReadonlyMap<string, StoredTensor>,
  location: string,
): InceptionWeights {
  // DataParallel and some wrappers put their own name before every key.
  const tensors = new Map(
    [...stateDict].map(([key, tensor]) => [key.replace(/^(module\.|base\.)+/, ""), tensor]),
  );
  refuseOtherKeys(tensors, location);
  const read = (key: string) => tensorToFloat32(tensors.get(key)!, key);
  const weights = new Map<string, Float32Array>();
  for (const convolution of CONVOLUTIONS) {
    const module = layerToModule(convolution.name);
    const [gamma, beta, mean, variance] = NORM_PARTS.map((part) => read(`${module}.bn.${part}`));
    const norm: BatchNorm = { gamma, beta, mean, variance, epsilon: EPSILON };
    const filter = toHwio(read(`${module}.conv.weight`), convolution);
    weights.set(`${convolution.name}/weights`, foldIntoWeights(filter, norm));
    weights.set(`${convolution.name}/biases`, foldIntoBiases(norm));
  }
  weights.set("softmax/weights", transpose(read("fc.weight"), CLASSES, FEATURES));
  return weights.set("softmax/biases", read("fc.bias"));
}
