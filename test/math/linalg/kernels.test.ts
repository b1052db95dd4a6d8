import { existsSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { Matrix as Dense, EigenvalueDecomposition, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, test } from "vitest";
import {
  bidiagonalBytes,
  bidiagonalToSingularValues,
  toBidiagonal,
} from "../../../src/math/linalg/bidiagonal.ts";
import { choleskyInPlace, pivotedCholesky } from "../../../src/math/linalg/cholesky.ts";
import { generalSquareRoot } from "../../../src/math/linalg/general-square-root.ts";
import { addProduct, productBytes } from "../../../src/math/linalg/product.ts";
import { type SemiDefinite, traceOfRoot } from "../../../src/math/linalg/trace-of-root.ts";
import { toTridiagonal, tridiagonalBytes } from "../../../src/math/linalg/tridiagonal.ts";
import { tridiagonalToEigenvalues } from "../../../src/math/linalg/tridiagonal-eigenvalues.ts";
import {
  type Matrix,
  matrixBytes,
  type Workspace,
  withWorkspace,
} from "../../../src/math/linalg/workspace.ts";
import { mulberry32 } from "../seeded-features.ts";

const random = (rows: number, columns: number, seed: number): Dense => {
  const uniform = mulberry32(seed);
  return Dense.from1DArray(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => uniform() - 0.5),
  );
};

const semiDefinite = (n: number, rank: number, seed: number): Dense => {
  const x = random(n, rank, seed);
  return x.mmul(x.transpose());
};

/** A workspace for a few matrices of side up to n. */
const inWorkspace = <T>(n: number, threads: number, use: (ws: Workspace) => T): T => {
  const bytes =
    6 * matrixBytes(n, n) + productBytes(n, threads) + tridiagonalBytes(n) + bidiagonalBytes(n, n) + 32 * n;
  return withWorkspace({ bytes, threads }, use);
};

function put(ws: Workspace, from: Dense): Matrix {
  const to = ws.matrix(from.rows, from.columns);
  const view = ws.doubles(to.pointer, to.rows * to.ld);
  for (let i = 0; i < to.rows; i++) for (let j = 0; j < to.columns; j++) view[i * to.ld + j] = from.get(i, j);
  return to;
}

function take(ws: Workspace, from: Matrix): Dense {
  const to = new Dense(from.rows, from.columns);
  const view = ws.doubles(from.pointer, from.rows * from.ld);
  for (let i = 0; i < to.rows; i++) for (let j = 0; j < to.columns; j++) to.set(i, j, view[i * from.ld + j]!);
  return to;
}

const difference = (a: Dense, b: Dense): number =>
  a.rows * a.columns === 0 ? 0 : Dense.sub(a, b).abs().max();
const size = fc.integer({ min: 1, max: 90 });
const sorted = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).sort();
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  sorted(a).reduce((most, value, i) => Math.max(most, Math.abs(value - sorted(b)[i]!)), 0);

describe("products against ml-matrix", () => {
  test("any sizes, transpositions and factor", () => {
    fc.assert(
      fc.property(
        size,
        size,
        fc.integer({ min: 1, max: 600 }),
        fc.boolean(),
        fc.boolean(),
        (m, n, k, ta, tb) => {
          const [a, b, c] = [random(m, k, 1), random(k, n, 2), random(m, n, 3)];
          const found = inWorkspace(Math.max(m, n, k), 1, (ws) => {
            const to = put(ws, c);
            const options = { transposeA: ta, transposeB: tb, alpha: -2 };
            addProduct(ws, put(ws, ta ? a.transpose() : a), put(ws, tb ? b.transpose() : b), to, options);
            return take(ws, to);
          });
          // k products of numbers below 1/4, each rounded.
          expect(difference(found, Dense.add(c, a.mmul(b).mul(-2)))).toBeLessThan(1e-16 * k * 10 + 1e-15);
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  test("the lower triangle, and triangular factors whose zero blocks are skipped", () => {
    for (const n of [5, 64, 67, 300]) {
      const lower = random(n, n, 4);
      for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) lower.set(i, j, 0);
      const full = random(n, n, 5);
      inWorkspace(n, 1, (ws) => {
        const [l, f, a, b] = [put(ws, lower), put(ws, full), ws.matrix(n, n), ws.matrix(n, n)];
        addProduct(ws, f, l, a, { lowerB: true });
        expect(difference(take(ws, a), full.mmul(lower))).toBeLessThan(1e-13);
        addProduct(ws, l, f, b, { transposeA: true, upperA: true, lowerOnly: true });
        const [found, expected] = [take(ws, b), lower.transpose().mmul(full)];
        for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expected.set(i, j, found.get(i, j));
        expect(difference(found, expected)).toBeLessThan(1e-13);
      });
    }
  });
});

describe("Cholesky factors", () => {
  test("multiply back to the matrix, below, at and above the block width", () => {
    for (const n of [1, 2, 127, 128, 129, 300]) {
      const s = semiDefinite(n, n + 20, n);
      inWorkspace(n, 1, (ws) => {
        const l = put(ws, s);
        expect(choleskyInPlace(ws, l, 0)).toBeGreaterThan(0);
        const factor = take(ws, l);
        expect(difference(factor.mmul(factor.transpose()), s)).toBeLessThan(1e-13 * (n + 20));
      });
    }
  });

  test("pivoting finds the rank and multiplies back", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 80 }),
        fc.nat(1000),
        (n, r, seed) => {
          const rank = Math.min(n, r);
          const s = semiDefinite(n, rank, seed);
          inWorkspace(n, 1, (ws) => {
            const floor = n * Number.EPSILON * s.diagonal().reduce((a, b) => Math.max(a, b), 0);
            const found = pivotedCholesky(ws, put(ws, s), ws.matrix(n, n), floor);
            const factor = take(ws, found.factor);
            expect(found.rank).toBeLessThanOrEqual(rank);
            expect(found.residual).toBeLessThan(1e-12 * n);
            expect(difference(factor.mmul(factor.transpose()), s)).toBeLessThan(1e-12 * n);
          });
        },
      ),
      { numRuns: 60, seed: 2 },
    );
  });
});

describe("reductions keep the spectrum", () => {
  test("tridiagonal: eigenvalues of ml-matrix", () => {
    for (const n of [1, 2, 3, 31, 32, 33, 34, 64, 65, 100, 250]) {
      const s = semiDefinite(n, Math.ceil(n / 2), n);
      const found = inWorkspace(n, 1, (ws) => tridiagonalToEigenvalues(toTridiagonal(ws, put(ws, s))));
      const expected = new EigenvalueDecomposition(s).realEigenvalues;
      expect(apart(found, expected)).toBeLessThan(1e-14 * n * Math.max(1, s.norm()));
    }
  });

  test("bidiagonal: singular values of ml-matrix, rank-deficient ones included", () => {
    for (const [m, n, rank] of [
      [1, 1, 1],
      [5, 1, 1],
      [2, 2, 1],
      [40, 17, 9],
      [130, 129, 129],
      [200, 60, 30],
    ] as const) {
      const a = random(m, rank, m).mmul(random(rank, n, n));
      const found = inWorkspace(m, 1, (ws) => bidiagonalToSingularValues(toBidiagonal(ws, put(ws, a))));
      const expected = new SingularValueDecomposition(a).diagonal;
      expect(apart(found, expected)).toBeLessThan(1e-14 * m * Math.max(1, a.norm()));
    }
  });

  test("QL ends on clustered zero eigenvalues", () => {
    const n = 400;
    const s = semiDefinite(n, 3, 7);
    const found = inWorkspace(n, 1, (ws) => sorted(tridiagonalToEigenvalues(toTridiagonal(ws, put(ws, s)))));
    expect(Math.abs(found[n - 4]!)).toBeLessThan(1e-13 * found[n - 1]!);
    expect(found.reduce((a, b) => a + b, 0)).toBeCloseTo(s.trace(), 10);
  });
});

describe("threads", () => {
  test("any number of them gives the same bits, by eigenvalues and by singular values", () => {
    const d = 450;
    const uniform = mulberry32(5);
    const rows = (n: number): SemiDefinite => ({
      kind: "rows",
      rows: n,
      values: Float64Array.from({ length: n * d }, () => uniform() - 0.5),
    });
    const dense = (seed: number): SemiDefinite => ({
      kind: "matrix",
      values: Float64Array.from(semiDefinite(d, d + 100, seed).to1DArray()),
    });
    for (const [a, b, method] of [
      [dense(1), dense(2), "eigenvalues"],
      [rows(300), rows(280), "singular-values"],
      [rows(100), dense(3), "singular-values"],
    ] as const) {
      const one = traceOfRoot(a, b, d, { threads: 1 });
      expect(one.method).toBe(method);
      for (const threads of [2, 3, 5]) expect(traceOfRoot(a, b, d, { threads })).toEqual(one);
    }
  });

  test.skipIf(!existsSync("/proc/self/task"))("helpers end with the problem", async () => {
    const count = (): number => readdirSync("/proc/self/task").length;
    const settles = async (to: (threads: number) => boolean): Promise<void> => {
      for (let tries = 0; tries < 500 && !to(count()); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    // Helpers of the tests before may still be ending: wait until the number stands still.
    let before = count();
    for (let still = 0; still < 10; still++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (count() !== before) still = 0;
      before = count();
    }
    const most = withWorkspace({ bytes: 2 ** 23, threads: 4 }, () => count());
    expect(most).toBeGreaterThanOrEqual(before + 3);
    await settles((threads) => threads <= before);
    expect(count()).toBeLessThanOrEqual(before);
  });
});

describe("the general square root", () => {
  test("squares back to products of covariances", () => {
    for (const n of [1, 2, 9, 40]) {
      const a = semiDefinite(n, n + 5, 1).mmul(semiDefinite(n, n + 5, 2));
      const root = generalSquareRoot(a);
      expect(difference(root.mmul(root), a)).toBeLessThan(1e-9 * Math.max(1, a.norm()));
    }
  });

  test("a matrix without a real root is refused", () => {
    for (const rows of [
      [[-1]],
      [
        [0, 1],
        [0, 0],
      ],
      [
        [0, 1],
        [-1, 0],
      ],
    ]) {
      expect(() => generalSquareRoot(new Dense(rows))).toThrow(
        expect.objectContaining({ code: "input.no-real-root" }),
      );
    }
  });
});
