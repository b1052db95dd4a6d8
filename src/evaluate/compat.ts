/** The conventions of other libraries, each as a set of our options: `--compat NAME`. */
import type { Parameters } from "../metrics/metric.ts";
import type { MetricId } from "../metrics/table.ts";
import type { CompatRecord, EvaluateOptions } from "./options.ts";

export interface CompatPreset {
  /** The library and the version that was read. */
  readonly library: string;
  readonly options: Partial<Pick<EvaluateOptions, "resize" | "ddof" | "splits" | "shuffle" | "seed">>;
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

/** What was given against a preset: `seed`, `kid.draw`. */
function toChanged({ options, parameters }: CompatPreset, given: Given): string[] {
  const isOther = (own: object, wanted: object, name: string): boolean =>
    Object.hasOwn(own, name) && own[name as never] !== wanted[name as never];
  return [
    ...Object.keys(options).filter((name) => isOther(given, options, name)),
    ...Object.entries(parameters).flatMap(([id, wanted]) =>
      Object.keys(wanted)
        .filter((name) => isOther(given.parameters?.[id] ?? {}, wanted, name))
        .map((name) => `${id}.${name}`),
    ),
  ];
}

/** Options with a library's conventions in place of those that were not given, and the record of it. */
export function withCompat<O extends Given>(name: CompatName, given: O) {
  const preset: CompatPreset = COMPAT_PRESETS[name];
  const { library, differs } = preset;
  const parameters: Record<string, Parameters> = { ...preset.parameters };
  for (const [id, own] of Object.entries(given.parameters ?? {}))
    if (own !== undefined) parameters[id] = { ...parameters[id], ...own };
  const compat: CompatRecord = { name, library, changed: toChanged(preset, given), differs };
  return { ...preset.options, ...given, parameters, compat };
}
