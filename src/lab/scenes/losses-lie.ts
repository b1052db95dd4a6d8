/** Scene 12: the same loss, other samples. */
import type { Scene } from "./scene.ts";

const COMMON = { data: "ring", seed: "1" };

export const LOSSES_LIE: Scene = {
  title: "Losses lie",
  about: "Two runs whose losses say the same, and whose samples do not.",
  panes: [
    { ...COMMON, model: "gan" },
    { ...COMMON, model: "gan", packing: "4" },
  ],
  layers: "rfh",
  steps: [
    {
      title: "Do not look at the plane",
      text: "Two runs of 2,000 rounds. Judge them by their losses alone. Which one is better?",
      parts: ["chart-losses"],
      actions: [{ kind: "play-to", round: 2000 }],
      claims: [{ value: "generator_loss", is: "above", bound: 0, says: "The loss of the left generator." }],
    },
    {
      title: "Now look",
      text: "A loss compares the players with each other. If both are bad the loss can be fine, and if both become better it need not fall.",
      parts: ["plane"],
      claims: [
        { value: "reading.modes", is: "below", bound: 4, says: "Modes on the left." },
        { value: "pane2.reading.modes", is: "above", bound: 5, says: "Modes on the right." },
      ],
    },
    {
      title: "Scores look at samples",
      text: "A score compares the samples with the data, and asks no D. For points it is the sliced Wasserstein distance, for pictures FID.",
      parts: ["readings"],
      claims: [
        {
          value: "pane2.reading.sliced_wasserstein",
          is: "below",
          bound: { value: "reading.sliced_wasserstein", times: 0.5 },
          says: "By the score the right one is more than twice as good.",
        },
      ],
    },
    {
      title: "A score has a floor",
      text: "Even a perfect generator does not read 0, because a sample is not the distribution. The floor is what it would read. A score means something only beside its floor and its spread over seeds.",
      parts: ["readings"],
      claims: [
        { value: "floor.sliced_wasserstein", is: "above", bound: 0, says: "What a perfect generator reads." },
        {
          value: "pane2.reading.sliced_wasserstein",
          is: "above",
          bound: { value: "floor.sliced_wasserstein" },
          says: "The right one is not there yet.",
        },
      ],
    },
  ],
};
