/** Every network of the image-to-image models, at its default size and small. */
import {
  attributeClasses,
  attributeMap,
  attributeTrunk,
} from "../../../src/train/networks/attribute-judge.ts";
import {
  autoencoderDecoder,
  autoencoderEncoder,
  clusterGenerator,
  clusterReader,
  codeJudge,
} from "../../../src/train/networks/code-networks.ts";
import {
  coupledHead,
  coupledJudgeHead,
  coupledJudgeTrunk,
  coupledTrunk,
} from "../../../src/train/networks/coupled.ts";
import {
  adaptationClassifier,
  adaptationGenerator,
  adaptationJudge,
} from "../../../src/train/networks/domain-adaptation.ts";
import { codeEncoder, codeToChannels } from "../../../src/train/networks/image-to-code.ts";
import { holeGenerator } from "../../../src/train/networks/inpainting.ts";
import { PATCHES, patchJudge, pixelJudge } from "../../../src/train/networks/judges.ts";
import type { Network } from "../../../src/train/networks/network.ts";
import type { Shape } from "../../../src/train/networks/shapes.ts";
import { unitEncoder, unitGenerator, unitShared } from "../../../src/train/networks/shared-latent.ts";
import { contentEncoder, styleDecoder, styleEncoder, styleMlp } from "../../../src/train/networks/style.ts";
import { enlargedJudge, RRDBS, rrdb, srresnet } from "../../../src/train/networks/super-resolution.ts";
import { RESNETS, resnetTranslator } from "../../../src/train/networks/translators.ts";
import { UNETS, unetTranslator } from "../../../src/train/networks/unet.ts";

export interface ImageNetwork {
  readonly make: () => Network;
  /** Of the layers that the scripts list, by hand; published where a source says so. */
  readonly parameters: number;
  readonly output: Shape;
  /** The same architecture with few filters on a small image. */
  readonly small: () => Network;
}

const row = (make: () => Network, parameters: number, output: Shape, small: () => Network): ImageNetwork => ({
  make,
  parameters,
  output,
  small,
});

const of256 = [256, 256, 3] as const;
const of128 = [128, 128, 3] as const;
const of32 = [32, 32, 3] as const;
const of16 = [16, 16, 3] as const;
const few = { filters: 3 } as const;

export const IMAGE_NETWORKS: Readonly<Record<string, ImageNetwork>> = {
  "aae's encoder": row(
    () => autoencoderEncoder([32, 32, 1], 10),
    798_740,
    [20],
    () => autoencoderEncoder([4, 4, 1], 2, { units: 6 }),
  ),
  "aae's decoder": row(
    () => autoencoderDecoder(10, [32, 32, 1]),
    794_624,
    [32, 32, 1],
    () => autoencoderDecoder(2, [4, 4, 1], { units: 6 }),
  ),
  "aae's judge": row(
    () => codeJudge(10),
    137_217,
    [1],
    () => codeJudge(2, { units: 6 }),
  ),
  "bicyclegan's generator": row(
    () => unetTranslator([128, 128, 4], { ...UNETS.bicyclegan, channels: 3 }),
    23_680_259 - 147_456,
    of128,
    () => unetTranslator([16, 16, 4], { ...UNETS.bicyclegan, ...few, channels: 3 }),
  ),
  "bicyclegan's map of the code": row(
    () => codeToChannels(8, of128),
    147_456,
    [128, 128, 1],
    () => codeToChannels(3, of16),
  ),
  "bicyclegan's encoder": row(
    () => codeEncoder(of128),
    2_786_896,
    [16],
    () => codeEncoder(of32, { filters: 3, code: 2 }),
  ),
  "bicyclegan's judge": row(
    () => patchJudge(of128, PATCHES.bicyclegan),
    2_762_945,
    [8, 8, 1],
    () => patchJudge(of32, { ...PATCHES.bicyclegan, ...few }),
  ),
  "ccgan's generator": row(
    () => unetTranslator(of128, UNETS.ccgan),
    29_257_731,
    of128,
    () => unetTranslator(of16, { ...UNETS.ccgan, ...few, levels: 3 }),
  ),
  "ccgan's judge": row(
    () => patchJudge(of128, PATCHES.inpainting),
    1_555_585,
    [16, 16, 1],
    () => patchJudge(of16, { ...PATCHES.inpainting, ...few }),
  ),
  "cluster_gan's generator": row(
    () => clusterGenerator(40, [28, 28, 1]),
    6_617_665,
    [28, 28, 1],
    () => clusterGenerator(5, [8, 8, 1], { filters: 3, units: 6 }),
  ),
  "cluster_gan's encoder": row(
    () => clusterReader([28, 28, 1], 40),
    3_451_112,
    [40],
    () => clusterReader([12, 10, 1], 5, { filters: 3, units: 6 }),
  ),
  "cluster_gan's judge": row(
    () => clusterReader([28, 28, 1], 1),
    3_411_137,
    [1],
    () => clusterReader([10, 10, 1], 1, { filters: 3, units: 6 }),
  ),
  "cogan's trunk of generators": row(
    () => coupledTrunk(100, of32),
    975_488,
    [32, 32, 128],
    () => coupledTrunk(3, [8, 8, 3], few),
  ),
  "cogan's head of a generator": row(
    () => coupledHead([32, 32, 128], 3),
    75_651,
    of32,
    () => coupledHead([8, 8, 4], 3),
  ),
  "cogan's trunk of judges": row(
    () => coupledJudgeTrunk(of32),
    97_888,
    [2, 2, 128],
    () => coupledJudgeTrunk(of32, few),
  ),
  "cogan's head of a judge": row(
    () => coupledJudgeHead([2, 2, 128]),
    513,
    [1],
    () => coupledJudgeHead([2, 2, 3]),
  ),
  "context_encoder's generator": row(
    () => holeGenerator(of128),
    40_401_187,
    [64, 64, 3],
    () => holeGenerator(of16, { ...few, bottleneck: 8 }),
  ),
  "context_encoder's judge": row(
    () => patchJudge([64, 64, 3], PATCHES.inpainting),
    1_555_585,
    [8, 8, 1],
    () => patchJudge(of16, { ...PATCHES.inpainting, ...few }),
  ),
  "cyclegan's generator": row(
    () => resnetTranslator(of256, RESNETS.cyclegan),
    11_378_179,
    of256,
    () => resnetTranslator(of16, { ...RESNETS.cyclegan, ...few, blocks: 1 }),
  ),
  "cyclegan's judge": row(
    () => patchJudge(of256, PATCHES.cyclegan),
    2_764_737,
    [16, 16, 1],
    () => patchJudge(of32, { ...PATCHES.cyclegan, ...few }),
  ),
  "discogan's generator": row(
    () => unetTranslator([64, 64, 3], UNETS.discogan),
    29_241_731,
    [64, 64, 3],
    () => unetTranslator(of16, { ...UNETS.discogan, ...few, levels: 3 }),
  ),
  "discogan's judge": row(
    () => patchJudge([64, 64, 3], PATCHES.discogan),
    662_977,
    [8, 8, 1],
    () => patchJudge(of16, { ...PATCHES.discogan, ...few }),
  ),
  "dualgan's generator": row(
    () => unetTranslator(of128, UNETS.dualgan),
    41_828_995,
    of128,
    () => unetTranslator(of16, { ...UNETS.dualgan, ...few, levels: 3 }),
  ),
  "dualgan's judge": row(
    () => patchJudge(of128, PATCHES.dualgan),
    663_745,
    [14, 14, 1],
    () => patchJudge(of32, { ...PATCHES.dualgan, ...few }),
  ),
  "esrgan's generator in PyTorch-GAN": row(
    () => rrdb([64, 64, 3], RRDBS["pytorch-gan"]),
    38_549_123,
    of256,
    () => rrdb([4, 4, 3], { ...RRDBS["pytorch-gan"], ...few, blocks: 1, growth: 2 }),
  ),
  // 16.698 million: the published RRDB x4.
  "esrgan's generator": row(
    () => rrdb([64, 64, 3], RRDBS.esrgan),
    16_697_987,
    of256,
    () => rrdb([4, 4, 3], { ...RRDBS.esrgan, ...few, blocks: 1, growth: 2 }),
  ),
  "esrgan's and srgan's judge": row(
    () => enlargedJudge(of256),
    4_693_697,
    [16, 16, 1],
    () => enlargedJudge(of32, few),
  ),
  "munit's content encoder": row(
    () => contentEncoder(of128),
    4_205_696,
    [32, 32, 256],
    () => contentEncoder(of16, { ...few, blocks: 1 }),
  ),
  "munit's style encoder": row(
    () => styleEncoder(of128),
    667_272,
    [8],
    () => styleEncoder(of16, { ...few, style: 2 }),
  ),
  "munit's decoder": row(
    () => styleDecoder([32, 32, 256], 3),
    4_574_467,
    of128,
    () => styleDecoder([4, 4, 8], 3, { blocks: 1 }),
  ),
  "munit's way from style to norms": row(
    () => styleMlp(styleDecoder([32, 32, 256], 3)),
    857_600,
    [3072],
    () => styleMlp(styleDecoder([4, 4, 8], 3, { blocks: 1 }), { style: 2, units: 4 }),
  ),
  "munit's judge at half the size": row(
    () => patchJudge(of128, { ...PATCHES.munit, halvings: 1 }),
    2_761_153,
    [4, 4, 1],
    () => patchJudge([64, 64, 3], { ...PATCHES.munit, ...few, halvings: 1 }),
  ),
  "pix2pix's generator": row(
    () => unetTranslator(of256, UNETS.pix2pix),
    54_404_099,
    of256,
    () => unetTranslator(of32, { ...UNETS.pix2pix, ...few, levels: 4 }),
  ),
  "pix2pix's judge": row(
    () => patchJudge([256, 256, 6], PATCHES.pix2pix),
    2_767_808,
    [16, 16, 1],
    () => patchJudge([32, 32, 6], { ...PATCHES.pix2pix, ...few }),
  ),
  "pixelda's map of the code": row(
    () => codeToChannels(10, of32, 3),
    33_792,
    of32,
    () => codeToChannels(2, of16, 3),
  ),
  "pixelda's generator": row(
    () => adaptationGenerator([32, 32, 6], 3),
    483_715 - 33_792,
    of32,
    () => adaptationGenerator([8, 8, 6], 3, { ...few, blocks: 1 }),
  ),
  "pixelda's judge": row(
    () => adaptationJudge(of32),
    1_555_585,
    [2, 2, 1],
    () => adaptationJudge(of32, few),
  ),
  "pixelda's classifier": row(
    () => adaptationClassifier(of32, 10),
    1_571_466,
    [10],
    () => adaptationClassifier(of32, 2, few),
  ),
  "srgan's generator": row(
    () => srresnet([64, 64, 3]),
    1_550_486,
    of256,
    () => srresnet([4, 4, 3], { ...few, blocks: 1 }),
  ),
  "stargan's generator": row(
    () => resnetTranslator([128, 128, 8], { ...RESNETS.stargan, channels: 3 }),
    8_430_531,
    of128,
    () => resnetTranslator([16, 16, 5], { ...RESNETS.stargan, ...few, channels: 3, blocks: 1 }),
  ),
  // 44,762,048 with both heads.
  "stargan's trunk of the judge": row(
    () => attributeTrunk(of128),
    44_762_048 - 18_432 - 40_960,
    [2, 2, 2048],
    () => attributeTrunk(of16, { ...few, layers: 3 }),
  ),
  "stargan's map": row(
    () => attributeMap([2, 2, 2048]),
    18_432,
    [2, 2, 1],
    () => attributeMap([2, 2, 4]),
  ),
  "stargan's classes": row(
    () => attributeClasses([2, 2, 2048], 5),
    40_960,
    [5],
    () => attributeClasses([2, 2, 4], 2),
  ),
  "unit's encoder": row(
    () => unitEncoder(of256),
    4_205_696,
    [64, 64, 256],
    () => unitEncoder(of16, { ...few, blocks: 1 }),
  ),
  "unit's shared block": row(
    () => unitShared([64, 64, 256]),
    1_180_160,
    [64, 64, 256],
    () => unitShared([4, 4, 4]),
  ),
  "unit's generator": row(
    () => unitGenerator([64, 64, 256], 3),
    4_205_443,
    of256,
    () => unitGenerator([4, 4, 8], 3, { blocks: 1 }),
  ),
  "unit's judge": row(
    () => patchJudge(of256, PATCHES.unit),
    2_761_153,
    [16, 16, 1],
    () => patchJudge(of32, { ...PATCHES.unit, ...few }),
  ),
  "junyanz's residual generator": row(
    () => resnetTranslator(of256, RESNETS.junyanz),
    11_378_179,
    of256,
    () => resnetTranslator(of16, { ...RESNETS.junyanz, ...few, blocks: 1, norm: "batch", dropout: 0.5 }),
  ),
  // 54.414 million with batch norm, as published.
  "junyanz's U-Net": row(
    () => unetTranslator(of256, { ...UNETS.junyanz, norm: "batch" }),
    54_414_531,
    of256,
    () => unetTranslator(of32, { ...UNETS.junyanz, ...few, norm: "batch" }),
  ),
  "junyanz's judge": row(
    () => patchJudge(of256, PATCHES.junyanz),
    2_764_737,
    [30, 30, 1],
    () => patchJudge(of32, { ...PATCHES.junyanz, ...few }),
  ),
  "junyanz's judge of pixels": row(
    () => pixelJudge(of256),
    8_705,
    [256, 256, 1],
    () => pixelJudge([4, 4, 3], few),
  ),
};
