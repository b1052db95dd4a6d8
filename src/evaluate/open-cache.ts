/** Opens the feature cache where it is asked for. */
import { cacheFolder } from "../networks/cache-folder.ts";
import type { FeatureCache } from "./feature-cache/cache.ts";
import type { FeatureSettings } from "./with-option-defaults.ts";

/** The feature cache, where the options ask for it; its files are loaded only then. */
export async function openCache({
  cache,
  cacheDir,
  cacheLimit,
  clock,
  steadyClock,
}: Pick<FeatureSettings, "cache" | "cacheDir" | "cacheLimit" | "clock" | "steadyClock">): Promise<
  FeatureCache | undefined
> {
  if (!cache) return undefined;
  const { openFeatureCache } = await import("./feature-cache/cache.ts");
  return openFeatureCache({
    folder: cacheFolder(cacheDir),
    clock,
    ...(cacheLimit !== undefined && { limit: cacheLimit * 2 ** 30 }),
    ...(steadyClock && { steadyClock }),
  });
}
