/** Where models of several networks differ from PyTorch-GAN's scripts, in sentences that several rows share. */

const HELD_OUT =
  "held-out images are neither trained on nor augmented, and previews show the same ones each time";

/** Of every model. */
export const EVERYWHERE = [HELD_OUT, "the last incomplete batch of each epoch is dropped"] as const;

/** Of models whose scripts give batch norm a second number. */
export const BATCH_NORM_SLIP =
  "batch norm adds 1e-5 to variances: the script adds 0.8, which was meant as the momentum";

export const SQUASHED =
  "images are brought to size without squashing them: they cover it, and the middle is used";
