import { openEngine } from "../engine/index.ts";
import type { FeatureEnd, FeatureExtractor } from "../inception/extractor.ts";
import type { ExtractorName, FeatureOptions } from "./options.ts";

export interface OpenedExtractor {
  readonly extractor: FeatureExtractor;
  close(): Promise<void>;
}

type ExtractorOptions = Pick<
  FeatureOptions,
  "extractor" | "resize" | "batchSize" | "engine" | "device" | "threads" | "weights" | "cacheDir"
>;

type Opener = (
  engine: Awaited<ReturnType<typeof openEngine>>,
  ends: readonly FeatureEnd[] | undefined,
  options: ExtractorOptions,
) => Promise<FeatureExtractor>;

/** How each extractor is opened; nothing is loaded for those that are not asked for. */
const OPENERS: Readonly<Record<ExtractorName, Opener>> = {
  inception: async (engine, ends, { resize, batchSize, weights, cacheDir }) => {
    const { openInceptionExtractor } = await import("../inception/inception-extractor.ts");
    return openInceptionExtractor(engine, {
      resize,
      batchSize,
      ...(ends && { ends }),
      ...(weights !== undefined && { weights }),
      ...(cacheDir !== undefined && { cacheDir }),
    });
  },
  digits: async (engine, _ends, { batchSize }) => {
    const { openDigitsExtractor } = await import("../inception/digits/digits-extractor.ts");
    return openDigitsExtractor(engine, { batchSize });
  },
};

/** Opens an extractor on the engine that the options name; closing it closes both. */
export async function openExtractor(
  options: ExtractorOptions,
  ends?: readonly FeatureEnd[],
): Promise<OpenedExtractor> {
  const { engine, device, threads } = options;
  const opened = await openEngine({ engine, device, ...(threads !== undefined && { threads }) });
  try {
    const extractor = await OPENERS[options.extractor](opened, ends, options);
    return {
      extractor,
      async close() {
        await extractor.dispose();
        await opened.dispose();
      },
    };
  } catch (error) {
    await opened.dispose();
    throw error;
  }
}
