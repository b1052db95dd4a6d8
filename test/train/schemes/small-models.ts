/** Every model of several networks in a size that trains in a second, and drawn data for it. */
import type { SchemeModelName } from "../../../src/train/schemes/models.ts";
import type { SchemeOptions } from "../../../src/train/schemes/scheme-request.ts";
import { openModel, TINY } from "./played-schemes.ts";

const SMALL_MODELS: Readonly<Record<SchemeModelName, readonly [data: string, Partial<SchemeOptions>]>> = {
  aae: ["drawn-masked", { units: 4, latentDim: 2 }],
  bicyclegan: ["drawn-outline-many", { discriminatorLayers: 2, scales: 2, latentDim: 2 }],
  ccgan: ["drawn-masked", { maskSize: 6, discriminatorLayers: 2 }],
  cluster_gan: ["drawn-masked", { units: 4, latentDim: 2 }],
  cogan: ["drawn-coupled", { latentDim: 3 }],
  context_encoder: ["drawn-masked", { maskSize: 8, latentDim: 4, discriminatorLayers: 1 }],
  cyclegan: ["drawn-recolour", { discriminatorLayers: 2, poolSize: 3 }],
  discogan: ["drawn-recolour", { discriminatorLayers: 2 }],
  dualgan: ["drawn-recolour", { discriminatorLayers: 1 }],
  esrgan: ["drawn-larger", { warmUp: 1, perceptual: "random" }],
  munit: ["drawn-recolour", { discriminatorLayers: 1, scales: 1 }],
  pix2pix: ["drawn-outline", { discriminatorLayers: 2 }],
  pixelda: ["drawn-shifted", { latentDim: 3, discriminatorLayers: 2 }],
  srgan: ["drawn-larger", { warmUp: 0, perceptual: "digits" }],
  stargan: ["drawn-attributes", { discriminatorLayers: 2 }],
  unit: ["drawn-recolour", { discriminatorLayers: 2 }],
};

export const openSmallModel = (model: SchemeModelName, options: Partial<SchemeOptions> = {}) => {
  const [data, own] = SMALL_MODELS[model];
  return openModel(model, data, { ...TINY, ...own, ...options });
};
