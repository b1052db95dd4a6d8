/** Scene 8: a generator that makes one thing, and what packing does. */
import type { Scene } from "./scene.ts";

const COMMON = { data: "disjoint", model: "gan", seed: "1" };

export const MODE_COLLAPSE: Scene = {
  title: "Mode collapse, and packing",
  about: "Three blobs, and a generator that makes one of them. Showing D several samples at once stops it.",
  panes: [COMMON, { ...COMMON, packing: "4" }],
  layers: "rfh",
  steps: [
    {
      title: "Three modes",
      text: "The data are three small blobs. A mode is one of them. On the left D judges one point at a time. On the right it judges packs of four (PacGAN); nothing else differs.",
      parts: ["layer-real", "setting-packing"],
      claims: [
        { value: "setting.packing", is: "near", bound: 1, says: "On the left: one point." },
        { value: "pane2.setting.packing", is: "near", bound: 4, says: "On the right: four." },
      ],
    },
    {
      title: "The left one collapses",
      text: "Play 1,000 rounds. On the left all points lie together. That fools D for a moment: each point by itself looks real. When D has learnt it, G moves on to the next mode, and D follows.",
      parts: ["play", "plane"],
      actions: [{ kind: "play-to", round: 1000 }],
      claims: [
        {
          value: "reading.modes",
          is: "below",
          bound: 2,
          says: "Modes that the left generator makes, of three.",
        },
      ],
    },
    {
      title: "Why packs help",
      text: "Four real points are seldom in one place. Four points of a collapsed generator always are. A D that sees packs notices at once, and says so through its gradient.",
      parts: ["layer-heat", "logits"],
      claims: [
        {
          value: "pane2.reading.modes",
          is: "above",
          bound: 2,
          says: "Modes that the right generator makes.",
        },
      ],
    },
    {
      title: "The losses do not say it",
      text: "Look at both pairs of losses. Nothing in the left ones reads `collapse`. The readings and the verdict do, because they look at the samples.",
      parts: ["chart-losses", "verdicts", "readings"],
      actions: [{ kind: "play-to", round: 1500 }],
      claims: [
        {
          value: "reading.sliced_wasserstein",
          is: "above",
          bound: { value: "pane2.reading.sliced_wasserstein", times: 2 },
          says: "The left samples are more than twice as far from the data as the right ones.",
        },
      ],
    },
    {
      title: "In a picture GAN",
      text: "There a mode is a kind of picture: a digit, a pose. You cannot see at a glance that one is missing. `gan-eval diagnose` counts.",
      parts: ["verdicts"],
      commands: ["gan-eval train --data digits --packing 4", "gan-eval diagnose runs/gan-1"],
      claims: [
        {
          value: "pane2.reading.modes",
          is: "above",
          bound: 2,
          says: "With packing the modes are still there.",
        },
      ],
    },
  ],
};
