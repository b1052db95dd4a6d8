/** What models were seen to learn (`npm run test:learning`): bounds that the tests hold them to, and their last figures. */
import type { Cell, Table } from "../../../reports/table.ts";
import { CLASSIC_LESSONS } from "./learnt-classic.ts";
import { IMAGE_LESSONS } from "./learnt-images.ts";
import { LATENT_LESSONS } from "./learnt-latent.ts";
import { TRANSLATION_LESSONS } from "./learnt-translations.ts";

/** A number that says how much was learnt. */
export interface LearntStatistic {
  /** The test's own name of it. */
  readonly key: string;
  readonly name: string;
  /** About half-way between the baseline and the worst seed. */
  readonly bound: readonly [side: "below" | "above", value: number];
  /** What it is where nothing was learnt. */
  readonly baseline: string;
  /** Of seeds 1, 2, 3, ..., when the test was last run on all of them. */
  readonly figures: readonly number[];
}

/** One test: a model, trained on data that need no files. */
export interface Lesson {
  readonly model: string;
  readonly data: string;
  readonly rounds: number;
  /** Of processor time for one seed. */
  readonly seconds: number;
  /** The first is the one that a short table shows. */
  readonly statistics: readonly LearntStatistic[];
  /** Where the test's file has another name than the model. */
  readonly file?: string;
}

/** Every test, in the order of the models. */
export const LESSONS: readonly Lesson[] = [
  ...CLASSIC_LESSONS,
  ...TRANSLATION_LESSONS,
  ...LATENT_LESSONS,
  ...IMAGE_LESSONS,
];

const toDigits = (value: number): string => value.toFixed(Math.abs(value) < 10 ? 3 : 1);

const range = (figures: readonly number[]): string =>
  [...new Set([Math.min(...figures), Math.max(...figures)].map(toDigits))].join(" to ");

const lessonsOf = (name: string): readonly Lesson[] => LESSONS.filter(({ model }) => model === name);

/** The command that runs a model's test; empty where it has none. */
export function modelToCommand(name: string): Cell {
  const [lesson] = lessonsOf(name);
  if (lesson === undefined) return null;
  return lesson.file === undefined
    ? `npm run test:learning -- /${name}`
    : `npm run test:learning -- /${lesson.file} -t '^${name},'`;
}

/** `error of A to B 0.083 to 0.091, baseline 0.235`: the first statistic of each of a model's tests. */
export const modelToFigures = (name: string): Cell =>
  lessonsOf(name)
    .map(({ statistics: [{ name, figures, baseline }] }) => `${name} ${range(figures)}, baseline ${baseline}`)
    .join("; ") || null;

/** A row for each statistic. */
export const lessonsToTable = (): Table => ({
  columns: [
    { key: "lesson", title: "model, data" },
    { key: "length", title: "rounds, seconds" },
    { key: "statistic", title: "statistic" },
    { key: "bound", title: "must be" },
    { key: "baseline", title: "baseline" },
    { key: "figures", title: "figures of seeds 1, 2, ..." },
  ],
  rows: LESSONS.flatMap(({ model, data, rounds, seconds, statistics }) =>
    statistics.map(({ name, bound: [side, value], baseline, figures }) => ({
      lesson: `${model}, ${data}`,
      length: `${rounds}, ${seconds}`,
      statistic: name,
      bound: `${side} ${value}`,
      baseline,
      figures: figures.map(toDigits).join(", "),
    })),
  ),
});
