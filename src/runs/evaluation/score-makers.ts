/**
 * Scores what a scheme's makers make of held-out samples: against their partners where samples are pairs, and by features
 * against the held-out images of the domain that they should look like.
 */
import { samplesToPixels } from "../../images/decode/samples-to-pixels.ts";
import type { RunConfig } from "../../run-folder/run-config.ts";
import type { OpenedDomains, SchemeData } from "../../train/data/domains/open-domains.ts";
import type { OpenedData } from "../../train/data/opened-data.ts";
import { type OpenMaker, openMaker } from "../../train/maker.ts";
import type { Maker } from "../../train/scheme/scheme.ts";
import { configToScorer, type Scoring } from "../instruments.ts";
import { makerToInputs } from "../maker-inputs.ts";
import type { PreparedRun } from "../prepare-run.ts";
import { outputsToSigns } from "../signals/maker-signals.ts";
import type { TrainOptions } from "../trained-run.ts";
import { isPairedScore, PAIRED_SCORES, pairsToScores } from "./paired-scores.ts";
import { type GeneratorScorer, openGeneratorScorer } from "./score-generator.ts";

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

/** One maker, what it is fed, and what it is held against. */
interface Judged {
  readonly maker: Maker;
  readonly open: OpenMaker;
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly target: Float32Array;
  /** The images that it starts from, where those are of the target's shape. */
  readonly source: Float32Array | undefined;
  /** The same of any shape: what outputs should follow. */
  readonly followed: Float32Array | undefined;
  readonly features: GeneratorScorer | undefined;
}

/** The held-out fields that there are to evaluate on, at most `samples` rows. */
const heldOutRows = (data: SchemeData, samples: number): number => Math.min(data.heldOut.count, samples);

/**
 * Opens everything that scoring needs. Names of values: of one maker those of the metrics, of several with the maker in front.
 * @throws GanEvalError `usage.missing-held-out`, and what opening a scorer throws
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
  const n = heldOutRows(data, config.evalSamples);
  if (makers.length === 0 || n < 2) return undefined;
  const fields = await data.heldOut.fields(0, n);
  const isPaired =
    data.heldOut.paired ||
    makers.every(({ inputs, target }) => !inputs.includes(target!) && data.heldOut.paired);
  const usual: readonly string[] = isPaired ? Object.keys(PAIRED_SCORES) : ["fid", "kid"];
  const asked = config.evalMetrics.length > 0 ? config.evalMetrics : usual;
  const paired = asked.filter(isPairedScore);
  const others = asked.filter((id) => !isPairedScore(id));
  const judged: Judged[] = [];
  const dispose = async (): Promise<void> => {
    for (const { open, features } of judged) {
      await open.dispose();
      await features?.dispose();
    }
  };
  try {
    for (const maker of makers) {
      const target = fields[maker.target!];
      const source = maker.inputs
        .map((name) => fields[name])
        .find((values) => values?.length === target.length);
      const followed =
        source ??
        maker.inputs
          .filter((name) => data.fields[name]?.length === 3)
          .map((name) => fields[name])
          .at(0);
      const scorer = { ...configToScorer(config, options), metrics: others, samples: n };
      const features =
        others.length === 0
          ? undefined
          : await openGeneratorScorer(fieldToData(domains, maker.target!, target), scorer);
      const open = await openMaker(
        engine,
        scheme,
        maker,
        (network) => trainer.arraysOf(network),
        Math.min(BATCH, n),
      );
      const inputs = makerToInputs(scheme, maker, fields, n, config.seed);
      judged.push({ maker, open, inputs, target, source, followed, features });
    }
    const nameOf = ({ name }: Maker, value: string): string =>
      judged.length === 1 ? value : `${name.replaceAll("-", "_")}_${value}`;
    const examineOne = async ({ maker, open, inputs, target, followed, features }: Judged) => {
      const made = await open.make(inputs);
      const scores: Record<string, number> = {};
      if (paired.length > 0) Object.assign(scores, pairsToScores(made, target, open.shape, paired));
      if (features) Object.assign(scores, await features.score(made, n));
      const signals = outputsToSigns(made, target, followed, n);
      const named = (values: Record<string, number>) =>
        Object.fromEntries(Object.entries(values).map(([name, value]) => [nameOf(maker, name), value]));
      return { scores: named(scores), signals: named(signals) };
    };
    const floor: Record<string, number> = {};
    for (const { maker, open, target, source, features } of judged)
      if (source) {
        const unchanged = {
          ...(paired.length > 0 && pairsToScores(source, target, open.shape, paired)),
          ...(features && (await features.score(source, n))),
        };
        for (const [name, value] of Object.entries(unchanged)) floor[nameOf(maker, name)] = value;
      }
    const [first] = judged;
    const firstScore = paired.length > 0 && isPairedScore(asked[0]) ? PAIRED_SCORES[asked[0]] : undefined;
    return {
      first: firstScore
        ? { name: nameOf(first.maker, asked[0]), lowerIsBetter: firstScore.lowerIsBetter }
        : { ...first.features!.first, name: nameOf(first.maker, first.features!.first.name) },
      ...(Object.keys(floor).length > 0 && { floor }),
      async examine() {
        const scores: Record<string, number> = {};
        const signals: Record<string, number> = {};
        for (const one of judged) {
          const found = await examineOne(one);
          Object.assign(scores, found.scores);
          Object.assign(signals, found.signals);
        }
        return { scores, signals };
      },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
