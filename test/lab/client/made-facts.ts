/** Facts of a pane as a lab would send them. */
import type { PaneFacts, Setting } from "../../../src/lab/protocol/plane-messages.ts";

export const makeSetting = (changes: Partial<Setting> & { readonly flag: string }): Setting => ({
  name: changes.flag,
  summary: "a setting",
  effect: "now",
  group: "training",
  control: { kind: "number", isInteger: false, least: 0 },
  value: 0,
  default: 0,
  ...changes,
});

export const makeFacts = (changes: Partial<PaneFacts> = {}): PaneFacts => ({
  settings: [],
  low: [-1, -1],
  high: [1, 1],
  dimensions: 2,
  real: "",
  heatSide: 4,
  manifoldSide: 0,
  latent: { size: 2, distribution: "normal" },
  isProbability: true,
  game: "in turn",
  discriminatorSteps: 1,
  generatorSteps: 1,
  loss: "non-saturating",
  targets: [],
  hasDensity: true,
  command: "gan-eval train --data ring",
  journal: [],
  parameters: { generator: 1, discriminator: 1 },
  ...changes,
});
