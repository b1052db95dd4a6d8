/** The extractors of an evaluation, and the one pass that feeds them. */
import type { FeatureExtractor, FeatureLayer } from "../extractors/extractor.ts";
import type { OpenedExtractor } from "../extractors/open-extractor.ts";
import type { Role } from "../math/role.ts";
import type { Requirement } from "../metrics/metric.ts";
import { countsToBatchSize } from "./batch-size.ts";
import { isComparedAlone } from "./compared/gather-compared.ts";
import type { FeatureCache } from "./feature-cache/cache.ts";
import { type Consumer, type Gathered, gatherSide } from "./gather.ts";
import { openCache } from "./open-cache.ts";
import { openNamedOrOwn } from "./own-extractor.ts";
import type { OpenedSides } from "./sides/opened-sides.ts";
import { type Ends, needsToRequests } from "./sides/side-data.ts";
import type { EvaluateSettings, FeatureSettings } from "./with-option-defaults.ts";

export interface OpenedNetwork {
  readonly extractor: FeatureExtractor;
  readonly ends: Ends;
}

export interface OpenedNetworks {
  /** In the order of the names; none where no side has images that a network must see. */
  readonly networks: readonly OpenedNetwork[];
  readonly batchSize: number;
  readonly cache: FeatureCache | undefined;
  close(): Promise<void>;
}

/** Inception's usual ends, which have to be named where another is wanted beside them. */
const USUAL = { features: "2048", logits: "logits_unbiased" } as const;

/** Opens an extractor with the ends that are read; only now is a network library loaded. */
export async function openForNeeds(
  wanted: ReadonlySet<Requirement>,
  options: FeatureSettings & Pick<EvaluateSettings, "logitsEnd">,
): Promise<OpenedExtractor> {
  const wants = {
    features: wanted.has("statistics") || wanted.has("features"),
    logits: wanted.has("logits"),
    spatial: wanted.has("spatial"),
  };
  const named =
    (!wants.features || options.featureEnd) && (!wants.logits || options.logitsEnd) && !wants.spatial;
  const ends: FeatureLayer[] = [];
  if (wants.features) ends.push(options.featureEnd ?? USUAL.features);
  if (wants.logits) ends.push(options.logitsEnd ?? USUAL.logits);
  if (wants.spatial) ends.push("spatial");
  return openNamedOrOwn(options, named || wants.spatial ? ends : undefined);
}

/** What no network has to see. */
const OF_PIXELS: readonly Requirement[] = ["images", "pairs", "groups"];

export const needsNetwork = (needs: ReadonlySet<Requirement>): boolean =>
  [...needs].some((requirement) => !OF_PIXELS.includes(requirement));

/** Opens the extractors that the sides' images need. */
export async function openNetworks(
  { sides, needs }: OpenedSides,
  names: readonly (string | FeatureExtractor)[],
  options: EvaluateSettings,
): Promise<OpenedNetworks> {
  const counts: number[] = [];
  let isNeeded = false;
  for (const [role, side] of sides)
    if (side.kind === "images") {
      counts.push(side.source.count);
      isNeeded ||= needsNetwork(needs.get(role)!);
    }
  const batchSize = countsToBatchSize(counts, options.batchSize);
  const opened: OpenedExtractor[] = [];
  const wanted = new Set([...needs.values()].flatMap((of) => [...of]));
  const close = async (): Promise<void> => {
    for (const each of opened) await each.close();
  };
  try {
    if (isNeeded)
      for (const extractor of names)
        opened.push(await openForNeeds(wanted, { ...options, extractor, batchSize }));
    const networks = opened.map(({ extractor }) => ({
      extractor,
      ends: {
        features: options.featureEnd ?? extractor.featureEnd,
        logits: options.logitsEnd ?? extractor.logitsEnd,
      },
    }));
    // What a program computes may change while its hash stays: nothing of it is kept.
    const mayCache = isNeeded && names.every((name) => typeof name === "string");
    return { networks, batchSize, cache: mayCache ? await openCache(options) : undefined, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every side's images through every network; not of sides that are compared image by image alone. */
export async function gatherSides(
  { sides, needs }: OpenedSides,
  { networks, batchSize, cache }: OpenedNetworks,
  options: EvaluateSettings,
): Promise<ReadonlyMap<Role, Gathered>> {
  const gathered = new Map<Role, Gathered>();
  for (const [role, side] of sides) {
    if (side.kind !== "images") continue;
    const of = needs.get(role)!;
    if (isComparedAlone(of)) continue;
    const consumers = networks.map(
      ({ extractor, ends }): Consumer => ({ extractor, requests: needsToRequests(of, ends, options) }),
    );
    const stage = role === "heldOut" ? "held-out" : role;
    gathered.set(
      role,
      await gatherSide(side.source, consumers, stage, {
        ...options,
        batchSize,
        ...(cache && { featureCache: cache }),
        ...(of.has("images") && { imageSeed: options.seed }),
      }),
    );
  }
  return gathered;
}
