/** The images of an evaluation's sides, divided into jobs: others extract their features into a cache that all share. */
import { GanEvalError } from "../errors.ts";
import type { LeafRange } from "../math/features/leaves.ts";
import type { Role } from "../math/role.ts";
import type { Requirement } from "../metrics/metric.ts";
import { countsToBatchSize } from "./batch-size.ts";
import { gatherSide, sourceWarnings } from "./gather.ts";
import { openCache } from "./open-cache.ts";
import { needsNetwork, openForNeeds } from "./opened-networks.ts";
import type { EvaluateOptions, FeatureOptions } from "./options.ts";
import { planMetrics } from "./plan.ts";
import { openSides } from "./sides/opened-sides.ts";
import { openSide, requireParts } from "./sides/side.ts";
import { needsToRequests } from "./sides/side-data.ts";
import {
  type LeafPlan,
  planToGroups,
  rangeToPositions,
  rangeToText,
  requireAligned,
  sourceToLeafPlan,
} from "./statistics/leaf-plan.ts";
import { toEvaluateSettings, toFeatureSettings } from "./with-option-defaults.ts";

/** A side whose features others may extract. */
export interface DividedSide {
  readonly role: Role;
  readonly images: string;
  /** What of a network's outputs is read. */
  readonly wants: readonly Requirement[];
  /** Of all images; jobs of another list are refused. */
  readonly listing: string;
  readonly groups: readonly LeafGroup[];
}

/** Leaves that are one job, and how many images they are. */
export interface LeafGroup extends LeafRange {
  readonly count: number;
}

/** The groups of a plan, each with its size. */
export const planToSizes = (plan: LeafPlan, leafGroup: number): LeafGroup[] =>
  planToGroups(plan, { leafGroup }).map((range) => {
    const [from, to] = rangeToPositions(plan, range);
    return { ...range, count: to - from };
  });

/**
 * The sides of an evaluation that a network has to see and that can be divided: folders and files of images. Reads names,
 * no image and no network.
 * @throws GanEvalError what `evaluate` throws of options and sides; `usage.leaf-group`
 */
export async function evaluationToSides(given: EvaluateOptions, leafGroup: number): Promise<DividedSide[]> {
  const options = toEvaluateSettings(given);
  const opened = await openSides(planMetrics(options), options);
  try {
    const divided: DividedSide[] = [];
    for (const [role, side] of opened.sides) {
      const needs = opened.needs.get(role)!;
      const images = options[role];
      if (side.kind !== "images" || typeof images !== "string" || !needsNetwork(needs)) continue;
      if (side.source.range === undefined || side.source.nameOf === undefined) continue;
      const plan = sourceToLeafPlan(side.source);
      divided.push({
        role,
        images,
        wants: [...needs],
        listing: plan.listing,
        groups: planToSizes(plan, leafGroup),
      });
    }
    return divided;
  } finally {
    await opened.close();
  }
}

/** One job: some leaves of a side, and what of them is read. */
export interface LeavesToCache extends FeatureOptions {
  readonly images: string;
  readonly wants: readonly Requirement[];
  readonly logitsEnd?: string;
  readonly leaves: LeafRange;
  /** Of the plan that the leaves are of. */
  readonly listing: string;
}

function requireListing(plan: LeafPlan, { images, listing }: LeavesToCache): void {
  if (plan.listing === listing) return;
  throw new GanEvalError(
    "input.unlike-leaves",
    `expected the images in ${images} that the job is of, got others: ${plan.count}, with other names`,
    { hint: "Files were added or removed since: run the command again. All machines must see one folder." },
  );
}

/**
 * Extracts the features of a group of leaves into the feature cache; what is there already is left. Only these images are
 * read. To be called any number of times, by any number of processes.
 * @returns how many images of the group could be read
 * @throws GanEvalError `input.unlike-leaves` where the images are others by now, `usage.leaf-group`, and what images and
 *   extractors throw
 */
export async function leavesToCache(given: LeavesToCache): Promise<number> {
  const request = toFeatureSettings(given);
  const { images, leaves } = request;
  const side = await openSide(images, request as never);
  if (side.kind !== "images")
    throw new GanEvalError("input.already-statistics", `expected images in ${images}, got ${side.kind}`, {
      hint: "Features and statistics need no extraction.",
    });
  const { source } = side;
  try {
    await requireParts([side], request.split);
    const plan = sourceToLeafPlan(source);
    requireListing(plan, request);
    requireAligned(leaves, plan);
    const part = source.range!(...rangeToPositions(plan, leaves));
    const batchSize = countsToBatchSize([source.count], request.batchSize);
    const wants = new Set(request.wants);
    const settings = { ...request, batchSize };
    const { extractor, close } = await openForNeeds(wants, settings);
    try {
      const ends = {
        features: request.featureEnd ?? extractor.featureEnd,
        logits: request.logitsEnd ?? extractor.logitsEnd,
      };
      const requests = needsToRequests(wants, ends, {}).map(({ end }) => ({
        ...{ end, rows: false, moments: false },
      }));
      const cache = await openCache({ ...request, cache: true });
      const gathered = await gatherSide(part, [{ extractor, requests }], rangeToText(leaves), {
        ...settings,
        ...(cache && { featureCache: cache }),
      });
      for (const { message } of sourceWarnings(gathered, extractor))
        request.onProgress?.({ stage: "", done: 0, total: 1, unit: "images", notice: message });
      return gathered.count;
    } finally {
      await close();
    }
  } finally {
    await source.close();
  }
}
