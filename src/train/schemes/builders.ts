/** What builds each model of several networks: loaded when a model is made, with tensorflow.js. */
import type { Scheme } from "../scheme/scheme.ts";
import { adaptationScheme } from "./adaptation.ts";
import { autoencoderScheme } from "./autoencoder.ts";
import { clusterScheme } from "./clusters.ts";
import { coupledScheme } from "./coupled.ts";
import { CYCLE_KINDS, cycleScheme } from "./cycle.ts";
import type { SchemeModelName } from "./models.ts";
import type { SchemeRequest } from "./scheme-request.ts";

type Builder = (request: SchemeRequest) => Scheme | Promise<Scheme>;

export const SCHEME_BUILDERS: Readonly<Record<SchemeModelName, Builder>> = {
  cyclegan: (request) => cycleScheme(request, CYCLE_KINDS.cyclegan),
  discogan: (request) => cycleScheme(request, CYCLE_KINDS.discogan),
  dualgan: (request) => cycleScheme(request, CYCLE_KINDS.dualgan),
  aae: autoencoderScheme,
  cluster_gan: clusterScheme,
  cogan: coupledScheme,
  pixelda: adaptationScheme,
};
