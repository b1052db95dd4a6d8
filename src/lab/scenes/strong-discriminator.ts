/** Scene 10: a discriminator that has won. */
import type { Scene } from "./scene.ts";

export const STRONG_DISCRIMINATOR: Scene = {
  title: "Too strong a discriminator",
  about: "A D that is always right teaches nothing, with the loss of the theory.",
  panes: [
    {
      data: "ring",
      model: "mmgan",
      alternate: "true",
      "discriminator-steps": "10",
      "lr-discriminator": "0.005",
      seed: "1",
    },
  ],
  layers: "rfha",
  steps: [
    {
      title: "An unfair game",
      text: "D gets ten updates a round and five times the learning rate. The loss of G is the saturating one.",
      parts: ["setting-discriminator-steps", "setting-lr-discriminator"],
      claims: [
        { value: "setting.discriminator-steps", is: "near", bound: 10, says: "Updates of D a round." },
      ],
    },
    {
      title: "D wins",
      text: "After 500 rounds D is right about nearly every point.",
      parts: ["chart-scores", "logits"],
      actions: [{ kind: "play-to", round: 500 }],
      claims: [
        {
          value: "fake_score",
          is: "below",
          bound: 0.02,
          says: "D(G(z)): generated points are seen through.",
        },
        { value: "real_score", is: "above", bound: 0.98, says: "D(x): real ones are known." },
      ],
    },
    {
      title: "And G stops",
      text: "The arrows are gone. With them goes the gradient of G's weights: the game is over before it was learnt.",
      parts: ["layer-arrows", "chart-gradients"],
      claims: [
        { value: "push", is: "below", bound: 0.05, says: "The median arrow." },
        {
          value: "generator_gradient_norm",
          is: "below",
          bound: 0.05,
          says: "The gradient of G, all weights together.",
        },
      ],
    },
    {
      title: "The verdict",
      text: "`gan-eval diagnose` calls this a vanishing gradient, or a discriminator that is too far ahead, and says what to change. It watches while you train, too.",
      parts: ["verdicts"],
      actions: [{ kind: "play-to", round: 2000 }],
      claims: [
        { value: "fake_score", is: "below", bound: 0.02, says: "Nothing has changed by round 2,000." },
      ],
      commands: ["gan-eval train --data ring --model mmgan --stop-on vanishing-gradient"],
    },
    {
      title: "Ways out",
      text: "Fewer updates of D, a smaller learning rate for it, a penalty on its slope, or a loss that does not saturate. Try one: change the loss to non-saturating and play on.",
      parts: ["setting-loss", "setting-penalty", "setting-discriminator-steps"],
      actions: [
        { kind: "set", pane: 0, name: "loss", value: "non-saturating" },
        { kind: "step", by: "rounds", rounds: 50 },
      ],
      claims: [
        { value: "push", is: "above", bound: 0.5, says: "With the other loss the arrows are back at once." },
      ],
    },
  ],
};
