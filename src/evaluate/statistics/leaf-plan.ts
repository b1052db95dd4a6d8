/** How a set of images is divided into leaves and groups of leaves: the same for every machine that works on it. */
import { createHash } from "node:crypto";
import { GanEvalError } from "../../errors.ts";
import type { ImageSource } from "../../images/source.ts";
import { countToLeaves, isAligned, type LeafRange, leavesToGroups } from "../../math/features/leaves.ts";
import { isPart, itemsOfPart, PART_EXPECTS, type Part, partToText } from "../../options/part.ts";
import { LEAF_GROUP } from "./options.ts";

export interface LeafPlan {
  /** Images listed, unreadable ones included. */
  readonly count: number;
  /** The first position of each leaf. */
  readonly begins: Int32Array;
  /** sha256 of the names of all images, in order, and of where leaves begin: machines that agree on it mean one set. */
  readonly listing: string;
}

/**
 * The leaves of a source. Reads names, no image.
 * @throws GanEvalError `usage.leaves-of-generator` for images that have no names and no order of their own
 */
export function sourceToLeafPlan(source: ImageSource): LeafPlan {
  const { count, leafStarts, location } = source;
  if (source.range === undefined || source.nameOf === undefined)
    throw new GanEvalError(
      "usage.leaves-of-generator",
      `expected a folder or file of images to divide into leaves, got ${location}`,
      { hint: "A generator returns images in sequence: write its images to a folder or file first." },
    );
  const begins = countToLeaves(count, { leafStarts });
  const hash = createHash("sha256").update(JSON.stringify([count, [...begins]]));
  for (let position = 0; position < count; position++) hash.update(`${source.nameOf(position)}\0`);
  return { count, begins, listing: hash.digest("hex") };
}

/** The positions of a range of leaves: from the first to the one after the last. */
export const rangeToPositions = (
  { begins, count }: Pick<LeafPlan, "begins" | "count">,
  { from, to }: LeafRange,
): readonly [from: number, to: number] => [begins[from]!, to < begins.length ? begins[to]! : count];

/** @throws GanEvalError `usage.leaf-group` for leaves that are not there, or are no node of the tree */
export function requireAligned(range: LeafRange, { begins }: LeafPlan): void {
  if (isAligned(range, begins.length)) return;
  throw new GanEvalError(
    "usage.leaf-group",
    `expected a group of 1, 2, 4, 8, ... of the ${begins.length} leaves that begins at a multiple of its size, got ${range.from} to ${range.to}`,
    { hint: "Groups come from the plan of the same images: the same --limit, --split and files." },
  );
}

/**
 * The groups that are one task's: group g where g mod `of` is `index`. Some tasks may have none.
 * @throws GanEvalError `usage.part`, `usage.leaf-group`
 */
export function planToGroups({ begins }: LeafPlan, { part, leafGroup = LEAF_GROUP }: GroupOptions = {}) {
  const groups = leavesToGroups(begins.length, leafGroup);
  if (part === undefined) return groups;
  if (!isPart(part))
    throw new GanEvalError("usage.part", `expected part ${PART_EXPECTS}, got ${partToText(part)}`);
  return itemsOfPart(groups, part);
}

export interface GroupOptions {
  /** Which task's groups (default: all). */
  readonly part?: Part;
  /** Leaves in a group: 1, 2, 4, 8, ... (default 8). No result depends on it. */
  readonly leafGroup?: number;
}

/** `leaf 3`, `leaves 8 to 15`, counted from 0, both included. */
export const rangeToText = ({ from, to }: LeafRange): string =>
  to - from === 1 ? `leaf ${from}` : `leaves ${from} to ${to - 1}`;
