/** Scores of samples of one or two dimensions. */

import { samplesToModeCoverage } from "../../math/clusters/mode-coverage.ts";
import { featuresToBins, mixtureToBins } from "../../math/clusters/reference-bins.ts";
import { openSlicedWasserstein } from "../../metrics/swd.ts";
import { type ExtraKey, keyToDirection } from "../../metrics/values.ts";
import { SCORES, type ScoreId } from "../../run-folder/default-scores.ts";
import type { OpenedData } from "../../train/data/opened-data.ts";
import { openSampleSignals } from "../signals/sample-signals.ts";
import { chooseScores, type GeneratorScorer, requireSamples, type ScorerOptions } from "./score-generator.ts";

/** Fresh samples that the generated ones are held against. */
const REFERENCE = 10_000;
/** Of them, what signals of health are held against. */
const SIGNAL_REFERENCE = 2000;

interface ToyScore {
  /** The first decides. */
  readonly values: readonly ExtraKey[];
  /** Against the data, and fresh samples of them. */
  readonly open: (data: OpenedData, reference: Float32Array) => (samples: Float32Array) => readonly number[];
}

const TOY_SCORES = {
  wasserstein: {
    values: ["sliced_wasserstein"],
    open: ({ shape }, reference) => {
      const toDistance = openSlicedWasserstein(reference, shape[0]);
      return (samples) => [toDistance(samples)];
    },
  },
  modes: {
    values: ["modes", "high_quality", "reverse_kl"],
    open:
      ({ mixture }) =>
      (samples) => {
        const { captured, highQuality, reverseKl } = samplesToModeCoverage(samples, mixture!);
        return [captured, highQuality, reverseKl];
      },
  },
} as const satisfies Readonly<Record<ScoreId<"toy">, ToyScore>>;

/**
 * Modes only where the distribution has known ones. The distance decides unless told otherwise: of a collapsed
 * generator quality may be perfect, and of a blurred one every mode captured.
 */
export function openToyScorer(
  data: OpenedData,
  { metrics, samples, floor = true }: ScorerOptions,
): GeneratorScorer {
  const { shape } = data;
  const possible = data.mixture ? SCORES.toy : (["wasserstein"] as const);
  const ids = chooseScores(metrics, possible, possible, data.label);
  const fresh = data.heldOut(REFERENCE + samples).samples;
  const reference = fresh.subarray(0, REFERENCE * shape[0]);
  const opened = ids.map((id) => ({ ...TOY_SCORES[id], measure: TOY_SCORES[id].open(data, reference) }));
  const measure = (of: Float32Array): Record<string, number> =>
    Object.fromEntries(
      opened.flatMap(({ values: names, measure: toValues }) => {
        const values = toValues(of);
        return names.map((name, i): [string, number] => [name, values[i]]);
      }),
    );
  const toFeatures = (data: Float32Array) => ({ data, rows: data.length / shape[0], width: shape[0] });
  const openSignals = async () => {
    const features = toFeatures(reference.subarray(0, SIGNAL_REFERENCE * shape[0]));
    const bins = data.mixture
      ? mixtureToBins(data.mixture)
      : await featuresToBins(features, { samples, seed: 0 });
    return openSampleSignals({ features, bins });
  };
  let toSignals: ReturnType<typeof openSignals> | undefined;
  const [first] = TOY_SCORES[ids[0]].values;
  return {
    metrics: ids.flatMap((id) => TOY_SCORES[id].values),
    first: { name: first, lowerIsBetter: keyToDirection(first) === "lower" },
    ...(floor && { floor: measure(fresh.subarray(REFERENCE * shape[0])) }),
    async score(of, n) {
      requireSamples(of, n, shape);
      return measure(of);
    },
    async examine(of, n) {
      requireSamples(of, n, shape);
      toSignals ??= openSignals();
      return { scores: measure(of), signals: await (await toSignals)(toFeatures(of)) };
    },
    async dispose() {},
  };
}
