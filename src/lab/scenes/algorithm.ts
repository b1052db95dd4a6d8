/** Scene 2: Algorithm 1 of the GAN paper, and its k. */
import type { Scene } from "./scene.ts";

const update = { kind: "step", by: "update" } as const;

export const ALGORITHM: Scene = {
  title: "Algorithm 1, and k",
  about: "The loop of the GAN paper: k updates of the discriminator, then one of the generator.",
  panes: [
    { data: "two-gaussians", model: "mmgan", alternate: "true", "discriminator-steps": "3", seed: "1" },
  ],
  layers: "rfh",
  steps: [
    {
      title: "Two loops",
      text: "In 2014 Ian Goodfellow and others wrote the GAN down as Algorithm 1. Its outer loop is the round. Inside, D is updated k times, each time with fresh points. Then G is updated once.",
      parts: ["algorithm", "setting-discriminator-steps"],
      claims: [{ value: "setting.discriminator-steps", is: "near", bound: 3, says: "Here k is 3." }],
    },
    {
      title: "The first update of D",
      text: "One update: draw latents and real points, judge them, compute the loss, move D.",
      parts: ["counter", "algorithm"],
      actions: [update],
      claims: [
        { value: "discriminator_updates", is: "near", bound: 1, says: "D has moved once." },
        { value: "generator_updates", is: "near", bound: 0, says: "G stands still meanwhile." },
      ],
    },
    {
      title: "Twice more",
      text: "The same lines again, with new points. The aim is a D that is nearly the best there is for this G, because the theory speaks of the best D.",
      parts: ["counter", "algorithm"],
      actions: [update, update],
      claims: [{ value: "discriminator_updates", is: "near", bound: 3, says: "D has moved three times." }],
    },
    {
      title: "Then G",
      text: "G now moves against the new D. Most programs, PyTorch-GAN's among them, do not do this: there both players move at once, G against the old D. The setting `alternate` chooses.",
      parts: ["setting-alternate", "algorithm"],
      actions: [update],
      claims: [
        {
          value: "generator_updates",
          is: "near",
          bound: 1,
          says: "G has moved once, and the round is over.",
        },
        { value: "round", is: "near", bound: 1, says: "One round is done." },
      ],
    },
    {
      title: "What k costs",
      text: "A larger k gives a better D and takes more time. After 500 rounds, count.",
      parts: ["counter", "chart-losses"],
      actions: [{ kind: "play-to", round: 500 }],
      claims: [
        {
          value: "discriminator_updates",
          is: "near",
          bound: { value: "generator_updates", times: 3 },
          says: "D has been updated three times as often as G.",
        },
      ],
    },
  ],
};
