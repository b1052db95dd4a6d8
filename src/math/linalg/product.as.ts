// Matrix products in float64: Goto's scheme (packed panels, a 4x4 register tile), two lanes to a register.
// Kernels have one signature, (task, thread, args): integers from args, floats from args + 128. No static data.

const MR: i32 = 4;
const NR: i32 = 4;
/** Rows of C that one task computes; a block of A of that height and 256 columns stays in a core's L2 cache. */
const MC: i32 = 64;
/** Panels of NR columns that one packing task copies. */
const PANELS: i32 = 16;

// @ts-ignore: decorator
@inline
function int(args: usize, slot: i32): i32 {
  return load<i32>(args + (<usize>slot << 2));
}

/** Packs op(B) [k, n] into panels of 4 columns, zero-filled to a multiple of 4. args: B, rowStride, columnStride, k, n, to */
export function packB(task: i32, thread: i32, args: usize): void {
  const b = <usize>int(args, 0);
  const rs = <usize>int(args, 1) << 3;
  const cs = <usize>int(args, 2) << 3;
  const k = int(args, 3);
  const n = int(args, 4);
  const to = <usize>int(args, 5);
  const last = min((task + 1) * PANELS, (n + NR - 1) / NR);
  for (let panel = task * PANELS; panel < last; panel++) {
    const j = panel * NR;
    const width = min(NR, n - j);
    let out = to + ((<usize>panel * k * NR) << 3);
    let from = b + <usize>j * cs;
    for (let p = 0; p < k; p++) {
      for (let c = 0; c < NR; c++) {
        store<f64>(out + (<usize>c << 3), c < width ? load<f64>(from + <usize>c * cs) : 0);
      }
      out += NR << 3;
      from += rs;
    }
  }
}

function packA(a: usize, rs: usize, cs: usize, rows: i32, k: i32, alpha: f64, to: usize): void {
  for (let i = 0; i < rows; i += MR) {
    const height = min(MR, rows - i);
    let from = a + <usize>i * rs;
    if (height == MR) {
      for (let p = 0; p < k; p++) {
        store<f64>(to, alpha * load<f64>(from));
        store<f64>(to, alpha * load<f64>(from + rs), 8);
        store<f64>(to, alpha * load<f64>(from + 2 * rs), 16);
        store<f64>(to, alpha * load<f64>(from + 3 * rs), 24);
        to += MR << 3;
        from += cs;
      }
    } else {
      for (let p = 0; p < k; p++) {
        for (let r = 0; r < MR; r++) {
          store<f64>(to + (<usize>r << 3), r < height ? alpha * load<f64>(from + <usize>r * rs) : 0);
        }
        to += MR << 3;
        from += cs;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function addTo(address: usize, value: v128): void {
  v128.store(address, f64x2.add(v128.load(address), value));
}

/** C[4, 4] += Ap Bp over k (even or odd); c has row stride ldc bytes. */
function tile(a: usize, b: usize, k: i32, c: usize, ldc: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (let p = k >> 1; p > 0; p--) {
    let b0 = v128.load(b);
    let b1 = v128.load(b, 16);
    let s = v128.load_splat<f64>(a);
    c00 = f64x2.add(c00, f64x2.mul(s, b0));
    c01 = f64x2.add(c01, f64x2.mul(s, b1));
    s = v128.load_splat<f64>(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(s, b0));
    c11 = f64x2.add(c11, f64x2.mul(s, b1));
    s = v128.load_splat<f64>(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(s, b0));
    c21 = f64x2.add(c21, f64x2.mul(s, b1));
    s = v128.load_splat<f64>(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(s, b0));
    c31 = f64x2.add(c31, f64x2.mul(s, b1));
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    s = v128.load_splat<f64>(a, 32);
    c00 = f64x2.add(c00, f64x2.mul(s, b0));
    c01 = f64x2.add(c01, f64x2.mul(s, b1));
    s = v128.load_splat<f64>(a, 40);
    c10 = f64x2.add(c10, f64x2.mul(s, b0));
    c11 = f64x2.add(c11, f64x2.mul(s, b1));
    s = v128.load_splat<f64>(a, 48);
    c20 = f64x2.add(c20, f64x2.mul(s, b0));
    c21 = f64x2.add(c21, f64x2.mul(s, b1));
    s = v128.load_splat<f64>(a, 56);
    c30 = f64x2.add(c30, f64x2.mul(s, b0));
    c31 = f64x2.add(c31, f64x2.mul(s, b1));
    a += 64;
    b += 64;
  }
  if (k & 1) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let s = v128.load_splat<f64>(a);
    c00 = f64x2.add(c00, f64x2.mul(s, b0));
    c01 = f64x2.add(c01, f64x2.mul(s, b1));
    s = v128.load_splat<f64>(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(s, b0));
    c11 = f64x2.add(c11, f64x2.mul(s, b1));
    s = v128.load_splat<f64>(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(s, b0));
    c21 = f64x2.add(c21, f64x2.mul(s, b1));
    s = v128.load_splat<f64>(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(s, b0));
    c31 = f64x2.add(c31, f64x2.mul(s, b1));
  }
  addTo(c, c00);
  addTo(c + 16, c01);
  c += ldc;
  addTo(c, c10);
  addTo(c + 16, c11);
  c += ldc;
  addTo(c, c20);
  addTo(c + 16, c21);
  c += ldc;
  addTo(c, c30);
  addTo(c + 16, c31);
}

/**
 * C[m, n] += alpha op(A) packedB for the 64 rows of one task; with lower = 1 only tiles that reach the diagonal or
 * lie below it. args: A, rowStride, columnStride, m, k, n, packedB, scratch, scratchStride, C, ldc, lower; float: alpha
 */
export function multiply(task: i32, thread: i32, args: usize): void {
  const rs = <usize>int(args, 1) << 3;
  const cs = <usize>int(args, 2) << 3;
  const m = int(args, 3);
  const k = int(args, 4);
  const n = int(args, 5);
  const panels = <usize>int(args, 6);
  const packed = <usize>int(args, 7) + <usize>thread * int(args, 8);
  const ldc = <usize>int(args, 10) << 3;
  const lower = int(args, 11);
  const first = task * MC;
  const rows = min(MC, m - first);
  const edge = packed + ((<usize>MC * k) << 3); // a 4x4 tile for what hangs over C's border
  packA(<usize>int(args, 0) + <usize>first * rs, rs, cs, rows, k, load<f64>(args + 128), packed);
  const c = <usize>int(args, 9) + <usize>first * ldc;
  const columns = lower ? min(n, first + rows) : n;
  for (let j = 0; j < columns; j += NR) {
    const b = panels + ((<usize>j * k) << 3);
    const width = min(NR, n - j);
    const start = lower && j > first ? (j - first) & ~(MR - 1) : 0;
    for (let i = start; i < rows; i += MR) {
      const a = packed + ((<usize>i * k) << 3);
      const height = min(MR, rows - i);
      const to = c + <usize>i * ldc + (<usize>j << 3);
      if (height == MR && width == NR) {
        tile(a, b, k, to, ldc);
      } else {
        memory.fill(edge, 0, (MR * NR) << 3);
        tile(a, b, k, edge, NR << 3);
        for (let r = 0; r < height; r++) {
          for (let q = 0; q < width; q++) {
            const at = to + <usize>r * ldc + (<usize>q << 3);
            store<f64>(at, load<f64>(at) + load<f64>(edge + (<usize>(r * NR + q) << 3)));
          }
        }
      }
    }
  }
}
