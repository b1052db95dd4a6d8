/** Every scene of the plane. */
import { ALGORITHM } from "./algorithm.ts";
import { ARROWS } from "./arrows.ts";
import { BEST_DISCRIMINATOR } from "./best-discriminator.ts";
import { EQUILIBRIUM } from "./equilibrium.ts";
import { IMAGES } from "./images.ts";
import { LEARNING_RATES } from "./learning-rates.ts";
import { LOSSES_LIE } from "./losses-lie.ts";
import { MODE_COLLAPSE } from "./mode-collapse.ts";
import { OSCILLATION } from "./oscillation.ts";
import { SATURATION } from "./saturation.ts";
import type { Scene } from "./scene.ts";
import type { SceneName } from "./scene-names.ts";
import { SHIFT } from "./shift.ts";
import { STRONG_DISCRIMINATOR } from "./strong-discriminator.ts";
import { TWO_PLAYERS } from "./two-players.ts";

export const SCENES: Readonly<Record<SceneName, Scene>> = {
  "two-players": TWO_PLAYERS,
  algorithm: ALGORITHM,
  arrows: ARROWS,
  saturation: SATURATION,
  "best-discriminator": BEST_DISCRIMINATOR,
  equilibrium: EQUILIBRIUM,
  shift: SHIFT,
  "mode-collapse": MODE_COLLAPSE,
  oscillation: OSCILLATION,
  "strong-discriminator": STRONG_DISCRIMINATOR,
  "learning-rates": LEARNING_RATES,
  "losses-lie": LOSSES_LIE,
  images: IMAGES,
};
