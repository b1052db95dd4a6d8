/** Opens the extractor that the options name, on the engine that they name. */
import { stat } from "node:fs/promises";
import type { DeviceName, Engine, EngineName } from "../engine/engine.ts";
import { openEngine } from "../engine/index.ts";
import { GanEvalError } from "../errors.ts";
import { unlessForbidden } from "../files/forbidden.ts";
import type { ResizeMode } from "../images/resize/resize.ts";
import { NETWORKS, type NetworkName } from "../networks/table.ts";
import type { Progress } from "../progress.ts";
import { wordToSuggestion } from "../suggestion.ts";
import type { CustomExtractorOptions } from "./custom/custom-options.ts";
import type { FeatureExtractor, FeatureLayer } from "./extractor.ts";
import type { ImageChoices } from "./image-choices.ts";
import { withCrop } from "./with-crop.ts";
import { withHalvedBatches } from "./with-halved-batches.ts";
import { withUnchecked } from "./with-unchecked.ts";

export interface OpenedExtractor {
  readonly extractor: FeatureExtractor;
  close(): Promise<void>;
}

export interface ExtractorOptions extends CustomExtractorOptions, ImageChoices {
  /** A name (`inception`, `digits`, `dinov2-b`, ...), or an .onnx file or tensorflow.js folder. */
  readonly extractor: string;
  /** How images come to the network's size; the extractor's own way if left out. */
  readonly resize?: ResizeMode | undefined;
  readonly batchSize: number;
  readonly engine: EngineName | "auto";
  readonly device: DeviceName | "auto";
  readonly threads?: number | undefined;
  /** Whether NVIDIA GPUs may multiply in TF32 (default false). */
  readonly tf32?: boolean | undefined;
  /** Whether the first run on another device is held against the CPU (default true). */
  readonly selfCheck?: boolean | undefined;
  /** A weights folder or file to use instead of what is installed. */
  readonly weights?: string | undefined;
  readonly cacheDir?: string | undefined;
  /** Whether weights that are not installed are an error, not downloaded (default: GAN_EVAL_OFFLINE). */
  readonly offline?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Opens an extractor; the engine is started only for those that ask for it. */
type Opener = (
  startEngine: () => Promise<Engine>,
  ends: readonly FeatureLayer[] | undefined,
  options: ExtractorOptions,
) => Promise<FeatureExtractor>;

/** How each extractor is opened; nothing is loaded for those that are not asked for. */
const OPENERS: Readonly<Record<string, Opener>> = {
  inception: async (startEngine, ends, { batchSize, ...options }) => {
    const { openInceptionExtractor } = await import("./inception/inception-extractor.ts");
    const { resize, weights, cacheDir, offline, signal, onProgress } = options;
    const wanted = { ends, resize, weights, cacheDir, offline, signal, onProgress };
    return openInceptionExtractor(await startEngine(), { batchSize, ...wanted });
  },
  digits: async (startEngine, _ends, { batchSize }) => {
    const { openDigitsExtractor } = await import("./digits/digits-extractor.ts");
    return openDigitsExtractor(await startEngine(), { batchSize });
  },
  "stacked-digits": async (startEngine, _ends, { batchSize }) => {
    const { openStackedDigitsExtractor } = await import("./digits/stacked-digits-extractor.ts");
    return openStackedDigitsExtractor(await startEngine(), { batchSize: 3 * batchSize });
  },
  pixels: async (_startEngine, _ends, { inputSize, resize }) => {
    const { openPixelsExtractor } = await import("./simple/pixels-extractor.ts");
    return openPixelsExtractor({ inputSize, resize });
  },
  "random-conv": async (startEngine, _ends, { inputSize, resize, batchSize, extractorSeed }) => {
    const { openRandomConvExtractor } = await import("./simple/random-conv-extractor.ts");
    return openRandomConvExtractor(await startEngine(), {
      batchSize,
      inputSize,
      resize,
      seed: extractorSeed,
    });
  },
};

const openNamed =
  (name: NetworkName): Opener =>
  async (startEngine, ends, { batchSize, ...options }) => {
    const { openNamedExtractor } = await import("./named/named-extractor.ts");
    const { resize, weights, positions, cacheDir, offline, signal, onProgress } = options;
    const wanted = { ends, resize, weights, positions, cacheDir, offline };
    return openNamedExtractor(await startEngine(), name, {
      ...{ batchSize, ...wanted },
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
  };

const isNetworkName = (name: string): name is NetworkName => Object.hasOwn(NETWORKS, name);

export const EXTRACTOR_NAMES: readonly string[] = [...Object.keys(OPENERS), ...Object.keys(NETWORKS)];

const openCustom: Opener = async (startEngine, _ends, { extractor, ...options }) => {
  const { openCustomExtractor } = await import("./custom/custom-extractor.ts");
  return openCustomExtractor(await startEngine(), extractor, options);
};

/** Names come before paths: a folder of such a name is `./digits`. @throws GanEvalError `usage.extractor` */
async function nameToOpener(name: string): Promise<Opener> {
  if (Object.hasOwn(OPENERS, name)) return OPENERS[name];
  if (isNetworkName(name)) return openNamed(name);
  if (await stat(name).catch(unlessForbidden(undefined))) return openCustom;
  const near = wordToSuggestion(name, EXTRACTOR_NAMES);
  throw new GanEvalError(
    "usage.extractor",
    `expected an extractor (${EXTRACTOR_NAMES.join(", ")}) or the path of a network, got ${name}`,
    {
      hint: near
        ? `Did you mean --extractor ${near}?`
        : "There is no such file: networks are ONNX files or tensorflow.js folders, docs/extractors.md says how to make one.",
    },
  );
}

/**
 * Opens an extractor on the engine that the options name; closing it closes both.
 * @param ends of Inception, those to compute (its usual ones if left out); others always give all they have
 * @throws GanEvalError `usage.extractor`, and what opening the engine and the extractor throws
 */
export async function openExtractor(
  options: ExtractorOptions,
  ends?: readonly FeatureLayer[],
): Promise<OpenedExtractor> {
  const open = await nameToOpener(options.extractor);
  const { engine, device, threads, tf32, selfCheck } = options;
  let opened: Engine | undefined;
  const startEngine = async () => {
    opened ??= await openEngine({ engine, device, threads, tf32, selfCheck });
    return opened;
  };
  try {
    const openForBatch = async (batchSize: number): Promise<FeatureExtractor> => {
      const made = withCrop(await open(startEngine, ends, { ...options, batchSize }), options.crop);
      return selfCheck === false ? withUnchecked(made) : made;
    };
    const { batchSize } = options;
    const extractor = withHalvedBatches(await openForBatch(batchSize), batchSize, openForBatch);
    return {
      extractor,
      async close() {
        await extractor.dispose();
        await opened?.dispose();
      },
    };
  } catch (error) {
    await opened?.dispose();
    throw error;
  }
}
