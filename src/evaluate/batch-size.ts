/** Chooses how many images a network gets at a time. */

/** What a run of a network costs besides its images, in images. */
const RUN_COST = 2;

/**
 * Images in one run of a network, `atMost` or fewer: a network is compiled for one batch size, and the last batch of
 * a side that does not fill it costs as much as a full one. 40 images run as 2 x 20 rather than as 2 x 32.
 *
 * @param counts the images of each side
 */
export function countsToBatchSize(counts: readonly number[], atMost: number): number {
  const cost = (size: number): number =>
    counts.reduce((sum, count) => sum + Math.ceil(count / size) * (size + RUN_COST), 0);
  let best = atMost;
  for (let size = atMost - 1; size >= 1; size--) if (cost(size) < cost(best)) best = size;
  return best;
}
