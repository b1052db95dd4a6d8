/** From a run's config to what trains it: data, scheme, engine, trainer. */
import type { Engine } from "../engine/engine.ts";
import { openEngine } from "../engine/index.ts";
import type { Warning } from "../errors.ts";
import { nameToFile } from "../extractors/perceptual/name-to-file.ts";
import { cacheFolder } from "../networks/cache-folder.ts";
import type { Progress } from "../progress.ts";
import type { RunPlan } from "../run-folder/description.ts";
import type { ComputationConfig, DataConfig, RunConfig } from "../run-folder/run-config.ts";
import { steadyClock as ownSteadyClock } from "../steady-clock.ts";
import { type OpenedDomains, openDomains } from "../train/data/domains/open-domains.ts";
import type { GeneratedData } from "../train/data/generator-source.ts";
import { GIB } from "../train/data/read-images.ts";
import { drawsLabels, type GanModel } from "../train/gan-model.ts";
import { openGanTrainer } from "../train/gan-trainer.ts";
import { optionsToModel, optionsToWarnings } from "../train/model.ts";
import { type OpenedData, openData } from "../train/open-data.ts";
import type { ModelName } from "../train/options/model.ts";
import type { Scheme } from "../train/scheme/scheme.ts";
import { isSchemeModel, modelToRow, optionsToScheme } from "../train/scheme-model.ts";
import type { SchemeModelName } from "../train/schemes/models.ts";
import type { OwnModel } from "../train/schemes/own-model.ts";
import { Trainer } from "../train/trainer.ts";
import type { FieldData } from "../train/training-data.ts";
import { foretellLongCompilation } from "./compile-time.ts";
import { Disposables } from "./disposables.ts";
import { runToRemarks } from "./scheme-remarks.ts";

export interface Watch {
  /** Folder in which indexes of shards are kept (default: the usual one). */
  readonly cacheDir?: string;
  /** GiB that images may take in memory. */
  readonly memory?: number;
  readonly signal?: AbortSignal;
  /** Images that a program makes, in the place of the config's data. */
  readonly generator?: GeneratedData;
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds for durations (default: a clock that is never set). */
  readonly steadyClock?: () => number;
}

/** What is trained on: samples of one kind, for a generator against a discriminator; or the domains of a scheme. */
export type RunData =
  | { readonly kind: "samples"; readonly opened: OpenedData }
  | { readonly kind: "domains"; readonly opened: OpenedDomains };

/** What `run.json` and a plan say of the data. */
export interface DataSummary extends Pick<RunPlan["data"], "label" | "count" | "classes" | "classNames"> {
  readonly shape: readonly number[];
  readonly hash: string;
  readonly fields?: Readonly<Record<string, readonly number[]>>;
  readonly attributes?: readonly string[];
  readonly heldOutCount?: number;
  /** What they take in memory. */
  readonly bytes: number;
}

/** What is trained: a generator that makes samples of latents, or a scheme whose makers make images of held-out ones. */
export type Subject =
  | { readonly kind: "generator"; readonly data: OpenedData; readonly model: GanModel }
  | { readonly kind: "makers"; readonly domains: OpenedDomains };

export interface PreparedRun {
  readonly data: DataSummary;
  readonly subject: Subject;
  readonly scheme: Scheme;
  readonly engine: Engine;
  readonly trainer: Trainer;
  readonly warnings: readonly Warning[];
  /** Said already, before the steps were compiled. */
  readonly remarks: readonly Warning[];
  /** What compiling the steps took. */
  readonly compileSeconds: number;
  dispose(): Promise<void>;
}

/** How shards are read. */
const toShardOptions = ({ imageKey }: DataConfig, { cacheDir }: Watch) => ({
  cacheFolder: cacheFolder(cacheDir),
  ...(imageKey !== undefined && { imageKey }),
});

const memoryToBytes = ({ memory }: Watch): { readonly memory?: number } =>
  memory === undefined ? {} : { memory: memory * GIB };

/** Opens samples of one kind: what a generator learns to make. */
export function openRunSamples(config: DataConfig, watch: Watch): Promise<OpenedData> {
  const { data, imgSize, channels, split, limit, onError, pointDeviation } = config;
  return openData(data, {
    labels: "read",
    onError,
    ...(imgSize !== null && { size: imgSize }),
    ...(channels !== null && { channels }),
    ...(split !== null && { split }),
    ...(limit !== null && { limit }),
    ...(pointDeviation !== undefined && { pointDeviation }),
    ...toShardOptions(config, watch),
    ...(watch.generator && { generator: watch.generator }),
    ...memoryToBytes(watch),
    ...(watch.signal && { signal: watch.signal }),
    ...(watch.onProgress && { onProgress: watch.onProgress }),
  });
}

function openRunDomains(config: DataConfig, model: SchemeModelName | OwnModel, seed: number, watch: Watch) {
  const { data, imgSize, channels, split, limit, onError, ...domains } = config;
  const { wants, options, labels } = modelToRow(model);
  const scale = "scale" in options ? (domains.scale ?? options.scale) : domains.scale;
  return openDomains({
    wants,
    data,
    seed,
    onError,
    ...(labels && { labels }),
    dataB: domains.dataB,
    pairs: domains.pairs,
    direction: domains.direction,
    loadSize: domains.loadSize,
    flip: domains.flip,
    attributes: domains.attributes,
    selected: domains.selected,
    ...(scale !== undefined && { scale }),
    ...toShardOptions(config, watch),
    ...memoryToBytes(watch),
    ...(imgSize !== null && { size: imgSize }),
    ...(channels !== null && { channels }),
    ...(split !== null && { split }),
    ...(limit !== null && { limit }),
    ...(watch.signal && { signal: watch.signal }),
    ...(watch.onProgress && { onProgress: watch.onProgress }),
  });
}

/** Opens what a model is trained on. */
export async function openRunData(
  config: DataConfig & { readonly model: ModelName; readonly seed: number },
  watch: Watch,
): Promise<RunData> {
  if (isSchemeModel(config.model))
    return { kind: "domains", opened: await openRunDomains(config, config.model, config.seed, watch) };
  return { kind: "samples", opened: await openRunSamples(config, watch) };
}

/** The field whose shape stands for the data's. */
const FIRST_FIELD = "a";

export function dataToSummary(data: RunData): DataSummary {
  if (data.kind === "samples") {
    const { label, shape, count, classes, classNames, hash, heldOutCount, pixels } = data.opened;
    return {
      label,
      shape,
      hash,
      ...(count !== undefined && { count }),
      ...(classes !== undefined && { classes }),
      ...(classNames && { classNames }),
      ...(heldOutCount !== undefined && { heldOutCount }),
      bytes: (pixels?.train.pixels.length ?? 0) + (pixels?.heldOut?.pixels.length ?? 0),
    };
  }
  const { label, hash, counts, data: fields, streams } = data.opened;
  const { count, attributes, classNames, heldOut } = fields;
  const images = Object.entries(fields.fields).filter(([name]) => name in counts);
  const bytes = images.reduce(
    (sum, [name, shape]) => sum + counts[name] * shape.reduce((size, side) => size * side, 1),
    0,
  );
  return {
    label,
    shape: fields.fields[FIRST_FIELD],
    hash,
    fields: fields.fields,
    ...(count !== undefined && { count }),
    ...(attributes && { attributes }),
    ...(classNames && { classNames, classes: classNames.length }),
    ...(heldOut.count > 0 && { heldOutCount: heldOut.count }),
    bytes: streams ? 0 : bytes,
  };
}

const openRunEngine = ({ engine, device, threads, selfCheck }: ComputationConfig): Promise<Engine> =>
  openEngine({ engine, device, threads: threads ?? undefined, selfCheck });

/** A model's networks on its data, compiled, and what is to be said of them. */
interface OpenedModel {
  readonly subject: Subject;
  readonly trainer: Trainer;
  readonly warnings: readonly Warning[];
  readonly remarks: readonly Warning[];
}

async function openGenerator(config: RunConfig, data: OpenedData, engine: Engine): Promise<OpenedModel> {
  const { shape, classes, unlabelled, classWarnings = [] } = data;
  const { seed, rates, schedule, rounds } = config;
  const model = await optionsToModel(config, { shape, classes, unlabelled });
  const trainer = await openGanTrainer(engine, model, data.training(seed), { seed, rates, schedule, rounds });
  return {
    subject: { kind: "generator", data, model },
    trainer,
    warnings: [
      ...data.warnings,
      ...(drawsLabels(model) ? classWarnings : []),
      ...optionsToWarnings(config, model),
    ],
    remarks: [],
  };
}

async function openScheme(
  config: RunConfig & { readonly model: SchemeModelName | OwnModel },
  domains: OpenedDomains,
  engine: Engine,
  say: (notice: string) => void,
  clock: () => number,
): Promise<OpenedModel> {
  const { seed, rates, schedule, rounds } = config;
  const { fields, attributes } = domains.data;
  const scheme = await optionsToScheme(config, { fields, ...(attributes && { attributes }) });
  const remarks = runToRemarks({ config, scheme, domains });
  for (const { message, hint } of remarks)
    say([`warning: ${message}`, ...(hint ? [`  ${hint}`] : [])].join("\n"));
  const seconds = await foretellLongCompilation(scheme, engine, clock);
  if (seconds !== undefined)
    say(
      `compiling ${scheme.label} takes about ${Math.round(seconds)} s: fewer --blocks make it shorter, and each run compiles once`,
    );
  const trainer = await Trainer.open(engine, scheme, domains.data as FieldData, {
    seed,
    rates,
    schedule,
    rounds,
  });
  return { subject: { kind: "makers", domains }, trainer, warnings: domains.warnings, remarks };
}

/** Opens everything. @throws GanEvalError where data, model and machine do not fit together */
export async function prepareRun(
  config: RunConfig,
  data: RunData,
  { onProgress, signal, steadyClock = ownSteadyClock }: Watch,
): Promise<PreparedRun> {
  const kept = new Disposables();
  if (data.kind === "domains") kept.keep({ dispose: () => data.opened.close() });
  try {
    // Said and shown as it is fetched; the model only finds it there.
    if (data.kind === "domains" && config.perceptual !== undefined)
      await nameToFile(config.perceptual, { ...(signal && { signal }), ...(onProgress && { onProgress }) });
    const engine = kept.keep(await openRunEngine(config));
    const compiling = { stage: "compiling", done: 0, total: 1, unit: "step" } as const;
    onProgress?.(compiling);
    const say = (notice: string) => onProgress?.({ ...compiling, notice });
    const started = steadyClock();
    const opened =
      data.kind === "samples"
        ? await openGenerator(config, data.opened, engine)
        : await openScheme(
            config as RunConfig & { model: SchemeModelName | OwnModel },
            data.opened,
            engine,
            say,
            steadyClock,
          );
    const compileSeconds = (steadyClock() - started) / 1000;
    const { trainer } = opened;
    return {
      ...opened,
      data: dataToSummary(data),
      scheme: trainer.scheme,
      engine,
      compileSeconds,
      async dispose() {
        await trainer.dispose();
        await kept.dispose();
      },
    };
  } catch (error) {
    await kept.dispose();
    throw error;
  }
}
