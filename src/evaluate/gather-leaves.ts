/** A side whose features lie in the cache in parts: one entry for each group of leaves that a job extracted. */
import type { Warning } from "../errors.ts";
import type { FeatureExtractor } from "../extractors/extractor.ts";
import type { ImageSource } from "../images/source.ts";
import { countToLeaves, type LeafRange, leavesToLevel } from "../math/features/leaves.ts";
import { MomentsTree } from "../math/features/moments-tree.ts";
import { type Features, type Moments, momentsToNode, nodeToMoments } from "../math/features/statistics.ts";
import type { CachedSide, FoundEnd, LayerRequest } from "./gather-end.ts";

/** Looks for the features of a part of the side, whole. */
export type FindWhole = (
  side: CachedSide,
  extractor: FeatureExtractor,
  request: LayerRequest,
) => Promise<FoundEnd | undefined>;

/** A part that the cache has. */
interface PartOfSide {
  readonly range: LeafRange;
  /** The position of its first image in the source. */
  readonly first: number;
  readonly side: CachedSide;
}

interface Search {
  readonly side: CachedSide;
  readonly extractor: FeatureExtractor;
  readonly request: LayerRequest;
  readonly find: FindWhole;
  readonly begins: Int32Array;
}

const sourceOf = ({ side, begins }: Search, { from, to }: LeafRange): ImageSource => {
  const { source } = side;
  return source.range!(begins[from]!, to < begins.length ? begins[to]! : source.count);
};

/**
 * The entries that cover the node of `size` leaves that begins at `from`: its own, or those of its halves. Gives up where
 * the first of them is not there, so that a side of which nothing is cached costs log2(leaves) looks.
 */
async function coverNode(
  search: Search,
  from: number,
  size: number,
  isRoot: boolean,
): Promise<PartOfSide[] | undefined> {
  const { begins, side, extractor, request, find } = search;
  const range = { from, to: Math.min(begins.length, from + size) };
  const half = size / 2;
  // What lacks its right half is its left half.
  if (size > 1 && from + half >= begins.length) return coverNode(search, from, half, isRoot);
  if (!isRoot) {
    const source = sourceOf(search, range);
    const part = { ...side, source, content: await source.contentHash() };
    if (await find(part, extractor, { ...request, rows: false, moments: false }))
      return [{ range, first: begins[from]!, side: part }];
  }
  if (size === 1) return undefined;
  const left = await coverNode(search, from, half, false);
  if (!left) return undefined;
  const right = await coverNode(search, from + half, half, false);
  return right && [...left, ...right];
}

function joinRows(parts: readonly FoundEnd[]): Features {
  const { width } = parts[0]!.rows!;
  const rows = parts.reduce((sum, part) => sum + part.rows!.rows, 0);
  const data = new Float32Array(rows * width);
  let at = 0;
  for (const part of parts) {
    data.set(part.rows!.data, at);
    at += part.rows!.data.length;
  }
  return { data, rows, width };
}

/** The rows of moments that are of few: the moments of each part have theirs then. */
function joinFew(parts: readonly Moments[], d: number): Pick<Moments, "rows"> {
  const n = parts.reduce((sum, part) => sum + part.n, 0);
  if (n > d) return {};
  const rows = new Float32Array(n * d);
  let at = 0;
  for (const part of parts) {
    rows.set(part.rows!, at);
    at += part.rows!.length;
  }
  return { rows };
}

function joinWarnings(parts: readonly (readonly Warning[])[]): Warning[] {
  const seen = new Set<string>();
  return parts.flat().filter(({ code, message }) => {
    const isNew = !seen.has(`${code} ${message}`);
    seen.add(`${code} ${message}`);
    return isNew;
  });
}

/**
 * What is wanted of an end of a side, from entries of groups of its leaves; undefined where they do not cover it. The
 * moments are joined by the tree, so they have the bits of one pass.
 */
export async function findByLeaves(
  side: CachedSide,
  extractor: FeatureExtractor,
  request: LayerRequest,
  find: FindWhole,
): Promise<FoundEnd | undefined> {
  const { source } = side;
  const begins = countToLeaves(source.count, { leafStarts: source.leafStarts });
  if (source.range === undefined || begins.length < 2) return undefined;
  const search = { side, extractor, request, find, begins };
  const cover = await coverNode(search, 0, 2 ** leavesToLevel(begins.length), true);
  if (!cover) return undefined;
  const parts: FoundEnd[] = [];
  const tree = new MomentsTree();
  const few: Moments[] = [];
  for (const part of cover) {
    const found = await find(part.side, extractor, request);
    // Cleared away since it was looked for.
    if (!found) return undefined;
    const { moments, ...rest } = found;
    parts.push({ ...rest, positions: rest.positions.map((position) => position + part.first) });
    if (moments) {
      tree.add(
        moments.n === 0 ? undefined : momentsToNode(moments),
        leavesToLevel(part.range.to - part.range.from),
      );
      const { n, d, mean, scatter, rows } = moments;
      few.push(rows ? { n, d, mean, scatter, rows } : { n, d, mean, scatter: new Float64Array(0) });
    }
  }
  const root = request.moments ? tree.finish() : undefined;
  if (request.moments && !root) return undefined;
  return {
    ...(request.rows && { rows: joinRows(parts) }),
    ...(root && { moments: { ...nodeToMoments(root), ...joinFew(few, root.mean.length) } }),
    names: parts.flatMap(({ names }) => names),
    positions: Int32Array.from(parts.flatMap(({ positions }) => [...positions])),
    warnings: {
      source: joinWarnings(parts.map(({ warnings }) => warnings.source)),
      extractor: joinWarnings(parts.map(({ warnings }) => warnings.extractor)),
    },
  };
}
