// memory: own
//
// Kernels of one row with `count` others, from their products in float32; in float64, two lanes to a register. Kernels
// take byte addresses: of the products, of the other rows' terms (f64) and of where the values go (f64); `term` is the
// row's own. They give the sum of the values. No static data.

/** (gamma (product + term + terms[c]) + coef0)^degree */
export function polynomial(
  products: usize,
  count: i32,
  terms: usize,
  term: f64,
  gamma: f64,
  coef0: f64,
  degree: i32,
  values: usize,
): f64 {
  const factor = f64x2.splat(gamma);
  const offset = f64x2.splat(gamma * term + coef0);
  let sum = f64x2.splat(0);
  let c = 0;
  for (; c + 4 <= count; c += 4, products += 16, terms += 32, values += 32) {
    const four = v128.load(products);
    const low = f64x2.promote_low_f32x4(four);
    const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(four, four, 1, 0));
    const first = f64x2.add(f64x2.mul(f64x2.add(low, v128.load(terms)), factor), offset);
    const second = f64x2.add(f64x2.mul(f64x2.add(high, v128.load(terms, 16)), factor), offset);
    let a = first;
    let b = second;
    for (let k = 1; k < degree; k++) {
      a = f64x2.mul(a, first);
      b = f64x2.mul(b, second);
    }
    v128.store(values, a);
    v128.store(values, b, 16);
    sum = f64x2.add(sum, f64x2.add(a, b));
  }
  let rest = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  for (; c < count; c++, products += 4, terms += 8, values += 8) {
    const base = (<f64>load<f32>(products) + load<f64>(terms)) * gamma + (gamma * term + coef0);
    let value = base;
    for (let k = 1; k < degree; k++) value *= base;
    store<f64>(values, value);
    rest += value;
  }
  return rest;
}

/** e^x for x from -708 to 0, to 3e-16: the powers of 2 apart, the rest, at most ln(2) / 2, by its series. */
// @ts-ignore: decorator
@inline
function exponential(x: v128): v128 {
  const clipped = f64x2.max(x, f64x2.splat(-708));
  const n = f64x2.nearest(f64x2.mul(clipped, f64x2.splat(1.4426950408889634)));
  // ln 2 in two parts, the first of so few bits that its multiples are exact.
  let r = f64x2.sub(clipped, f64x2.mul(n, f64x2.splat(0.6931471803691238)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(1.9082149292705877e-10)));
  let p = f64x2.splat(1.0 / 6227020800.0);
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 479001600.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 39916800.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 3628800.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 362880.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 40320.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 5040.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 720.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 120.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 24.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 6.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1));
  const exponent = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n));
  return f64x2.mul(p, i64x2.shl(i64x2.add(exponent, i64x2.splat(1023)), 52));
}

/** exp(2 gamma (product + term + terms[c])), at most 1 */
export function rbf(
  products: usize,
  count: i32,
  terms: usize,
  term: f64,
  gamma: f64,
  values: usize,
): f64 {
  const factor = f64x2.splat(2 * gamma);
  const own = f64x2.splat(term);
  const zero = f64x2.splat(0);
  let sum = zero;
  let c = 0;
  for (; c + 4 <= count; c += 4, products += 16, terms += 32, values += 32) {
    const four = v128.load(products);
    const low = f64x2.promote_low_f32x4(four);
    const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(four, four, 1, 0));
    const first = f64x2.min(zero, f64x2.add(f64x2.add(low, own), v128.load(terms)));
    const second = f64x2.min(zero, f64x2.add(f64x2.add(high, own), v128.load(terms, 16)));
    const a = exponential(f64x2.mul(first, factor));
    const b = exponential(f64x2.mul(second, factor));
    v128.store(values, a);
    v128.store(values, b, 16);
    sum = f64x2.add(sum, f64x2.add(a, b));
  }
  let rest = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  for (; c < count; c++, products += 4, terms += 8, values += 8) {
    const argument = min(0.0, <f64>load<f32>(products) + term + load<f64>(terms));
    const value = f64x2.extract_lane(exponential(f64x2.splat(2 * gamma * argument)), 0);
    store<f64>(values, value);
    rest += value;
  }
  return rest;
}

/** sums[c] += values[c] */
export function add(values: usize, count: i32, sums: usize): void {
  let c = 0;
  for (; c + 2 <= count; c += 2, values += 16, sums += 16)
    v128.store(sums, f64x2.add(v128.load(sums), v128.load(values)));
  if (c < count) store<f64>(sums, load<f64>(sums) + load<f64>(values));
}
