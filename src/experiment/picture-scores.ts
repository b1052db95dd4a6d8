/** The scores of pictures, from what a network says of them. */
import type { FeatureMatrix } from "../inception/extractor.ts";
import { classesToCoverage, logitsToStackedClasses } from "../metrics/class-coverage.ts";
import { featuresToMoments, type Moments } from "../metrics/features/statistics.ts";
import { row as fid, momentsToFrechet } from "../metrics/frechet.ts";
import { row as is, logitsToInceptionScore } from "../metrics/inception-score.ts";
import type { Role } from "../metrics/metric.ts";
import {
  checkNeighbours,
  featuresToNeighbourhoods,
  type Neighbourhoods,
} from "../metrics/neighbours/neighbourhoods.ts";
import {
  neighbourhoodsToPrecisionRecall,
  type PrecisionRecall,
  row as pr,
} from "../metrics/precision-recall.ts";
import { valuesToKeys, valueToKey } from "../metrics/table.ts";
import type { ExtraKey } from "../metrics/values.ts";
import type { ScoreId } from "./score-generator.ts";

/** What a network says of some pictures, as far as it was asked. */
export interface Measured {
  readonly features?: FeatureMatrix;
  readonly logits?: FeatureMatrix;
  /** Logits of each channel of each picture. */
  readonly channels?: FeatureMatrix;
}

export interface ScoresOptions {
  /** The extractor's, in the names of values. */
  readonly family: string;
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
  readonly precisionRecall: () => Promise<PrecisionRecall>;
}

interface PictureScore {
  readonly needs: (stacked: boolean) => readonly (keyof Measured)[];
  /** Of the values; the first decides. */
  readonly names: (family: string) => readonly string[];
  readonly comparesWithReal: boolean;
  readonly measure: (
    scoring: Scoring,
  ) => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;
}

const STACK = 3;

/** Logits of a stack's channels stand side by side once rows are read as three. */
function measuredToClasses({ logits, channels }: Measured) {
  if (!channels) return logitsToStackedClasses(logits!);
  const { data, rows, width } = channels;
  return logitsToStackedClasses({ data, rows: rows / STACK, width: width * STACK }, STACK);
}

const single = (name: keyof PrecisionRecall): PictureScore => ({
  needs: () => ["features"],
  names: (family) => [valueToKey(pr, name, family)],
  comparesWithReal: true,
  measure: async ({ precisionRecall, options }) => ({
    [valueToKey(pr, name, options.family)]: (await precisionRecall())[name],
  }),
});

export const PICTURE_SCORES: Readonly<Record<ScoreId<"pictures">, PictureScore>> = {
  fid: {
    needs: () => ["features"],
    names: (family) => [valueToKey(fid, "distance", family)],
    comparesWithReal: true,
    measure: ({ measured, realMoments, options }) => {
      const { family, ...threading } = options;
      const { distance } = momentsToFrechet(
        realMoments(),
        featuresToMoments(measured.features!, threading),
        threading,
      );
      return valuesToKeys(fid, { distance }, family);
    },
  },
  is: {
    needs: () => ["logits"],
    names: (family) => [valueToKey(is, "mean", family), valueToKey(is, "std", family)],
    comparesWithReal: false,
    measure: ({ measured, options }) => {
      const { data, rows, width } = measured.logits!;
      const splits = Math.min(is.defaults.splits, rows);
      const { mean, std } = logitsToInceptionScore(data, rows, width, { splits });
      return valuesToKeys(is, { mean, std }, options.family);
    },
  },
  precision: single("precision"),
  recall: single("recall"),
  classes: {
    needs: (stacked) => [stacked ? "channels" : "logits"],
    names: () => ["classes", "classes_kl"] satisfies ExtraKey[],
    comparesWithReal: true,
    measure: ({ measured, realFrequencies }) => {
      const { predicted, classes } = measuredToClasses(measured);
      const { hit, divergence } = classesToCoverage(predicted, classes, realFrequencies());
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

export const firstRows = ({ data, rows, width }: FeatureMatrix, n: number): FeatureMatrix => {
  const count = Math.min(n, rows);
  return { data: data.subarray(0, count * width), rows: count, width };
};

/**
 * Real classes as the same network sees them, so that its errors cancel. All have to occur, or the divergence could be
 * infinite; where one does not (1,000 classes of stacks), equal frequencies are expected instead.
 */
function measuredToFrequencies(real: Measured): Int32Array | undefined {
  const { predicted, classes } = measuredToClasses(real);
  const { counts, hit } = classesToCoverage(predicted, classes);
  return hit === classes && !real.channels ? counts : undefined;
}

/**
 * Scores against one set of real pictures, whose part is computed at once.
 * @throws GanEvalError `input.too-few-samples` where there are too few of them
 */
export async function openPictureScores(
  ids: readonly ScoreId<"pictures">[],
  real: Measured,
  options: ScoresOptions,
): Promise<(measured: Measured) => Promise<Record<string, number>>> {
  const { samples, threads } = options;
  const threading = threads === undefined ? {} : { threads };
  const wants = (...some: readonly ScoreId<"pictures">[]) => some.some((id) => ids.includes(id));
  const neighbourhoodsOf = (features: FeatureMatrix, role: Role): Promise<Neighbourhoods> => {
    checkNeighbours(pr.defaults.k, { [role]: features });
    return featuresToNeighbourhoods(features, { ...pr.defaults, role, ...threading });
  };
  const realMoments = memoize(() => featuresToMoments(real.features!, threading));
  const realNeighbours = memoize(() => neighbourhoodsOf(firstRows(real.features!, samples), "real"));
  const realFrequencies = memoize(() => measuredToFrequencies(real));
  if (wants("fid")) realMoments();
  if (wants("precision", "recall")) await realNeighbours();
  if (wants("classes")) realFrequencies();
  return async (measured) => {
    const precisionRecall = memoize(async () =>
      neighbourhoodsToPrecisionRecall(
        await realNeighbours(),
        await neighbourhoodsOf(measured.features!, "fake"),
        threading,
      ),
    );
    const scoring: Scoring = { measured, options, realMoments, realFrequencies, precisionRecall };
    const scores = await Promise.all(ids.map((id) => PICTURE_SCORES[id].measure(scoring)));
    return Object.assign({}, ...scores);
  };
}
