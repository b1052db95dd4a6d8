/** A part of one side: the rows that are kept. */
import { type Features, featuresToMoments, selectRows } from "../../math/features/statistics.ts";
import { comparedOfRows } from "../../metrics/image-comparison.ts";
import type { SideData } from "../../metrics/metric.ts";

/** A side of the rows that `keep` says yes to; moments are made anew. */
export function sideOfRows(
  side: SideData,
  keep: (row: number) => boolean,
  options: { readonly threads?: number } = {},
): SideData {
  const select = (rows: Features | undefined) => rows && selectRows(rows, keep);
  const features = select(side.features);
  const spatialFeatures = select(side.spatialFeatures);
  const logits = select(side.logits);
  const images = side.images?.filter((_, i) => keep(i));
  const pairs = side.pairs && comparedOfRows(side.pairs, keep);
  const groups = side.groups && comparedOfRows(side.groups, keep);
  return {
    count: features?.rows ?? logits?.rows ?? images?.length ?? null,
    ...(features && { features }),
    ...(features && side.statistics && { statistics: featuresToMoments(features, options) }),
    ...(logits && { logits }),
    ...(spatialFeatures && { spatialFeatures, spatial: featuresToMoments(spatialFeatures, options) }),
    ...(images && { images }),
    ...(pairs && { pairs }),
    ...(groups && { groups }),
  };
}
