/** Options that hold the networks back: bounds on weights and gradients, noise, softer targets. */
import { number, oneOf, optional, toggle } from "../../options/kinds.ts";
import { MODELS_OWN, option } from "../../options/option.ts";

export const CONSTRAINT_ROWS = {
  clipValue: option({
    group: "Constraints",
    kind: optional(number(0)),
    value: "X",
    aliases: ["weight-clip"],
    default: undefined,
    defaultText: MODELS_OWN,
    summary: "clip the discriminator's weights to [-X, X] after each of its steps; 0 disables",
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
    summary: "weight of the orthogonal regularization of both networks",
  }),
  gradientClip: option({
    group: "Constraints",
    kind: number(0),
    value: "X",
    aliases: ["max-gradient-norm"],
    default: 0,
    summary: "scale each network's gradients down to this norm; 0 disables",
  }),
  minibatchDeviation: option({
    group: "Constraints",
    kind: toggle(),
    default: false,
    summary: "show the discriminator the standard deviation of the batch",
  }),
  smoothing: option({
    group: "Constraints",
    kind: number(0, 0.5),
    value: "X",
    aliases: ["label-smoothing"],
    formerly: "labelSmoothing",
    default: 0,
    summary: "label smoothing: the target of real samples is 1 - X (one-sided)",
  }),
  instanceNoise: option({
    group: "Constraints",
    kind: number(0),
    value: "X",
    default: 0,
    summary:
      "standard deviation of the noise added to the discriminator's input; it falls to zero over the run",
  }),
} as const;
