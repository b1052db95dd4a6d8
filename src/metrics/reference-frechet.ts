/** The Frechet distance by its textbook formula: the reference that the fast one is held to. */
import { Matrix } from "ml-matrix";
import { generalSquareRoot } from "../math/linalg/general-square-root.ts";
import { checkStatistics, type FeatureStatistics } from "./fid.ts";

/**
 * Frechet (Wasserstein-2) distance of two normal distributions, by the square root itself:
 *
 *     |mu1 - mu2|^2 + Tr(S1 + S2 - 2 (S1 S2)^1/2),
 *
 * (S1 S2)^1/2 the principal square root of the general matrix S1 S2, on ml-matrix. For checking `statisticsToFrechet`,
 * which never forms the root: on full-rank covariances both agree to 1e-8 of the traces. It takes seconds at d = 256 and
 * minutes at d = 2048. It is not clipped at zero.
 *
 * @param real mean [d] and covariance [d, d], row-major, of full rank
 * @param fake the same, of the same d
 * @throws GanEvalError `input.statistics-shape`, `input.feature-width`, `input.statistics-not-finite`, and
 * `input.no-real-root` where rounding leaves the product without a real root, as it may of singular covariances
 */
export function statisticsToReferenceFrechet(real: FeatureStatistics, fake: FeatureStatistics): number {
  const d = real.mu.length;
  checkStatistics(real, d, "real");
  checkStatistics(fake, d, "fake");
  const [s1, s2] = [real.sigma, fake.sigma].map((sigma) => Matrix.from1DArray(d, d, sigma)) as [
    Matrix,
    Matrix,
  ];
  const meanTerm = real.mu.reduce((sum, value, j) => sum + (value - fake.mu[j]!) ** 2, 0);
  return meanTerm + s1.trace() + s2.trace() - 2 * generalSquareRoot(s1.mmul(s2)).trace();
}
