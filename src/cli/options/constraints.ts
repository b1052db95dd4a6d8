/** What holds the players back. */
import { number, oneOf, optional, toggle } from "../../options/kinds.ts";
import { MODELS_OWN, option } from "../../options/option.ts";

export const CONSTRAINT_OPTIONS = {
  clipValue: option({
    group: "Constraints",
    kind: optional(number(0)),
    value: "X",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "cut the discriminator's weights to this; 0 is never",
  }),
  spectralNorm: option({
    group: "Constraints",
    kind: optional(oneOf(["none", "discriminator", "both"])),
    value: "WHERE",
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "divide weight matrices by their largest singular value",
  }),
  orthogonal: option({
    group: "Constraints",
    kind: number(0),
    value: "X",
    default: 0,
    summary: "weight of the orthogonal regularisation",
  }),
  gradientClip: option({
    group: "Constraints",
    kind: number(0),
    value: "X",
    default: 0,
    summary: "scale a network's gradients down to this norm; 0 is never",
  }),
  minibatchDeviation: option({
    group: "Constraints",
    kind: toggle(),
    default: false,
    summary: "show the discriminator how much the batch varies",
  }),
  labelSmoothing: option({
    group: "Constraints",
    kind: number(0, 0.5),
    value: "X",
    default: 0,
    summary: "real pictures' target is 1 - X (one-sided)",
  }),
  instanceNoise: option({
    group: "Constraints",
    kind: number(0),
    value: "X",
    default: 0,
    summary: "deviation of noise on what the discriminator sees, falling to zero over the run",
  }),
} as const;
