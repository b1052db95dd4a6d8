// memory: own
// One row of a tile of scalar products: which of its pairs may be near enough to matter. No static data.

// @ts-ignore: decorator
@inline
function mask(at: usize, products: usize, halves: usize, cuts: usize, half: v128, cut: v128): v128 {
  const product = v128.load(products + at);
  return v128.or(
    f32x4.ge(f32x4.sub(product, v128.load(halves + at)), cut),
    f32x4.ge(f32x4.sub(product, half), v128.load(cuts + at)),
  );
}

function emit(bits: i32, column: i32, out: usize): usize {
  while (bits != 0) {
    store<i32>(out, column + ctz(bits));
    out += 4;
    bits &= bits - 1;
  }
  return out;
}

/**
 * Writes the columns c with products[c] - halves[c] >= cut or products[c] - half >= cuts[c], ascending, and returns how
 * many there are. All in float32.
 */
export function scanRow(
  products: usize,
  halves: usize,
  cuts: usize,
  columns: i32,
  half: f32,
  cut: f32,
  out: usize,
): i32 {
  const from = out;
  const h = f32x4.splat(half);
  const c = f32x4.splat(cut);
  let column = 0;
  for (; column + 16 <= columns; column += 16) {
    const at = <usize>column << 2;
    const m0 = mask(at, products, halves, cuts, h, c);
    const m1 = mask(at + 16, products, halves, cuts, h, c);
    const m2 = mask(at + 32, products, halves, cuts, h, c);
    const m3 = mask(at + 48, products, halves, cuts, h, c);
    if (!v128.any_true(v128.or(v128.or(m0, m1), v128.or(m2, m3)))) continue;
    const bits =
      i32x4.bitmask(m0) | (i32x4.bitmask(m1) << 4) | (i32x4.bitmask(m2) << 8) | (i32x4.bitmask(m3) << 12);
    out = emit(bits, column, out);
  }
  for (; column < columns; column++) {
    const at = <usize>column << 2;
    const product = load<f32>(products + at);
    if (product - load<f32>(halves + at) >= cut || product - half >= load<f32>(cuts + at))
      out = emit(1, column, out);
  }
  return <i32>((out - from) >> 2);
}
