/** The command `gan-eval demo`. */
import path from "node:path";
import type { EvaluationResult } from "../../evaluate/result.ts";
import { packageRoot } from "../../package-root.ts";
import { type Page, textToIndented } from "../../reports/page.ts";
import { countToText, durationToText, scoreToText, secondsToText } from "../../reports/quantities.ts";
import { type Table, tableToText } from "../../reports/table.ts";
import { locationToShell } from "../../shell-word.ts";
import type { CommandContext, Outcome } from "../command.ts";
import { tableToOutcome } from "../outcomes.ts";
import { type DemoScore, demoToMeaning, trainingToMeaning } from "./demo/demo-meaning.ts";
import { type DemoTraining, type DemoValues, trainDemo } from "./demo/demo-training.ts";

/** The last column of the table may be narrow: its texts are short. */
const NARROWEST = 18;

/** The fake sets in fixtures/digits, and how they were made (fixtures/README.md). */
const FAKES = {
  "fake-close": "other digits drawn like the real ones: the best a generator can do",
  "fake-noisy": "blurred and noisy",
  "fake-collapsed": "mode collapse: only two of the ten digits",
} as const;

interface Scored extends DemoScore {
  readonly what: string;
  readonly spread: number;
  readonly result: EvaluationResult;
}

/** `gan-eval demo`: three fake sets against one real set, and what a GAN makes after a minute of training. */
export async function run(values: DemoValues, context: CommandContext): Promise<Outcome> {
  const started = context.steadyClock();
  const folder = path.join(packageRoot, "fixtures/digits");
  const real = path.join(folder, "real");
  const sets = [await measureSet({ name: "real", what: "the reference", fake: real }, values, context)];
  for (const [name, what] of Object.entries(FAKES))
    sets.push(await measureSet({ name, what, fake: path.join(folder, name), real }, values, context));
  let training: DemoTraining | undefined;
  if (values.demoRounds > 0) {
    training = await trainDemo(values, context);
    const what = `a GAN after ${countToText(training.rounds)} rounds of training, ${durationToText(training.seconds)}`;
    sets.push(await measureSet({ name: "trained", what, fake: training.samples, real }, values, context));
  }
  const seconds = (context.steadyClock() - started) / 1000;
  const table = scoredToTable(sets);
  const json = { schema: "gan-eval/demo/2", seconds, sets, ...(training && { training }) };
  return {
    ...tableToOutcome(json, table, (page) => demoToText(sets, training, table, seconds, page)),
    hints: [
      ...(training
        ? [
            "gan-eval train   # train longer; --help lists models and options",
            `gan-eval interpolate --run ${locationToShell(training.folder)} --out paths.png   # interpolate between digits`,
          ]
        : []),
      "gan-eval fid --real DIR --fake DIR --extractor digits   # your own 28x28 digits",
      "gan-eval fid --real DIR --fake DIR   # any images; the first use downloads the Inception network (90 MB)",
      "gan-eval doctor   # check this machine",
    ],
  };
}

interface DemoSet {
  readonly name: string;
  readonly what: string;
  readonly fake: string;
  /** What it is compared with, if with anything. */
  readonly real?: string;
}

/** Scores a set by the digits network. */
async function measureSet(
  { name, what, fake, real }: DemoSet,
  values: DemoValues,
  context: CommandContext,
): Promise<Scored> {
  context.signal.throwIfAborted();
  const result = await context.library.evaluate({
    metrics: real === undefined ? ["is"] : ["fid", "is"],
    ...{ real, fake },
    extractor: "digits",
    resize: "tf1",
    batchSize: values.batchSize,
    engine: values.engine,
    device: values.device,
    threads: values.threads,
    selfCheck: values.selfCheck,
    cache: false,
    onProgress: (progress) =>
      context.onProgress({
        ...progress,
        stage: progress.stage === "fake" ? name : `${name}: ${progress.stage}`,
      }),
    signal: context.signal,
    clock: context.clock,
    steadyClock: context.steadyClock,
    command: context.argv,
  });
  const { frechet_digits_distance: distance, digits_score_mean, digits_score_std } = result.metrics;
  return {
    name,
    what,
    ...(distance === undefined ? {} : { distance }),
    score: digits_score_mean!,
    spread: digits_score_std!,
    result,
  };
}

function scoredToTable(sets: readonly Scored[]): Table {
  return {
    columns: [
      { key: "set", title: "set" },
      { key: "distance", title: "distance", align: "right" },
      { key: "score", title: "score", align: "right" },
      { key: "what", title: "what it is" },
    ],
    rows: sets.map(({ name, distance, score, spread, what }) => ({
      set: name,
      distance: distance === undefined ? null : scoreToText(distance),
      score: `${score.toFixed(2)} ± ${spread.toFixed(2)}`,
      what,
    })),
  };
}

function demoToText(
  sets: readonly Scored[],
  training: DemoTraining | undefined,
  table: Table,
  seconds: number,
  page: Page,
): string {
  const count = sets[0]?.result.inputs.fake?.count ?? 0;
  const { style } = page;
  const paragraphs = [...demoToMeaning(sets), ...(training ? trainingToMeaning(sets, training) : [])];
  return [
    textToIndented(
      `${training ? "Five" : "Four"} sets of ${countToText(count)} digits, evaluated with the built-in digits network (not Inception, so these are not FIDs), in ${secondsToText(seconds)}.`,
      page.columns,
      "",
    ),
    "",
    tableToText(
      table,
      page,
      (text, column) => (column.key === "distance" ? style.bold(text) : text),
      NARROWEST,
    ),
    style.bold("What it means"),
    ...paragraphs.map((text) => textToIndented(text, page.columns, "- ", "  ")),
    "",
  ].join("\n");
}
