/** NDB: the number of statistically different bins, and the divergence of the bins' shares. */

import { labelsToCounts, rowsToCentres, rowsToLabels, sidesToRows } from "../math/clusters/clusters.ts";
import { sidesToMean } from "../math/features/centred-features.ts";
import { checkSides } from "../math/features/check-features.ts";
import type { Features } from "../math/features/statistics.ts";
import type { Blocks } from "../math/intervals/blocks.ts";
import { toIsLeftOut } from "../math/intervals/jackknife.ts";
import { twoSidedTail } from "../math/intervals/normal.ts";
import { memoPair } from "../math/memo-pair.ts";
import { checkLeast, checkShare, checkWhole } from "./check-parameters.ts";
import { type MetricContext, metric, type Sides } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.ndb);

type NdbParameters = typeof DEFAULTS;

/** The z test of two proportions wants some samples in every bin. */
const ROWS_A_BIN = 10;
/** Added to deviations where features are whitened: the authors'. */
const LEAST_DEVIATION = 1e-6;

export interface DifferentBins {
  /** Bins whose shares differ significantly. */
  readonly different: number;
  /** `different` over the number of bins; about `significance` where both sides are from one distribution. */
  readonly share: number;
  /** Jensen-Shannon divergence of the histograms, in nats, 0 to ln 2. */
  readonly jsd: number;
  /** [bins] |z|, 0 where a bin is empty on both sides. */
  readonly z: Float64Array;
}

/**
 * Number of statistically different bins (NDB) of two histograms of counts: bin by bin the two-sided z test of two
 * proportions, z = (p - q) / sqrt(s (1 - s) (1/n + 1/m)), s the pooled share, and over all bins the Jensen-Shannon
 * divergence (natural logarithm). Agrees with gans-n-gmms' ndb.py to 1e-12.
 */
export function countsToDifferentBins(
  real: ArrayLike<number>,
  fake: ArrayLike<number>,
  significance = DEFAULTS.significance,
): DifferentBins {
  const total = (counts: ArrayLike<number>): number => Array.from(counts).reduce((sum, c) => sum + c, 0);
  const [n, m] = [total(real), total(fake)];
  const z = new Float64Array(real.length);
  let jsd = 0;
  for (let bin = 0; bin < z.length; bin++) {
    const [p, q] = [real[bin]! / n, fake[bin]! / m];
    const pooled = (real[bin]! + fake[bin]!) / (n + m);
    const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
    if (deviation > 0) z[bin] = Math.abs(p - q) / deviation;
    const middle = (p + q) / 2;
    for (const share of [p, q]) if (share > 0) jsd += (share / 2) * Math.log(share / middle);
  }
  const different = z.filter((value) => twoSidedTail(value) < significance).length;
  return { different, share: different / z.length, jsd: Math.max(0, jsd), z };
}

interface Binned {
  readonly bins: number;
  readonly real: Int32Array;
  readonly fake: Int32Array;
}

const toBins = (wanted: number, { rows }: Features): number =>
  Math.min(wanted, Math.floor(rows / ROWS_A_BIN));

async function sidesToBins(
  real: Features,
  fake: Features,
  { bins: wanted, whitening, seed, significance }: NdbParameters,
  context: Partial<MetricContext>,
): Promise<Binned> {
  checkWhole("ndb-bins", wanted, 2, "The usual value is --ndb-bins 100.");
  checkShare("ndb-significance", significance, "The usual value is --ndb-significance 0.05.");
  checkSides(real, fake);
  checkLeast(real.rows, 2 * ROWS_A_BIN, "on the real side for two bins", "Give more real images.");
  checkLeast(fake.rows, ROWS_A_BIN, "on the fake side to test shares", "Give more fake images.");
  const bins = toBins(wanted, real);
  if (bins < wanted)
    context.warn?.({
      code: "fewer-bins",
      message: `ndb: uses ${bins} bins instead of ${wanted}, so that each holds ${ROWS_A_BIN} of the ${real.rows} real rows`,
      hint: `Compare only values with the same number of bins: give at least ${wanted * ROWS_A_BIN} real images, or use --ndb-bins ${bins} everywhere.`,
    });
  const mean = sidesToMean([real]);
  const scale = whitening ? deviations(real, mean).map((value) => 1 / (value + LEAST_DEVIATION)) : undefined;
  const rows = sidesToRows([real], mean, scale);
  const centres = await rowsToCentres(rows, { clusters: bins, runs: 1, seed }, context);
  const [ofReal] = await rowsToLabels(rows, centres, 1, context);
  const [ofFake] = await rowsToLabels(sidesToRows([fake], mean, scale), centres, 1, context);
  return { bins, real: ofReal!, fake: ofFake! };
}

/** [d] ddof 0 */
function deviations({ data, rows, width }: Features, mean: Float32Array): Float64Array {
  const squares = new Float64Array(width);
  for (let r = 0; r < rows; r++)
    for (let j = 0; j < width; j++) squares[j]! += (data[r * width + j]! - mean[j]!) ** 2;
  return squares.map((sum) => Math.sqrt(sum / rows));
}

const toHistogram = ({ bins }: Binned, labels: Int32Array, isOut: (row: number) => boolean = () => false) =>
  labelsToCounts(labels, bins, 2, (row) => (isOut(row) ? 1 : 0))[0]!;

/**
 * NDB and JSD of features [n, d] and [m, d] over bins that are k-means clusters of the real side (`rowsToCentres`); fake
 * rows fall in the bin of the nearest centre. `whitening` divides every feature by its deviation on the real side first.
 * Of fewer than ten real rows a bin, there are fewer bins, with the warning `fewer-bins`.
 *
 * The authors' code clusters in a sixth of the dimensions, drawn at random, where there are more than 1,000, to save time;
 * here it is in all, and k-means is drawn otherwise: equal to it statistically.
 *
 * @throws GanEvalError `usage.ndb-bins`, `usage.ndb-significance`, `input.too-few-samples`, `input.feature-width`,
 *   `input.features-not-finite`
 */
export async function featuresToDifferentBins(
  real: Features,
  fake: Features,
  options: Partial<NdbParameters> & Partial<MetricContext> = {},
): Promise<DifferentBins> {
  const parameters = { ...DEFAULTS, ...options };
  const binned = await sidesToBins(real, fake, parameters, options);
  return countsToDifferentBins(
    toHistogram(binned, binned.real),
    toHistogram(binned, binned.fake),
    parameters.significance,
  );
}

const binnedOnce = ({ real, fake }: Sides, parameters: NdbParameters, context: MetricContext) =>
  memoPair(context, real!.features!, fake.features!, `ndb ${JSON.stringify(parameters)}`, () =>
    sidesToBins(real!.features!, fake.features!, parameters, context),
  );

/** Without block `out[i]` of `blocks[i]`, for each i; bins are held fixed. */
function binsWithout(
  binned: Binned,
  blocks: readonly Blocks[],
  out: readonly number[],
  { significance }: NdbParameters,
) {
  const { share, jsd } = countsToDifferentBins(
    toHistogram(binned, binned.real, toIsLeftOut("real", blocks, out)),
    toHistogram(binned, binned.fake, toIsLeftOut("fake", blocks, out)),
    significance,
  );
  return { share, jsd };
}

export const row = metric({
  id: "ndb",
  label: "Number of statistically different bins (NDB/K)",
  unit: "share of bins",
  direction: "lower",
  needs: { real: ["features"], fake: ["features"] },
  source: {
    paper: "Richardson & Weiss 2018, On GANs and GMMs (arXiv 1805.12462)",
    library: "gans-n-gmms ndb.py, statistically (its clusters are drawn otherwise)",
  },
  defaults: DEFAULTS,
  least: () => ({ real: 2 * ROWS_A_BIN, fake: ROWS_A_BIN }),
  units: { jsd: "nats" },
  keys: { share: "ndb", jsd: "ndb_jsd" },
  names: { share: "NDB/K", jsd: "NDB JSD" },
  range: [0, 1],
  hasFloor: true,
  floorOrder: { jsd: 1 },
  measure: async (sides, parameters, context) => {
    const binned = await binnedOnce(sides, parameters, context);
    const { share, jsd } = countsToDifferentBins(
      toHistogram(binned, binned.real),
      toHistogram(binned, binned.fake),
      parameters.significance,
    );
    return { share, jsd };
  },
  // Bins that are unlike vary less than equal ones: intervals of the share are up to 1.7 times as wide as they should be.
  outcomes: ({ real }, { bins }) => ({ share: toBins(bins, real!.features!) }),
  leaveOut: async (sides, blocks, parameters, context) => {
    const binned = await binnedOnce(sides, parameters, context);
    return Array.from({ length: blocks.count }, (_, block) =>
      binsWithout(binned, [blocks], [block], parameters),
    );
  },
  pairs: "all",
  leaveOutPairs: async (sides, blocks, pairs, parameters, context) => {
    const binned = await binnedOnce(sides, parameters, context);
    return pairs.map((out) => binsWithout(binned, blocks, out, parameters));
  },
});
