/** Chooses how many images a network gets at a time. */
import { deviceToFreeMemory } from "../engine/device-capacity.ts";
import type { DeviceName } from "../engine/engine.ts";

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

/** Images in a run where nobody chose: more bring a processor nothing. */
export const USUAL_BATCH = 16;

/** Of a device: from one that has little, to as many as a large one still gains by. */
const [FEWEST, MOST] = [16, 256];

/** Inception keeps 23 MB of an image at once (docs/benchmarks.md: batches of 16 and of 32); this has room for larger ones. */
const BYTES_AN_IMAGE = 128 * 2 ** 20;

const asked = new Map<DeviceName, number | undefined>();

/** Asked once a process, before anything of ours lies there: it starts a program. */
function freeAtFirst(device: DeviceName): number | undefined {
  if (!asked.has(device)) asked.set(device, deviceToFreeMemory(device));
  return asked.get(device);
}

/**
 * Images in a run where nobody chose: 16, and on a device as many as a power of two as its free memory takes, 16 to 256.
 * Too many is no harm: a batch that does not fit is halved.
 */
export function deviceToBatchSize(
  device: DeviceName | "auto",
  freeMemory: (device: DeviceName) => number | undefined = freeAtFirst,
): number {
  const free = device === "auto" ? undefined : freeMemory(device);
  if (free === undefined) return USUAL_BATCH;
  const size = 2 ** Math.floor(Math.log2(Math.max(1, free / BYTES_AN_IMAGE)));
  return Math.min(MOST, Math.max(FEWEST, size));
}
