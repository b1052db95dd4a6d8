/** How images are compared two at a time: pairs, what of them is compared, and the networks of LPIPS. */
import { PLANE_CHANNELS } from "../../math/images/image-planes.ts";
import { fileOf, integer, nameOr, oneOf, optional, toggle } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const COMPARED_ROWS = {
  paired: option({
    group: "Measurement",
    kind: toggle(),
    default: false,
    summary:
      "compare each generated image with the real one of the same name (l1, psnr, ssim, lpips; docs/paired.md)",
  }),
  pairedChannel: option({
    group: "Measurement",
    kind: optional(oneOf(PLANE_CHANNELS)),
    value: "NAME",
    default: undefined,
    defaultText: "rgb",
    summary: "psnr, ssim: compare red, green and blue (rgb) or BT.601 luma (y), as super-resolution does",
  }),
  pairedBorder: option({
    group: "Measurement",
    kind: optional(integer(0, 4096)),
    value: "N",
    default: undefined,
    defaultText: "0",
    aliases: ["crop-border"],
    summary: "psnr, ssim: pixels left out on every side; super-resolution leaves out the scale",
  }),
  lpipsBackbone: option({
    group: "Measurement",
    kind: optional(nameOr(["alexnet", "vgg16"], fileOf(".pth", ".pt", ".safetensors", ".onnx"))),
    value: "NAME",
    default: undefined,
    defaultText: "none",
    summary:
      "lpips: alexnet or vgg16, fetched where it is not installed, or a file of torchvision's weights of it",
  }),
  lpipsWeights: option({
    group: "Measurement",
    kind: optional(fileOf(".pth", ".pt", ".safetensors", ".onnx")),
    value: "FILE",
    default: undefined,
    defaultText: "none",
    summary: "lpips: the weights of its layers, alex.pth or vgg.pth of the lpips package (v0.1)",
  }),
} as const;

export type ComparedOptionName = keyof typeof COMPARED_ROWS;
export const COMPARED_OPTION_NAMES = Object.keys(COMPARED_ROWS) as ComparedOptionName[];
