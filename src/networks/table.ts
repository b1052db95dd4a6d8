/** Every pretrained network that has a name: where its file lies, what it is called by, how images reach it. One row a network. */

/** A file that a network's authors distribute. A row has one: the same name gives the same numbers everywhere. */
export interface NetworkFile {
  /** Its name among downloads and in messages. */
  readonly name: string;
  /** The authors' own place first. Paths at huggingface.co follow `HF_ENDPOINT`. */
  readonly urls: readonly [string, ...string[]];
  readonly bytes: number;
  /** sha256, hex; or its first digits, where only the name states those (PyTorch's convention: eight). */
  readonly sha256: string;
  /** Whether a download of ours has been held to the hash. Others are called unverified until a first download. */
  readonly isConfirmed: boolean;
}

/** A vision transformer as DINOv2 has it (Oquab et al. 2023): layer scale, a class token, positions on a grid. Names of facebookresearch/dinov2. */
interface DinoArchitecture {
  readonly kind: "dinov2";
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  readonly patch: number;
  /** The side of the grid that its positions were trained on. */
  readonly grid: number;
}

/**
 * CLIP's image side (Radford et al. 2021): a norm before the blocks, quick GELU, a projection of the class token. Names of
 * Hugging Face's transformers (`vision_model.*`, `visual_projection.weight`); the files hold the text side too.
 */
interface ClipArchitecture {
  readonly kind: "clip";
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  readonly patch: number;
  readonly grid: number;
  readonly projection: number;
}

/** torchvision's networks of convolutions and three dense layers, by its names (`features.0.weight`). */
interface ConvolutionalArchitecture {
  readonly kind: "vgg16" | "vgg19" | "alexnet";
}

export type NetworkArchitecture = DinoArchitecture | ClipArchitecture | ConvolutionalArchitecture;

export interface NetworkRow {
  /** In a line: what it is, whose, of when. */
  readonly title: string;
  readonly licence: string;
  readonly file: NetworkFile;
  readonly architecture: NetworkArchitecture;
  /** The side of the square that images are brought to. */
  readonly inputSize: number;
  /** `(level / 255 - mean) / std` by this name's numbers. */
  readonly scaling: "imagenet" | "clip";
  /** Multiply-adds of an image, in billions, for the time that an extraction will take. */
  readonly gigaMultiplyAdds: number;
}

const DINO_PLACE = "https://dl.fbaipublicfiles.com/dinov2";

/** Every hash here was published by two or more who hold the file; no download of ours has been held to one yet. */
const isConfirmed = false;

interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
  readonly gigaMultiplyAdds: number;
}

const dinov2 = (
  letter: "s" | "b" | "l",
  size: string,
  [width, depth, heads]: readonly [number, number, number],
  { gigaMultiplyAdds, ...file }: FileFacts,
): NetworkRow => ({
  title: `DINOv2 ViT-${size}/14, class token of width ${width} (Oquab et al. 2023)`,
  licence: "Apache-2.0",
  file: {
    name: `dinov2_vit${letter}14_pretrain.pth`,
    urls: [`${DINO_PLACE}/dinov2_vit${letter}14/dinov2_vit${letter}14_pretrain.pth`],
    ...file,
    isConfirmed,
  },
  architecture: { kind: "dinov2", width, depth, heads, patch: 14, grid: 37 },
  ...{ inputSize: 224, scaling: "imagenet", gigaMultiplyAdds },
});

/** @param at repository, commit and file: the repositories differ in which formats their main branch has */
const clip = (
  model: string,
  [repository, commit, name]: readonly [string, string, string],
  size: { width: number; depth: number; heads: number; patch: number; grid: number; projection: number },
  { gigaMultiplyAdds, ...file }: FileFacts,
): NetworkRow => ({
  title: `CLIP ${model}, image embedding of width ${size.projection} (Radford et al. 2021)`,
  licence: "MIT",
  file: {
    name: `${repository}.${name}`,
    urls: [`https://huggingface.co/openai/${repository}/resolve/${commit}/${name}`],
    ...file,
    isConfirmed,
  },
  architecture: { kind: "clip", ...size },
  ...{ inputSize: size.grid * size.patch, scaling: "clip", gigaMultiplyAdds },
});

const torchvision = (
  kind: ConvolutionalArchitecture["kind"],
  words: string,
  name: string,
  { gigaMultiplyAdds, ...file }: FileFacts,
): NetworkRow => ({
  title: `${words}, torchvision's weights of ImageNet, for LPIPS and perceptual terms`,
  licence: "BSD-3-Clause",
  file: { name, urls: [`https://download.pytorch.org/models/${name}`], ...file, isConfirmed },
  architecture: { kind },
  ...{ inputSize: 224, scaling: "imagenet", gigaMultiplyAdds },
});

export const NETWORKS = {
  "dinov2-s": dinov2("s", "S", [384, 12, 6], {
    bytes: 88_283_115,
    sha256: "b938bf1bc15cd2ec0feacfe3a1bb553fe8ea9ca46a7e1d8d00217f29aef60cd9",
    gigaMultiplyAdds: 5.5,
  }),
  "dinov2-b": dinov2("b", "B", [768, 12, 12], {
    bytes: 346_378_731,
    sha256: "0b8b82f85de91b424aded121c7e1dcc2b7bc6d0adeea651bf73a13307fad8c73",
    gigaMultiplyAdds: 22,
  }),
  "dinov2-l": dinov2("l", "L", [1024, 24, 16], {
    bytes: 1_217_586_395,
    sha256: "d5383ea8f4877b2472eb973e0fd72d557c7da5d3611bd527ceeb1d7162cbf428",
    gigaMultiplyAdds: 80.8,
  }),
  "clip-b-32": clip(
    "ViT-B/32",
    ["clip-vit-base-patch32", "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268", "pytorch_model.bin"],
    { width: 768, depth: 12, heads: 12, patch: 32, grid: 7, projection: 512 },
    {
      bytes: 605_247_071,
      sha256: "a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f",
      gigaMultiplyAdds: 4.4,
    },
  ),
  "clip-l-14": clip(
    "ViT-L/14",
    ["clip-vit-large-patch14", "32bd64288804d66eefd0ccbe215aa642df71cc41", "model.safetensors"],
    { width: 1024, depth: 24, heads: 16, patch: 14, grid: 16, projection: 768 },
    {
      bytes: 1_710_540_580,
      sha256: "a2bf730a0c7debf160f7a6b50b3aaf3703e7e88ac73de7a314903141db026dcb",
      gigaMultiplyAdds: 80.8,
    },
  ),
  "clip-l-336": clip(
    "ViT-L/14 at 336",
    ["clip-vit-large-patch14-336", "ce19dc912ca5cd21c8a653c79e251e808ccabcd1", "pytorch_model.bin"],
    { width: 1024, depth: 24, heads: 16, patch: 14, grid: 24, projection: 768 },
    {
      bytes: 1_711_974_081,
      sha256: "c6032c2e0caae3dc2d4fba35535fa6307dbb49df59c7e182b1bc4b3329b81801",
      gigaMultiplyAdds: 190,
    },
  ),
  vgg16: torchvision("vgg16", "VGG-16", "vgg16-397923af.pth", {
    bytes: 553_433_881,
    sha256: "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0",
    gigaMultiplyAdds: 15.5,
  }),
  vgg19: torchvision("vgg19", "VGG-19", "vgg19-dcbb9e9d.pth", {
    bytes: 574_673_361,
    sha256: "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44",
    gigaMultiplyAdds: 19.6,
  }),
  alexnet: torchvision("alexnet", "AlexNet", "alexnet-owt-7be5be79.pth", {
    bytes: 244_408_911,
    sha256: "7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02",
    gigaMultiplyAdds: 0.7,
  }),
} as const satisfies Readonly<Record<string, NetworkRow>>;

export type NetworkName = keyof typeof NETWORKS;

/** What is needed of a row to have its file. */
export type NetworkSource = Pick<NetworkRow, "title" | "licence" | "file">;

export const networkNames = Object.keys(NETWORKS) as readonly NetworkName[];
