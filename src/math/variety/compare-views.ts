/** Generated images against real ones in every view of their pixels: whether they repeat themselves, how near they come. */
import { type Features, selectRows } from "../features/statistics.ts";
import { createRandomState } from "../random/random-state.ts";
import { type ImageViews, VIEWS, type ViewName } from "./image-views.ts";
import { distinctRows, featuresToNearestOther, openRealDistance } from "./sample-variety.ts";

const NAMES = Object.keys(VIEWS) as ViewName[];

/** More would say the same. */
const MOST_COMPARED = 5000;

export interface ViewComparison {
  /**
   * The median distance of a sample to its nearest other one over that of as many real ones, in the view where it is larger;
   * 1 is best, 0 of one thing again and again. Grain is alike in thumbnails, details are alike where nothing is drawn: what
   * is made again and again is alike in both.
   */
  readonly nearest: number;
  /** How far samples are from real ones (`openRealDistance`), by view; 1 is best. */
  readonly distance: Readonly<Record<ViewName, number>>;
}

/** At most `count` rows, drawn by seed where there are more. */
function drawRows(features: Features, count: number, seed: number): Features {
  if (count >= features.rows) return features;
  const drawn = new Set(createRandomState(seed).permutation(features.rows).subarray(0, count));
  return selectRows(features, (row) => drawn.has(row));
}

/**
 * Nearest others of fake rows over those of as many real ones; real rows that are equal count once. Undefined where real
 * rows are all alike. What it is of the real rows is computed once for each number of fake ones.
 */
export function openNearestRatio(
  real: Features,
  { seed, ...threading }: { readonly seed: number; readonly threads?: number },
): (fake: Features) => Promise<number | undefined> {
  const distinct = distinctRows(real);
  const toNearest = (rows: Features, count: number): Promise<number> =>
    featuresToNearestOther(drawRows(rows, count, seed), threading);
  const known = new Map<number, Promise<number>>();
  return async (fake) => {
    const count = Math.min(distinct.rows, fake.rows, MOST_COMPARED);
    if (count < 2) return undefined;
    const ofReal = known.get(count) ?? toNearest(distinct, count);
    known.set(count, ofReal);
    const [ofRealOnes, ofFakeOnes] = [await ofReal, await toNearest(fake, count)];
    return ofRealOnes > 0 ? ofFakeOnes / ofRealOnes : undefined;
  };
}

/** @throws GanEvalError `input.too-few-samples` for fewer than four real images that differ */
export async function openViewComparison(
  real: ImageViews,
  options: { readonly seed: number; readonly threads?: number },
): Promise<(fake: ImageViews) => Promise<ViewComparison>> {
  const { seed } = options;
  const toDistance = new Map<ViewName, (fake: Features) => Promise<number>>();
  for (const name of NAMES)
    toDistance.set(name, await openRealDistance(drawRows(real[name], MOST_COMPARED, seed), options));
  const toRatio = new Map(NAMES.map((name) => [name, openNearestRatio(real[name], options)]));
  return async (fake) => {
    const distance: Partial<Record<ViewName, number>> = {};
    const ratios: number[] = [];
    for (const name of NAMES) {
      ratios.push((await toRatio.get(name)!(fake[name])) ?? 1);
      distance[name] = await toDistance.get(name)!(fake[name]);
    }
    return { nearest: Math.max(...ratios), distance: distance as ViewComparison["distance"] };
  };
}
