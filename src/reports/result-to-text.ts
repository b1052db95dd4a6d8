import type { EvaluationResult, InputRecord } from "../evaluate/result.ts";
import { type Page, textToIndented, textToVisible, textToWidth } from "./page.ts";
import { countToText, countToWords, scoreToText, secondsToText } from "./quantities.ts";
import { type Reading, resultToReadings } from "./result-to-readings.ts";
import { textToPadded } from "./table.ts";

const MARGIN = "  ";

/**
 * A result for reading: the scores, then what was compared, by which protocol, and with what it was computed.
 * Warnings are not here: they go to stderr, and into JSON.
 */
export function resultToText(result: EvaluationResult, page: Page): string {
  const readings = resultToReadings(result);
  const lines = [...readingsToLines(readings, page), "", ...factsToLines(resultToFacts(result), page)];
  return `${lines.join("\n")}\n`;
}

/** `12.3456`, `9.81 ± 0.12`. */
export const readingToText = ({ value, spread }: Reading): string =>
  spread === undefined ? scoreToText(value) : `${scoreToText(value)} ± ${scoreToText(spread)}`;

function readingsToLines(readings: readonly Reading[], { style }: Page): string[] {
  const names = Math.max(0, ...readings.map(({ name }) => textToWidth(name)));
  const values = Math.max(0, ...readings.map((reading) => textToWidth(readingToText(reading))));
  return readings.map((reading) => {
    const name = textToPadded(reading.name, names);
    const value = textToPadded(style.bold(readingToText(reading)), values);
    const direction =
      reading.direction === undefined ? "" : `   ${style.dim(`${reading.direction} is better`)}`;
    return `${name}   ${value}${direction}`.trimEnd();
  });
}

/** The context of a result, a line each: what, by which protocol, with what. */
export function resultToFacts(result: EvaluationResult): (readonly [string, string])[] {
  const { inputs, protocol, provenance } = result;
  const facts: [string, string][] = [];
  if (inputs.real) facts.push(["real", inputToText(inputs.real)]);
  if (inputs.fake) facts.push(["fake", inputToText(inputs.fake)]);
  facts.push(["protocol", protocolToText(result)]);
  facts.push([
    "computed",
    [
      ...(provenance.engine === null
        ? ["no network was needed"]
        : [`${provenance.engine} on ${provenance.device ?? "cpu"}`]),
      ...(provenance.threads === null ? [] : [countToWords(provenance.threads, "thread")]),
      ...(provenance.batchSize === null ? [] : [`batch ${provenance.batchSize}`]),
      secondsToText(provenance.seconds),
    ].join(", "),
  ]);
  if (protocol.extractor === "digits") {
    facts.push(["note", "these scores come from the digits network: never compare them with Inception's"]);
  }
  return facts;
}

/** `./mnist, 10,000 pictures (idx)`. */
export function inputToText({ location, kind, count }: InputRecord): string {
  const what =
    kind === "features"
      ? count === null
        ? "features"
        : `features of ${countToWords(count, "picture")}`
      : kind === "statistics"
        ? count === null
          ? "statistics of an unknown number of pictures"
          : `statistics of ${countToWords(count, "picture")}`
        : `${count === null ? "pictures" : countToWords(count, "picture")} (${kind})`;
  return `${textToVisible(location)}, ${what}`;
}

/** One line of everything that decides the numbers; the Inception Score's settings only where there is one. */
export function protocolToText({ protocol, metrics }: EvaluationResult): string {
  const hash = protocol.extractorHash === null ? "" : ` (${protocol.extractorHash.slice(0, 8)})`;
  const keys = Object.keys(metrics);
  const hasDistance = keys.some((key) => key.startsWith("frechet"));
  const hasScore = keys.some((key) => key.includes("_score_"));
  return [
    `${textToVisible(protocol.extractor)}${hash}`,
    `${countToText(protocol.dims)} features`,
    `resize ${protocol.resize}`,
    ...(hasDistance ? [`ddof ${protocol.ddof}`] : []),
    ...(hasScore
      ? [
          countToWords(protocol.splits, "split"),
          protocol.shuffle ? `shuffled, seed ${protocol.seed}` : "not shuffled",
        ]
      : []),
  ].join(", ");
}

/** `name  text`, the text wrapped under itself. */
export function factsToLines(facts: readonly (readonly [string, string])[], page: Page): string[] {
  const width = Math.max(0, ...facts.map(([name]) => textToWidth(name)));
  return facts.map(([name, text]) =>
    textToIndented(
      shortPhrasesToWords(text),
      page.columns,
      `${MARGIN}${page.style.dim(textToPadded(name, width))}${MARGIN}`,
      " ".repeat(width + 2 * MARGIN.length),
    ).replaceAll(NO_BREAK, " "),
  );
}

const NO_BREAK = "\u00a0";
const SHORT_PHRASE = 16;

/** `ddof 1` and `seed 2020` are not torn apart at the end of a line. */
const shortPhrasesToWords = (text: string): string =>
  text
    .split(", ")
    .map((phrase) => (phrase.length <= SHORT_PHRASE ? phrase.replaceAll(" ", NO_BREAK) : phrase))
    .join(", ");
