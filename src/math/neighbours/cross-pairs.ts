/** Two sides in one pass over their distances: who is nearest to whom, and who is within whose ball. */

import type { ComputeContext } from "../compute-context.ts";
import { type Cuts, NearestFinder, type NearestLists } from "./nearest-finder.ts";
import { LEFT_OUT, type Neighbourhoods } from "./neighbourhoods.ts";
import { scanPairs } from "./pair-scan.ts";
import { squaredDistance } from "./squared-distance.ts";

/** A real and a fake row whose distance is known as well as it had to be so far. */
export interface CrossPair {
  readonly real: number;
  readonly fake: number;
  /** Whether the squared distance is at most so much. */
  isWithin(squared: number): boolean;
  /** Whether it is less. */
  isInside(squared: number): boolean;
}

export interface CrossPairs {
  /** Of each fake row among the real ones, and of each real row among the fake ones. */
  readonly nearestReal: NearestLists;
  readonly nearestFake: NearestLists;
  /**
   * Visits every pair of which one row is within the ball of the other (of the radius that is the largest for k
   * neighbours in any half), and some beside. The pair is the same object each time.
   */
  forEach(visit: (crossPair: CrossPair) => void): Promise<void>;
}

/** 24 bytes each. */
const MOST_KEPT = 2 ** 22;

export interface CrossPairOptions extends ComputeContext {
  /** Pairs that are kept for the next metric, at most; of more, all are found anew each time (default 4 million). */
  readonly keep?: number;
}

class BoundedCrossPair implements CrossPair {
  real = 0;
  fake = 0;
  low = 0;
  high = 0;
  private readonly exact: (real: number, fake: number) => number;

  constructor(exact: (real: number, fake: number) => number) {
    this.exact = exact;
  }

  isWithin(squared: number): boolean {
    if (this.high <= squared) return true;
    if (this.low > squared) return false;
    this.resolve();
    return this.low <= squared;
  }

  isInside(squared: number): boolean {
    if (this.high < squared) return true;
    if (this.low >= squared) return false;
    this.resolve();
    return this.low < squared;
  }

  private resolve(): void {
    if (this.low === this.high) return;
    this.low = this.exact(this.real, this.fake);
    this.high = this.low;
  }
}

/** Pairs with their bounds, in arrays that grow. */
class Ledger {
  private readonly most: number;
  length = 0;
  rows = new Int32Array(2 ** 13);
  bounds = new Float64Array(2 ** 13);

  constructor(most: number) {
    this.most = most;
  }

  /** False where it is full. */
  add(real: number, fake: number, low: number, high: number): boolean {
    if (this.length === this.most) return false;
    const at = 2 * this.length++;
    if (at === this.rows.length) {
      const [{ rows }, { bounds }] = [this, this];
      this.rows = new Int32Array(2 * at);
      this.rows.set(rows);
      this.bounds = new Float64Array(2 * at);
      this.bounds.set(bounds);
    }
    this.rows[at] = real;
    this.rows[at + 1] = fake;
    this.bounds[at] = low;
    this.bounds[at + 1] = high;
    return true;
  }
}

/** [n] The largest radius a row can have: that of the last neighbour it knows. */
const toReach = ({ features, nearest: { starts, squared } }: Neighbourhoods): Float64Array =>
  Float64Array.from({ length: features.rows }, (_, row) =>
    starts[row + 1] > starts[row] ? squared[starts[row + 1] - 1] : LEFT_OUT,
  );

const toCuts = ({ halves: own }: Neighbourhoods, { halves: others }: Neighbourhoods): Cuts | undefined =>
  own && others && { count: own.count, own: own.ofRow, others: others.ofRow };

/** n m distances, once, by float32 products and float64 where these leave a doubt. */
export async function neighbourhoodsToCrossPairs(
  real: Neighbourhoods,
  fake: Neighbourhoods,
  { keep = MOST_KEPT, ...options }: CrossPairOptions = {},
): Promise<CrossPairs> {
  const [a, b] = [real.features, fake.features];
  const exact = (i: number, j: number): number => squaredDistance(a, i, b, j);
  const [ballA, ballB] = [toReach(real), toReach(fake)];
  const ofReal = new NearestFinder(a.rows, 1, exact, toCuts(real, fake));
  const ofFake = new NearestFinder(b.rows, 1, (j, i) => exact(i, j), toCuts(fake, real));
  const [reachA, reachB] = [ofReal.reach.slice(), ofFake.reach.slice()];
  let kept: Ledger | undefined = new Ledger(keep);
  await scanPairs(
    {
      a,
      b,
      reachA,
      reachB,
      visit: (i, j, low, high) => {
        ofReal.offer(i, j, low, high);
        ofFake.offer(j, i, low, high);
        reachA[i] = Math.max(ballA[i], ofReal.reach[i]);
        reachB[j] = Math.max(ballB[j], ofFake.reach[j]);
        if (low > ballA[i] && low > ballB[j]) return;
        if (kept?.add(i, j, low, high) === false) kept = undefined;
      },
    },
    options,
  );
  const crossPair = new BoundedCrossPair(exact);
  const meet = (i: number, j: number, low: number, high: number): void => {
    crossPair.real = i;
    crossPair.fake = j;
    crossPair.low = low;
    crossPair.high = high;
  };
  return {
    nearestReal: ofFake.finish(),
    nearestFake: ofReal.finish(),
    forEach: async (visit) => {
      if (kept === undefined) {
        const scan = { a, b, reachA: ballA, reachB: ballB };
        await scanPairs(
          {
            ...scan,
            visit: (i, j, low, high) => {
              meet(i, j, low, high);
              visit(crossPair);
            },
          },
          options,
        );
        return;
      }
      const { length, rows, bounds } = kept;
      for (let at = 0; at < 2 * length; at += 2) {
        meet(rows[at], rows[at + 1], bounds[at], bounds[at + 1]);
        visit(crossPair);
        // What was computed exactly stays so.
        bounds[at] = crossPair.low;
        bounds[at + 1] = crossPair.high;
      }
    },
  };
}
