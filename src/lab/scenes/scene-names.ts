/** Names of scenes, as they stand in addresses and are given to `--scene`: in the order in which they are best seen. */

export const SCENE_NAMES = [
  "two-players",
  "algorithm",
  "arrows",
  "saturation",
  "best-discriminator",
  "equilibrium",
  "shift",
  "mode-collapse",
  "oscillation",
  "strong-discriminator",
  "learning-rates",
  "losses-lie",
  "images",
] as const;

export type SceneName = (typeof SCENE_NAMES)[number];
