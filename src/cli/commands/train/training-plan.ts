/** What `gan-eval train --dry-run` prints. */

import type { Page } from "../../../reports/page.ts";
import {
  bytesToText,
  countToText,
  durationToText,
  millisecondsToText,
  secondsToText,
} from "../../../reports/quantities.ts";
import { type Table, tableToText } from "../../../reports/table.ts";
import type { TrainingPlan } from "../../../runs/train.ts";
import type { Outcome } from "../../command.ts";
import { tableToOutcome } from "../../outcomes.ts";

const shapeToText = (shape: readonly number[]): string => shape.join(" x ");

function networkToTable(name: string, rows: TrainingPlan["networks"][string], total: number): Table {
  return {
    columns: [
      { key: "layer", title: name },
      { key: "output", title: "output" },
      { key: "parameters", title: "weights", align: "right" },
    ],
    rows: [
      ...rows.map(({ name: layer, output, parameters }) => ({
        layer,
        output: shapeToText(output),
        parameters: parameters === 0 ? null : countToText(parameters),
      })),
      { layer: "total", output: null, parameters: countToText(total) },
    ],
  };
}

const listToText = (
  list: readonly { readonly name: string; readonly weight?: number }[],
): string | undefined =>
  list.length === 0
    ? undefined
    : list.map(({ name, weight }) => (weight === undefined ? name : `${name} (${weight})`)).join(", ");

const weightsToText = (weights: Readonly<Record<string, number>>): string =>
  Object.entries(weights)
    .map(([name, weight]) => `${name} ${weight}`)
    .join(", ");

/** What is decided, one line each; what a model does without is left out. */
function planToFacts({ config, data, ...plan }: TrainingPlan): [string, string][] {
  const { rates } = config;
  const some = (value: number): string | undefined => (value > 0 ? `${value}` : undefined);
  const facts: [string, string | undefined][] = [
    [
      "data",
      `${data.label}, ${shapeToText(data.shape)}${data.count === undefined ? "" : `, ${countToText(data.count)} to train on`}${data.heldOutCount ? `, ${countToText(data.heldOutCount)} held out` : ""}`,
    ],
    [
      "model",
      `${config.model}, loss ${config.loss}${config.net === undefined ? "" : `, networks ${config.net}`}`,
    ],
    ["terms", config.termWeights && weightsToText(config.termWeights)],
    ["penalty", listToText(config.penalty ?? [])],
    ["auxiliary", listToText(config.auxiliary ?? [])],
    ["weights clipped to", some(config.clipValue)],
    ["spectral norm", config.spectralNorm === "none" ? undefined : config.spectralNorm],
    ["packing", config.packing > 1 ? `${config.packing} samples at a time` : undefined],
    ["latent", config.latentDistribution && `${config.latentDim}, ${config.latentDistribution}`],
    [
      "optimizer",
      `${config.optimizer}, learning rate ${rates.generator === rates.discriminator ? rates.generator : `${rates.generator} (generator) and ${rates.discriminator} (discriminator)`}, ${config.schedule}`,
    ],
    ["EMA decay", some(config.emaDecay)],
    [
      "round",
      config.generatorSteps === undefined
        ? `batch size ${config.batchSize}`
        : `${config.discriminatorSteps} ${config.discriminatorSteps === 1 ? "step" : "steps"} of the discriminator, ${config.generatorSteps} of the generator, batch size ${config.batchSize}`,
    ],
    [
      "length",
      `${countToText(config.rounds)} rounds${plan.epochs === undefined ? "" : `, ${plan.epochs.toFixed(1)} epochs of ${countToText(plan.batchesPerEpoch ?? 0)} batches`}`,
    ],
    [
      "memory",
      `${bytesToText(plan.memory.training)} for weights, gradients and optimizers; ${bytesToText(plan.memory.data)} for data; ${bytesToText(plan.memory.measured)} for the whole process after ${plan.playedRounds} rounds`,
    ],
    ["checkpoint", bytesToText(plan.memory.checkpoint)],
    ["compiling", `${secondsToText(plan.compileSeconds)}, measured now`],
    [
      "time",
      `about ${durationToText(plan.estimatedSeconds)}, at ${millisecondsToText(plan.millisecondsPerRound)} per round, measured now`,
    ],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]]));
}

export function planToOutcome(plan: TrainingPlan): Outcome {
  const facts: Table = {
    columns: [
      { key: "name", title: "" },
      { key: "value", title: "" },
    ],
    rows: planToFacts(plan).map(([name, value]) => ({ name, value })),
  };
  const tables = Object.entries(plan.networks).map(([name, layers]) =>
    networkToTable(name, layers, plan.parameters[name]),
  );
  const toText = (page: Page): string =>
    [tableToText(facts, page).trimStart(), ...tables.map((table) => tableToText(table, page))].join("\n");
  return {
    ...tableToOutcome({ schema: "gan-eval/training-plan/1", ...plan }, facts, toText),
    warnings: plan.warnings,
    hints: ["run the same command without --dry-run to train"],
  };
}
