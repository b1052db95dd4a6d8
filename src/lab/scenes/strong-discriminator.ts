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
      optimizer: "sgd",
      "discriminator-steps": "5",
      "lr-discriminator": "0.3",
      "lr-generator": "0.1",
      seed: "1",
    },
  ],
  layers: "rfha",
  steps: [
    {
      title: "An unfair game",
      text: "D gets five updates a round and three times the learning rate. The loss of G is the saturating one, and the optimizer is plain gradient descent: a small gradient makes a small step.",
      parts: ["setting-discriminator-steps", "setting-lr-discriminator", "setting-optimizer"],
      claims: [{ value: "setting.discriminator-steps", is: "near", bound: 5, says: "Updates of D a round." }],
    },
    {
      title: "D wins",
      text: "After 500 rounds D is right about every point.",
      parts: ["chart-scores", "logits"],
      actions: [{ kind: "play-to", round: 500 }],
      claims: [
        {
          value: "fake_score",
          is: "below",
          bound: 0.001,
          says: "D(G(z)): generated points are seen through.",
        },
        { value: "real_score", is: "above", bound: 0.98, says: "D(x): real ones are known." },
      ],
    },
    {
      title: "And G stops",
      text: "The arrows are gone, and with them the gradient of G's weights. G stands where it stood when D became sure.",
      parts: ["layer-arrows", "chart-gradients"],
      claims: [
        { value: "push", is: "below", bound: 0.001, says: "The median arrow." },
        {
          value: "generator_gradient_norm",
          is: "below",
          bound: 0.001,
          says: "The gradient of G, all weights together.",
        },
      ],
    },
    {
      title: "The verdict",
      text: "`gan-eval diagnose` calls this a vanishing gradient, once D has been sure for 200 rounds, and says what to change. It watches while you train, too.",
      parts: ["verdicts"],
      actions: [{ kind: "play-to", round: 800 }],
      claims: [
        { value: "verdict.vanishing-gradient", is: "there", says: "The verdict, and how bad it is." },
        { value: "reading.modes", is: "below", bound: 2, says: "Modes that G makes, of eight." },
      ],
      commands: ["gan-eval train --data ring --model mmgan --stop-on vanishing-gradient"],
    },
    {
      title: "Ways out",
      text: "Fewer updates of D, a smaller learning rate for it, a penalty on its slope, or a loss that does not saturate. Here the loss is changed to the non-saturating one.",
      parts: ["setting-loss", "setting-penalty", "setting-discriminator-steps"],
      actions: [
        { kind: "set", pane: 0, name: "loss", value: "non-saturating" },
        { kind: "step", by: "rounds", rounds: 10 },
      ],
      claims: [
        { value: "push", is: "above", bound: 0.5, says: "With the other loss the arrows are back at once." },
      ],
    },
  ],
};
