/** Scene 6: where the game ends, if it ends. */
import type { Scene } from "./scene.ts";

export const EQUILIBRIUM: Scene = {
  title: "The end of the game",
  about: "At the equilibrium D is 0.5 everywhere, and the losses stand at values that are known before.",
  panes: [{ data: "two-gaussians", model: "r1", seed: "1" }],
  layers: "rfh",
  steps: [
    {
      title: "Lines before the game",
      text: "If G makes exactly the data's distribution, the best D can only guess: 0.5 everywhere. Then D's loss is 2 ln 2 = 1.386 and G's is ln 2 = 0.693. The dashed lines are there.",
      parts: ["chart-losses"],
      claims: [
        {
          value: "target.discriminator_loss",
          is: "near",
          bound: 2 * Math.LN2,
          within: 0.001,
          says: "The line of D's loss.",
        },
        {
          value: "target.generator_loss",
          is: "near",
          bound: Math.LN2,
          within: 0.001,
          says: "The line of G's loss.",
        },
      ],
    },
    {
      title: "Play",
      text: "A penalty on D's gradient at real points, R1, keeps this game calm. 1,200 rounds.",
      parts: ["play", "setting-penalty"],
      actions: [{ kind: "play-to", round: 1200 }],
      claims: [
        {
          value: "discriminator_loss",
          is: "near",
          bound: 2 * Math.LN2,
          within: 0.05,
          says: "The loss of D has come to its line.",
        },
      ],
    },
    {
      title: "D has nothing to say",
      text: "The plane is pale. D(x) and D(G(z)) have met.",
      parts: ["chart-scores", "logits", "layer-heat"],
      claims: [
        {
          value: "real_score",
          is: "near",
          bound: 0.5,
          within: 0.05,
          says: "D(x): what D makes of real points.",
        },
        {
          value: "fake_score",
          is: "near",
          bound: 0.5,
          within: 0.05,
          says: "D(G(z)): what it makes of generated ones.",
        },
      ],
    },
    {
      title: "Now look at the samples",
      text: "A calm D is a sign, not a proof: a D that has learnt nothing is as calm. The readings compare the samples themselves with the data, and say beside it what a perfect generator would read.",
      parts: ["readings", "plane"],
      claims: [
        {
          value: "reading.sliced_wasserstein",
          is: "above",
          bound: { value: "floor.sliced_wasserstein", times: 10 },
          says: "The samples are still far from the data, and neither loss says so.",
        },
      ],
    },
    {
      title: "It keeps moving",
      text: "Nobody says stop. Both players keep taking steps. With 800 more rounds the losses stay where they are, and the samples become better.",
      parts: ["chart-losses", "readings"],
      actions: [{ kind: "play-to", round: 2000 }],
      claims: [
        {
          value: "discriminator_loss",
          is: "near",
          bound: 2 * Math.LN2,
          within: 0.05,
          says: "The loss of D still stands at its line.",
        },
        {
          value: "reading.sliced_wasserstein",
          is: "below",
          bound: 0.3,
          says: "The distance between samples and data has fallen.",
        },
      ],
    },
  ],
};
