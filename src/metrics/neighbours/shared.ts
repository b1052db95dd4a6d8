/** What the metrics of neighbours have in common, found once for all of them. */
import { checkSides } from "../check-features.ts";
import type { Blocks, MetricContext, Role, Sides } from "../metric.ts";
import { checkNeighbours, featuresToNeighbourhoods, type Neighbourhoods } from "../neighbourhoods.ts";
import { onceOfTwo } from "../once-of-two.ts";
import type { Features } from "../statistics.ts";
import { type Encounters, neighbourhoodsToEncounters } from "./encounters.ts";

/** As many as any metric asks for by default: one search serves them all. */
const USUAL = 5;

export type Surroundings = Pick<MetricContext, "threads" | "signal" | "progress" | "once">;

export const toScanOptions = ({ threads, signal, progress }: Surroundings) => ({
  ...(threads !== undefined && { threads }),
  ...(signal && { signal }),
  progress,
});

const toBytes = ({ buffer, byteOffset, byteLength }: Int32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** One object for all that say the same: intervals of several metrics leave out the same rows. */
export function toKnownBlocks(features: Features, blocks: Blocks, { once }: Surroundings): Blocks {
  const all = once(features, "blocks of rows", (): Blocks[] => []);
  const same = all.find(
    ({ role, count, ofRow }) =>
      role === blocks.role &&
      count === blocks.count &&
      Buffer.compare(toBytes(ofRow), toBytes(blocks.ofRow)) === 0,
  );
  if (same) return same;
  all.push(blocks);
  return blocks;
}

/** At least `k` neighbours of each row of a side; for its own role, any one block may be left out. */
export function shareNeighbourhoods(
  features: Features,
  role: Role,
  k: number,
  context: Surroundings,
  blocks?: Blocks,
): Promise<Neighbourhoods> {
  const all = Math.max(k, USUAL);
  const own = blocks?.role === role ? toKnownBlocks(features, blocks, context) : undefined;
  return context.once(own ?? features, `${all} neighbours, ${role}`, () =>
    featuresToNeighbourhoods(features, {
      ...{ k: all, role, ...toScanOptions(context) },
      ...(own && { blocks: own }),
    }),
  );
}

export interface Meeting {
  readonly real: Neighbourhoods;
  readonly fake: Neighbourhoods;
  readonly encounters: Encounters;
}

export interface TwoSides {
  readonly real: Features;
  readonly fake: Features;
}

/**
 * Both sides with at least `k` neighbours of each row, and their encounters.
 * @param flag what sets k, if anything does
 * @throws GanEvalError `input.feature-width`, `input.features-not-finite`, `usage.neighbours`, `input.too-few-samples`
 */
export async function shareMeeting(
  { real, fake }: TwoSides,
  { k, flag }: { readonly k: number; readonly flag?: string },
  context: Surroundings,
  blocks?: Blocks,
): Promise<Meeting> {
  checkSides(real, fake);
  checkNeighbours(k, { real, fake }, flag);
  const sides = {
    real: await shareNeighbourhoods(real, "real", k, context, blocks),
    fake: await shareNeighbourhoods(fake, "fake", k, context, blocks),
  };
  const encounters = await onceOfTwo(context, sides.real, sides.fake, "encounters", () =>
    neighbourhoodsToEncounters(sides.real, sides.fake, toScanOptions(context)),
  );
  return { ...sides, encounters };
}

/** A context for one measurement: nothing is kept. */
export const aloneWith = (options: { readonly threads?: number }): Surroundings => ({
  ...options,
  progress: () => {},
  once: (_of, _key, compute) => compute(),
});

/** The features of sides that a metric asked for. */
export const sidesToFeatures = (sides: Sides): TwoSides => ({
  real: sides.real!.features!,
  fake: sides.fake.features!,
});
