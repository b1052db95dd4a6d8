// What each run came to, and how that was decided: before verdicts of the odd half were looked at. `truth` must be said,
// `never` must not be; what is in neither counts neither way.
//
// - planted: the run was trained on some classes, or on a few images, and what it made is of these alone. On
//   MNIST and Fashion-MNIST that was checked by class counts (class-counts.js): of the classes that were trained on are 75 to
//   100 % of MNIST's samples and 43 to 99 % of Fashion's, where pixels take shirts and coats for each other. On CIFAR-10 pixels do not tell classes, so these runs have no label but what grids show.
// - eye: 64 samples of the last evaluation, looked at (reports/real-runs.png shows some).

const COLLAPSES = ["mode-collapse", "partial-collapse", "mode-hopping"];

/** Bad, grainy, blurred or nothing yet, but various: none of these repeats a few things. */
const UNFINISHED = {
  state: "unfinished",
  how: "eye",
  truth: ["under-training"],
  never: [...COLLAPSES, "memorisation"],
};
/** Like the data at a glance, all kinds. */
const GOOD = { state: "good", how: "eye", truth: [], never: [...COLLAPSES, "memorisation"] };
const COLLAPSED = { state: "collapsed", how: "eye", truth: ["mode-collapse"], never: ["partial-collapse"] };
const ONE_CLASS = { ...COLLAPSED, how: "planted, class counts" };
const PARTIAL = {
  state: "partial",
  how: "planted, class counts",
  truth: ["partial-collapse"],
  never: ["mode-collapse"],
};
/** One thing from the beginning to an early end, or a few layouts of colours: untrained or collapsed, grids do not tell. */
const UNCLEAR = { state: "unclear", how: "eye", truth: [], never: [] };
/** Steps larger than the weights: layers.csv. */
const DIVERGED = { state: "diverged", how: "records", truth: ["divergence"], never: [] };

const BY_KIND = {
  "one-class": ONE_CLASS,
  forgets: ONE_CLASS,
  "few-pictures": COLLAPSED,
  "generator-ahead": COLLAPSED,
  "many-generator-steps": COLLAPSED,
  "five-classes": PARTIAL,
  fast: UNFINISHED,
  "minimax-fast": UNFINISHED,
  "wgan-fast": GOOD,
  preset: UNFINISHED,
  long: GOOD,
};

/** Runs whose grid shows something else than their kind. */
const BY_NAME = {
  "mnist-wgan_gp-2": GOOD,
  "mnist-wgan_div-1": GOOD,
  "fashion-wgan_gp-1": GOOD,
  "fashion-wgan_div-2": GOOD,
  "mnist-goodfellow2014-2": DIVERGED,
  "fashion-goodfellow2014-1": DIVERGED,
  "cifar-goodfellow2014-2": DIVERGED,
  "mnist-dcgan-long-3": UNFINISHED,
  "cifar-sngan-2": UNCLEAR,
  "cifar-gan-1": UNCLEAR,
  "cifar-bgan-1": UNCLEAR,
  "cifar-cgan-2": UNCLEAR,
  "cifar-wgan-1": UNCLEAR,
  "cifar-generator-ahead-2": UNCLEAR,
  "cifar-many-generator-steps-1": UNCLEAR,
  "cifar-many-generator-steps-2": UNCLEAR,
};

export function runToLabel({ name, data, kind }) {
  if (name in BY_NAME) return BY_NAME[name];
  const isUnchecked =
    data === "cifar" && ["one-class", "forgets", "five-classes", "wgan-fast", "long"].includes(kind);
  return isUnchecked ? UNCLEAR : BY_KIND[kind];
}
