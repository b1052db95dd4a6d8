/** The square root of a general real matrix, on ml-matrix. */
import { EigenvalueDecomposition, LuDecomposition, Matrix } from "ml-matrix";
import { GanEvalError } from "../../errors.ts";

/** What share of its norm the root's square may miss the matrix by. */
const ACCEPTED = 1e-6;

/**
 * The principal square root of a general real square matrix whose eigenvalues are real and not negative, such as the
 * product of two covariance matrices: A = V diag(lambda) V^-1, A^1/2 = V diag(sqrt(lambda)) V^-1, on ml-matrix.
 *
 * For single roots and as an oracle: it takes minutes at d = 2048, and is right to eps times the condition of V. The
 * distance itself is computed by `traceOfRoot`. Eigenvalues below zero by rounding count as zero.
 * Throws `input.no-real-root`.
 */
export function generalSquareRoot(a: Matrix): Matrix {
  const decomposition = new EigenvalueDecomposition(a);
  const vectors = decomposition.eigenvectorMatrix;
  const values = decomposition.realEigenvalues;
  const norm = a.norm();
  const tolerance = Math.sqrt(Number.EPSILON) * norm;
  const real = decomposition.imaginaryEigenvalues.every((value) => Math.abs(value) <= tolerance);
  if (!real || values.some((value) => value < -tolerance)) throw noRealRoot();
  const scaled = vectors.clone().mulRowVector(values.map((value) => Math.sqrt(Math.max(0, value))));
  // root V = scaled, from the right.
  const factors = new LuDecomposition(vectors.transpose());
  if (factors.isSingular()) throw noRealRoot();
  const root = factors.solve(scaled.transpose()).transpose();
  if (Matrix.sub(root.mmul(root), a).norm() > ACCEPTED * norm) throw noRealRoot();
  return root;
}

const noRealRoot = (): GanEvalError =>
  new GanEvalError(
    "input.no-real-root",
    "expected a diagonalisable matrix with real eigenvalues that are not negative, got one without a real square root",
    { hint: "products of covariance matrices have such a root" },
  );
