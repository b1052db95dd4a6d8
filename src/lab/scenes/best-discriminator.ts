/** Scene 5: the best discriminator for a generator, and what its loss measures. */
import type { Scene } from "./scene.ts";

export const BEST_DISCRIMINATOR: Scene = {
  title: "The best discriminator",
  about: "For a generator that stands still the best D is known. Its loss measures a divergence.",
  panes: [{ data: "two-gaussians", model: "mmgan", alternate: "true", seed: "1" }],
  layers: "rfo",
  steps: [
    {
      title: "A generator that is half way",
      text: "Train both for 300 rounds, then let G stand still.",
      parts: ["plane"],
      actions: [{ kind: "play-to", round: 300 }],
      claims: [{ value: "round", is: "near", bound: 300, says: "Rounds that were played." }],
    },
    {
      title: "What the best D says",
      text: "If p(x) is the density of the data and q(x) that of the generator, the best answer at x is p / (p + q). Here both are known, so the plane can show it: no network is involved.",
      parts: ["layer-optimum"],
      claims: [
        {
          value: "reading.js",
          is: "above",
          bound: 0,
          says: "The two densities differ by this much (Jensen-Shannon divergence).",
        },
      ],
    },
    {
      title: "D minus the best D",
      text: "Now let D learn alone, 2,000 updates. Where the plane turns pale, D says what the best D says. It need not be right where there are neither real nor generated points: nothing tells it.",
      parts: ["alone", "layer-difference"],
      actions: [{ kind: "alone", pane: 0, player: "discriminator", updates: 2000 }],
      claims: [
        {
          value: "distance_to_best",
          is: "below",
          bound: 0.1,
          says: "Mean distance between D and the best D, where there are points.",
        },
      ],
    },
    {
      title: "The loss is a divergence",
      text: "At the best D the loss of D is exactly 2 ln 2 - 2 JSD. So a well-trained D measures how far the generator is from the data: 2 ln 2, 1.386, means that there is no difference left.",
      parts: ["chart-losses", "chart-divergences"],
      actions: [{ kind: "step", by: "rounds", rounds: 1 }],
      claims: [
        {
          value: "jsd",
          is: "near",
          bound: { value: "reading.js" },
          within: 0.15,
          says: "The estimate from D's loss on one batch is near the exact divergence.",
        },
      ],
    },
    {
      title: "Only then",
      text: "The equation holds for the best D alone. In a real training D is always behind, and its loss says less than people read into it. See the scene `Losses lie`.",
      parts: ["chart-losses"],
      claims: [
        {
          value: "discriminator_loss",
          is: "below",
          bound: 1.4,
          says: "The loss of D now; 1.386 would mean that it is guessing.",
        },
      ],
    },
  ],
};
