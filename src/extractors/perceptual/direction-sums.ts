/** The mean distance of all pairs of images, from sums over the images: each image is encoded once. */
import type { ArrayValue } from "../../engine/engine.ts";

/** One tap of the images so far. */
interface TapSums {
  /** Of the first image. */
  readonly origin: ArrayValue["data"];
  /** The sum of the differences from the first image, `[h, w, c]`. */
  readonly sums: Float64Array;
  /** `h w` */
  readonly places: number;
}

/** The mean over places of sum_c w_c x_c^2. @param weights `[c]`, or `[1]` where all channels weigh the same */
function weighSquares(values: Float64Array, weights: ArrayValue["data"], places: number): number {
  const channels = weights.length;
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += weights[at % channels]! * values[at]! * values[at]!;
  return sum / places;
}

/**
 * With v_i the difference of image i's directions from the first image's, and w the weight of a channel over the number of
 * places of its map,
 *
 *     mean over i < j of sum w (v_i - v_j)^2 = 2 (n sum_i sum w v_i^2 - sum w (sum_i v_i)^2) / (n (n - 1))
 *
 * Differences from the first image keep the digits of images that are nearly equal. Must agree with the mean of
 * `imagesToDistances` over all pairs to 1e-5 of it, what float32 rounds there.
 */
export class DirectionSums {
  /** [taps] */
  private readonly weights: readonly ArrayValue[];
  private readonly taps: TapSums[] = [];
  /** sum_i sum w v_i^2 */
  private squares = 0;
  private count = 0;

  constructor(weights: readonly ArrayValue[]) {
    this.weights = weights;
  }

  /** Takes in one image of a batch's directions, `[n, h, w, c]` of each tap. */
  add(directions: readonly ArrayValue[], row: number): void {
    for (const [tap, { data, shape }] of directions.entries()) {
      const size = data.length / shape[0]!;
      const values = data.subarray(row * size, (row + 1) * size);
      this.taps[tap] ??= {
        origin: values.slice(),
        sums: new Float64Array(size),
        places: shape[1]! * shape[2]!,
      };
      const { origin, sums, places } = this.taps[tap];
      const differences = Float64Array.from(values, (value, at) => value - origin[at]!);
      for (let at = 0; at < size; at++) sums[at]! += differences[at]!;
      this.squares += weighSquares(differences, this.weights[tap]!.data, places);
    }
    this.count++;
  }

  /** NaN of fewer than two images. */
  toMean(): number {
    const ofSums = this.taps.reduce(
      (sum, { sums, places }, tap) => sum + weighSquares(sums, this.weights[tap]!.data, places),
      0,
    );
    return (2 * (this.count * this.squares - ofSums)) / (this.count * (this.count - 1));
  }
}
