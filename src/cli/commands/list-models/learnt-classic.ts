/** What PyTorch-GAN's models of one generator and one discriminator were seen to learn: one test for all of them. */
import type { Lesson } from "./learnt.ts";

/** A model, its rounds and their seconds, the Frechet distance that it must reach, that of untrained weights, and figures. */
const digits = (
  model: string,
  [rounds, seconds]: readonly [number, number],
  [below, untrained]: readonly [number, number],
  figures: readonly number[],
): Lesson => ({
  ...{ model, data: "digits of 16 x 16", file: "presets", rounds, seconds },
  statistics: [
    {
      key: "distance",
      name: "Frechet distance, digits features",
      bound: ["below", below],
      baseline: `${untrained} (untrained)`,
      figures,
    },
  ],
});

export const CLASSIC_LESSONS: readonly Lesson[] = [
  digits("gan", [400, 0], [1e9, 0], []),
  digits("dcgan", [150, 0], [1e9, 0], []),
  digits("lsgan", [150, 0], [1e9, 0], []),
  digits("wgan", [200, 0], [1e9, 0], []),
  digits("wgan_gp", [200, 0], [1e9, 0], []),
  digits("wgan_div", [200, 0], [1e9, 0], []),
  digits("softmax_gan", [400, 0], [1e9, 0], []),
  digits("bgan", [400, 0], [1e9, 0], []),
  digits("dragan", [150, 0], [1e9, 0], []),
  digits("relativistic_gan", [150, 0], [1e9, 0], []),
  digits("began", [150, 0], [1e9, 0], []),
  digits("ebgan", [150, 0], [1e9, 0], []),
  digits("cgan", [400, 0], [1e9, 0], []),
  digits("acgan", [150, 0], [1e9, 0], []),
  digits("sgan", [150, 0], [1e9, 0], []),
  digits("infogan", [150, 0], [1e9, 0], []),
];
