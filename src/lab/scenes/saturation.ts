/** Scene 4: why hardly anybody trains with the loss of the theory. */
import type { Scene } from "./scene.ts";

const COMMON = { data: "two-gaussians", alternate: "true", seed: "1" };

export const SATURATION: Scene = {
  title: "Saturating and non-saturating",
  about:
    "Two losses with the same goal: with one of them a good discriminator leaves the generator without a gradient.",
  panes: [
    { ...COMMON, model: "mmgan" },
    { ...COMMON, model: "gan" },
  ],
  layers: "rfha",
  steps: [
    {
      title: "One game, two losses",
      text: "On the left G minimizes log(1 - D(G(z))), as the theory has it. On the right it minimizes -log D(G(z)). Both want D(G(z)) to be large. All else is equal: the same data, the same start, the same random numbers.",
      parts: ["pairing", "setting-loss"],
      claims: [{ value: "round", is: "near", bound: 0, says: "Both are at round 0." }],
    },
    {
      title: "A good discriminator",
      text: "Let D learn alone, in both panes, for 400 updates. It becomes sure that generated points are generated: its logits for them fall far below 0.",
      parts: ["alone", "logits"],
      actions: [
        { kind: "alone", pane: 0, player: "discriminator", updates: 400 },
        { kind: "alone", pane: 1, player: "discriminator", updates: 400 },
      ],
      claims: [
        {
          value: "fake_logit",
          is: "below",
          bound: -4,
          says: "The median logit of generated points: D(G(z)) is under 0.02.",
        },
        {
          value: "pane2.fake_logit",
          is: "near",
          bound: { value: "fake_logit" },
          within: 0.01,
          says: "On the right D is the same.",
        },
      ],
    },
    {
      title: "Look at the arrows",
      text: "The losses have the same minimum, and very different slopes where D is sure. The left slope is D(G(z)) times the gradient of the logit, the right one is 1 - D(G(z)) times it.",
      parts: ["layer-arrows"],
      claims: [
        {
          value: "push",
          is: "below",
          bound: { value: "pane2.push", times: 0.05 },
          says: "The median arrow on the left is under a twentieth of that on the right: the loss has saturated.",
        },
      ],
    },
    {
      title: "It gets worse",
      text: "The better D becomes, the less G is told: 400 more updates of D.",
      parts: ["alone", "layer-arrows"],
      actions: [
        { kind: "alone", pane: 0, player: "discriminator", updates: 400 },
        { kind: "alone", pane: 1, player: "discriminator", updates: 400 },
      ],
      claims: [
        {
          value: "push",
          is: "below",
          bound: { value: "pane2.push", times: 0.02 },
          says: "On the left under a fiftieth is left.",
        },
      ],
    },
    {
      title: "So people use the other",
      text: "The paper itself says so: in practice minimize -log D(G(z)). That is what this program calls `gan`, and what PyTorch-GAN's gan.py does. Let both go on for 300 rounds.",
      parts: ["setting-loss", "chart-gradients"],
      actions: [{ kind: "play-to", round: 300 }],
      claims: [
        {
          value: "pane2.fake_score",
          is: "above",
          bound: 0.05,
          says: "On the right the generator has found its way back: D takes some of its points for real.",
        },
      ],
    },
  ],
};
