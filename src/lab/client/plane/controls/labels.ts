/** What settings and readings are called on the page: their names on the command line, in words. */

const SETTINGS: Readonly<Record<string, string>> = {
  data: "data",
  seed: "seed",
  model: "model",
  "latent-dim": "latent numbers",
  "latent-distribution": "latents are",
  "hidden-layers": "hidden layers",
  "hidden-units": "units a layer",
  "spectral-norm": "spectral normalization",
  "minibatch-deviation": "minibatch deviation",
  packing: "samples a pack (PacGAN)",
  "penalty-weight": "weight of the penalty",
  "clip-value": "clip weights to",
  orthogonal: "orthogonal regularization",
  smoothing: "label smoothing",
  "instance-noise": "noise on D's inputs",
  alternate: "players take turns",
  "discriminator-steps": "updates of D a round, k",
  "generator-steps": "updates of G a round",
  lr: "learning rate",
  "lr-generator": "learning rate of G",
  "lr-discriminator": "learning rate of D",
  b1: "Adam's beta 1",
  b2: "Adam's beta 2",
  "gradient-clip": "clip gradients to",
  "batch-size": "batch size",
  "ema-decay": "averaged weights of G",
};

export const flagToLabel = (flag: string): string => SETTINGS[flag] ?? flag.replaceAll("-", " ");

/** Those that a student meets first; others are folded. */
export const COMMON: ReadonlySet<string> = new Set([
  "data",
  "latent-dim",
  "hidden-layers",
  "hidden-units",
  "model",
  "loss",
  "penalty",
  "packing",
  "alternate",
  "discriminator-steps",
  "generator-steps",
  "lr-generator",
  "lr-discriminator",
  "b1",
  "batch-size",
]);

export const GROUPS = {
  data: { title: "Data and noise", hides: "data" },
  networks: { title: "Networks", hides: "net" },
  loss: { title: "Loss", hides: "loss" },
  training: { title: "Training", hides: "training" },
} as const;

export const EFFECTS = {
  now: { badge: "now", title: "from the next round on; weights stay" },
  recompiles: { badge: "recompiles", title: "compiles the steps anew, a moment; weights and moments stay" },
  restarts: { badge: "starts anew", title: "round 0 of other networks or data" },
} as const;

const READINGS: Readonly<Record<string, { readonly label: string; readonly help: string }>> = {
  kl: {
    label: "KL(q || p)",
    help: "Kullback-Leibler divergence in nats, of the generated from the data's distribution.",
  },
  js: {
    label: "JSD",
    help: "Jensen-Shannon divergence in nats: 0 where both are the same, ln 2 = 0.693 where nothing is in common.",
  },
  jsd: {
    label: "JSD",
    help: "Jensen-Shannon divergence in nats: 0 where both are the same, ln 2 = 0.693 where nothing is in common.",
  },
  optimal_loss: {
    label: "loss of the best D",
    help: "What the best of all discriminators would have for a loss against this generator: 2 ln 2 - 2 JSD.",
  },
  reverse_kl: {
    label: "KL over modes",
    help: "How unevenly the modes are filled, in nats: 0 where each gets its share.",
  },
  wasserstein: {
    label: "Wasserstein distance",
    help: "How far mass has to be carried, in the data's units.",
  },
  sliced_wasserstein: {
    label: "sliced Wasserstein",
    help: "How far mass has to be carried, over many directions, in the data's units.",
  },
  modes: { label: "modes found", help: "Modes of the data near which at least some samples lie." },
  high_quality: { label: "near a mode", help: "Share of samples within a few deviations of a mode." },
  outside: { label: "outside", help: "Share of samples outside of the plane." },
};

export const readingToLabel = (name: string): string => READINGS[name]?.label ?? name.replaceAll("_", " ");
export const readingToHelp = (name: string): string => READINGS[name]?.help ?? "";
