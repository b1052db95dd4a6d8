/** Scene 9: players that go round each other, and the penalty that lets them come to rest. */
import type { Scene } from "./scene.ts";

const COMMON = { data: "ring", seed: "1" };

export const OSCILLATION: Scene = {
  title: "Round and round, and R1",
  about: "Two players can chase each other for ever. A penalty on D's slope lets them come to rest.",
  panes: [
    { ...COMMON, model: "gan" },
    { ...COMMON, model: "r1" },
  ],
  layers: "rfh",
  steps: [
    {
      title: "A pursuit",
      text: "Suppose that G makes one point and the data are one point. D slopes towards the data, G runs down the slope and overshoots, D turns round, G comes back. Each does its best, and neither arrives.",
      parts: ["setting-penalty"],
      claims: [{ value: "round", is: "near", bound: 0, says: "Both panes start alike." }],
    },
    {
      title: "See it",
      text: "1,000 rounds. On the left the points wander from place to place and the colours follow them. On the right D pays for its slope at the real points (R1, weight 10 in half: 5).",
      parts: ["plane", "play"],
      actions: [{ kind: "play-to", round: 1000 }],
      claims: [
        {
          value: "pane2.discriminator_gradient_norm",
          is: "below",
          bound: { value: "discriminator_gradient_norm" },
          says: "On the right D is pushed less: it is coming to rest.",
        },
      ],
    },
    {
      title: "A flat D",
      text: "With R1 the slope of D near the data goes to 0, so G has no reason to leave again.",
      parts: ["layer-heat", "chart-scores"],
      actions: [{ kind: "play-to", round: 2000 }],
      claims: [
        {
          value: "pane2.discriminator_loss",
          is: "near",
          bound: 2 * Math.LN2,
          within: 0.05,
          says: "On the right the loss of D stands at 2 ln 2.",
        },
        { value: "discriminator_loss", is: "below", bound: 1.3, says: "On the left D keeps winning." },
      ],
    },
    {
      title: "Rest is not all",
      text: "R1 is why many large GANs converge at all. It is no cure for everything: it also makes G slow. Compare the samples.",
      parts: ["readings"],
      claims: [
        {
          value: "pane2.reading.sliced_wasserstein",
          is: "below",
          bound: { value: "reading.sliced_wasserstein" },
          says: "Here the samples on the right are nearer to the data, too.",
        },
      ],
    },
  ],
};
