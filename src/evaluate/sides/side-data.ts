/** What metrics see of a side: images through an extractor, or what a file holds. */
import { GanEvalError } from "../../errors.ts";
import type { FeatureLayer } from "../../extractors/extractor.ts";
import { featuresToMoments } from "../../math/features/statistics.ts";
import type { Role } from "../../math/role.ts";
import type { Requirement, SideData } from "../../metrics/metric.ts";
import type { Gathered } from "../gather.ts";
import type { LayerRequest } from "../gather-end.ts";
import type { Plan, PlannedMetric } from "../plan.ts";
import type { EvaluateSettings } from "../with-option-defaults.ts";
import type { FileSide, Side } from "./side.ts";

/** What a side that is no images can give. */
const fileToGiven = (side: FileSide): readonly Requirement[] =>
  side.kind === "features"
    ? ["statistics", "features", ...(side.logits ? (["logits"] as const) : [])]
    : ["statistics", ...(side.statistics.spatial ? (["spatial"] as const) : [])];

/** The first metric that needs what a side cannot give is named. */
export function requireSideGives(plan: Plan, role: Role, side: Side): void {
  if (side.kind === "images") return;
  for (const { row } of plan.metrics)
    for (const requirement of row.needs[role] ?? []) {
      if (fileToGiven(side).includes(requirement)) continue;
      throw new GanEvalError(
        "input.no-pictures",
        `expected ${role === "heldOut" ? "held-out" : role} images${requirement === "features" ? " or features" : ""} for ${row.label}, got ${side.kind} in ${side.location}`,
        { hint: `Give the images themselves, or leave ${row.id} out of --metrics.` },
      );
    }
}

const sideToCount = (side: Side): number | null => {
  if (side.kind === "images") return side.source.count;
  return side.kind === "features" ? side.features.rows : side.statistics.n;
};

interface TooFew {
  readonly planned: PlannedMetric;
  readonly role: Role;
  readonly count: number;
  readonly least: number;
}

/** Metrics that need more rows than a side can have, and the side that lacks most. */
function listTooFew(plan: Plan, sides: ReadonlyMap<Role, Side>): TooFew[] {
  return plan.metrics.flatMap((planned): TooFew[] => {
    const { row, parameters } = planned;
    const least = row.least?.(parameters) ?? {};
    const short = [...sides].flatMap(([role, side]): TooFew[] => {
      const count = sideToCount(side);
      const needed = role in row.needs ? (least[role] ?? 1) : 0;
      return count === null || count >= needed ? [] : [{ planned, role, count, least: needed }];
    });
    return short.sort((a, b) => a.count - b.count).slice(0, 1);
  });
}

const ROLE_NAMES: Readonly<Record<Role, string>> = { real: "real", fake: "generated", heldOut: "held-out" };

/**
 * Numbers of images are known before any is read: what cannot be measured on them is refused before the work is done.
 * @throws GanEvalError `input.too-few-samples`, for all metrics that have too few
 */
export function requireEnough(plan: Plan, sides: ReadonlyMap<Role, Side>): void {
  const all = listTooFew(plan, sides);
  if (all.length === 0) return;
  const needs = all.map(
    ({ planned, role, count, least }) =>
      `${least} ${ROLE_NAMES[role]} for ${planned.row.label} (${planned.row.id}), got ${count}`,
  );
  const flags = all.flatMap(
    ({ planned: { row, parameters }, count }) => row.least?.(parameters).fewer?.(count) ?? [],
  );
  const ids = all.map(({ planned }) => planned.row.id);
  const others = plan.metrics.length > all.length ? `; or leave ${ids.join(", ")} out of --metrics` : "";
  throw new GanEvalError("input.too-few-samples", `expected at least ${needs.join("; ")}`, {
    hint: `Give more images${flags.length > 0 ? `, or ${flags.join(" ")}` : ""}${others}.`,
  });
}

/** The ends of an extractor that give what the metrics need. */
export interface Ends {
  readonly features: FeatureLayer;
  readonly logits: FeatureLayer;
}

/** What is wanted of an extractor for one side. */
export function needsToRequests(
  needs: ReadonlySet<Requirement>,
  ends: Ends,
  options: Partial<Pick<EvaluateSettings, "ci" | "floor">>,
): LayerRequest[] {
  const requests: LayerRequest[] = [];
  if (needs.has("statistics") || needs.has("features"))
    requests.push({
      end: ends.features,
      rows: needs.has("features"),
      // Rows at hand give the same moments, on several threads.
      moments: !needs.has("features"),
    });
  if (needs.has("logits")) requests.push({ end: ends.logits, rows: true, moments: false });
  if (needs.has("spatial"))
    requests.push({ end: "spatial", rows: Boolean(options.ci || options.floor), moments: true });
  return requests;
}

/** A side as metrics see it, by one extractor; `compared` is what its images gave two at a time. */
export function sideToData(
  side: Side,
  gathered:
    | { readonly side: Gathered; readonly consumer: number; readonly ends: Ends | undefined }
    | undefined,
  needs: ReadonlySet<Requirement>,
  threads: number | undefined,
  compared: Pick<SideData, "pairs" | "groups"> = {},
): SideData {
  const threading = threads === undefined ? {} : { threads };
  if (side.kind === "statistics")
    return {
      count: side.statistics.n,
      statistics: side.statistics,
      ...(side.statistics.spatial && { spatial: side.statistics.spatial }),
    };
  if (side.kind === "features")
    return {
      count: side.features.rows,
      features: side.features,
      ...(side.logits && needs.has("logits") && { logits: side.logits }),
      ...(needs.has("statistics") && { statistics: featuresToMoments(side.features, threading) }),
    };
  const { count, images, ends, positions } = gathered!.side;
  const { leafStarts } = side.source;
  const of = ends[gathered!.consumer] ?? {};
  const { features = "", logits = "" } = gathered!.ends ?? {};
  const { rows, moments } = of[features] ?? {};
  const spatial = of.spatial;
  const logitRows = needs.has("logits") ? of[logits]?.rows : undefined;
  const statistics =
    moments ??
    (rows && needs.has("statistics")
      ? featuresToMoments(rows, { ...threading, positions, leafStarts })
      : undefined);
  return {
    count,
    ...(rows && { features: rows }),
    ...(statistics && { statistics }),
    ...(logitRows && { logits: logitRows }),
    ...(spatial?.moments && { spatial: spatial.moments }),
    ...(spatial?.rows && { spatialFeatures: spatial.rows }),
    ...(images && { images }),
    ...compared,
  };
}

/** Features a row; 0 for a side that has none. */
export const dataToWidth = ({ statistics, features }: SideData): number => {
  if (features) return features.width;
  return statistics === undefined ? 0 : "scatter" in statistics ? statistics.d : statistics.mu.length;
};
