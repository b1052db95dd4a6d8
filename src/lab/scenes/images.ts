/** Scene 13: the same words on a run that makes images. */
import type { Scene } from "./scene.ts";

export const IMAGES: Scene = {
  title: "From points to images",
  about: "What you saw on points, on a run that makes digits: in the list of runs beside this page.",
  panes: [{ data: "ring", model: "gan", seed: "1" }],
  layers: "rf",
  steps: [
    {
      title: "The same game in 784 dimensions",
      text: "A digit of 28 by 28 pixels is one point in 784 dimensions. Nobody can draw that plane. All the rest is as here: two players, two losses, a round.",
      parts: ["plane"],
      claims: [{ value: "panes", is: "near", bound: 1, says: "One plane is open here." }],
    },
    {
      title: "Start a run",
      text: "In a shell, in the folder in which this lab was started. It takes a minute and a half.",
      parts: ["command"],
      commands: ["gan-eval train --data digits --rounds 4500 --eval-every 500 --sample-interval 250"],
      claims: [{ value: "round", is: "near", bound: 0, says: "Nothing is trained in the plane meanwhile." }],
    },
    {
      title: "Watch it",
      text: "Open `Runs` above, then the run. The charts are those of this page: losses, D(x) and D(G(z)), gradient norms. In place of the plane there are samples, with a slider over the rounds.",
      parts: ["tab-runs"],
      claims: [
        { value: "branches", is: "above", bound: 0, says: "The plane keeps its place until you come back." },
      ],
    },
    {
      title: "Score and verdict",
      text: "FID takes the place of the distance, `diagnose` counts digits in the place of modes. Each number stands beside its floor, and each verdict beside its evidence.",
      parts: ["tab-runs"],
      commands: ["gan-eval diagnose runs/gan-1", "gan-eval report runs/gan-1 --out report.html"],
      claims: [{ value: "round", is: "near", bound: 0, says: "This tour ends here; the runs go on." }],
    },
  ],
};
