/** What a pane trains and shows: a run's networks on its data, compiled. */
import type { Engine } from "../../engine/engine.ts";
import { packageVersion } from "../../package-root.ts";
import { type Exact, openExact } from "../../plane/exact/open-exact.ts";
import { openPlane, type Plane } from "../../plane/open-plane.ts";
import type { RunPlan } from "../../run-folder/description.ts";
import type { RunConfig } from "../../run-folder/run-config.ts";
import { schemeToNetworks } from "../../runs/network-rows.ts";
import { isPointsLocation, openPoints } from "../../train/data/points.ts";
import { toyToOpenedData } from "../../train/data/toy.ts";
import type { GanModel } from "../../train/gan-model.ts";
import { openGanTrainer } from "../../train/gan-trainer.ts";
import { optionsToModel } from "../../train/model.ts";
import type { OpenedData } from "../../train/open-data.ts";
import { modelToScheme } from "../../train/schemes/gan.ts";
import { takeOver } from "../../train/take-over.ts";
import type { ToyName } from "../../train/toy-data.ts";
import type { Trainer } from "../../train/trainer.ts";
import type { PlaneOptions } from "../protocol/plane-messages.ts";
import { optionsToConfig, optionsToData } from "./pane-options.ts";
import { configsToEffect, type PaneSpan } from "./span.ts";

export interface Subject {
  readonly options: PlaneOptions;
  readonly config: RunConfig;
  readonly model: GanModel;
  readonly data: OpenedData;
  readonly trainer: Trainer;
  readonly plane: Plane;
  /** What is known of its data without sampling. */
  readonly exact: Exact | undefined;
  dispose(): Promise<void>;
}

const openPaneData = async (data: string): Promise<OpenedData> =>
  isPointsLocation(data) ? openPoints(data) : toyToOpenedData(data as ToyName);

/** Opens round 0. @throws GanEvalError `usage.*` where options do not fit together */
export async function openSubject(engine: Engine, options: PlaneOptions): Promise<Subject> {
  const config = optionsToConfig(options);
  const data = await openPaneData(optionsToData(options));
  const model = await optionsToModel(config, { shape: data.shape });
  const { seed, rates, schedule, rounds } = config;
  const trainer = await openGanTrainer(engine, model, data.training(seed), { seed, rates, schedule, rounds });
  try {
    const arrays = {
      generator: trainer.arraysOf("generator"),
      discriminator: trainer.arraysOf("discriminator"),
    };
    const plane = await openPlane({ engine, model, data, arrays, seed });
    const dispose = async () => {
      await plane.dispose();
      await trainer.dispose();
    };
    const exact = openExact(data, plane.bounds, plane.heatSide);
    return { options, config, model, data, trainer, plane, exact, dispose };
  } catch (error) {
    await trainer.dispose();
    throw error;
  }
}

/** Compiles anew under other options, and goes on with the same weights and moments. */
async function recompileSubject(engine: Engine, subject: Subject, options: PlaneOptions): Promise<Subject> {
  const next = await openSubject(engine, options);
  try {
    takeOver(next.trainer, subject.trainer);
    return next;
  } catch (error) {
    await next.dispose();
    throw error;
  }
}

/** The same programs under other rates, decays, bounds and plans. */
async function adjustSubject(subject: Subject, options: PlaneOptions): Promise<Subject> {
  const config = optionsToConfig(options);
  const { data, trainer } = subject;
  const model = await optionsToModel(config, { shape: data.shape });
  trainer.setRates(config.rates);
  trainer.setRules(modelToScheme(model));
  return { ...subject, options, config, model };
}

/** What `run.json` says of it from its beginning on. */
export function subjectToPlan(
  { config, data: { label, shape, hash }, trainer }: Subject,
  name: string,
  command: readonly string[],
  rounds: number,
): RunPlan {
  return {
    name,
    command,
    versions: { "gan-eval": packageVersion(), node: process.versions.node },
    config: { ...config, rounds },
    data: { label, shape: [...shape], hash },
    networks: schemeToNetworks(trainer.scheme),
    rounds,
    seed: config.seed,
  };
}

/** The same state under other options, by whatever their differences take. */
export async function subjectToOptions(
  engine: Engine,
  subject: Subject,
  options: PlaneOptions,
): Promise<Subject> {
  const effect = configsToEffect(subject.config, optionsToConfig(options));
  if (effect === undefined) return { ...subject, options };
  if (effect === "now") return adjustSubject(subject, options);
  const open =
    effect === "restarts" ? openSubject(engine, options) : recompileSubject(engine, subject, options);
  const next = await open;
  await subject.dispose();
  return next;
}

/** A span from its beginning: its options, and the updates that it begins with. */
export async function subjectToSpan(
  engine: Engine,
  subject: Subject,
  { options, alone }: PaneSpan,
): Promise<Subject> {
  const next = await subjectToOptions(engine, subject, options);
  for (let i = 0; i < (alone?.updates ?? 0); i++) await next.trainer.playAlone(alone!.player);
  return next;
}
