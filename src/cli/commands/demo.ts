import path from "node:path";
import type { EvaluationResult } from "../../evaluate/result.ts";
import { packageRoot } from "../../package-root.ts";
import { type Page, textToIndented } from "../../reports/page.ts";
import { countToText, scoreToText, secondsToText } from "../../reports/quantities.ts";
import { type Table, tableToText } from "../../reports/table.ts";
import type { CommandContext, Outcome } from "../command.ts";
import { withoutUndefined } from "../measure.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";

/** Classes of the digits network, and so the highest score. */
const CLASSES = 10;

/** The last column of the table may be narrow: its texts are short. */
const NARROWEST = 18;

/** The fake sets in fixtures/digits, and how they were made (fixtures/README.md). */
const FAKES = {
  "fake-close": "other digits drawn like the real ones: as good as a generator can be",
  "fake-noisy": "blurred and grainy",
  "fake-collapsed": "mode collapse: two of the ten digits, again and again",
} as const;
type FakeName = keyof typeof FAKES;

interface Scored {
  readonly name: string;
  readonly what: string;
  /** Absent for the real set itself. */
  readonly distance?: number;
  readonly score: number;
  readonly spread: number;
  readonly result: EvaluationResult;
}

/** `gan-eval demo`: three fake sets against one real set, by the digits network. */
export async function run(
  values: OptionValues<"batchSize" | "engine" | "device" | "threads">,
  context: CommandContext,
): Promise<Outcome> {
  const started = context.clock();
  const folder = path.join(packageRoot, "fixtures/digits");
  const measure = async (name: string, what: string, real?: string): Promise<Scored> => {
    context.signal.throwIfAborted();
    const result = await context.library.evaluate({
      metrics: real === undefined ? ["is"] : ["fid", "is"],
      ...withoutUndefined({ real, threads: values.threads }),
      fake: path.join(folder, name),
      extractor: "digits",
      resize: "tf1",
      batchSize: values.batchSize,
      splits: 10,
      shuffle: true,
      seed: 2020,
      ddof: 1,
      onError: "fail",
      engine: values.engine,
      device: values.device,
      onProgress: (progress) =>
        context.onProgress({
          ...progress,
          stage: progress.stage === "fake" ? name : `${name}: ${progress.stage}`,
        }),
      signal: context.signal,
      clock: context.clock,
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
  };

  const sets = [await measure("real", "the reference")];
  for (const [name, what] of Object.entries(FAKES)) {
    sets.push(await measure(name, what, path.join(folder, "real")));
  }
  const seconds = (context.clock() - started) / 1000;
  const table = scoredToTable(sets);
  return {
    ...tableToOutcome({ schema: "gan-eval/demo/1", seconds, sets }, table, (page) =>
      demoToText(sets, table, seconds, page),
    ),
    hints: [
      "gan-eval fid --real DIR --fake DIR --extractor digits   # your own 28x28 digits",
      "gan-eval inception download   # then fid works on any pictures",
      "gan-eval doctor   # what this machine has",
    ],
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

function demoToText(sets: readonly Scored[], table: Table, seconds: number, page: Page): string {
  const count = sets[0]?.result.inputs.fake?.count ?? 0;
  const { style } = page;
  const paragraphs = demoToMeaning(sets);
  return [
    textToIndented(
      `Four sets of ${countToText(count)} digits, described by the built-in digits network (not Inception: these are no FIDs), in ${secondsToText(seconds)}.`,
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

/** The table in words; every figure is one of this run. */
export function demoToMeaning(sets: readonly Pick<Scored, "name" | "distance" | "score">[]): string[] {
  const find = (name: FakeName | "real") => sets.find((set) => set.name === name)!;
  const floor = find("fake-close").distance!;
  const times = (name: FakeName): string => timesToText(find(name).distance! / floor);
  const score = (name: FakeName | "real"): string => find(name).score.toFixed(1);
  return [
    `distance (Frechet distance; lower is better): how far the fake set lies from the real one. Zero only for the same pictures: with this many, an ideal generator gets about what fake-close gets, ${scoreToText(floor)}.`,
    `score (like the Inception Score; higher is better, at most ${CLASSES}): whether pictures are clear and all digits are there. It never looks at the real set, which itself gets ${score("real")}.`,
    `fake-noisy is ${times("fake-noisy")} as far as fake-close, with a score of ${score("fake-noisy")}: blur and grain make digits unlike the real ones, and hard to tell from one another.`,
    `fake-collapsed is ${times("fake-collapsed")} as far, and its score of ${score("fake-collapsed")} says about how many kinds of digit it makes: each picture is clear, but most kinds are missing.`,
  ];
}

const timesToText = (ratio: number): string => `${countToText(Number(ratio.toPrecision(2)))} times`;
