/** Pairs of runs that differ in one thing, ready to be opened side by side. */
import type { WishedOptions } from "../state/wish.ts";

export interface ReadyPair {
  readonly title: string;
  readonly why: string;
  /** Options of the first, and what differs in the second. */
  readonly panes: readonly [WishedOptions, WishedOptions];
}

export const READY_PAIRS: Readonly<Record<string, ReadyPair>> = {
  "minimax-non-saturating": {
    title: "minimax | non-saturating",
    why: "Where D is sure, the minimax loss stops pushing G; the non-saturating loss pushes hardest.",
    panes: [{ loss: "minimax" }, { loss: "non-saturating" }],
  },
  "gan-wgan-gp": {
    title: "GAN | WGAN-GP",
    why: "A classifier against a critic with a gradient penalty.",
    panes: [{ model: "gan" }, { model: "wgan_gp" }],
  },
  "k-1-5": {
    title: "k = 1 | k = 5",
    why: "How well D must keep up with G.",
    panes: [{ alternate: "true", "discriminator-steps": "1" }, { "discriminator-steps": "5" }],
  },
  "gan-pacgan": {
    title: "GAN | PacGAN",
    why: "A D that sees several samples at once sees when they are all alike.",
    panes: [{ packing: "1" }, { packing: "2" }],
  },
  "none-r1": {
    title: "no penalty | R1",
    why: "A penalty on D's gradient at real samples damps the circling of the players.",
    panes: [{ penalty: "none" }, { penalty: "r1" }],
  },
  "b1-0.9-0": {
    title: "Adam's beta 1 0.9 | 0",
    why: "Momentum remembers pushes of a D that is no more.",
    panes: [{ b1: "0.9" }, { b1: "0" }],
  },
  "lr-d-10": {
    title: "lr of D = lr of G | 10 times",
    why: "Two rates for two players.",
    panes: [{ "lr-discriminator": "0.0005", "lr-generator": "0.0005" }, { "lr-discriminator": "0.005" }],
  },
};

/** What is common to both stays as it is: data and seed. */
export const readyToPanes = ({ panes: [first, second] }: ReadyPair, now: WishedOptions): WishedOptions[] => {
  const kept = Object.fromEntries(Object.entries(now).filter(([flag]) => flag === "data" || flag === "seed"));
  return [{ ...kept, ...first }, second];
};
