// memory: own
//
// Optimizers, each as one pass over a player's weights where they lie: read the gradient, move what is carried, move the
// weight. A pass is bound by its operations, so constant factors are gathered in the numbers, and norms are summed up
// only in the passes that measure.
//
// One array at a time: kernels take (byte addresses of weights, gradients and what is carried, bytes, address of the
// numbers, address of three sums). Numbers are f64: 0 rate, 1 epsilon, 2 and 3 decay rates, 4 bound of the weights,
// 5 the share of a weight that is added to its gradient (weight decay as torch.optim has it, before anything is carried).
// Lengths are multiples of 16 bytes; what lies between two arrays is zero and stays so. No static data.

// @ts-ignore: decorator
@inline
function splat(numbers: usize, slot: i32): v128 {
  return f32x4.splat(<f32>load<f64>(numbers + (<usize>slot << 3)));
}

// @ts-ignore: decorator
@inline
function total(lanes: v128): f64 {
  return (
    <f64>f32x4.extract_lane(lanes, 0) +
    <f64>f32x4.extract_lane(lanes, 1) +
    <f64>f32x4.extract_lane(lanes, 2) +
    <f64>f32x4.extract_lane(lanes, 3)
  );
}

/** Bytes after which lanes of partial sums are emptied into a float64: their rounding stays below 1e-5. */
const STRIDE: usize = 16384;

const ADAM: i32 = 0;
const RMSPROP: i32 = 1;
const SGD: i32 = 2;

/** Moves what an optimizer carries of four weights, and gives what is to be taken from them. */
// @ts-ignore: decorator
@inline
function advance(
  kind: i32,
  g: v128,
  first: usize,
  second: usize,
  rate: v128,
  epsilon: v128,
  d1: v128,
  d2: v128,
): v128 {
  if (kind == ADAM) {
    const m = f32x4.add(f32x4.mul(d1, v128.load(first)), g);
    const v = f32x4.add(f32x4.mul(d2, v128.load(second)), f32x4.mul(g, g));
    v128.store(first, m);
    v128.store(second, v);
    return f32x4.div(f32x4.mul(rate, m), f32x4.add(f32x4.sqrt(v), epsilon));
  }
  if (kind == RMSPROP) {
    const v = f32x4.add(f32x4.mul(d1, v128.load(first)), f32x4.mul(g, g));
    v128.store(first, v);
    return f32x4.div(f32x4.mul(rate, g), f32x4.add(f32x4.sqrt(v), epsilon));
  }
  const u = f32x4.add(f32x4.mul(d1, v128.load(first)), g);
  v128.store(first, u);
  return f32x4.mul(rate, u);
}

// @ts-ignore: decorator
@inline
function pass(
  kind: i32,
  measure: bool,
  weights: usize,
  gradients: usize,
  first: usize,
  second: usize,
  bytes: usize,
  numbers: usize,
  sums: usize,
): void {
  const rate = splat(numbers, 0);
  const epsilon = splat(numbers, 1);
  const d1 = splat(numbers, 2);
  const d2 = splat(numbers, 3);
  const bound = splat(numbers, 4);
  const decay = splat(numbers, 5);
  const least = f32x4.neg(bound);
  let gradientSum: f64 = 0;
  let weightSum: f64 = 0;
  let stepSum: f64 = 0;
  for (let at: usize = 0; at < bytes; ) {
    const stop = measure ? min(at + STRIDE, bytes) : bytes;
    let gg = f32x4.splat(0);
    let ww = gg;
    let ss = gg;
    for (; at < stop; at += 16) {
      const g = v128.load(gradients + at);
      const w = v128.load(weights + at);
      const drawn = f32x4.add(g, f32x4.mul(decay, w));
      const step = advance(kind, drawn, first + at, second + at, rate, epsilon, d1, d2);
      v128.store(weights + at, f32x4.pmin(f32x4.pmax(f32x4.sub(w, step), least), bound));
      if (measure) {
        gg = f32x4.add(gg, f32x4.mul(g, g));
        ww = f32x4.add(ww, f32x4.mul(w, w));
        ss = f32x4.add(ss, f32x4.mul(step, step));
      }
    }
    if (measure) {
      gradientSum += total(gg);
      weightSum += total(ww);
      stepSum += total(ss);
    }
  }
  if (measure) {
    store<f64>(sums, gradientSum);
    store<f64>(sums, weightSum, 8);
    store<f64>(sums, stepSum, 16);
  }
}

/** M = d1 M + g; V = d2 V + g^2; w -= rate M / (sqrt(V) + epsilon). */
export function adam(w: usize, g: usize, a: usize, b: usize, bytes: usize, n: usize, sums: usize): void {
  pass(ADAM, false, w, g, a, b, bytes, n, sums);
}
export function adamMeasured(w: usize, g: usize, a: usize, b: usize, bytes: usize, n: usize, sums: usize): void {
  pass(ADAM, true, w, g, a, b, bytes, n, sums);
}

/** V = d1 V + g^2; w -= rate g / (sqrt(V) + epsilon). */
export function rmsprop(w: usize, g: usize, a: usize, b: usize, bytes: usize, n: usize, sums: usize): void {
  pass(RMSPROP, false, w, g, a, b, bytes, n, sums);
}
export function rmspropMeasured(w: usize, g: usize, a: usize, b: usize, bytes: usize, n: usize, sums: usize): void {
  pass(RMSPROP, true, w, g, a, b, bytes, n, sums);
}

/** u = d1 u + g; w -= rate u. */
export function sgd(w: usize, g: usize, a: usize, b: usize, bytes: usize, n: usize, sums: usize): void {
  pass(SGD, false, w, g, a, b, bytes, n, sums);
}
export function sgdMeasured(w: usize, g: usize, a: usize, b: usize, bytes: usize, n: usize, sums: usize): void {
  pass(SGD, true, w, g, a, b, bytes, n, sums);
}

/** The sum of squares of some floats. */
export function squares(x: usize, bytes: usize): f64 {
  let sum: f64 = 0;
  for (let at: usize = 0; at < bytes; ) {
    const stop = min(at + STRIDE, bytes);
    let lanes = f32x4.splat(0);
    for (; at < stop; at += 16) {
      const v = v128.load(x + at);
      lanes = f32x4.add(lanes, f32x4.mul(v, v));
    }
    sum += total(lanes);
  }
  return sum;
}

/** x *= factor */
export function scale(x: usize, bytes: usize, factor: f64): void {
  const by = f32x4.splat(<f32>factor);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(x + at, f32x4.mul(v128.load(x + at), by));
}

/** average = decay average + (1 - decay) x */
export function blend(average: usize, x: usize, bytes: usize, decay: f64): void {
  const kept = f32x4.splat(<f32>decay);
  const rest = f32x4.splat(<f32>(1 - decay));
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(
      average + at,
      f32x4.add(f32x4.mul(kept, v128.load(average + at)), f32x4.mul(rest, v128.load(x + at))),
    );
}
