// One row of a resize at a time, in SIMD: the operations and their order are those of the reference libraries, so that
// every bit of the result is theirs. Addresses are bytes; rows of floats have room for 4 more behind them. No static data.

// @ts-ignore: decorator
@inline
function levels(at: usize): v128 {
  const bytes = v128.load32_zero(at);
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
}

/** `l + (r - l) * w` for each pixel: `left` and `right` are byte offsets in `source`. */
export function tf1Row(source: usize, left: usize, right: usize, weights: usize, count: i32, to: usize): void {
  for (let x = 0; x < count; x++, to += 12) {
    const at = <usize>x << 2;
    const l = levels(source + load<u32>(left + at));
    const r = levels(source + load<u32>(right + at));
    v128.store(to, f32x4.add(l, f32x4.mul(f32x4.sub(r, l), v128.load32_splat(weights + at))));
  }
}

/** `t + (b - t) * w` for each float of a row. */
export function tf1Rows(top: usize, bottom: usize, weight: f32, length: i32, to: usize): void {
  const w = f32x4.splat(weight);
  for (let end = to + (<usize>length << 2); to < end; to += 16, top += 16, bottom += 16) {
    const t = v128.load(top);
    v128.store(to, f32x4.add(t, f32x4.mul(f32x4.sub(v128.load(bottom), t), w)));
  }
}

/** `l * (1 - w) + r * w` for each pixel. */
export function pytorchRow(source: usize, left: usize, right: usize, weights: usize, count: i32, to: usize): void {
  const one = f32x4.splat(1);
  for (let x = 0; x < count; x++, to += 12) {
    const at = <usize>x << 2;
    const w = v128.load32_splat(weights + at);
    const l = f32x4.mul(levels(source + load<u32>(left + at)), f32x4.sub(one, w));
    v128.store(to, f32x4.add(l, f32x4.mul(levels(source + load<u32>(right + at)), w)));
  }
}

/** `t * (1 - w) + b * w` for each float of a row. */
export function pytorchRows(top: usize, bottom: usize, weight: f32, length: i32, to: usize): void {
  const second = f32x4.splat(weight);
  const first = f32x4.splat(1 - weight);
  for (let end = to + (<usize>length << 2); to < end; to += 16, top += 16, bottom += 16) {
    v128.store(to, f32x4.add(f32x4.mul(v128.load(top), first), f32x4.mul(v128.load(bottom), second)));
  }
}

/** Weighted sums over neighbouring pixels, in float64, stored in float32; `taps` weights to an output. */
export function cubicRow(source: usize, first: usize, counts: usize, weights: usize, taps: i32, count: i32, to: usize): void {
  for (let x = 0; x < count; x++, to += 12) {
    let from = source + <usize>load<u32>(first + (<usize>x << 2)) * 3;
    let weight = weights + ((<usize>x * taps) << 3);
    let redGreen = f64x2.splat(0);
    let blue: f64 = 0;
    for (let k = load<i32>(counts + (<usize>x << 2)); k > 0; k--, from += 3, weight += 8) {
      const pixel = v128.load32_zero(from);
      const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(pixel));
      redGreen = f64x2.add(redGreen, f64x2.mul(f64x2.convert_low_i32x4_s(wide), v128.load64_splat(weight)));
      blue += <f64>i32x4.extract_lane(wide, 2) * load<f64>(weight);
    }
    v128.store(to, f32x4.demote_f64x2_zero(redGreen));
    store<f32>(to + 8, <f32>blue);
  }
}

/** Weighted sums over `count` rows of `stride` bytes, in float64, stored in float32. */
export function cubicRows(from: usize, stride: usize, weights: usize, count: i32, length: i32, to: usize): void {
  for (let end = to + (<usize>length << 2); to < end; to += 16, from += 16) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let at = from;
    for (let k = 0; k < count; k++, at += stride) {
      const weight = v128.load64_splat(weights + (<usize>k << 3));
      const four = v128.load(at);
      low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(four), weight));
      high = f64x2.add(high, f64x2.mul(f64x2.promote_low_f32x4(i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)), weight));
    }
    v128.store(to, i8x16.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  }
}

/** Limits `length` floats to 0..255. */
export function clip(at: usize, length: i32): void {
  const least = f32x4.splat(0);
  const most = f32x4.splat(255);
  for (let end = at + (<usize>length << 2); at < end; at += 16) {
    v128.store(at, f32x4.min(most, f32x4.max(least, v128.load(at))));
  }
}
