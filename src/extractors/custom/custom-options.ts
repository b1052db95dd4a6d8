/** How images reach a network that says too little about it, and what of it is taken. */

/** Mean and deviation of each channel under the names people know them by. */
export const SCALINGS = {
  /** torchvision's for networks trained on ImageNet; DINOv2's too. */
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  /** OpenAI's CLIP and OpenCLIP. */
  clip: { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] },
  /** 0..1 to -1..1. */
  half: { mean: [0.5], std: [0.5] },
} as const satisfies Readonly<Record<string, { mean: readonly number[]; std: readonly number[] }>>;

export type ScalingName = keyof typeof SCALINGS;
export const SCALING_NAMES = Object.keys(SCALINGS) as ScalingName[];

export const LAYOUTS = ["nchw", "nhwc"] as const;
export type Layout = (typeof LAYOUTS)[number];

export interface CustomExtractorOptions {
  /** What images are resized to (default: what the network states; 32x32 of `pixels`, 64x64 of `random-conv`). */
  readonly inputSize?: readonly [height: number, width: number];
  /** Subtracted from levels in 0..1 (default 0): one number, one a channel, or a name that stands for `std` too. */
  readonly mean?: readonly number[] | ScalingName;
  /** What they are divided by then (default 1, or what `mean` names). */
  readonly std?: readonly number[] | ScalingName;
  /** Whether channels come before or after the sides (default: by the shape of the network's input). */
  readonly layout?: Layout;
  /** The output, or tensor within, that is the features (default the first output). */
  readonly output?: string;
  /** The one that is the logits of the Inception Score (default none). */
  readonly logitsOutput?: string;
  /** Of `random-conv` (default 2020). */
  readonly extractorSeed?: number;
}
