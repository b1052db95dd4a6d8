import { GanEvalError } from "../errors.ts";
import type { MetricMeta } from "./meta.ts";
import { featuresToNeighbourhoods, type Neighbourhoods, toSquaredDistance } from "./neighbourhoods.ts";
import { TILE, withRowProducts } from "./row-products.ts";
import type { Features } from "./statistics.ts";

export const meta = {
  id: "pr",
  label: "Improved precision and recall",
  unit: "share of samples",
  direction: "higher",
  needs: "real-and-fake-features",
  source: {
    paper:
      "Kynkäänniemi et al. 2019, Improved Precision and Recall Metric for Assessing Generative Models (arXiv 1904.06991)",
    library:
      "improved-precision-and-recall-metric; torch-fidelity metric_prc.py; guided-diffusion evaluator.py",
  },
  defaults: { k: 3 },
  keys: {
    inception: { precision: "precision", recall: "recall" },
    digits: { precision: "precision", recall: "recall" },
  },
} as const satisfies MetricMeta;

export interface PrecisionRecall {
  /** The share of fake samples within the ball of some real one. */
  readonly precision: number;
  /** The share of real samples within the ball of some fake one. */
  readonly recall: number;
}

export interface PrecisionRecallOptions {
  /** A ball reaches to the k-th nearest other sample of its own side (default 3). */
  readonly k?: number;
  readonly threads?: number;
}

/**
 * Improved precision and recall of features [n, d] and [m, d],
 *
 *     precision = mean_j [ some i has |real_i - fake_j| <= r_i ],  r_i to real_i's k-th nearest other real sample
 *     recall    = mean_i [ some j has |real_i - fake_j| <= s_j ],  s_j to fake_j's k-th nearest other fake sample
 *
 * both from 0 to 1. A point on a ball's surface is in it (the authors', torch-fidelity's and guided-diffusion's rule;
 * prdc leaves it out), so samples repeated k + 1 times cover exactly themselves. Exact, in time n^2 d. Depends on the
 * numbers of samples: compare values of equal n and m only. One far real sample has a large ball, and whatever is in it
 * counts as precise: uniform noise has a precision of 0.99 by the digits network. Read it beside a distance.
 *
 * @throws GanEvalError `input.too-few-samples` where a side has k samples or fewer, `usage.neighbours`,
 *   `input.feature-width`, `input.features-not-finite`
 */
export function featuresToPrecisionRecall(
  real: Features,
  fake: Features,
  options: PrecisionRecallOptions = {},
): PrecisionRecall {
  const all = { ...meta.defaults, ...options };
  checkWidths(real, fake);
  return neighbourhoodsToPrecisionRecall(
    featuresToNeighbourhoods(real, all),
    featuresToNeighbourhoods(fake, all),
    all,
  );
}

/** The same from neighbourhoods: those of a reference are found once for many generators. */
export function neighbourhoodsToPrecisionRecall(
  real: Neighbourhoods,
  fake: Neighbourhoods,
  options: Pick<PrecisionRecallOptions, "threads"> = {},
): PrecisionRecall {
  checkWidths(real.features, fake.features);
  const { rows: n, width } = real.features;
  const { rows: m } = fake.features;
  const realCovered = new Uint8Array(n);
  const fakeCovered = new Uint8Array(m);
  withRowProducts(width, n * m * width, options, (productsOf) => {
    for (let i = 0; i < n; i += TILE)
      for (let j = 0; j < m; j += TILE) {
        const { rows, columns, values, stride } = productsOf(real.features, i, fake.features, j);
        for (let r = 0; r < rows; r++) {
          const norm = real.squaredNorms[i + r];
          const radius = real.squaredRadii[i + r];
          for (let c = 0; c < columns; c++) {
            const squared = toSquaredDistance(norm, fake.squaredNorms[j + c], values[r * stride + c]);
            if (squared <= radius) fakeCovered[j + c] = 1;
            if (squared <= fake.squaredRadii[j + c]) realCovered[i + r] = 1;
          }
        }
      }
  });
  return { precision: shareOf(fakeCovered), recall: shareOf(realCovered) };
}

const shareOf = (covered: Uint8Array): number => covered.reduce((sum, is) => sum + is, 0) / covered.length;

function checkWidths(real: Features, fake: Features): void {
  if (real.width === fake.width) return;
  throw new GanEvalError(
    "input.feature-width",
    `expected features of one width, got ${real.width} (real) and ${fake.width} (fake)`,
    { hint: "Both sides must come from the same extractor and layer." },
  );
}
