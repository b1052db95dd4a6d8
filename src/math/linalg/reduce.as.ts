// Householder reductions: a symmetric matrix to tridiagonal (blocked), a rectangular one to bidiagonal (two fused passes
// a step). Work is cut into strips that depend on the sizes alone, and their partial sums are added in order, so results
// do not depend on the number of threads.
// Kernels have one signature, (task, thread, args): integers from args, floats from args + 128. No static data.

// @ts-ignore: decorator
@inline
function int(args: usize, slot: i32): i32 {
  return load<i32>(args + (<usize>slot << 2));
}

// @ts-ignore: decorator
@inline
function at(base: usize, index: i32): usize {
  return base + (<usize>index << 3);
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

/** y += p a + q b */
function axpy2(p: f64, a: usize, q: f64, b: usize, y: usize, n: i32): void {
  const ps = f64x2.splat(p);
  const qs = f64x2.splat(q);
  const end = y + (<usize>(n & ~3) << 3);
  while (y < end) {
    const lo = f64x2.add(f64x2.mul(ps, v128.load(a)), f64x2.mul(qs, v128.load(b)));
    const hi = f64x2.add(f64x2.mul(ps, v128.load(a, 16)), f64x2.mul(qs, v128.load(b, 16)));
    v128.store(y, f64x2.add(v128.load(y), lo));
    v128.store(y, f64x2.add(v128.load(y, 16), hi), 16);
    a += 32;
    b += 32;
    y += 32;
  }
  for (let i = n & 3; i > 0; i--) {
    store<f64>(y, load<f64>(y) + (p * load<f64>(a) + q * load<f64>(b)));
    a += 8;
    b += 8;
    y += 8;
  }
}

function scale(s: f64, x: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<f64>(at(x, i), s * load<f64>(at(x, i)));
}

/**
 * Householder reflector I - tau v v' that turns x into (0 .. beta .. 0), beta at `head`: x is replaced by v with
 * v[head] = 1. Returns tau (0 where x is already of that form) and stores beta.
 */
function reflector(x: usize, n: i32, head: i32, beta: usize): f64 {
  const alpha = load<f64>(at(x, head));
  store<f64>(at(x, head), 0);
  const rest = dot(x, x, n);
  store<f64>(at(x, head), 1);
  if (rest == 0) {
    store<f64>(beta, alpha);
    return 0;
  }
  const norm = sqrt(alpha * alpha + rest);
  const b = alpha > 0 ? -norm : norm;
  scale(1 / (alpha - b), x, n);
  store<f64>(at(x, head), 1);
  store<f64>(beta, b);
  return (b - alpha) / b;
}

/**
 * Step of the tridiagonal panel, first half. Brings row i of A up to date with the c reflectors of the panel, stores
 * d[i] and e[i - 1], and leaves the reflector of A[i, 0..i) in V[c]; tau goes to args + 128.
 * args: A, ld, i, c, V, W, ldv, d, e
 */
export function tridiagonalRow(task: i32, thread: i32, args: usize): void {
  const i = int(args, 2);
  const c = int(args, 3);
  const v = <usize>int(args, 4);
  const w = <usize>int(args, 5);
  const ldv = <usize>int(args, 6) << 3;
  const row = <usize>int(args, 0) + <usize>i * (<usize>int(args, 1) << 3);
  for (let j = 0; j < c; j++) {
    const vj = v + <usize>j * ldv;
    const wj = w + <usize>j * ldv;
    axpy2(-load<f64>(at(vj, i)), wj, -load<f64>(at(wj, i)), vj, row, i + 1);
  }
  store<f64>(at(<usize>int(args, 7), i), load<f64>(at(row, i)));
  const to = v + <usize>c * ldv;
  memory.copy(to, row, <usize>i << 3);
  store<f64>(args + 128, reflector(to, i, i - 1, at(<usize>int(args, 8), i - 1)));
}

// @ts-ignore: decorator
@inline
function stripStart(strip: i32, strips: i32, n: i32): i32 {
  return strip == strips ? n : <i32>(<f64>n * sqrt(<f64>strip / <f64>strips)) & ~3;
}

/**
 * y = A x of a symmetric A [n, n] of which the lower triangle is stored, one strip of rows: every element is read once
 * and used twice. Strip s writes its own partial[s, 0..end of its rows). args: A, ld, n, x, partial, ldp, strips
 */
export function symmetricTimesVector(task: i32, thread: i32, args: usize): void {
  const a = <usize>int(args, 0);
  const ld = <usize>int(args, 1) << 3;
  const n = int(args, 2);
  const x = <usize>int(args, 3);
  const y = <usize>int(args, 4) + <usize>task * (<usize>int(args, 5) << 3);
  const strips = int(args, 6);
  const last = stripStart(task + 1, strips, n);
  let i = stripStart(task, strips, n);
  memory.fill(y, 0, <usize>last << 3);
  for (; i + 4 <= last; i += 4) {
    let a0 = a + <usize>i * ld;
    const xi = at(x, i);
    const x0 = v128.load_splat<f64>(xi);
    const x1 = v128.load_splat<f64>(xi, 8);
    const x2 = v128.load_splat<f64>(xi, 16);
    const x3 = v128.load_splat<f64>(xi, 24);
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let a1 = a0 + ld;
    let a2 = a1 + ld;
    let a3 = a2 + ld;
    let xj = x;
    let yj = y;
    const end = at(y, i);
    while (yj < end) {
      const xx = v128.load(xj);
      let r = v128.load(a0);
      s0 = f64x2.add(s0, f64x2.mul(r, xx));
      let sum = f64x2.mul(r, x0);
      r = v128.load(a1);
      s1 = f64x2.add(s1, f64x2.mul(r, xx));
      sum = f64x2.add(sum, f64x2.mul(r, x1));
      r = v128.load(a2);
      s2 = f64x2.add(s2, f64x2.mul(r, xx));
      let more = f64x2.mul(r, x2);
      r = v128.load(a3);
      s3 = f64x2.add(s3, f64x2.mul(r, xx));
      more = f64x2.add(more, f64x2.mul(r, x3));
      v128.store(yj, f64x2.add(v128.load(yj), f64x2.add(sum, more)));
      a0 += 16;
      a1 += 16;
      a2 += 16;
      a3 += 16;
      xj += 16;
      yj += 16;
    }
    addLanes(end, s0);
    addLanes(end + 8, s1);
    addLanes(end + 16, s2);
    addLanes(end + 24, s3);
    for (let r = 0; r < 4; r++) row(a + <usize>(i + r) * ld, i, i + r, x, y);
  }
  for (; i < last; i++) row(a + <usize>i * ld, 0, i, x, y);
}

// @ts-ignore: decorator
@inline
function addLanes(to: usize, s: v128): void {
  store<f64>(to, load<f64>(to) + (f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1)));
}

/** The part of row i from column `from` to the diagonal, into y[i] and y[from..i). */
function row(a: usize, from: i32, i: i32, x: usize, y: usize): void {
  const xi = load<f64>(at(x, i));
  let s: f64 = 0;
  for (let j = from; j < i; j++) {
    const value = load<f64>(at(a, j));
    s += value * load<f64>(at(x, j));
    store<f64>(at(y, j), load<f64>(at(y, j)) + value * xi);
  }
  store<f64>(at(y, i), load<f64>(at(y, i)) + (s + load<f64>(at(a, i)) * xi));
}

/** sum = partial[0] + partial[1] + ..., strip s being ends(s) long. */
function addStrips(partial: usize, ldp: usize, strips: i32, n: i32, triangular: bool, sum: usize): void {
  memory.fill(sum, 0, <usize>n << 3);
  for (let s = 0; s < strips; s++) {
    const length = triangular ? stripStart(s + 1, strips, n) : n;
    const from = partial + <usize>s * ldp;
    let j = 0;
    for (; j + 2 <= length; j += 2) {
      v128.store(at(sum, j), f64x2.add(v128.load(at(sum, j)), v128.load(at(from, j))));
    }
    if (j < length) store<f64>(at(sum, j), load<f64>(at(sum, j)) + load<f64>(at(from, j)));
  }
}

/**
 * Step of the tridiagonal panel, second half: W[c] = w of the rank-2 update A - v w' - w v', from the strips of A v:
 * p = tau (A v - V'(W v) - W'(V v)), w = p - (tau p'v / 2) v.
 * args: partial, ldp, strips, i, c, V, W, ldv; float: tau
 */
export function tridiagonalColumn(task: i32, thread: i32, args: usize): void {
  const i = int(args, 3);
  const c = int(args, 4);
  const v = <usize>int(args, 5);
  const w = <usize>int(args, 6);
  const ldv = <usize>int(args, 7) << 3;
  const tau = load<f64>(args + 128);
  const vc = v + <usize>c * ldv;
  const wc = w + <usize>c * ldv;
  addStrips(<usize>int(args, 0), <usize>int(args, 1) << 3, int(args, 2), i, true, wc);
  for (let j = 0; j < c; j++) {
    const vj = v + <usize>j * ldv;
    const wj = w + <usize>j * ldv;
    axpy2(-dot(wj, vc, i), vj, -dot(vj, vc, i), wj, wc, i);
  }
  scale(tau, wc, i);
  axpy2(-0.5 * tau * dot(wc, vc, i), vc, 0, vc, wc, i);
}

/** Rows of one strip of a rectangular matrix of m rows: fixed boundaries, multiples of 4. */
// @ts-ignore: decorator
@inline
function rowStart(strip: i32, strips: i32, m: i32): i32 {
  return strip == strips ? m : <i32>((<i64>m * strip) / strips) & ~3;
}

/** partial[s] = A[rows of s, :]' u. args: A (first row and column of the active part), ld, m, n, u, partial, ldp, strips */
export function transposedTimesVector(task: i32, thread: i32, args: usize): void {
  const a = <usize>int(args, 0);
  const ld = <usize>int(args, 1) << 3;
  const m = int(args, 2);
  const n = int(args, 3);
  const u = <usize>int(args, 4);
  const y = <usize>int(args, 5) + <usize>task * (<usize>int(args, 6) << 3);
  const strips = int(args, 7);
  const last = rowStart(task + 1, strips, m);
  memory.fill(y, 0, <usize>n << 3);
  let i = rowStart(task, strips, m);
  for (; i + 4 <= last; i += 4) {
    const r = a + <usize>i * ld;
    axpy2(load<f64>(at(u, i)), r, load<f64>(at(u, i + 1)), r + ld, y, n);
    axpy2(load<f64>(at(u, i + 2)), r + 2 * ld, load<f64>(at(u, i + 3)), r + 3 * ld, y, n);
  }
  for (; i < last; i++) axpy2(load<f64>(at(u, i)), a + <usize>i * ld, 0, a + <usize>i * ld, y, n);
}

/** Column 0 of the active part A [m, n] to u as a reflector; beta to `d`, tau to args + 128. args: A, ld, m, u, d */
export function bidiagonalColumn(task: i32, thread: i32, args: usize): void {
  const ld = <usize>int(args, 1) << 3;
  const m = int(args, 2);
  const u = <usize>int(args, 3);
  let from = <usize>int(args, 0);
  for (let i = 0; i < m; i++) {
    store<f64>(at(u, i), load<f64>(from));
    from += ld;
  }
  store<f64>(args + 128, reflector(u, m, 0, <usize>int(args, 4)));
}

/**
 * x = tau * (sum of the strips); the row above the active part becomes row - x and its reflector v (beta to `e`, tau of
 * v to args + 136). args: partial, ldp, strips, n, x, row, v, e; float: tau of u
 */
export function bidiagonalRow(task: i32, thread: i32, args: usize): void {
  const n = int(args, 3);
  const x = <usize>int(args, 4);
  const from = <usize>int(args, 5);
  const v = <usize>int(args, 6);
  addStrips(<usize>int(args, 0), <usize>int(args, 1) << 3, int(args, 2), n, false, x);
  scale(load<f64>(args + 128), x, n);
  for (let j = 0; j < n; j++) store<f64>(at(v, j), load<f64>(at(from, j)) - load<f64>(at(x, j)));
  store<f64>(args + 136, reflector(v, n, 0, <usize>int(args, 7)));
}

/**
 * Both reflectors on the rows of one strip in one pass: a -= u_i x; a -= tau (a . v) v.
 * args: A, ld, m, n, u, x, v, strips; float at + 136: tau of v
 */
export function bidiagonalUpdate(task: i32, thread: i32, args: usize): void {
  const a = <usize>int(args, 0);
  const ld = <usize>int(args, 1) << 3;
  const m = int(args, 2);
  const n = int(args, 3);
  const u = <usize>int(args, 4);
  const x = <usize>int(args, 5);
  const v = <usize>int(args, 6);
  const strips = int(args, 7);
  const tau = load<f64>(args + 136);
  const xv = dot(x, v, n);
  const last = rowStart(task + 1, strips, m);
  for (let i = rowStart(task, strips, m); i < last; i++) {
    const r = a + <usize>i * ld;
    const ui = load<f64>(at(u, i));
    const y = tau * (dot(r, v, n) - ui * xv);
    axpy2(-ui, x, -y, v, r, n);
  }
}
