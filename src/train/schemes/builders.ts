/** What builds each model of several networks: loaded when a model is made, with tensorflow.js. */
import type { Scheme } from "../scheme/scheme.ts";
import { adaptationScheme } from "./adaptation.ts";
import { stargan } from "./attributes.ts";
import { autoencoderScheme } from "./autoencoder.ts";
import { bicyclegan } from "./bicycle.ts";
import { clusterScheme } from "./clusters.ts";
import { coupledScheme } from "./coupled.ts";
import { CYCLE_KINDS, cycleScheme } from "./cycle.ts";
import { ccganScheme, contextEncoderScheme } from "./inpainting.ts";
import type { SchemeModelName } from "./models.ts";
import { pairedScheme } from "./paired.ts";
import type { SchemeRequest } from "./scheme-request.ts";
import { unit } from "./shared-latent.ts";
import { munit } from "./style.ts";
import { ENLARGING_KINDS, superResolutionScheme } from "./super-resolution.ts";

type Builder = (request: SchemeRequest) => Scheme | Promise<Scheme>;

export const SCHEME_BUILDERS: Readonly<Record<SchemeModelName, Builder>> = {
  cyclegan: (request) => cycleScheme(request, CYCLE_KINDS.cyclegan),
  discogan: (request) => cycleScheme(request, CYCLE_KINDS.discogan),
  dualgan: (request) => cycleScheme(request, CYCLE_KINDS.dualgan),
  pix2pix: pairedScheme,
  srgan: (request) => superResolutionScheme(request, ENLARGING_KINDS.srgan),
  esrgan: (request) => superResolutionScheme(request, ENLARGING_KINDS.esrgan),
  context_encoder: contextEncoderScheme,
  ccgan: ccganScheme,
  stargan,
  unit,
  munit,
  bicyclegan,
  aae: autoencoderScheme,
  cluster_gan: clusterScheme,
  cogan: coupledScheme,
  pixelda: adaptationScheme,
};
