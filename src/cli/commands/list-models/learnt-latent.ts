/** What models around a latent, and domain adaptation, were seen to learn. */
import type { Lesson } from "./learnt.ts";

export const LATENT_LESSONS: readonly Lesson[] = [
  {
    ...{ model: "aae", data: "drawn-masked", rounds: 2_000, seconds: 7 },
    statistics: [
      {
        key: "error",
        name: "error of reconstructions",
        bound: ["below", 0.17],
        baseline: "0.235 (mean digit)",
        figures: [0.105, 0.105, 0.103, 0.106, 0.105],
      },
      {
        key: "mean",
        name: "largest mean of a code, without its sign",
        bound: ["below", 0.6],
        baseline: "none; 0 in the noise",
        figures: [0.13, 0.201, 0.17, 0.082, 0.316],
      },
      {
        key: "least",
        name: "least deviation of a code",
        bound: ["above", 0.5],
        baseline: "none; 1 in the noise",
        figures: [1.009, 0.955, 1, 0.881, 0.998],
      },
      {
        key: "most",
        name: "largest deviation of a code",
        bound: ["below", 1.5],
        baseline: "none; 1 in the noise",
        figures: [1.23, 1.165, 1.183, 1.207, 1.085],
      },
    ],
  },
  {
    ...{ model: "cluster_gan", data: "drawn-masked", rounds: 4_500, seconds: 27 },
    statistics: [
      {
        key: "purity",
        name: "purity of clusters",
        bound: ["above", 0.33],
        baseline: "0.26 (clusters at random)",
        figures: [0.44, 0.49, 0.49, 0.4, 0.5],
      },
      {
        key: "recovered",
        name: "share of its own images whose class it reads",
        bound: ["above", 0.9],
        baseline: "0.1",
        figures: [1, 1, 1, 1, 1],
      },
    ],
  },
  {
    ...{ model: "cogan", data: "drawn-coupled", rounds: 500, seconds: 15 },
    statistics: [
      {
        key: "gain",
        name: "correlation of a digit and its opposite, less that of other latents' digits",
        bound: ["above", 0.16],
        baseline: "0",
        figures: [0.438, 0.31, 0.483, 0.466, 0.433],
      },
    ],
  },
  {
    ...{ model: "pixelda", data: "drawn-shifted", rounds: 800, seconds: 50 },
    statistics: [
      {
        key: "accuracy",
        name: "digits of the target classified right",
        bound: ["above", 0.37],
        baseline: "0.136 to 0.154 (by the source alone)",
        figures: [0.612, 0.628, 0.608, 0.588, 0.6],
      },
    ],
  },
];
