/** One pass over both sides side by side: every generated image beside its real partner. */
import type { Image, ImageSource } from "../../images/source.ts";
import type { ComparedImages } from "../../metrics/image-comparison.ts";
import type { Gathered, GatherOptions } from "../gather.ts";
import { type Comparison, comparisonsToCompared } from "./comparisons.ts";
import { sourcesToPartners } from "./match-pairs.ts";
import { type PlacedImage, requireOneSize, SideReader } from "./read-side.ts";

export interface GatheredPairs {
  readonly pairs: ComparedImages;
  readonly real: Gathered;
  readonly fake: Gathered;
}

/** A generated image, and its partner where that could be read. */
interface Pair {
  readonly fake: Image;
  readonly real: Image | undefined;
}

/** Generated images in their order, each with its partner; either side may lack some that could not be read. */
async function* readPairs(
  [real, fake]: readonly [SideReader, SideReader],
  partners: Int32Array | undefined,
  batchSize: number,
): AsyncGenerator<Pair> {
  /** Which generated image a real one is the partner of. */
  const toFake = partners && new Int32Array(partners.length);
  partners?.forEach((position, of) => {
    toFake![position] = of;
  });
  const reals = real.read(batchSize, partners);
  try {
    let next: PlacedImage | undefined;
    let isDone = false;
    for await (const { image, position } of fake.read(batchSize)) {
      while (!isDone && (next === undefined || placeOf(next, toFake) < position)) {
        const { value, done } = await reals.next();
        isDone = done === true;
        next = isDone ? undefined : (value as PlacedImage);
      }
      const isPartner = next !== undefined && placeOf(next, toFake) === position;
      yield { fake: image, real: isPartner ? next!.image : undefined };
    }
    // What is left has no partner that could be read; it counts as read all the same.
    while (!isDone) isDone = (await reals.next()).done === true;
  } finally {
    await reals.return(undefined);
  }
}

const placeOf = ({ position }: PlacedImage, toFake: Int32Array | undefined): number =>
  toFake ? toFake[position]! : position;

/** Adds a row for every pair of a batch; NaN for those without a partner. */
async function comparePairs(pairs: readonly Pair[], comparisons: readonly Comparison[]): Promise<void> {
  const whole = pairs.filter((pair): pair is Pair & { readonly real: Image } => pair.real !== undefined);
  for (const { fake, real } of whole) requireOneSize(fake, real);
  const [fakes, reals] = [whole.map(({ fake }) => fake), whole.map(({ real }) => real)];
  for (const comparison of comparisons) {
    const rows = await comparison.comparePairs(fakes, reals);
    let at = 0;
    for (const { real } of pairs) comparison.add(real === undefined ? comparison.missing : rows[at++]!);
  }
}

/**
 * Compares images pair by pair as they are read; none stays in memory.
 * @throws GanEvalError `input.pairs`, `input.pair-sizes`, and what reading images throws
 */
export async function gatherPairs(
  sources: { readonly real: ImageSource; readonly fake: ImageSource },
  comparisons: readonly Comparison[],
  { batchSize, onProgress, signal }: GatherOptions,
): Promise<GatheredPairs> {
  const partners = sourcesToPartners(sources.real, sources.fake);
  const [real, fake] = [new SideReader(sources.real), new SideReader(sources.fake)];
  const total = sources.fake.count;
  let done = 0;
  const report = () => onProgress?.({ stage: "pairs", done, total, unit: "images" });
  let waiting: Pair[] = [];
  const flush = async (): Promise<void> => {
    signal?.throwIfAborted();
    await comparePairs(waiting, comparisons);
    done += waiting.length;
    waiting = [];
    report();
  };
  report();
  for await (const pair of readPairs([real, fake], partners, batchSize)) {
    waiting.push(pair);
    if (waiting.length === batchSize) await flush();
  }
  await flush();
  return { pairs: comparisonsToCompared(comparisons, done), real: real.finish(), fake: fake.finish() };
}
