/** Scene 11: two players, two learning rates. */
import type { Scene } from "./scene.ts";

const COMMON = { data: "disjoint", model: "gan", packing: "4", seed: "1" };

export const LEARNING_RATES: Scene = {
  title: "Two learning rates",
  about: "The players' speeds are settings of the game, not only of the search.",
  panes: [COMMON, { ...COMMON, "lr-generator": "0.03", "lr-discriminator": "0.03" }],
  layers: "rfh",
  steps: [
    {
      title: "The same game, thirty times as fast",
      text: "On the left both learning rates are 0.001, on the right 0.03.",
      parts: ["setting-lr-generator", "setting-lr-discriminator"],
      claims: [
        { value: "setting.lr-generator", is: "near", bound: 0.001, within: 1e-9, says: "On the left." },
        { value: "pane2.setting.lr-generator", is: "near", bound: 0.03, within: 1e-9, says: "On the right." },
      ],
    },
    {
      title: "Too fast",
      text: "500 rounds. On the right each step is so long that it lands somewhere else than the gradient meant.",
      parts: ["plane", "chart-losses"],
      actions: [{ kind: "play-to", round: 500 }],
      claims: [
        {
          value: "pane2.reading.sliced_wasserstein",
          is: "above",
          bound: { value: "reading.sliced_wasserstein" },
          says: "The fast samples are further from the data.",
        },
      ],
    },
    {
      title: "Change it while it runs",
      text: "A learning rate can be changed at any time, and weights and Adam's moments stay. Bring the right ones down to 0.001.",
      parts: ["setting-lr-generator", "rounds"],
      actions: [
        { kind: "set", pane: 1, name: "lrGenerator", value: 0.001 },
        { kind: "set", pane: 1, name: "lrDiscriminator", value: 0.001 },
        { kind: "play-to", round: 1000 },
      ],
      claims: [
        {
          value: "pane2.changes",
          is: "above",
          bound: 1,
          says: "Changes on the way: the bar of rounds marks them.",
        },
      ],
    },
    {
      title: "Which rate is best",
      text: "Do not guess. `sweep` trains one run for each rate, several seeds each, and draws the score against the rate.",
      parts: ["command"],
      commands: ["gan-eval sweep --data disjoint --lr 1e-4..1e-1 --points 7 --seeds 3", "gan-eval lab"],
      claims: [{ value: "round", is: "near", bound: 1000, says: "Rounds that were played here." }],
    },
  ],
};
