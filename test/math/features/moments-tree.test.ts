import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  countToLeaves,
  isAligned,
  LEAF_ROWS,
  LeafWalk,
  leavesToGroups,
  leavesToLevel,
} from "../../../src/math/features/leaves.ts";
import { MomentsTree } from "../../../src/math/features/moments-tree.ts";
import {
  createMomentsAccumulator,
  type Features,
  featuresToMoments,
  type Moments,
  mergeMoments,
  momentsToNode,
  nodeToMoments,
} from "../../../src/math/features/statistics.ts";
import { mat, sliceRows } from "../seeded-features.ts";

const toHash = ({ n, mean, scatter }: Moments): string =>
  createHash("sha256").update(`${n}`).update(mean).update(scatter).digest("hex");

/** Moments by the definition of the tree: a node is the merge of its halves, and one leaf is one pass. */
function nodeOf(leaves: readonly Moments[], from: number, size: number): Moments | undefined {
  if (from >= leaves.length) return undefined;
  if (size === 1) return leaves[from]!.n === 0 ? undefined : leaves[from];
  const [left, right] = [nodeOf(leaves, from, size / 2), nodeOf(leaves, from + size / 2, size / 2)];
  return left && right ? mergeMoments(left, right) : (left ?? right);
}

const LEAF = 40;
const D = 7;

const rowsOfLeaves = (features: Features, leafRows: number): Features[] =>
  [...countToLeaves(features.rows, { leafRows })].map((begin) =>
    sliceRows(features, begin, Math.min(features.rows, begin + leafRows)),
  );

const trace = ({ d, scatter }: Moments): number =>
  Array.from({ length: d }, (_, i) => scatter[i * d + i]!).reduce((a, b) => a + b);

describe("the tree of leaves", () => {
  test("gives up to 8,192 rows the bits of one pass, and above them those of its definition", () => {
    const features = mat(1, 2 * LEAF_ROWS + 5, 3, 1, 0.3);
    const { rows } = features;
    const onePass = (from: number, to: number) =>
      featuresToMoments(sliceRows(features, from, to), { leafRows: rows });
    expect(toHash(featuresToMoments(sliceRows(features, 0, LEAF_ROWS)))).toBe(toHash(onePass(0, LEAF_ROWS)));
    const found = featuresToMoments(features);
    const leaves = [onePass(0, LEAF_ROWS), onePass(LEAF_ROWS, 2 * LEAF_ROWS), onePass(2 * LEAF_ROWS, rows)];
    const expected = nodeOf(leaves, 0, 4)!;
    // The other triangle of a merge may differ in its last bit: the tree mirrors this one.
    expect(toHash(found)).toBe(toHash(nodeToMoments(momentsToNode(expected))));
    expect(found.n).toBe(rows);
    const whole = onePass(0, rows);
    const difference = found.scatter.map((value, i) => Math.abs(value - whole.scatter[i]!));
    expect(Math.max(...difference)).toBeLessThan(1e-12 * trace(whole));
    expect(toHash(found)).not.toBe(toHash(whole));
  });

  test("is the definition's for any number of leaves, rows in the last one, and batches", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 300 }), (rows, batch) => {
        const features = mat(rows, rows, D, 1, 0.5);
        const accumulator = createMomentsAccumulator(D, { leafRows: LEAF });
        for (let at = 0; at < rows; at += batch)
          accumulator.add(sliceRows(features, at, Math.min(rows, at + batch)));
        const leaves = rowsOfLeaves(features, LEAF).map((leaf) => featuresToMoments(leaf));
        const expected = nodeToMoments(momentsToNode(nodeOf(leaves, 0, 32)!));
        expect(toHash(accumulator.finish())).toBe(toHash(expected));
        expect(toHash(featuresToMoments(features, { leafRows: LEAF }))).toBe(toHash(expected));
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  test("gives the same bits for every division into aligned groups, made in any order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 800 }),
        fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }),
        (rows, splits) => {
          const features = mat(rows, rows, D, 1, 0.5);
          const count = countToLeaves(rows, { leafRows: LEAF }).length;
          const ranges: { from: number; to: number }[] = [];
          let choice = 0;
          const divide = (from: number, size: number): void => {
            if (from >= count) return;
            if (size > 1 && splits[choice++ % splits.length]) {
              divide(from, size / 2);
              divide(from + size / 2, size / 2);
            } else ranges.push({ from, to: Math.min(count, from + size) });
          };
          divide(0, 2 ** leavesToLevel(count));
          for (const range of ranges) expect(isAligned(range, count)).toBe(true);
          // Made from the last to the first; joined from the first to the last.
          const made = [...ranges].reverse().map(({ from, to }) => ({
            level: leavesToLevel(to - from),
            moments: featuresToMoments(sliceRows(features, from * LEAF, Math.min(rows, to * LEAF)), {
              leafRows: LEAF,
            }),
          }));
          const tree = new MomentsTree();
          const joined = [...made].reverse();
          for (const { moments, level } of joined) tree.add(momentsToNode(moments), level);
          expect(toHash(nodeToMoments(tree.finish()!))).toBe(
            toHash(featuresToMoments(features, { leafRows: LEAF })),
          );
        },
      ),
      { numRuns: 60, seed: 4 },
    );
  });

  test("goes by positions: rows that were skipped move no other row to another leaf", () => {
    const features = mat(9, 300, D, 1, 0.5);
    const positions = Int32Array.from({ length: 420 }, (_, i) => i).filter(
      (position) => position % 7 !== 3 && !(position >= 80 && position < 120),
    );
    expect(positions.length).toBeGreaterThan(300);
    const kept = positions.subarray(0, 300);
    const found = featuresToMoments(features, { leafRows: LEAF, positions: kept });
    const leaves = Array.from({ length: 11 }, (_, leaf) => {
      const from = kept.findIndex((position) => position >= leaf * LEAF);
      const to = kept.findLastIndex((position) => position < (leaf + 1) * LEAF) + 1;
      return featuresToMoments(
        sliceRows(features, from < 0 ? 300 : from, Math.max(from < 0 ? 300 : from, to)),
      );
    });
    expect(leaves[2]!.n).toBe(0);
    expect(toHash(found)).toBe(toHash(nodeToMoments(momentsToNode(nodeOf(leaves, 0, 16)!))));
    const accumulator = createMomentsAccumulator(D, { leafRows: LEAF });
    for (let at = 0; at < 300; at += 17)
      accumulator.add(sliceRows(features, at, Math.min(300, at + 17)), kept.subarray(at, at + 17));
    expect(toHash(accumulator.finish())).toBe(toHash(found));
  });

  test("begins leaves where the source says, and every so many rows in what is longer", () => {
    expect([...countToLeaves(100, { leafStarts: [0, 30, 35], leafRows: 20 })]).toEqual([
      0, 20, 30, 35, 55, 75, 95,
    ]);
    expect([...countToLeaves(30, { leafStarts: [30, 35], leafRows: 20 })]).toEqual([0, 20]);
    expect([...countToLeaves(0)]).toEqual([]);
    expect([...countToLeaves(16_385)]).toEqual([0, 8192, 16_384]);
    const features = mat(2, 100, D);
    const walked = featuresToMoments(features, { leafStarts: [30, 35], leafRows: 20 });
    const leaves = [0, 20, 30, 35, 55, 75, 95].map((from, i, all) =>
      featuresToMoments(sliceRows(features, from, all[i + 1] ?? 100)),
    );
    expect(toHash(walked)).toBe(toHash(nodeToMoments(momentsToNode(nodeOf(leaves, 0, 8)!))));
    const walk = new LeafWalk({ leafStarts: [5] });
    expect([walk.begin, walk.end]).toEqual([0, 5]);
  });

  test("keeps the rows over all leaves while there are no more of them than columns", () => {
    const features = mat(3, 12, 12);
    expect(featuresToMoments(features, { leafRows: 5 }).rows).toEqual(features.data);
  });
});

test("groups are powers of two of leaves, and only they are nodes", () => {
  expect(leavesToGroups(19, 8)).toEqual([
    { from: 0, to: 8 },
    { from: 8, to: 16 },
    { from: 16, to: 19 },
  ]);
  for (const size of [0, 3, 1.5, -2, Number.NaN])
    expect(() => leavesToGroups(19, size)).toThrow(/a leaf group of 1, 2, 4, 8/);
  for (const { from, to } of leavesToGroups(19, 4)) expect(isAligned({ from, to }, 19)).toBe(true);
  for (const [from, to] of [
    [0, 3],
    [2, 6],
    [4, 4],
    [16, 20],
    [-8, 0],
  ] as const)
    expect(isAligned({ from, to }, 19)).toBe(false);
});
