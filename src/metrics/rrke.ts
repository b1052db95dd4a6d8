/** RRKE: how far the modes of fakes are from those of real samples, by the relative Renyi entropy of a Gaussian kernel. */

import type { MemoContext } from "../math/compute-context.ts";
import { checkSides } from "../math/features/check-features.ts";
import type { Features } from "../math/features/statistics.ts";
import { measureQuarters, type Part, sidesToQuarters } from "../math/intervals/split-halves.ts";
import { bidiagonalBytes, bidiagonalToSingularValues, toBidiagonal } from "../math/linalg/bidiagonal.ts";
import { matrixBytes, withWorkspace } from "../math/linalg/workspace.ts";
import { drawRows } from "../math/neighbours/equal-numbers.ts";
import { aloneWith, type TwoSides } from "../math/neighbours/shared.ts";
import { squaredDistance } from "../math/neighbours/squared-distance.ts";
import { checkLeast, checkWhole } from "./check-parameters.ts";
import { checkWidth } from "./kernel-width.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";
import { sidesToFeatures } from "./sides-to-features.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.rrke);

type RelativeParameters = typeof DEFAULTS;

/** Rows of both sides, and their kernels [n, m]. */
interface CrossKernel {
  readonly n: number;
  readonly m: number;
  readonly values: Float64Array;
}

/**
 * Relative Renyi kernel entropy of features [n, d] and [m, d], in nats,
 *
 *     RRKE = -ln (sum of the singular values of K)^2,  K_ij = exp(-|real_i - fake_j|^2 / (2 sigma^2)) / sqrt(n m):
 *
 * 0 for equal sets, and the more the fewer modes both have in common. Of more than `samples` rows a side (default 500, the
 * authors'), as many are drawn by seed, for the work grows with their cube; compare values of equal numbers. In float64,
 * right to 1e-12.
 * Source: Jalali et al. 2023, and their rke-score package, compute_rrke.
 *
 * @throws GanEvalError `usage.kernel-width`, `usage.rrke-samples`, `input.too-few-samples`, `input.feature-width`,
 *   `input.features-not-finite`
 */
export const featuresToRelativeEntropy = (
  real: Features,
  fake: Features,
  options: Partial<RelativeParameters> = {},
): number => kernelToEntropy(sidesToKernel({ real, fake }, { ...DEFAULTS, ...options }, aloneWith({})));

function sidesToKernel(
  sides: TwoSides,
  { sigma, samples, seed }: RelativeParameters,
  context: MemoContext,
): CrossKernel {
  checkWidth("--rrke-sigma", sigma);
  checkWhole("rrke-samples", samples, 1, `The authors use ${DEFAULTS.samples}.`);
  checkSides(sides.real, sides.fake);
  checkLeast(Math.min(sides.real.rows, sides.fake.rows), 1, "per side for a kernel", "Give more images.");
  const draw = (side: Features) => drawRows(side, Math.min(samples, side.rows), seed, context);
  const [real, fake] = [draw(sides.real), draw(sides.fake)];
  const values = new Float64Array(real.rows * fake.rows);
  for (let i = 0, at = 0; i < real.rows; i++)
    for (let j = 0; j < fake.rows; j++, at++)
      values[at] = Math.exp(-squaredDistance(real, i, fake, j) / (2 * sigma ** 2));
  return { n: real.rows, m: fake.rows, values };
}

/** Of the rows that are kept. */
function kernelToEntropy(
  { n, m, values }: CrossKernel,
  isKept: (side: number, row: number) => boolean = () => true,
): number {
  const range = (side: number, rows: number): number[] =>
    Array.from({ length: rows }, (_, row) => row).filter((row) => isKept(side, row));
  const [ofReal, ofFake] = [range(0, n), range(1, m)];
  const isTall = ofReal.length >= ofFake.length;
  const [long, short] = isTall ? [ofReal, ofFake] : [ofFake, ofReal];
  const [rows, columns] = [long.length, short.length];
  const bytes = matrixBytes(rows, columns) + matrixBytes(20, columns) + bidiagonalBytes(rows, columns);
  const nuclear = withWorkspace({ bytes, threads: 1 }, (ws) => {
    const matrix = ws.matrix(rows, columns);
    const to = ws.doubles(matrix.pointer, rows * matrix.ld);
    long.forEach((l, r) => {
      short.forEach((s, c) => {
        to[r * matrix.ld + c] = values[isTall ? l * m + s : s * m + l];
      });
    });
    return bidiagonalToSingularValues(toBidiagonal(ws, matrix)).reduce((sum, value) => sum + value, 0);
  });
  return Math.max(0, -2 * Math.log(nuclear / Math.sqrt(rows * columns)));
}

export const row = metric({
  id: "rrke",
  label: "Relative Renyi kernel entropy (RRKE)",
  unit: "nats",
  direction: "lower",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper:
      "Jalali et al. 2023, An Information-Theoretic Evaluation of Generative Models in Learning Multi-modal Distributions (NeurIPS 2023)",
    library: "rke-score",
  },
  defaults: DEFAULTS,
  keys: { entropy: "rrke_{extractor}_entropy" },
  names: { entropy: "Relative kernel entropy" },
  range: [0, Number.POSITIVE_INFINITY],
  hasFloor: true,
  measure: (sides, parameters, context) => ({
    entropy: kernelToEntropy(sidesToKernel(sidesToFeatures(sides), parameters, context)),
  }),
  quarter: (sides, seed, parameters, context) => {
    const kernel = sidesToKernel(sidesToFeatures(sides), parameters, context);
    checkLeast(Math.min(kernel.n, kernel.m), 4, "per side for quarters", "Give more images.");
    const measure = async ({ isIn }: Part) => ({ entropy: kernelToEntropy(kernel, isIn) });
    return measureQuarters(sidesToQuarters([kernel.n, kernel.m], seed), measure, context.progress);
  },
});
