/** The scores of pictures, from what a network says of them. */
import type { FeatureMatrix } from "../inception/extractor.ts";
import { channelsToClasses, classesToCoverage, logitsToClasses } from "../metrics/class-coverage.ts";
import { meta as fid, momentsToFrechet } from "../metrics/frechet.ts";
import { meta as is, logitsToInceptionScore } from "../metrics/inception-score.ts";
import type { ExtractorFamily } from "../metrics/meta.ts";
import { featuresToNeighbourhoods, type Neighbourhoods } from "../metrics/neighbourhoods.ts";
import {
  neighbourhoodsToPrecisionRecall,
  type PrecisionRecall,
  meta as pr,
} from "../metrics/precision-recall.ts";
import { featuresToMoments, type Moments } from "../metrics/statistics.ts";
import { valuesToResultKeys } from "../metrics/table.ts";
import type { ScoreId } from "./score-generator.ts";

/** What a network says of some pictures, as far as it was asked. */
export interface Measured {
  readonly features?: FeatureMatrix;
  readonly logits?: FeatureMatrix;
  /** Logits of each channel of each picture. */
  readonly channels?: FeatureMatrix;
}

export interface ScoresOptions {
  readonly family: ExtractorFamily;
  /** Samples in a scoring: precision and recall are of as many real ones, if there are. */
  readonly samples: number;
  readonly threads?: number;
}

/** Two sides of a scoring; everything is computed when it is first asked for. */
interface Scoring {
  readonly measured: Measured;
  readonly options: ScoresOptions;
  readonly realMoments: () => Moments;
  /** Frequencies of the real pictures' classes, where all occur. */
  readonly realFrequencies: () => Int32Array | undefined;
  readonly precisionRecall: () => PrecisionRecall;
}

interface PictureScore {
  readonly needs: (stacked: boolean) => readonly (keyof Measured)[];
  /** Of the values; the first decides. */
  readonly names: (family: ExtractorFamily) => readonly string[];
  readonly lowerIsBetter: boolean;
  readonly comparesWithReal: boolean;
  readonly measure: (scoring: Scoring) => Readonly<Record<string, number>>;
}

const STACK = 3;

function measuredToClasses({ logits, channels }: Measured): { of: Int32Array; classes: number } {
  if (!channels) return { of: logitsToClasses(logits!), classes: logits!.width };
  const { width } = channels;
  return { of: channelsToClasses(logitsToClasses(channels), STACK, width), classes: width ** STACK };
}

const single = (name: keyof PrecisionRecall): PictureScore => ({
  needs: () => ["features"],
  names: (family) => [pr.keys[family][name]],
  lowerIsBetter: false,
  comparesWithReal: true,
  measure: ({ precisionRecall, options }) => ({ [pr.keys[options.family][name]]: precisionRecall()[name] }),
});

export const PICTURE_SCORES: Readonly<Record<ScoreId<"pictures">, PictureScore>> = {
  fid: {
    needs: () => ["features"],
    names: (family) => Object.values(fid.keys[family]),
    lowerIsBetter: true,
    comparesWithReal: true,
    measure: ({ measured, realMoments, options }) => {
      const { family, ...threading } = options;
      const { distance } = momentsToFrechet(
        realMoments(),
        featuresToMoments(measured.features!, threading),
        threading,
      );
      return valuesToResultKeys(fid, family, { distance });
    },
  },
  is: {
    needs: () => ["logits"],
    names: (family) => Object.values(is.keys[family]),
    lowerIsBetter: false,
    comparesWithReal: false,
    measure: ({ measured, options }) => {
      const { data, rows, width } = measured.logits!;
      const splits = Math.min(is.defaults.splits, rows);
      return valuesToResultKeys(is, options.family, logitsToInceptionScore(data, rows, width, { splits }));
    },
  },
  precision: single("precision"),
  recall: single("recall"),
  classes: {
    needs: (stacked) => [stacked ? "channels" : "logits"],
    names: () => ["classes", "classes_kl"],
    lowerIsBetter: false,
    comparesWithReal: true,
    measure: ({ measured, realFrequencies }) => {
      const { of, classes } = measuredToClasses(measured);
      const { hit, divergence } = classesToCoverage(of, classes, realFrequencies());
      return { classes: hit, classes_kl: divergence };
    },
  },
};

function memoize<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

const firstRows = ({ data, rows, width }: FeatureMatrix, n: number): FeatureMatrix => {
  const count = Math.min(n, rows);
  return { data: data.subarray(0, count * width), rows: count, width };
};

/**
 * Real classes as the same network sees them, so that its errors cancel. All have to occur, or the divergence could be
 * infinite; where one does not (1,000 classes of stacks), equal frequencies are expected instead.
 */
function measuredToFrequencies(real: Measured): Int32Array | undefined {
  const { of, classes } = measuredToClasses(real);
  const { counts, hit } = classesToCoverage(of, classes);
  return hit === classes && !real.channels ? counts : undefined;
}

/**
 * Scores against one set of real pictures, whose part is computed at once.
 * @throws GanEvalError `input.too-few-samples` where there are too few of them
 */
export function openPictureScores(
  ids: readonly ScoreId<"pictures">[],
  real: Measured,
  options: ScoresOptions,
): (measured: Measured) => Record<string, number> {
  const { samples, threads } = options;
  const threading = threads === undefined ? {} : { threads };
  const wants = (...some: readonly ScoreId<"pictures">[]) => some.some((id) => ids.includes(id));
  const neighbourhoodsOf = (features: FeatureMatrix): Neighbourhoods =>
    featuresToNeighbourhoods(features, { ...pr.defaults, ...threading });
  const realMoments = memoize(() => featuresToMoments(real.features!, threading));
  const realNeighbours = memoize(() => neighbourhoodsOf(firstRows(real.features!, samples)));
  const realFrequencies = memoize(() => measuredToFrequencies(real));
  if (wants("fid")) realMoments();
  if (wants("precision", "recall")) realNeighbours();
  if (wants("classes")) realFrequencies();
  return (measured) => {
    const precisionRecall = memoize(() =>
      neighbourhoodsToPrecisionRecall(realNeighbours(), neighbourhoodsOf(measured.features!), threading),
    );
    const scoring: Scoring = { measured, options, realMoments, realFrequencies, precisionRecall };
    return Object.assign({}, ...ids.map((id) => PICTURE_SCORES[id].measure(scoring)));
  };
}
