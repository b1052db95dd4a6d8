/** Scene 3: what the arrows are, and why a step is not the arrow. */
import type { Scene } from "./scene.ts";

export const ARROWS: Scene = {
  title: "Arrows and steps",
  about: "The gradient at each sample, and where the sample really goes.",
  panes: [{ data: "two-gaussians", model: "r1", alternate: "true", seed: "2" }],
  layers: "rfha",
  steps: [
    {
      title: "A discriminator with an opinion",
      text: "First D alone learns for 200 updates, while G stands still. Now it tells the two kinds of points apart.",
      parts: ["alone", "layer-heat"],
      actions: [{ kind: "alone", pane: 0, player: "discriminator", updates: 200 }],
      claims: [
        { value: "discriminator_updates", is: "above", bound: 199, says: "D has learnt," },
        { value: "generator_updates", is: "near", bound: 0, says: "and G has not." },
      ],
    },
    {
      title: "The arrows",
      text: "Each arrow is minus the gradient of G's loss at one generated point: where the point would have to go for the loss to fall fastest. All arrows have one scale, in every frame: a short arrow means that G is told little.",
      parts: ["layer-arrows"],
      claims: [
        {
          value: "push",
          is: "above",
          bound: 0.05,
          says: "The median arrow has this length, before the learning rate.",
        },
      ],
    },
    {
      title: "One update of G",
      text: "G cannot move its points one by one. All of them come out of the same weights. The update moves the weights, and each point goes where that takes it. Compare the thin arrows with the lines.",
      parts: ["plane", "step-generator"],
      actions: [{ kind: "step", by: "player", player: "generator" }],
      claims: [{ value: "generator_updates", is: "near", bound: 1, says: "G has moved once." }],
    },
    {
      title: "Why small steps",
      text: "The arrows are right only where the points are now. After a large step D has another opinion there. This is why the learning rate is small.",
      parts: ["setting-lr-generator"],
      claims: [
        { value: "setting.lr-generator", is: "below", bound: 0.01, says: "This is the learning rate of G." },
      ],
    },
    {
      title: "Equal at the end",
      text: "As G becomes good, D becomes flat: no direction looks more real than another, and the arrows shrink. Here that is a good sign. In the next scene it is a bad one.",
      parts: ["layer-arrows", "readings"],
      actions: [{ kind: "play-to", round: 1000 }],
      claims: [
        { value: "push", is: "below", bound: 0.3, says: "The median arrow." },
        { value: "reading.modes", is: "near", bound: 2, says: "G makes points in both blobs." },
      ],
    },
  ],
};
