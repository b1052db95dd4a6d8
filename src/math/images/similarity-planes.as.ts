// memory: own
//
// The parts of a structural similarity, for planes of float64 whose rows are `stride` numbers apart, a multiple of 2. What
// lies between a row's end and the next row's begin is computed along and left out at the end. No static data.

/** to[i] = x[i] y[i] for `bytes` bytes, a multiple of 16 */
export function multiply(x: usize, y: usize, bytes: usize, to: usize): void {
  for (const end = x + bytes; x < end; x += 16, y += 16, to += 16)
    v128.store(to, f64x2.mul(v128.load(x), v128.load(y)));
}

/** Two weighted sums of `taps` numbers that lie `step` bytes apart. */
// @ts-ignore: decorator
@inline
function window(from: usize, step: usize, taps: i32, weights: usize): v128 {
  let sum = f64x2.splat(0);
  for (let k = 0; k < taps; k++, from += step, weights += 8)
    sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(weights), v128.load(from)));
  return sum;
}

// @ts-ignore: decorator
@inline
function pair(from: usize, a: usize, b: usize, weight: v128): v128 {
  return f64x2.mul(weight, f64x2.add(v128.load(from + a), v128.load(from + b)));
}

/** `count` sums over windows of 11, two at a time, of symmetric weights. */
// @ts-ignore: decorator
@inline
function windows11(from: usize, step: usize, count: i32, weights: usize, to: usize): void {
  const w0 = v128.load64_splat(weights);
  const w1 = v128.load64_splat(weights, 8);
  const w2 = v128.load64_splat(weights, 16);
  const w3 = v128.load64_splat(weights, 24);
  const w4 = v128.load64_splat(weights, 32);
  const w5 = v128.load64_splat(weights, 40);
  for (const end = to + (<usize>count << 3); to < end; to += 16, from += 16) {
    const outer = f64x2.add(pair(from, 0, 10 * step, w0), pair(from, step, 9 * step, w1));
    const inner = f64x2.add(pair(from, 2 * step, 8 * step, w2), pair(from, 3 * step, 7 * step, w3));
    const core = f64x2.add(pair(from, 4 * step, 6 * step, w4), f64x2.mul(w5, v128.load(from + 5 * step)));
    v128.store(to, f64x2.add(f64x2.add(outer, inner), core));
  }
}

/**
 * Weighted means of all windows of taps x taps within a plane of `height` rows: down first, then across. `row` has room
 * for stride + 16 numbers, and whatever is behind `stride` is finite.
 */
export function blur(
  plane: usize,
  height: i32,
  stride: i32,
  taps: i32,
  weights: usize,
  row: usize,
  to: usize,
): void {
  const step = <usize>stride << 3;
  for (let y = height - taps; y >= 0; y--, plane += step, to += step) {
    if (taps == 11) {
      windows11(plane, step, stride, weights, row);
      windows11(row, 8, stride, weights, to);
      continue;
    }
    for (let x: usize = 0; x < step; x += 16) v128.store(row + x, window(plane + x, step, taps, weights));
    for (let x: usize = 0; x < step; x += 16) v128.store(to + x, window(row + x, 8, taps, weights));
  }
}

/**
 * The sum over rows x columns windows of the contrast-structure measure, times the luminance measure where
 * `withLuminance`; from each image's means and mean squares, and the mean products.
 */
export function compare(
  meansX: usize,
  squaresX: usize,
  meansY: usize,
  squaresY: usize,
  products: usize,
  rows: i32,
  columns: i32,
  stride: i32,
  c1: f64,
  c2: f64,
  withLuminance: i32,
): f64 {
  const two = f64x2.splat(2);
  const first = f64x2.splat(c1);
  const second = f64x2.splat(c2);
  let sum = f64x2.splat(0);
  let alone: f64 = 0;
  for (let y = 0; y < rows; y++) {
    let offset = (<usize>y * stride) << 3;
    for (let x = 0; x < columns; x += 2, offset += 16) {
      const a = v128.load(meansX + offset);
      const b = v128.load(meansY + offset);
      const crossed = f64x2.mul(two, f64x2.mul(a, b));
      const squared = f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b));
      const covariance = f64x2.sub(f64x2.mul(two, v128.load(products + offset)), crossed);
      const spread = f64x2.sub(f64x2.add(v128.load(squaresX + offset), v128.load(squaresY + offset)), squared);
      let over = f64x2.add(covariance, second);
      let under = f64x2.add(spread, second);
      if (withLuminance) {
        over = f64x2.mul(over, f64x2.add(crossed, first));
        under = f64x2.mul(under, f64x2.add(squared, first));
      }
      const measure = f64x2.div(over, under);
      if (x + 1 < columns) sum = f64x2.add(sum, measure);
      else alone += f64x2.extract_lane(measure, 0);
    }
  }
  return alone + f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
