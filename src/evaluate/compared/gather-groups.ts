/** One pass over the outputs of every input: all pairs of them compared with each other. */
import type { Warning } from "../../errors.ts";
import type { Image, ImageSource } from "../../images/source.ts";
import type { ComparedImages } from "../../metrics/image-comparison.ts";
import type { Gathered, GatherOptions } from "../gather.ts";
import { type Comparison, comparisonsToCompared } from "./comparisons.ts";
import { type OutputGroup, sourceToGroups } from "./group-outputs.ts";
import { requireOneSize, SideReader } from "./read-side.ts";

export interface GatheredGroups {
  readonly groups: ComparedImages;
  readonly warnings: readonly Warning[];
  readonly fake: Gathered;
}

/** Numbered samples of one name look like the outputs of one input. */
const groupsToWarnings = (groups: readonly OutputGroup[]): Warning[] =>
  groups.length > 1
    ? []
    : [
        {
          code: "one-input",
          message: `all ${groups[0]!.positions.length} images are taken for outputs of one input, ${groups[0]!.input}`,
          hint: "Name the outputs of each input NAME_1.png, NAME_2.png, ..., or put them into a folder of its own.",
        },
      ];

/** Adds the mean distance of all pairs of images; NaN of fewer than two, where others could not be read. */
async function compareAll(images: readonly Image[], comparisons: readonly Comparison[]): Promise<void> {
  for (const image of images.slice(1)) requireOneSize(images[0]!, image);
  for (const comparison of comparisons) comparison.add(await comparison.compareAll(images));
}

/**
 * Compares the outputs of each input with each other; one input's outputs are in memory at a time.
 * @throws GanEvalError `input.groups`, `input.pair-sizes`, and what reading images throws
 */
export async function gatherGroups(
  source: ImageSource,
  comparisons: readonly Comparison[],
  { batchSize, onProgress, signal }: GatherOptions,
): Promise<GatheredGroups> {
  const groups = sourceToGroups(source);
  const groupOf = new Int32Array(source.count);
  for (const [group, { positions }] of groups.entries())
    for (const position of positions) groupOf[position] = group;
  const fake = new SideReader(source);
  let [images, group] = [[] as Image[], 0];
  /** Inputs up to `next` are complete. */
  const finishUpTo = async (next: number): Promise<void> => {
    for (; group < next; group++) {
      signal?.throwIfAborted();
      await compareAll(images, comparisons);
      images = [];
      onProgress?.({ stage: "outputs of one input", done: group + 1, total: groups.length, unit: "steps" });
    }
  };
  const order = groups.flatMap(({ positions }) => positions);
  for await (const { image, position } of fake.read(batchSize, order)) {
    await finishUpTo(groupOf[position]!);
    images.push(image);
  }
  await finishUpTo(groups.length);
  return {
    groups: comparisonsToCompared(comparisons, groups.length),
    warnings: groupsToWarnings(groups),
    fake: fake.finish(),
  };
}
