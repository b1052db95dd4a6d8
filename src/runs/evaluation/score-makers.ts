/**
 * Scores what a scheme's makers make of held-out samples: against their partners where samples are pairs, and by features
 * against the held-out images of the domain that they should look like.
 */
import { samplesToPixels } from "../../images/decode/samples-to-pixels.ts";
import { metrics } from "../../metrics/table.ts";
import type { RunConfig } from "../../run-folder/run-config.ts";
import type { OpenedDomains } from "../../train/data/domains/open-domains.ts";
import type { OpenedData } from "../../train/data/opened-data.ts";
import { openMaker } from "../../train/maker.ts";
import { nameToColumn } from "../../train/round-record.ts";
import { type Maker, makerToImageFields } from "../../train/scheme/scheme.ts";
import { Disposables } from "../disposables.ts";
import { makerToInputs } from "../maker-inputs.ts";
import type { PreparedRun } from "../prepare-run.ts";
import { FEWEST_SCORED } from "../scheme-remarks.ts";
import { targetToSigns } from "../signals/maker-signals.ts";
import type { TrainOptions } from "../trained-run.ts";
import { isPairedScore, MAKER_SCORES, targetToScores } from "./paired-scores.ts";
import { openGeneratorScorer } from "./score-generator.ts";
import { configToScorer, type Scoring } from "./scoring.ts";

const BATCH = 16;

/** Held-out images of a field as the data of an evaluation. */
function fieldToData(domains: OpenedDomains, field: string, samples: Float32Array): OpenedData {
  const shape = domains.data.fields[field] as readonly [number, number, number];
  const pixels = { train: { pixels: samplesToPixels(samples), shape } };
  return {
    kind: "images",
    label: `${domains.label}, held-out ${field.toUpperCase()}`,
    location: domains.label,
    shape,
    hash: domains.hash,
    pixels,
    training: () => {
      throw new Error("unreachable: an evaluation trains nothing");
    },
    heldOut: () => ({ samples }),
    warnings: [],
  };
}

/** Scores of images `[n, ...]` in the place of a maker's. */
type Score = (images: Float32Array) => Promise<Record<string, number>>;

/** One maker, and how it is scored. */
interface Judged {
  readonly maker: Maker;
  /** What it makes of the held-out samples, as it is now. */
  readonly make: () => Promise<Float32Array>;
  readonly score: Score;
  readonly toSigns: (made: Float32Array) => Record<string, number>;
  /** What it begins with, where that is of the target's shape. */
  readonly source: Float32Array | undefined;
  /** The deciding value where that is one of features. */
  readonly first: Scoring["first"] | undefined;
}

/**
 * Opens everything that scoring needs. Names of values: of one maker those of the metrics, of several with the maker in front.
 * Nothing where no maker has a target, or fewer than 2 samples are held out: remarks have said so.
 * @throws GanEvalError what opening a scorer throws
 */
export async function openMakerScoring(
  prepared: PreparedRun,
  domains: OpenedDomains,
  config: RunConfig,
  options: TrainOptions,
): Promise<Scoring | undefined> {
  const { scheme, engine, trainer } = prepared;
  const { data } = domains;
  const makers = scheme.makers.filter(({ target }) => target !== undefined);
  const n = Math.min(data.heldOut.count, config.evalSamples);
  if (makers.length === 0 || n < FEWEST_SCORED) return undefined;
  const fields = await data.heldOut.fields(0, n);
  const usual: readonly string[] = MAKER_SCORES[data.heldOut.paired ? "paired" : "unpaired"];
  const asked = config.evalMetrics.length > 0 ? config.evalMetrics : usual;
  const paired = asked.filter(isPairedScore);
  const others = asked.filter((id) => !isPairedScore(id));
  const opened = new Disposables();

  const openJudged = async (maker: Maker): Promise<Judged> => {
    const target = fields[maker.target!];
    const given = maker.inputs.map((name) => fields[name]);
    const source = given.find((values) => values?.length === target.length);
    const [image] = makerToImageFields(scheme, maker);
    const scorer = { ...configToScorer(config, options), metrics: others, samples: n };
    const features =
      others.length === 0
        ? undefined
        : opened.keep(await openGeneratorScorer(fieldToData(domains, maker.target!, target), scorer));
    const arraysOf = (network: string) => trainer.arraysOf(network);
    const open = opened.keep(await openMaker(engine, scheme, maker, arraysOf, Math.min(BATCH, n)));
    const inputs = makerToInputs(scheme, maker, fields, n, config.seed);
    const toScores = paired.length > 0 ? targetToScores(target, open.shape, paired) : undefined;
    return {
      maker,
      source,
      make: () => open.make(inputs),
      score: async (made) => ({ ...toScores?.(made), ...(features && (await features.score(made, n))) }),
      toSigns: targetToSigns(target, source ?? fields[image], n),
      first: features?.first,
    };
  };

  try {
    const judged: Judged[] = [];
    for (const maker of makers) judged.push(await openJudged(maker));
    const nameOf = ({ name }: Maker, value: string): string =>
      judged.length === 1 ? value : `${nameToColumn(name)}_${value}`;
    const named = (maker: Maker, values: Readonly<Record<string, number>>) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [nameOf(maker, name), value]));
    const floor: Record<string, number> = {};
    for (const { maker, source, score } of judged)
      if (source) Object.assign(floor, named(maker, await score(source)));
    const [{ maker: firstMaker, first }] = judged;
    const [deciding] = asked;
    const { name, lowerIsBetter } = isPairedScore(deciding)
      ? { name: deciding, lowerIsBetter: metrics[deciding].direction === "lower" }
      : first!;
    return {
      first: { name: nameOf(firstMaker, name), lowerIsBetter },
      ...(Object.keys(floor).length > 0 && { floor }),
      async examine() {
        const scores: Record<string, number> = {};
        const signals: Record<string, number> = {};
        for (const { maker, make, score, toSigns } of judged) {
          const made = await make();
          Object.assign(scores, named(maker, await score(made)));
          Object.assign(signals, named(maker, toSigns(made)));
        }
        return { scores, signals };
      },
      dispose: () => opened.dispose(),
    };
  } catch (error) {
    await opened.dispose();
    throw error;
  }
}
