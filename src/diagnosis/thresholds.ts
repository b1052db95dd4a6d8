/** Every number that a verdict turns on, what it means and where it comes from. No rule has another. */

export interface Threshold {
  readonly value: number;
  readonly meaning: string;
  readonly source: string;
}

const TUNED = "tuned on bench/diagnosis.js, even seeds";
const AUTOTRAINER = "AutoTrainer (Zhang et al., ICSE 2021), its default";

/** Chosen before any case was made, and not changed after: bench/diagnosis.js only says what lies on either side. */
const CHOSEN_FOR_MAKERS = "this project; checked on made outputs, bench/diagnosis.js";

const TUNED_ON_REAL = "tuned on bench/real-runs, even seeds";

export const THRESHOLDS = {
  collapseRepeated: {
    value: 0.083,
    meaning:
      "images: median nearest-neighbour distance among samples over that among as many real ones, in thumbnails and in unscaled centre crops, whichever is larger",
    source: TUNED_ON_REAL,
  },
  collapseClasses: {
    value: 0.25,
    meaning: "effective number of classes (the exponential of their entropy) over that of the real images",
    source: TUNED_ON_REAL,
  },
  collapseLost: {
    value: 0.33,
    meaning: "images: share of the thumbnail bins reached before the last three evaluations and lost since",
    source: TUNED_ON_REAL,
  },
  partialClasses: {
    value: 0.35,
    meaning: "share of the real data in classes that are less than a fifth as frequent among samples",
    source: TUNED_ON_REAL,
  },
  unfolding: {
    value: 1.3,
    meaning:
      "last evaluation over the maximum of all earlier ones; at or above, samples are still gaining diversity",
    source: TUNED_ON_REAL,
  },
  unlikeThumbnails: {
    value: 1.3,
    meaning: "the same for thumbnails only; at or above, their classes say nothing about the samples",
    source: TUNED_ON_REAL,
  },
  lostThumbnails: {
    value: 1.15,
    meaning: "the same for thumbnails only; at or above, lost bins say nothing",
    source: TUNED_ON_REAL,
  },
  sortable: {
    value: 0.18,
    meaning:
      "share of generated samples whose nearest neighbour is generated, minus the 1 / (2 - m) of good samples that miss m; at or above, more than m separates them from real ones",
    source: TUNED_ON_REAL,
  },
  unexplained: {
    value: 0.25,
    meaning: "the same; at or above, samples do not resemble real ones",
    source: TUNED_ON_REAL,
  },
  unlikeReal: {
    value: 1.25,
    meaning:
      "median distance of a sample to the nearest real one over that one's distance to its own nearest neighbour, relative to real vs real; at or above, samples do not resemble real ones. In features, thumbnails and centre crops, whichever is largest",
    source: TUNED_ON_REAL,
  },
  collapseSpread: {
    value: 0.1,
    meaning:
      "mean distance between two samples over that between two real ones; below, all samples are the same",
    source: "this project; 1 is real vs real",
  },
  collapseNearest: {
    value: 0.13,
    meaning: "median nearest-neighbour distance among samples over that among as many real ones",
    source: TUNED,
  },
  collapseMissing: {
    value: 0.8,
    meaning: "share of the real data that is never generated; above, the collapse is complete",
    source: "1 of 8 modes misses 0.875, 2 of 8 miss 0.75; tuned on bench/diagnosis.js, even seeds",
  },
  partialMissing: {
    value: 0.03,
    meaning: "share of the real data in bins with less than a fifth of the expected samples",
    source: TUNED,
  },
  outputsAlike: {
    value: 0.1,
    meaning:
      "mean distance between two outputs of a model that reads images over that between two images of its target; below, all outputs are alike",
    source: CHOSEN_FOR_MAKERS,
  },
  inputIgnored: {
    value: 0.15,
    meaning:
      "correlation, over pairs of held-out inputs, of how far the inputs and how far their outputs are apart; below, outputs do not follow inputs",
    source: CHOSEN_FOR_MAKERS,
  },
  inputCopied: {
    value: 0.1,
    meaning:
      "mean distance of outputs to their inputs over that of the target's images to the inputs; below, outputs are copies",
    source: CHOSEN_FOR_MAKERS,
  },
  hoppingChanges: {
    value: 0.5,
    meaning: "share of evaluations whose most frequent mode is not that of the evaluation before",
    source: TUNED,
  },
  hoppingMissing: {
    value: 0.5,
    meaning: "share of the real data that is left out at each evaluation",
    source: "this project: fewer than half of the modes at a time",
  },
  hoppingTop: {
    value: 0.7,
    meaning: "share of the samples in the most frequent mode; lower for two equal modes that swap by chance",
    source: TUNED,
  },
  saturatedReal: {
    value: 0.95,
    meaning: "D(x), mean probability of real samples",
    source: "this project, after ganhacks #10 (a discriminator's loss near 0 is a failure)",
  },
  saturatedFake: {
    value: 0.05,
    meaning: "D(G(z)), mean probability of generated samples",
    source: "this project, after ganhacks #10 (a discriminator's loss near 0 is a failure)",
  },
  saturatedLoss: {
    value: 0.05,
    meaning: "the discriminator's loss over its value when it cannot tell the sides apart",
    source: "this project, as D(x) > 0.95 for losses without probabilities",
  },
  saturatedRounds: {
    value: 200,
    meaning: "rounds at the end in which the discriminator is never uncertain",
    source: "this project",
  },
  vanishingShare: {
    value: 0.01,
    meaning:
      "the generator's gradient norm over its median in the first 100 rounds; for the minimax loss also the weight D(G(z)) / (1 - D(G(z))) of its gradient relative to the non-saturating one",
    source: "this project, after Arjovsky and Bottou 2017 (the gradient vanishes where D is optimal)",
  },
  vanishingRatio: {
    value: 1e-3,
    meaning: "gradient norm of a network's first layer over its last layer's",
    source: AUTOTRAINER,
  },
  vanishingFirst: {
    value: 1e-4,
    meaning: "gradient norm of a network's first layer",
    source: AUTOTRAINER,
  },
  overfitting: {
    value: 0.08,
    meaning:
      "(E D(seen) - E D(held out)) / (E D(x) - E D(G(z))), minus two standard errors of its numerator: 0 if held-out samples are judged like training ones, 1 if like generated ones",
    source: "r_v of Karras et al. 2020 (ADA); the value tuned on bench/diagnosis.js, even seeds",
  },
  nearerShare: {
    value: 0.75,
    meaning: "share of samples closer to a training sample than to any held-out one; 0.5 without copies",
    source: TUNED,
  },
  copiedRatio: {
    value: 0.4,
    meaning:
      "median distance of a sample to the nearest training one over that to the nearest held-out one; 1 without copies",
    source: TUNED,
  },
  authenticShare: {
    value: 0.3,
    meaning: "authentic samples (AuthPct) over the real-vs-real value",
    source: TUNED,
  },
  oscillationPeak: {
    value: 0.55,
    meaning: "first peak of the autocorrelation of the detrended loss",
    source: TUNED,
  },
  oscillationPeriods: {
    value: 3,
    meaning: "periods in the window, to exclude slow trends",
    source: "this project",
  },
  oscillationSize: {
    value: 0.1,
    meaning: "standard deviation of the detrended loss or logit; smaller values are batch noise",
    source: TUNED,
  },
  divergedSpread: {
    value: 10,
    meaning:
      "largest mean distance of two samples over that of two real ones, in the second half of the evaluations",
    source: "this project; 1 is real against real",
  },
  divergedStep: {
    value: 1,
    meaning: "a network's largest step over the largest norm of its weights so far",
    source: TUNED,
  },
  divergedLoss: { value: 1e3, meaning: "size of a loss", source: AUTOTRAINER },
  deadShare: {
    value: 0.76,
    meaning: "share of a layer's gradient entries that are exactly 0",
    source:
      "AutoTrainer (Zhang et al., ICSE 2021), whose 0.7 a collapsed generator also reaches; tuned on bench/diagnosis.js, even seeds",
  },
  improvement: {
    value: 0.06,
    meaning:
      "what a distance still gained in the last third of the evaluations, as a share of the worst of the run",
    source: TUNED,
  },
  remaining: {
    value: 0.2,
    meaning: "a distance's best of the last third of the evaluations, as a share of the worst of the run",
    source: TUNED,
  },
  fakeAccuracy: {
    value: 0.99,
    meaning: "share of generated samples whose nearest neighbour is generated; 0.5 for real vs real",
    source: TUNED,
  },
  precisionShare: {
    value: 0.55,
    meaning: "precision over the real-vs-real value",
    source: TUNED,
  },
} as const satisfies Readonly<Record<string, Threshold>>;

export type ThresholdName = keyof typeof THRESHOLDS;
