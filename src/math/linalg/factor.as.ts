// Cholesky factorisation, row-major, lower: the diagonal block, the rows below it, and the pivoted variant's column.
// Kernels have one signature, (task, thread, args): integers from args, floats from args + 128. No static data.

/** Rows that one task of solveRows or pivotColumn computes. */
const STRIP: i32 = 64;

// @ts-ignore: decorator
@inline
function int(args: usize, slot: i32): i32 {
  return load<i32>(args + (<usize>slot << 2));
}

function dot(a: usize, b: usize, n: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const end = a + (<usize>(n & ~7) << 3);
  while (a < end) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a), v128.load(b)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(a, 32), v128.load(b, 32)));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(a, 48), v128.load(b, 48)));
    a += 64;
    b += 64;
  }
  s0 = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  let s = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (let i = n & 7; i > 0; i--) {
    s += load<f64>(a) * load<f64>(b);
    a += 8;
    b += 8;
  }
  return s;
}

/**
 * Factors the diagonal block in place: A[i, j<=i] becomes L. Writes the smallest pivot met to args + 128 and stops at
 * one that is not above the floor at args + 136. args: A, ld, n
 */
export function factorBlock(task: i32, thread: i32, args: usize): void {
  const a = <usize>int(args, 0);
  const ld = <usize>int(args, 1) << 3;
  const n = int(args, 2);
  const floor = load<f64>(args + 136);
  let least = f64.MAX_VALUE;
  for (let j = 0; j < n; j++) {
    const row = a + <usize>j * ld;
    const pivot = load<f64>(row + (<usize>j << 3)) - dot(row, row, j);
    least = min(least, pivot);
    if (!(pivot > floor)) break;
    const root = sqrt(pivot);
    store<f64>(row + (<usize>j << 3), root);
    for (let i = j + 1; i < n; i++) {
      const below = a + <usize>i * ld;
      const at = below + (<usize>j << 3);
      store<f64>(at, (load<f64>(at) - dot(below, row, j)) / root);
    }
  }
  store<f64>(args + 128, least);
}

/** X L' = A, in place, for the rows of one task: A[i, 0..n) becomes X. args: A, ld, rows, L, ldL, n */
export function solveRows(task: i32, thread: i32, args: usize): void {
  const ld = <usize>int(args, 1) << 3;
  const rows = int(args, 2);
  const l = <usize>int(args, 3);
  const ldl = <usize>int(args, 4) << 3;
  const n = int(args, 5);
  const last = min((task + 1) * STRIP, rows);
  for (let i = task * STRIP; i < last; i++) {
    const row = <usize>int(args, 0) + <usize>i * ld;
    for (let j = 0; j < n; j++) {
      const at = row + (<usize>j << 3);
      const lower = l + <usize>j * ldl;
      store<f64>(at, (load<f64>(at) - dot(row, lower, j)) / load<f64>(lower + (<usize>j << 3)));
    }
  }
}

/**
 * One column of the pivoted factor, before division: column[i] = A[pivot, i] - L[i, 0..k) . L[pivot, 0..k) for the rows
 * of one task whose taken[i] is 0, else 0. args: A, lda, L, ldl, k, pivot, d, column, taken (bytes)
 */
export function pivotColumn(task: i32, thread: i32, args: usize): void {
  const pivot = <usize>int(args, 5);
  const from = <usize>int(args, 0) + pivot * (<usize>int(args, 1) << 3);
  const l = <usize>int(args, 2);
  const ldl = <usize>int(args, 3) << 3;
  const k = int(args, 4);
  const column = <usize>int(args, 7);
  const taken = <usize>int(args, 8);
  const last = min((task + 1) * STRIP, int(args, 6));
  const against = l + pivot * ldl;
  for (let i = task * STRIP; i < last; i++) {
    const at = <usize>i << 3;
    const value = load<u8>(taken + <usize>i) ? 0 : load<f64>(from + at) - dot(l + <usize>i * ldl, against, k);
    store<f64>(column + at, value);
  }
}
