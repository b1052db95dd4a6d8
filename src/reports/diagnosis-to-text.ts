/** A diagnosis for reading: the worst first, each verdict with its numbers and what may help. */
import type { Diagnosis, Evidence, Severity, Verdict } from "../diagnosis/verdict.ts";
import { type Page, type Style, textToIndented, textToVisible } from "./page.ts";
import { countToText, scoreToText } from "./quantities.ts";
import { type Table, tableToMarkdown } from "./table.ts";

const MARGIN = "  ";

/** What a severity is dressed in. */
const PAINTS: Readonly<Record<Severity, keyof Style>> = {
  failure: "red",
  warning: "yellow",
  note: "dim",
  ok: "green",
};

const WORDS = { above: "above", below: "below", within: "within" } as const;

/** `coverage 0.31, below 0.5 (source); real against real 0.97; rounds 800 to 1,200`. */
export function evidenceToText({
  metric,
  value,
  comparison,
  threshold,
  source,
  floor,
  interval,
  rounds,
}: Evidence) {
  return [
    `${metric} ${scoreToText(value)}, ${WORDS[comparison]} ${scoreToText(threshold)} (${source})`,
    ...(interval ? [`95 % interval ${scoreToText(interval[0])} to ${scoreToText(interval[1])}`] : []),
    ...(floor === undefined ? [] : [`real vs real ${scoreToText(floor)}`]),
    ...(rounds ? [`rounds ${countToText(rounds[0])} to ${countToText(rounds[1])}`] : []),
  ].join("; ");
}

function verdictToLines({ severity, title, summary, evidence, advice }: Verdict, page: Page): string[] {
  const paint = page.style[PAINTS[severity]];
  const wrapped = (text: string, margin: string): string =>
    textToIndented(textToVisible(text), page.columns, margin);
  return [
    `${paint(severity)}  ${page.style.bold(title)}`,
    wrapped(summary, MARGIN),
    ...evidence.map((each) => wrapped(evidenceToText(each), `${MARGIN}- `)),
    ...advice.map(({ text, source }) => wrapped(`${text} (${source})`, `${MARGIN}> `)),
    "",
  ];
}

export function diagnosisToText({ subject, verdicts, notJudged }: Diagnosis, page: Page): string {
  const lines = [textToVisible(subject), "", ...verdicts.flatMap((verdict) => verdictToLines(verdict, page))];
  if (notJudged.length > 0)
    lines.push(
      page.style.dim("not judged"),
      ...notJudged.map(({ id, why }) => textToIndented(textToVisible(`${id}: ${why}`), page.columns, MARGIN)),
    );
  return `${lines.join("\n").trimEnd()}\n`;
}

/** One row a number. */
export const diagnosisToTable = ({ verdicts }: Diagnosis): Table => ({
  columns: [
    { key: "verdict", title: "verdict" },
    { key: "severity", title: "severity" },
    { key: "metric", title: "metric" },
    { key: "value", title: "value", align: "right" },
    { key: "comparison", title: "is" },
    { key: "threshold", title: "threshold", align: "right" },
    { key: "floor", title: "real vs real", align: "right" },
    { key: "source", title: "threshold source" },
  ],
  rows: verdicts.flatMap(({ id, severity, evidence }) =>
    evidence.map(({ metric, value, comparison, threshold, floor, source }) => ({
      verdict: id,
      severity,
      metric,
      value,
      comparison,
      threshold,
      source,
      floor: floor ?? null,
    })),
  ),
});

/** Backslashes, pipes and what would begin a tag or a link. */
const escapeMarkdown = (text: string): string =>
  textToVisible(text).replace(/[\\`*_[\]<>|]/g, (character) =>
    character === "<" ? "&lt;" : `\\${character}`,
  );

export function diagnosisToMarkdown(diagnosis: Diagnosis): string {
  const { subject, verdicts, notJudged } = diagnosis;
  const advice = verdicts.flatMap(({ title, advice }) =>
    advice.map(({ text, source }) => `- ${title}: ${escapeMarkdown(text)} (${escapeMarkdown(source)})`),
  );
  return [
    `## ${escapeMarkdown(subject)}`,
    ...verdicts.map(
      ({ severity, title, summary }) => `**${severity}: ${title}**  \n${escapeMarkdown(summary)}`,
    ),
    tableToMarkdown(diagnosisToTable(diagnosis)).trimEnd(),
    ...(advice.length > 0 ? [advice.join("\n")] : []),
    ...(notJudged.length > 0
      ? [`Not judged: ${notJudged.map(({ id, why }) => `${id} (${escapeMarkdown(why)})`).join("; ")}.`]
      : []),
  ]
    .join("\n\n")
    .concat("\n");
}
