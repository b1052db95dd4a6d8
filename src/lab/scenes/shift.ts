/** Scene 7: two distributions that do not meet, and what divergences make of their distance. */
import type { Scene } from "./scene.ts";

export const SHIFT: Scene = {
  title: "Far apart: JS saturates, Wasserstein does not",
  about: "Move one distribution away from the other, and see which number still tells how far it is.",
  panes: [
    { data: "two-gaussians", model: "mmgan", alternate: "true", "discriminator-steps": "5", seed: "1" },
    { data: "two-gaussians", model: "wgan_gp", alternate: "true", "discriminator-steps": "5", seed: "1" },
  ],
  layers: "rfha",
  stage: "shift",
  steps: [
    {
      title: "On top of each other",
      text: "Both distributions are a round normal one with deviation s. The handle moves one of them away by theta. At 0 they are equal, and every distance between them is 0.",
      parts: ["shift-handle"],
      actions: [],
      claims: [],
    },
  ],
};
