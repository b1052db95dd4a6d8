/** Scene 7: two distributions that do not meet, and what divergences make of their distance. */
import type { Scene } from "./scene.ts";

const COMMON = { data: "two-gaussians", alternate: "true", seed: "1" };
const ALONE = { kind: "alone", player: "discriminator", updates: 500 } as const;

export const SHIFT: Scene = {
  title: "Far apart: JS saturates, Wasserstein does not",
  about: "Move one distribution away from the other, and see which number still tells how far it is.",
  panes: [
    { ...COMMON, model: "mmgan" },
    { ...COMMON, model: "wgan_gp" },
  ],
  layers: "rfha",
  stage: "shift",
  steps: [
    {
      title: "On top of each other",
      text: "Both are round normal distributions with the same deviation s. The handle moves one away by theta. At 0 they are equal, and every distance between them is 0.",
      parts: ["shift-handle"],
      actions: [{ kind: "shift", theta: 0 }],
      claims: [
        { value: "shift.js", is: "near", bound: 0, within: 1e-9, says: "The Jensen-Shannon divergence." },
        {
          value: "shift.wasserstein",
          is: "near",
          bound: 0,
          says: "The Wasserstein distance, in deviations.",
        },
      ],
    },
    {
      title: "A little apart",
      text: "At one deviation all three numbers have grown. Each of them could tell a generator which way is better.",
      parts: ["shift-handle", "shift-curves"],
      actions: [{ kind: "shift", theta: 1 }],
      claims: [
        {
          value: "shift.js",
          is: "near",
          bound: 0.111,
          within: 0.001,
          says: "The Jensen-Shannon divergence at one deviation.",
        },
        { value: "shift.js_slope", is: "above", bound: 0.15, says: "It rises by this much a deviation." },
      ],
    },
    {
      title: "Apart",
      text: "At three deviations few points lie where the others are. The divergence cannot pass ln 2 = 0.693, and it is close.",
      parts: ["shift-curves"],
      actions: [{ kind: "shift", theta: 3 }],
      claims: [
        {
          value: "shift.js",
          is: "near",
          bound: 0.527,
          within: 0.001,
          says: "The Jensen-Shannon divergence at three deviations.",
        },
        {
          value: "shift.wasserstein",
          is: "near",
          bound: 3,
          says: "The Wasserstein distance is theta itself.",
        },
      ],
    },
    {
      title: "Far apart",
      text: "At eight the divergence has saturated: eight or eighty, it says ln 2. Its slope is 0, so it tells a generator nothing about where to go. The Wasserstein distance still rises by 1 a deviation. Drag the handle and see.",
      parts: ["shift-curves", "shift-handle"],
      actions: [{ kind: "shift", theta: 8 }],
      claims: [
        { value: "shift.js", is: "near", bound: Math.LN2, within: 1e-4, says: "ln 2, to four digits." },
        { value: "shift.js_slope", is: "below", bound: 0.001, says: "The slope of the divergence." },
        {
          value: "shift.wasserstein_slope",
          is: "near",
          bound: 1,
          within: 1e-9,
          says: "The slope of the distance.",
        },
      ],
    },
    {
      title: "What trained networks make of it",
      text: "The dots are estimates from 500 points of each: the divergence from the loss of a trained discriminator, ln 2 - loss / 2, and the distance from a trained critic. They follow the curves.",
      parts: ["shift-curves"],
      actions: [{ kind: "shift", theta: 2 }],
      claims: [
        {
          value: "shift.trained_js",
          is: "near",
          bound: { value: "shift.js" },
          within: 0.06,
          says: "The divergence, by a trained discriminator.",
        },
        {
          value: "shift.trained_wasserstein",
          is: "near",
          bound: { value: "shift.wasserstein" },
          within: 0.3,
          says: "The distance, by a trained critic.",
        },
      ],
    },
    {
      title: "Now two GANs",
      text: "In the panes neither generator has learnt. On the left D learns alone with the loss of the theory, on the right a critic with the Wasserstein loss. 500 updates each.",
      parts: ["plane", "alone"],
      actions: [
        { ...ALONE, pane: 0 },
        { ...ALONE, pane: 1 },
      ],
      claims: [
        {
          value: "fake_logit",
          is: "below",
          bound: -4,
          says: "On the left D is sure: the median logit of generated points.",
        },
      ],
    },
    {
      title: "Which one still teaches",
      text: "This is the point of the article of Arjovsky and others (2017): the left divergence is flat, and its arrows are gone; the right distance has a slope everywhere.",
      parts: ["layer-arrows"],
      claims: [
        {
          value: "push",
          is: "below",
          bound: { value: "pane2.push", times: 0.05 },
          says: "The median arrow on the left is under a twentieth of the critic's.",
        },
      ],
    },
  ],
};
