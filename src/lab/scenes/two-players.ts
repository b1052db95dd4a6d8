/** Scene 1: who the two players are, and what a round is. */
import type { Scene } from "./scene.ts";

const phase = { kind: "step", by: "phase" } as const;

export const TWO_PLAYERS: Scene = {
  title: "The two players",
  about: "What the generator and the discriminator do, one phase at a time.",
  panes: [{ data: "two-gaussians", model: "gan", seed: "1" }],
  layers: "rfh",
  steps: [
    {
      title: "The data",
      text: "The grey points are real samples. They come from two blobs, half from each. A GAN is to learn to make points like these, without being told where the blobs are.",
      parts: ["layer-real", "plane"],
      claims: [{ value: "round", is: "near", bound: 0, says: "Nothing has been trained yet." }],
    },
    {
      title: "The generator",
      text: "The generator, G, takes two random numbers and turns them into a point. The orange points are 200 such points. G never sees the data.",
      parts: ["layer-fake"],
      claims: [
        {
          value: "generator_updates",
          is: "near",
          bound: 0,
          says: "Its weights are random: its points mean nothing.",
        },
      ],
    },
    {
      title: "The discriminator",
      text: "The discriminator, D, looks at a point and says how likely it is to be real. The colour of the plane is its answer at each place: green for real, purple for generated. What it puts out is a logit: above 0 means real, below 0 means generated.",
      parts: ["layer-heat", "pointer", "logits"],
      claims: [
        {
          value: "fake_logit",
          is: "near",
          bound: 0,
          within: 0.6,
          says: "It has no opinion yet: its logits are near 0.",
        },
      ],
    },
    {
      title: "Half a round",
      text: "Now a round, slowly. G draws random numbers and makes points of them. Real points are drawn. D judges both.",
      parts: ["step-phase", "algorithm"],
      actions: [phase, phase, phase, phase],
      claims: [{ value: "update", is: "near", bound: 1, says: "This is the first update of the round." }],
    },
    {
      title: "Loss and gradient",
      text: "Each player has a loss. D's is small where it tells real from generated. G's is small where D takes its points for real. The gradients say how each weight has to move to make the loss smaller.",
      parts: ["algorithm", "layer-arrows"],
      actions: [phase, phase],
      claims: [
        {
          value: "discriminator_updates",
          is: "near",
          bound: 0,
          says: "All is computed, and no weight has moved yet.",
        },
      ],
    },
    {
      title: "The update",
      text: "Now both players take a small step. That is one round.",
      parts: ["plane", "algorithm"],
      actions: [phase],
      claims: [
        { value: "discriminator_updates", is: "near", bound: 1, says: "D has moved once," },
        { value: "generator_updates", is: "near", bound: 1, says: "and so has G." },
      ],
    },
    {
      title: "Many rounds",
      text: "The rest is repetition. D learns where G's points differ from the data, and G moves its points to where D says that they look real.",
      parts: ["plane", "chart-losses"],
      actions: [{ kind: "play-to", round: 1500 }],
      claims: [
        { value: "reading.modes", is: "near", bound: 2, says: "G has found both blobs." },
        {
          value: "reading.sliced_wasserstein",
          is: "below",
          bound: 0.4,
          says: "The distance between its points and the data.",
        },
      ],
    },
  ],
};
