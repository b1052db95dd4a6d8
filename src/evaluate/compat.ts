/** The conventions of other libraries, each as a set of our options: `--compat NAME`. */
import type { ResizeMode } from "../images/resize/mode-names.ts";
import type { Parameters } from "../metrics/metric.ts";
import type { MetricId } from "../metrics/table.ts";
import { NETWORKS } from "../networks/table.ts";
import type { CompatRecord, EvaluateOptions } from "./options.ts";

type CompatOptionName =
  | "resize"
  | "crop"
  | "positions"
  | "mean"
  | "inputSize"
  | "ddof"
  | "splits"
  | "shuffle"
  | "seed";

type CompatOptions = Partial<Pick<EvaluateOptions, CompatOptionName>>;

export interface CompatPreset {
  /** The library and the version that was read. */
  readonly library: string;
  /** The extractor that is meant where none is named. */
  readonly extractor?: string;
  readonly options: CompatOptions;
  /** Its resize for Inception, where that is another. */
  readonly inceptionResize?: ResizeMode;
  /** How images reach its network, where a file of one's own stands in for that. */
  readonly ownNetwork?: CompatOptions;
  readonly parameters: Readonly<Partial<Record<MetricId, Parameters>>>;
  /** What of the library's own figures no option of ours can repeat, and how far that goes. */
  readonly differs: string;
}

/** All that have the distance agree on these. */
const KID = {
  subsets: 100,
  subsetSize: 1000,
  kernel: "polynomial",
  degree: 3,
  gamma: 0,
  coef0: 1,
} as const;

/** DINOv2's input, and that positions are interpolated as by the authors' code: all of these load it from torch.hub. */
const DINOV2 = { inputSize: [224, 224], mean: "imagenet" } as const;

/** Every library, under the name that `--compat` has for it. */
export const COMPAT_PRESETS = {
  "torch-fidelity": {
    library: "torch-fidelity 0.4.0",
    options: { resize: "tf1", ddof: 1, splits: 10, shuffle: true, seed: 2020 },
    parameters: {
      is: { draw: "numpy", parts: "even", partSize: 0, stdDdof: 0 },
      kid: { ...KID, draw: "torch-fidelity" },
      pr: { k: 3 },
      mind: { projections: 1000 },
    },
    differs:
      "its precision and recall use VGG16 features (--extractor vgg16.onnx); its means and kernels are float32, which changes FID by 1e-6, KID by 1e-5 and the spread of KID by 1e-4 of its value",
  },
  "pytorch-fid": {
    library: "pytorch-fid 0.3.0",
    options: { resize: "pytorch", ddof: 1 },
    parameters: {},
    differs: "it adds 1e-6 to the diagonals if its matrix square root fails",
  },
  "clean-fid": {
    library: "clean-fid 0.1.35, mode clean",
    options: { resize: "clean", ddof: 1 },
    parameters: { kid: { ...KID, draw: "clean-fid" } },
    differs:
      "its KID draws from NumPy's global generator (call numpy.random.seed(SEED) first), and of two folders from the second one first (call compute_kid(REAL, FAKE))",
  },
  torchmetrics: {
    library: "torchmetrics 1.9.0",
    options: { resize: "antialias", ddof: 1, splits: 10, shuffle: true },
    parameters: {
      is: { draw: "torch", parts: "chunks", partSize: 0, stdDdof: 1 },
      kid: { ...KID, draw: "torchmetrics" },
      mifid: { threshold: 0.1 },
      psnr: { pooling: "pooled" },
      ssim: { convention: "torchmetrics" },
    },
    differs:
      "it draws from PyTorch's global generator (call torch.manual_seed(SEED) before compute()); its MIFID looks for the fake image nearest to each real one, Kaggle's and ours for the real image nearest to each fake one; its PSNR and SSIM take the range from the data unless data_range=255 is given",
  },
  stylegan: {
    library: "stylegan3 metrics (fid50k_full, kid50k_full, is50k, pr50k3_full)",
    options: { resize: "tf1", ddof: 0, splits: 10, shuffle: false },
    parameters: {
      is: { parts: "even", partSize: 0, stdDdof: 0 },
      kid: { ...KID, draw: "clean-fid" },
      pr: { k: 3 },
    },
    differs:
      "its precision and recall use VGG16 features in float16 (--extractor vgg16.onnx); its KID draws from NumPy's global generator, unseeded",
  },
  ttur: {
    library: "TTUR fid.py",
    options: { resize: "tf1", ddof: 1 },
    parameters: {},
    differs: "it drops the last batch if that is incomplete; its matrix square root is pytorch-fid's",
  },
  adm: {
    library: "guided-diffusion evaluations/evaluator.py",
    options: { resize: "tf1", ddof: 1, shuffle: false },
    parameters: { is: { partSize: 5000 }, pr: { k: 3 } },
    differs:
      "its precision and recall use squared distances in float16 where these are finite; it gives no spread of the Inception Score",
  },
  "dgm-eval": {
    library: "dgm-eval (74c79f7), model dinov2",
    extractor: "dinov2-l",
    options: { resize: "pil-bicubic", crop: "none", positions: "dinov2", ddof: 1 },
    inceptionResize: "pytorch",
    ownNetwork: DINOV2,
    parameters: { kid: KID, pr: { k: 5 }, dc: { k: 5 } },
    differs:
      "it pins Pillow 9.2; run with Pillow 13 it resizes upright images otherwise (--resize pil13-bicubic); its KD draws from NumPy's unseeded generator; its precision, recall, density and coverage are of 10,000 rows drawn at random; --clean_resize there is --resize clean here",
  },
  edm2: {
    library: "EDM2 (4bf8162), fd_dinov2",
    extractor: "dinov2-l",
    options: { resize: "torch-bicubic", crop: "none", positions: "dinov2", ddof: 1 },
    inceptionResize: "tf1",
    ownNetwork: DINOV2,
    parameters: {},
    differs:
      "its resize_mode='pil' is --resize pil-bicubic (or pil13-bicubic, by its Pillow); on a GPU PyTorch sums the resize in another order",
  },
  pyiqa: {
    library: "IQA-PyTorch (01ae427), fid_dinov2 and fid in mode clean",
    extractor: "dinov2-l",
    options: { resize: "clean", crop: "none", positions: "dinov2", ddof: 1 },
    ownNetwork: DINOV2,
    parameters: { kid: { ...KID, draw: "clean-fid" } },
    differs:
      "its KID draws from NumPy's global generator (call numpy.random.seed(SEED) first), and from the second folder first (call fid(REAL, FAKE))",
  },
  fld: {
    library: "FLD (ffbbf20), DINOv2FeatureExtractor",
    extractor: "dinov2-b",
    options: { resize: "pil-bicubic", crop: "none", positions: "dinov2", ddof: 1 },
    inceptionResize: "pytorch",
    ownNetwork: DINOV2,
    parameters: { kid: { ...KID, draw: "torch-fidelity" }, pr: { k: 3 } },
    differs:
      "run with Pillow 13 it resizes upright images otherwise (--resize pil13-bicubic); it shuffles the rows by PyTorch's unseeded generator before FID and KID; its subsets are at most half of the rows",
  },
  cmmd: {
    library: "google-research/cmmd and cmmd-pytorch (f7673a9)",
    extractor: "clip-l-336",
    options: { resize: "pil-bicubic", crop: "centre" },
    ownNetwork: { inputSize: [336, 336], mean: "clip" },
    parameters: {},
    differs:
      "google-research/cmmd leaves out the images that do not fill the last batch; it computes in float32, where the distance of close sets is mostly rounding",
  },
  skimage: {
    library: "scikit-image 0.26.0, peak_signal_noise_ratio and structural_similarity by their defaults",
    options: {},
    parameters: { psnr: { pooling: "mean" }, ssim: { convention: "skimage" } },
    differs: "it scores one pair at a time, and ours is the mean; colour needs channel_axis=-1 there",
  },
  basicsr: {
    library: "BasicSR 1.4.2, calculate_psnr and calculate_ssim",
    options: {},
    parameters: { psnr: { pooling: "mean" }, ssim: { convention: "wang" } },
    differs:
      "its crop_border is --paired-border and has no default, its test_y_channel is --paired-channel y; its Y is of float32",
  },
} as const satisfies Readonly<Record<string, CompatPreset>>;

export type CompatName = keyof typeof COMPAT_PRESETS;

type Given = Partial<EvaluateOptions>;

/** What stands for no file: names of extractors, those that presets mean among them. */
const EXTRACTOR_NAMES: ReadonlySet<string> = new Set([
  ...["inception", "digits", "stacked-digits", "pixels", "random-conv"],
  ...Object.keys(NETWORKS),
  ...Object.values<CompatPreset>(COMPAT_PRESETS).flatMap(({ extractor }) => extractor ?? []),
]);

/** The preset's options for an extractor. */
function presetToOptions(
  { options, inceptionResize, ownNetwork }: CompatPreset,
  extractor: EvaluateOptions["extractor"],
): CompatOptions {
  if (extractor === "inception" && inceptionResize) return { ...options, resize: inceptionResize };
  const isOwn = typeof extractor === "string" && !EXTRACTOR_NAMES.has(extractor);
  return isOwn ? { ...options, ...ownNetwork } : options;
}

/** What was given against a preset: `seed`, `kid.draw`. */
function toChanged(options: CompatOptions, parameters: CompatPreset["parameters"], given: Given): string[] {
  const isOther = (own: object, wanted: object, name: string): boolean =>
    Object.hasOwn(own, name) && String(own[name as never]) !== String(wanted[name as never]);
  return [
    ...Object.keys(options).filter((name) => isOther(given, options, name)),
    ...Object.entries(parameters).flatMap(([id, wanted]) =>
      Object.keys(wanted)
        .filter((name) => isOther(given.parameters?.[id] ?? {}, wanted, name))
        .map((name) => `${id}.${name}`),
    ),
  ];
}

/**
 * Options with a library's conventions in place of those that were not given, and the record of it. Where no extractor is
 * given it is the library's own, if there is one that it is known for; the record says so.
 */
export function withCompat<O extends Given>(name: CompatName, given: O) {
  const preset: CompatPreset = COMPAT_PRESETS[name];
  const { library, differs } = preset;
  const implied = given.extractor === undefined ? preset.extractor : undefined;
  const options = presetToOptions(preset, given.extractor ?? implied);
  const parameters: Record<string, Parameters> = { ...preset.parameters };
  for (const [id, own] of Object.entries(given.parameters ?? {}))
    if (own !== undefined) parameters[id] = { ...parameters[id], ...own };
  const compat: CompatRecord = {
    ...{ name, library, changed: toChanged(options, preset.parameters, given), differs },
    ...(implied !== undefined && { extractor: implied }),
  };
  return { ...options, ...given, ...(implied !== undefined && { extractor: implied }), parameters, compat };
}
