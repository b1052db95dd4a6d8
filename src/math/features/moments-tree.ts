/** The tree that joins the moments of leaves: the same bits, whoever made which of them and in what order. */
import { GanEvalError } from "../../errors.ts";

/** Moments with a scatter of which only one triangle is kept. */
export interface MomentsNode {
  readonly n: number;
  /** [d] */
  readonly mean: Float64Array;
  /** The lower triangle of the scatter, row by row: d (d + 1) / 2 values. */
  readonly lower: Float64Array;
}

/** Values in the lower triangle of a [d, d] matrix, its diagonal included. */
export const triangleLength = (d: number): number => (d * (d + 1)) / 2;

/**
 * Joins `b` to `a`, in a's memory (Chan's formula): entry by entry what `mergeMoments` gives in the lower triangle.
 * Nothing joined to something is that itself, to the bit.
 */
function joinNodes(a: MomentsNode | undefined, b: MomentsNode | undefined): MomentsNode | undefined {
  if (!b || b.n === 0) return a;
  if (!a || a.n === 0) return b;
  const d = a.mean.length;
  const n = a.n + b.n;
  const difference = b.mean.map((value, j) => value - a.mean[j]!);
  const weight = (a.n / n) * b.n;
  const [to, from] = [a.lower, b.lower];
  for (let i = 0, at = 0; i < d; i++) {
    const along = weight * difference[i]!;
    for (let j = 0; j <= i; j++, at++) to[at] = to[at]! + from[at]! + along * difference[j]!;
  }
  const share = b.n / n;
  for (let j = 0; j < d; j++) a.mean[j]! += difference[j]! * share;
  return { n, mean: a.mean, lower: to };
}

/** A node that waits for its right neighbour; undefined is one without rows. */
interface Waiting {
  readonly level: number;
  readonly index: number;
  readonly node: MomentsNode | undefined;
}

/**
 * A binary counter of partial sums. Node `index` of level k covers leaves index 2^k to (index + 1) 2^k - 1 and is the
 * join of its two halves; a half that has no rows changes nothing, so an odd last node moves up as it is. Nodes come from
 * left to right and may be of any levels: log2(leaves) of them are in memory at most. Nodes that are added are its own
 * from then on.
 */
export class MomentsTree {
  private readonly waiting: Waiting[] = [];
  private readonly free: Float64Array[] = [];
  private covered = 0;

  /** Leaves so far, those without rows included. */
  get leaves(): number {
    return this.covered;
  }

  /** Room for the triangle of the next node: of one that was joined, where there is such. */
  takeTriangle(d: number): Float64Array {
    return this.free.pop() ?? new Float64Array(triangleLength(d));
  }

  /** Adds the node that begins where the last one ended. */
  add(node: MomentsNode | undefined, level = 0): void {
    const size = 2 ** level;
    if (this.covered % size !== 0)
      throw new GanEvalError(
        "internal.moments",
        `internal: a node of ${size} leaves was added after ${this.covered}`,
      );
    let one: Waiting = { level, index: this.covered / size, node };
    this.covered += size;
    for (let left = this.waiting.at(-1); left && left.level === one.level; left = this.waiting.at(-1)) {
      this.waiting.pop();
      one = { level: one.level + 1, index: (one.index - 1) / 2, node: this.join(left.node, one.node) };
    }
    this.waiting.push(one);
  }

  /** The root; undefined where no leaf had rows. */
  finish(): MomentsNode | undefined {
    let root: MomentsNode | undefined;
    for (let left = this.waiting.pop(); left; left = this.waiting.pop()) root = this.join(left.node, root);
    return root;
  }

  private join(left: MomentsNode | undefined, right: MomentsNode | undefined): MomentsNode | undefined {
    const joined = joinNodes(left, right);
    const unused = left && joined?.lower === left.lower ? right : left;
    if (unused) this.free.push(unused.lower);
    return joined;
  }
}
