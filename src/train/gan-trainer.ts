/** A trainer of generator and discriminator, on data of one kind of sample. */
import type { Engine } from "../engine/engine.ts";
import { GanEvalError } from "../errors.ts";
import { type GanModel, readsLabels, samplesOf } from "./gan-model.ts";
import { modelToScheme } from "./schemes/gan.ts";
import { Trainer, type TrainerOptions } from "./trainer.ts";
import { type TrainingData, trainingToFields } from "./training-data.ts";

/** Compiles the model's steps and draws its weights. @throws GanEvalError `usage.*` where data and model do not fit */
export async function openGanTrainer(
  engine: Engine,
  model: GanModel,
  data: TrainingData,
  options: TrainerOptions,
): Promise<Trainer> {
  const scheme = modelToScheme(model);
  checkData(model, data);
  return Trainer.open(engine, scheme, trainingToFields(data), options);
}

function checkData(model: GanModel, data: TrainingData): void {
  if (`${data.shape}` !== `${model.generator.network.output}`)
    throw new GanEvalError(
      "usage.network",
      `expected networks for data of shape [${data.shape}], got a generator of [${model.generator.network.output}]`,
    );
  if (readsLabels(model) && data.classes === undefined)
    throw new GanEvalError("usage.labels", "expected data with class labels for this model, got none", {
      hint: "Use IDX files with their labels, a folder with one subfolder per class, or a model without labels.",
    });
  if (readsLabels(model) && data.classes !== model.classes)
    throw new GanEvalError("usage.labels", `expected data of ${model.classes} classes, got ${data.classes}`);
  if (data.count !== undefined && samplesOf(model) > data.count)
    throw new GanEvalError(
      "usage.batch-size",
      `expected a batch of at most ${data.count} images, got ${samplesOf(model)}`,
      { hint: "Use a smaller --batch-size, or more images." },
    );
}
