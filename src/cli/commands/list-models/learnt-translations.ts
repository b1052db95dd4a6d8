/** What models that translate images were seen to learn. */
import type { LearntStatistic, Lesson } from "./learnt.ts";

const RECOLOUR = { data: "drawn-recolour" } as const;

const recoloured = (below: number, figures: readonly number[]): LearntStatistic => ({
  key: "error",
  name: "error of A to B",
  bound: ["below", below],
  baseline: "0.235 (mean B; A itself 0.583)",
  figures,
});

export const TRANSLATION_LESSONS: readonly Lesson[] = [
  {
    ...{ model: "cyclegan", ...RECOLOUR, rounds: 500, seconds: 20 },
    statistics: [recoloured(0.155, [0.073, 0.07, 0.076, 0.075, 0.075])],
  },
  {
    ...{ model: "discogan", ...RECOLOUR, rounds: 500, seconds: 13 },
    statistics: [recoloured(0.165, [0.039, 0.042, 0.041, 0.039, 0.041])],
  },
  {
    ...{ model: "discogan", data: "drawn-outline", rounds: 1_000, seconds: 22 },
    statistics: [
      {
        key: "error",
        name: "error of A to B, given pairs",
        bound: ["below", 0.108],
        baseline: "0.147 (A itself; mean B 0.341)",
        figures: [0.038, 0.07, 0.04, 0.035, 0.067],
      },
      {
        key: "hues",
        name: "share of right fills",
        bound: ["above", 0.52],
        baseline: "0.33",
        figures: [0.95, 0.71, 0.94, 0.99, 0.71],
      },
    ],
  },
  {
    ...{ model: "dualgan", ...RECOLOUR, rounds: 200, seconds: 10 },
    statistics: [recoloured(0.165, [0.074, 0.087, 0.103, 0.083, 0.1])],
  },
  {
    ...{ model: "stargan", data: "drawn-attributes", rounds: 2_400, seconds: 98 },
    statistics: [
      {
        key: "right",
        name: "images that show both attributes asked for",
        bound: ["above", 0.51],
        baseline: "0.24 (as they were)",
        figures: [0.88, 0.88, 0.86, 0.87, 0.79],
      },
      {
        key: "error",
        name: "error at an image's own attributes",
        bound: ["below", 0.11],
        baseline: "0.14 (a white image)",
        figures: [0.08, 0.078, 0.062, 0.063, 0.058],
      },
    ],
  },
  {
    ...{ model: "unit", ...RECOLOUR, rounds: 200, seconds: 17 },
    statistics: [
      recoloured(0.155, [0.075, 0.072, 0.071, 0.072, 0.07]),
      {
        key: "cycle",
        name: "error of A translated there and back",
        bound: ["below", 0.16],
        baseline: "0.235 (mean A)",
        figures: [0.083, 0.086, 0.089, 0.087, 0.083],
      },
    ],
  },
  {
    ...{ model: "munit", data: "drawn-outline-many", rounds: 1_200, seconds: 41 },
    statistics: [
      {
        key: "distance",
        name: "distance of one outline's fills by 8 styles",
        bound: ["above", 0.29],
        baseline: "0 (all alike)",
        figures: [0.581, 0.784, 0.686, 0.715, 0.825],
      },
      {
        key: "hues",
        name: "hues among them, of 3",
        bound: ["above", 1.5],
        baseline: "1",
        figures: [2.05, 3, 3, 3, 3],
      },
      {
        key: "best",
        name: "error of the best of them",
        bound: ["below", 0.14],
        baseline: "0.147 (A itself)",
        figures: [0.132, 0.116, 0.084, 0.063, 0.06],
      },
    ],
  },
  {
    ...{ model: "bicyclegan", data: "drawn-outline-many", rounds: 500, seconds: 20 },
    statistics: [
      {
        key: "distance",
        name: "distance of one outline's fills by 8 codes",
        bound: ["above", 0.33],
        baseline: "0 (all alike)",
        figures: [0.723, 0.667, 0.814, 0.719, 0.682],
      },
      {
        key: "hues",
        name: "hues among them, of 3",
        bound: ["above", 1.9],
        baseline: "1",
        figures: [3, 2.99, 3, 2.84, 2.98],
      },
      {
        key: "best",
        name: "error of the best of them",
        bound: ["below", 0.094],
        baseline: "0.147 (A itself)",
        figures: [0.032, 0.035, 0.029, 0.042, 0.038],
      },
      {
        key: "encoded",
        name: "error by the code of B",
        bound: ["below", 0.056],
        baseline: "0.112 to 0.123 (code 0)",
        figures: [0.036, 0.028, 0.031, 0.036, 0.033],
      },
    ],
  },
];
