/** Every number that a verdict turns on, what it means and where it comes from. No rule has another. */

export interface Threshold {
  readonly value: number;
  readonly meaning: string;
  readonly source: string;
}

const TUNED = "tuned on bench/diagnosis.js, even seeds";
const AUTOTRAINER = "AutoTrainer (Zhang et al., ICSE 2021), its default";

const TUNED_ON_REAL = "tuned on bench/real-runs, even seeds";

export const THRESHOLDS = {
  collapseRepeated: {
    value: 0.083,
    meaning:
      "of images: median distance of a sample to its nearest other over that of as many real ones, in thumbnails and in their middle as it is, whichever is larger",
    source: TUNED_ON_REAL,
  },
  collapseClasses: {
    value: 0.25,
    meaning: "effective number of classes (the exponential of their entropy) over that of the real images",
    source: TUNED_ON_REAL,
  },
  collapseLost: {
    value: 0.33,
    meaning:
      "of images: share lost of the bins of thumbnails that were reached before the last three evaluations",
    source: TUNED_ON_REAL,
  },
  partialClasses: {
    value: 0.35,
    meaning: "share of the real data in classes of which samples have less than a fifth of their share",
    source: TUNED_ON_REAL,
  },
  unfolding: {
    value: 1.3,
    meaning:
      "what the last evaluation reached over the most of any before it, from which on samples are still becoming more various",
    source: TUNED_ON_REAL,
  },
  unlikeThumbnails: {
    value: 1.3,
    meaning:
      "the same of thumbnails alone, from which on the classes that they fall in say nothing of what is made",
    source: TUNED_ON_REAL,
  },
  lostThumbnails: {
    value: 1.15,
    meaning: "the same of thumbnails alone, from which on bins that are lost say nothing",
    source: TUNED_ON_REAL,
  },
  sortable: {
    value: 0.18,
    meaning:
      "share of generated samples whose nearest other is generated, less 1 / (2 - m) of good samples that leave out m: from here on something else than m tells them from real ones",
    source: TUNED_ON_REAL,
  },
  unexplained: {
    value: 0.25,
    meaning: "the same, from which on samples are not like real ones",
    source: TUNED_ON_REAL,
  },
  unlikeReal: {
    value: 1.25,
    meaning:
      "median distance of a sample to the nearest real one over that one's distance to its nearest other, over real against real, from which on samples are not like real ones: in features, thumbnails and the middle of images, whichever is largest",
    source: TUNED_ON_REAL,
  },
  collapseSpread: {
    value: 0.1,
    meaning: "mean distance of two samples over that of two real ones, below which all samples are one",
    source: "this project; 1 is real against real",
  },
  collapseNearest: {
    value: 0.13,
    meaning: "median distance of a sample to its nearest other, over that of as many real ones",
    source: TUNED,
  },
  collapseMissing: {
    value: 0.8,
    meaning: "share of the real data that is never made, above which the collapse is full",
    source: "1 of 8 modes leaves 0.875 out, 2 of 8 leave 0.75; tuned on bench/diagnosis.js, even seeds",
  },
  partialMissing: {
    value: 0.03,
    meaning: "share of the real data in bins with less than a fifth of their samples",
    source: TUNED,
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
    meaning:
      "share of the samples in the most frequent mode: two equal modes that change places by chance have less",
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
    meaning: "the discriminator's loss over its value where it cannot tell the sides apart",
    source: "this project, as D(x) > 0.95 for losses without probabilities",
  },
  saturatedRounds: {
    value: 200,
    meaning: "rounds to the end of which the discriminator is never in doubt",
    source: "this project",
  },
  vanishingShare: {
    value: 0.01,
    meaning:
      "the generator's gradient norm over its median in the first 100 rounds; of the minimax loss also the weight D(G(z)) / (1 - D(G(z))) of its gradient against the non-saturating one's",
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
      "(E D(seen) - E D(held out)) / (E D(x) - E D(G(z))), less two standard errors of its numerator: 0 where held-out samples are judged as seen ones, 1 where as generated ones",
    source: "r_v of Karras et al. 2020 (ADA); the value tuned on bench/diagnosis.js, even seeds",
  },
  nearerShare: {
    value: 0.75,
    meaning:
      "share of samples that are nearer to a training sample than to any held-out one; 0.5 without copies",
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
    meaning: "authentic samples (AuthPct) over those of real against real",
    source: TUNED,
  },
  oscillationPeak: {
    value: 0.55,
    meaning: "first peak of the autocorrelation of the detrended loss",
    source: TUNED,
  },
  oscillationPeriods: {
    value: 3,
    meaning: "periods in the window, so that a slow trend is none",
    source: "this project",
  },
  oscillationSize: {
    value: 0.1,
    meaning: "standard deviation of the detrended loss or logit; smaller is what batches do",
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
      "AutoTrainer (Zhang et al., ICSE 2021), whose 0.7 a collapsed generator reaches too; tuned on bench/diagnosis.js, even seeds",
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
    meaning: "share of generated samples whose nearest other sample is generated; 0.5 of real against real",
    source: TUNED,
  },
  precisionShare: {
    value: 0.55,
    meaning: "precision over that of real against real",
    source: TUNED,
  },
} as const satisfies Readonly<Record<string, Threshold>>;

export type ThresholdName = keyof typeof THRESHOLDS;
