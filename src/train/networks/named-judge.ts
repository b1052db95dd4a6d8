/** The discriminators that a translator may have: the model's own, and those of pytorch-CycleGAN-and-pix2pix. */
import type { NormName } from "./image-blocks.ts";
import type { ImageShape } from "./image-size.ts";
import { PATCHES, type PatchOptions, patchJudge, pixelJudge } from "./judges.ts";
import type { Network } from "./network.ts";

export interface JudgeOptions {
  readonly filters: number;
  /** Of a network that sees patches. */
  readonly layers: number;
  readonly norm: NormName;
}

type Builder = (input: ImageShape, own: PatchOptions, options: JudgeOptions) => Network;

/** By the value of `--discriminator-net`. */
export const NAMED_JUDGES = {
  own: (input, own, { filters, layers }) => patchJudge(input, { ...own, filters, layers }),
  basic: (input, _, options) => patchJudge(input, { ...PATCHES.junyanz, ...options }),
  pixel: (input, _, { filters, norm }) => pixelJudge(input, { filters, norm }),
} as const satisfies Readonly<Record<string, Builder>>;

export type JudgeName = keyof typeof NAMED_JUDGES;
