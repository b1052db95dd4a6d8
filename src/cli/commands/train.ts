/** The command `gan-eval train`. */
import path from "node:path";
import { type Page, textToIndented } from "../../reports/page.ts";
import { countToText, durationToText, scoreToText } from "../../reports/quantities.ts";
import { type Table, tableToText } from "../../reports/table.ts";
import { descriptionToCast } from "../../run-folder/cast.ts";
import { withNumberedFolder } from "../../run-folder/reserve.ts";
import type { TrainedRun } from "../../runs/trained-run.ts";
import { locationToShell } from "../../shell-word.ts";
import { isOfPair } from "../../train/players.ts";
import { modelToName } from "../../train/schemes/own-model.ts";
import type { CommandContext, Outcome } from "../command.ts";
import { tableToOutcome } from "../outcomes.ts";
import { type TrainValues, valuesToResumeRequest, valuesToTrainRequest } from "./train/request.ts";
import { planToOutcome } from "./train/training-plan.ts";

/** `gan-eval train` */
export async function run(values: TrainValues, context: CommandContext): Promise<Outcome> {
  if (values.resume !== undefined)
    return trainedToOutcome(await context.library.resume(valuesToResumeRequest(values, context)));
  const toRequest = (folder: string) => valuesToTrainRequest(values, folder, context);
  const { library } = context;
  if (values.dryRun)
    return planToOutcome(await library.planTraining(toRequest(values.runOut ?? modelToName(values.model))));
  if (values.runOut !== undefined) return trainedToOutcome(await library.train(toRequest(values.runOut)));
  return withNumberedFolder(modelToName(values.model), async (folder) =>
    trainedToOutcome(await library.train(toRequest(folder))),
  );
}

/** Scalars that the summary of a generator and a discriminator shows, where a run has them. */
const SHOWN: Readonly<Record<string, string>> = {
  generator_loss: "generator loss",
  discriminator_loss: "discriminator loss",
  real_score: "D(x)",
  fake_score: "D(G(z))",
  held_out_accuracy: "held-out accuracy",
};

/** Of a model of several networks: each player's loss and each term. */
function descriptionToShown(description: TrainedRun["description"]): Readonly<Record<string, string>> {
  if (isOfPair(description)) return SHOWN;
  const { players, terms } = descriptionToCast(description);
  return Object.fromEntries([
    ...players.map(({ name, column }) => [`${column}_loss`, `loss of ${name}`]),
    ...terms.map(({ name, column }) => [column, `term ${name}`]),
  ]);
}

/** Why a run ended before its rounds were played. */
const ENDS: Readonly<Partial<Record<NonNullable<TrainedRun["stopped"]>, string>>> = {
  early: "; stopped early because scores no longer improved",
  verdict: "; stopped by a verdict of --stop-on (see the warnings)",
};

/** What a score is held against: the best there is of a generator, and of a translator what it begins with. */
const END_OF_SCALE = { generator: "perfect generator", makers: "inputs unchanged" } as const;

function trainedToTable({ description, scalars, scores, floor }: TrainedRun): Table {
  const rows = [
    ...Object.entries(descriptionToShown(description)).flatMap(([key, what]) =>
      // NaN: of a player that took no step, in a warm-up.
      Number.isNaN(scalars[key] ?? Number.NaN)
        ? []
        : [{ what, value: scalars[key].toPrecision(3), floor: null }],
    ),
    ...Object.entries(scores ?? {}).map(([name, value]) => ({
      what: name,
      value: scoreToText(value),
      floor: floor?.[name] === undefined ? null : scoreToText(floor[name]),
    })),
  ];
  const kind = isOfPair(description) ? "generator" : "makers";
  const hasEnd = scores !== undefined && (kind === "generator" || floor !== undefined);
  return {
    columns: [
      { key: "what", title: "at the end" },
      { key: "value", title: "value", align: "right" },
      ...(hasEnd ? [{ key: "floor", title: END_OF_SCALE[kind], align: "right" as const }] : []),
    ],
    rows,
  };
}

function trainedToOutcome(trained: TrainedRun): Outcome {
  const { folder, description, rounds, epochs, seconds, roundsPerSecond, warnings, stopped } = trained;
  const table = trainedToTable(trained);
  const toText = (page: Page): string => {
    const passes = epochs > 0 ? `, ${epochs.toFixed(1)} epochs` : "";
    const early = stopped === undefined ? "" : (ENDS[stopped] ?? "");
    const best = description.best
      ? ` The best by ${description.best.metric} was round ${countToText(description.best.round)} (${scoreToText(description.best.value)}).`
      : "";
    return [
      textToIndented(
        `${folder}: ${countToText(rounds)} rounds${passes}, in ${durationToText(seconds)} (${roundsPerSecond.toPrecision(3)} rounds/s)${early}.${best}`,
        page.columns,
        "",
      ),
      tableToText(table, page),
    ].join("\n");
  };
  const json = {
    schema: "gan-eval/trained/1",
    folder,
    status: description.status,
    rounds,
    epochs,
    seconds,
    roundsPerSecond,
    scalars: trained.scalars,
    ...(trained.scores && { scores: trained.scores }),
    ...(trained.floor && { floor: trained.floor }),
    ...(description.best && { best: description.best }),
    warnings,
  };
  const name = locationToShell(folder);
  return {
    ...tableToOutcome(json, table, toText),
    warnings,
    hints: [
      `${path.join(folder, "samples")} holds grids of samples`,
      isOfPair(description)
        ? `gan-eval generate --run ${name} --n 10000 --out ./images`
        : `gan-eval report ${name}`,
    ],
  };
}
