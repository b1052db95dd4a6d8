/** The conventions of other libraries, each as a set of our options: `--compat NAME`. */
import type { Parameters } from "../metrics/metric.ts";
import type { MetricId } from "../metrics/table.ts";
import type { EvaluateOptions } from "./options.ts";

export interface CompatPreset {
  /** The library and the version that was read. */
  readonly library: string;
  readonly options: Partial<
    Pick<EvaluateOptions, "resize" | "ddof" | "splits" | "shuffle" | "seed" | "featureEnd" | "logitsEnd">
  >;
  readonly parameters: Readonly<Partial<Record<MetricId, Parameters>>>;
  /** What of the library's own figures no option of ours can repeat, and how far that goes. */
  readonly differs: string;
}

/** Every library, under the name that `--compat` has for it. */
export const COMPAT_PRESETS = {
  "torch-fidelity": {
    library: "torch-fidelity 0.4.0",
    options: { resize: "tf1", ddof: 1, splits: 10, shuffle: true, seed: 2020 },
    parameters: { is: { draw: "numpy", parts: "even" }, kid: { draw: "torch-fidelity" } },
    differs: "its means and kernels are float32: 1e-6 of the distance",
  },
  "pytorch-fid": {
    library: "pytorch-fid 0.3.0",
    options: { resize: "pytorch", ddof: 1 },
    parameters: {},
    differs: "it adds 1e-6 to the diagonals where its square root fails",
  },
  "clean-fid": {
    library: "clean-fid 0.1.35, mode clean",
    options: { resize: "clean", ddof: 1 },
    parameters: { kid: { draw: "clean-fid" } },
    differs: "its KID draws from NumPy's global generator: the same after numpy.random.seed(SEED)",
  },
  torchmetrics: {
    library: "torchmetrics 1.9",
    options: { resize: "antialias", ddof: 1, splits: 10, shuffle: true },
    parameters: {
      is: { draw: "torch", parts: "chunks", stdDdof: 1 },
      kid: { draw: "torchmetrics" },
    },
    differs: "it draws from PyTorch's global generator: the same after torch.manual_seed(SEED)",
  },
  stylegan: {
    library: "stylegan3 metrics (fid50k_full, kid50k_full, is50k, pr50k3_full)",
    options: { resize: "tf1", ddof: 0, splits: 10, shuffle: false },
    parameters: { kid: { draw: "clean-fid" }, pr: { k: 3 } },
    differs:
      "its precision and recall take VGG16 features in float16 (--extractor vgg16.onnx); its KID is unseeded",
  },
  ttur: {
    library: "TTUR fid.py",
    options: { resize: "tf1", ddof: 1 },
    parameters: {},
    differs: "old versions drop the last batch that is not full",
  },
  adm: {
    library: "guided-diffusion evaluations/evaluator.py",
    options: { resize: "tf1", ddof: 1, shuffle: false },
    parameters: { is: { partSize: 5000 }, pr: { k: 3 } },
    differs:
      "its precision and recall are of the first 10,000 references and in float16 where that is exact enough",
  },
} as const satisfies Readonly<Record<string, CompatPreset>>;

export type CompatName = keyof typeof COMPAT_PRESETS;

/** Options with a library's conventions in place of those that were not given. */
export function withCompat<O extends Partial<EvaluateOptions>>(name: CompatName, given: O): O {
  const preset: CompatPreset = COMPAT_PRESETS[name];
  const parameters: Partial<Record<MetricId, Parameters>> = { ...preset.parameters };
  for (const [id, own] of Object.entries(given.parameters ?? {}) as [MetricId, Parameters][])
    parameters[id] = { ...parameters[id], ...own };
  return { ...preset.options, ...given, parameters };
}
