/**
 * Names of the training room's tables: written out, for help must not load tensorflow.js. A test holds them to the
 * tables.
 */

export const MODEL_NAMES = [
  ...["gan", "mmgan", "dcgan", "lsgan", "wgan", "wgan_gp", "wgan_div", "softmax_gan", "bgan", "dragan"],
  ...["relativistic_gan", "began", "ebgan", "cgan", "acgan", "sgan", "infogan", "sngan", "hinge", "r1"],
  ...["pacgan", "goodfellow2014"],
] as const;
export const NET_NAMES = [
  ...["mlp", "conditional-mlp", "up-sampling", "up-sampling-plain", "conditional-up-sampling", "autoencoder"],
  ...["autoencoder-plain", "transposed", "transposed-without-norm", "dcgan", "resnet", "goodfellow2014"],
  ...["toy", "pacgan-toy"],
] as const;
export const LOSS_NAMES = [
  ...["minimax", "non-saturating", "least-squares", "hinge", "wasserstein", "relativistic"],
  ...["relativistic-average", "softmax", "boundary-seeking", "energy", "boundary-equilibrium"],
] as const;
export const PENALTY_NAMES = [
  ...["interpolated", "one-sided", "zero-centred", "dragan", "r1", "r2", "divergence"],
] as const;
export const AUXILIARY_NAMES = ["classification", "semi-supervised", "information", "pull-away"] as const;
export const OPTIMIZER_NAMES = ["adam", "rmsprop", "sgd"] as const;
export const SCHEDULE_NAMES = ["constant", "linear", "linear-late", "cosine", "exponential"] as const;
/** Names of the files that `gan-eval stats` writes; held to their table in the same way. */
export const STATISTICS_FORMAT_NAMES = [
  ...["npz", "adm", "features", "dgm-eval", "npy", "torch-fidelity", "stylegan", "edm2"],
] as const;
