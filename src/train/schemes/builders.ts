/** What builds each model of several networks: loaded when a model is made, with tensorflow.js. */
import type { Scheme } from "../scheme/scheme.ts";
import { adaptationScheme } from "./adaptation.ts";
import { stargan } from "./attributes.ts";
import { autoencoderScheme } from "./autoencoder.ts";
import { bicyclegan } from "./bicycle.ts";
import { clusterScheme } from "./clusters.ts";
import { coupledScheme } from "./coupled.ts";
import { CYCLE_KINDS, cycleScheme } from "./cycle.ts";
import type { SchemeModelName } from "./models.ts";
import type { SchemeRequest } from "./scheme-request.ts";
import { unit } from "./shared-latent.ts";
import { munit } from "./style.ts";

type Builder = (request: SchemeRequest) => Scheme | Promise<Scheme>;

export const SCHEME_BUILDERS: Readonly<Record<SchemeModelName, Builder>> = {
  cyclegan: (request) => cycleScheme(request, CYCLE_KINDS.cyclegan),
  discogan: (request) => cycleScheme(request, CYCLE_KINDS.discogan),
  dualgan: (request) => cycleScheme(request, CYCLE_KINDS.dualgan),
  stargan,
  unit,
  munit,
  bicyclegan,
  aae: autoencoderScheme,
  cluster_gan: clusterScheme,
  cogan: coupledScheme,
  pixelda: adaptationScheme,
};
