/** From a run's config to what trains it: data, game, engine, trainer. */
import type { Engine } from "../engine/engine.ts";
import { openEngine } from "../engine/index.ts";
import type { Warning } from "../errors.ts";
import type { Progress } from "../progress.ts";
import type { ComputationConfig, DataConfig, RunConfig } from "../run-folder/run-config.ts";
import type { GeneratedData } from "../train/data/generator-source.ts";
import { drawsLabels, type GanModel } from "../train/gan-model.ts";
import { openGanTrainer } from "../train/gan-trainer.ts";
import { optionsToModel, optionsToWarnings } from "../train/model.ts";
import { type OpenedData, openData } from "../train/open-data.ts";
import type { Trainer } from "../train/trainer.ts";

export interface Watch {
  readonly signal?: AbortSignal;
  /** Images that a program makes, in the place of the config's data. */
  readonly generator?: GeneratedData;
  readonly onProgress?: (progress: Progress) => void;
}

export interface PreparedRun {
  readonly data: OpenedData;
  readonly game: GanModel;
  readonly engine: Engine;
  readonly trainer: Trainer;
  readonly warnings: readonly Warning[];
  dispose(): Promise<void>;
}

export function openRunData(config: DataConfig, watch: Watch): Promise<OpenedData> {
  const { data, imgSize, channels, split, limit, onError } = config;
  return openData(data, {
    labels: "read",
    onError,
    ...(imgSize !== null && { size: imgSize }),
    ...(channels !== null && { channels }),
    ...(split !== null && { split }),
    ...(limit !== null && { limit }),
    ...(watch.generator && { generator: watch.generator }),
    ...(watch.signal && { signal: watch.signal }),
    ...(watch.onProgress && { onProgress: watch.onProgress }),
  });
}

const openRunEngine = ({ engine, device, threads }: ComputationConfig): Promise<Engine> =>
  openEngine({ engine, device, ...(threads !== null && { threads }) });

/** Opens everything. @throws GanEvalError where data, model and machine do not fit together */
export async function prepareRun(
  config: RunConfig,
  data: OpenedData,
  { onProgress }: Watch,
): Promise<PreparedRun> {
  const { shape, classes, unlabelled, classWarnings = [] } = data;
  const facts = {
    shape,
    ...(classes !== undefined && { classes }),
    ...(unlabelled !== undefined && { unlabelled }),
  };
  const game = await optionsToModel(config, facts);
  const engine = await openRunEngine(config);
  onProgress?.({ stage: "compiling", done: 0, total: 1, unit: "step" });
  try {
    const { seed, rates, schedule, rounds } = config;
    const trainer = await openGanTrainer(engine, game, data.training(seed), {
      seed,
      rates,
      schedule,
      rounds,
    });
    return {
      data,
      game,
      engine,
      trainer,
      warnings: [
        ...data.warnings,
        ...(drawsLabels(game) ? classWarnings : []),
        ...optionsToWarnings(config, game),
      ],
      async dispose() {
        await trainer.dispose();
        await engine.dispose();
      },
    };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}
