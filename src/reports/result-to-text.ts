/** A result as text for a terminal. */
import type { EvaluationResult, InputRecord, IntervalRecord } from "../evaluate/result.ts";
import { classesToText } from "./classes-to-text.ts";
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
  const classes = result.byClass ? [classesToText(result.byClass, page)] : [];
  const lines = [
    ...readingsToLines(readings, page),
    "",
    ...classes,
    ...factsToLines(resultToFacts(result), page),
  ];
  return `${lines.join("\n")}\n`;
}

/** `12.3456`, `9.81 ± 0.12`. */
export const readingToText = ({ value, spread }: Reading): string =>
  spread === undefined ? scoreToText(value) : `${scoreToText(value)} ± ${scoreToText(spread)}`;

/** `11.92 to 12.77`; nothing where there is none. */
export const intervalToText = ({ interval }: Reading): string =>
  interval === undefined ? "" : `${scoreToText(interval.low)} to ${scoreToText(interval.high)}`;

/** `0.57`; of Frechet distances `0.57 (ratio 8.12)`. */
export const floorToText = ({ floor }: Reading): string =>
  floor === undefined
    ? ""
    : floor.ratio === undefined
      ? scoreToText(floor.value)
      : `${scoreToText(floor.value)} (ratio ${scoreToText(floor.ratio)})`;

interface ReadingColumn {
  readonly title: string;
  readonly cell: (reading: Reading) => string;
  readonly paint?: "bold" | "dim";
}

/** Interval and floor where there are any; headings only then, since a lone value needs none. */
function readingsToColumns(readings: readonly Reading[]): ReadingColumn[] {
  const columns: ReadingColumn[] = [
    { title: "", cell: ({ name }) => name },
    { title: "value", cell: readingToText, paint: "bold" },
  ];
  const level = readings.find(({ interval }) => interval)?.interval?.level;
  if (level !== undefined) columns.push({ title: `${100 * level} % interval`, cell: intervalToText });
  if (readings.some(({ floor }) => floor)) columns.push({ title: "real vs real", cell: floorToText });
  const better = columns.length > 2 ? "" : " is better";
  columns.push({
    title: "better",
    cell: ({ direction }) => (direction === undefined ? "" : `${direction}${better}`),
    paint: "dim",
  });
  return columns;
}

const GAP = "   ";

function readingsToLines(readings: readonly Reading[], { style }: Page): string[] {
  const columns = readingsToColumns(readings);
  const headed = columns.length > 3;
  const widths = columns.map(({ title, cell }) =>
    Math.max(headed ? title.length : 0, ...readings.map((reading) => textToWidth(cell(reading)))),
  );
  const lines = readings.map((reading) =>
    columns
      .map(({ cell, paint }, i) => {
        const text = cell(reading);
        return textToPadded(paint && text !== "" ? style[paint](text) : text, widths[i]!);
      })
      .join(GAP)
      .trimEnd(),
  );
  const heading = columns.map(({ title }, i) => style.dim(textToPadded(title, widths[i]!))).join(GAP);
  return headed ? [heading.trimEnd(), ...lines] : lines;
}

/** The end of features of metrics that compare pixels. */
const NO_FEATURES = "0";

/** The context of a result, a line each: what, by which protocol, with what. */
export function resultToFacts(result: EvaluationResult): (readonly [string, string])[] {
  const { inputs, protocol, provenance } = result;
  const facts: [string, string][] = [];
  if (inputs.real) facts.push(["real", inputToText(inputs.real)]);
  if (inputs.fake) facts.push(["fake", inputToText(inputs.fake)]);
  if (inputs.heldOut) facts.push(["held out", inputToText(inputs.heldOut)]);
  if (protocol.featureEnd !== NO_FEATURES) facts.push(["protocol", protocolToText(result)]);
  facts.push(...parametersToFacts(result), ...intervalFacts(result), ...floorFacts(result));
  facts.push([
    "computed",
    [
      ...(provenance.engine === null
        ? ["no network needed"]
        : [`${provenance.engine} on ${provenance.device ?? "cpu"}`]),
      ...(provenance.threads === null ? [] : [countToWords(provenance.threads, "thread")]),
      ...(provenance.batchSize === null ? [] : [`batch ${provenance.batchSize}`]),
      secondsToText(provenance.seconds),
    ].join(", "),
  ]);
  if (protocol.extractor === "digits") {
    facts.push(["note", "these scores use the digits network: do not compare them with Inception scores"]);
  }
  return facts;
}

/** Parameters that the protocol's own line says. */
const IN_PROTOCOL = new Set(["ddof", "seed", "splits", "shuffle"]);

/** `subsetSize` to `subset size`. */
const nameToWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** One line per metric with its own parameters. */
function parametersToFacts({ protocol }: EvaluationResult): [string, string][] {
  return Object.entries(protocol.parameters).flatMap(([id, parameters]): [string, string][] => {
    const own = Object.entries(parameters).filter(([name]) => !IN_PROTOCOL.has(name));
    return own.length === 0
      ? []
      : [[id, own.map(([name, value]) => `${nameToWords(name)} ${value}`).join(", ")]];
  });
}

function intervalToMethod({ method, blocks, cuts }: IntervalRecord): string {
  const parts: string[] = [method];
  if (blocks !== undefined) parts.push(`${blocks} blocks per side`);
  if (cuts !== undefined) parts.push(`${cuts} cuts`);
  return parts.join(", ");
}

function intervalFacts({ intervals = {} }: EvaluationResult): [string, string][] {
  const [first] = Object.values(intervals);
  if (first === undefined) return [];
  const methods = [...new Set(Object.values(intervals).map(intervalToMethod))];
  const fixed = new Set(Object.values(intervals).flatMap((interval) => interval.fixed ?? []));
  const held = [...fixed].map((role) => `, ${role} held fixed`).join("");
  return [["intervals", `${100 * first.level} %, ${methods.join("; ")}, seed ${first.seed}${held}`]];
}

function floorFacts({ floors = {} }: EvaluationResult): [string, string][] {
  const [first] = Object.values(floors);
  if (first === undefined) return [];
  const other = first.of === "heldOut" ? "held-out" : "other real";
  const scaled = Object.values(floors).some(({ measured }) => measured !== undefined)
    ? "; distances that shrink with the number of images are rescaled to the counts above"
    : "";
  const ratio = Object.values(floors).some((floor) => floor.ratio !== undefined)
    ? "; the ratio is the distance over it (FDr), 1 for a perfect generator"
    : "";
  return [
    [
      "real vs real",
      `measured between ${countToText(first.real)} real and ${countToText(first.fake)} ${other} images: the score of a perfect generator${scaled}${ratio}`,
    ],
  ];
}

/** `./mnist, 10,000 images (idx)`. */
function inputToText({ location, kind, count }: InputRecord): string {
  const what =
    kind === "features"
      ? count === null
        ? "features"
        : `features of ${countToWords(count, "image")}`
      : kind === "statistics"
        ? count === null
          ? "statistics of an unknown number of images"
          : `statistics of ${countToWords(count, "image")}`
        : `${count === null ? "images" : countToWords(count, "image")} (${kind})`;
  return `${textToVisible(location)}, ${what}`;
}

/** One line of everything that decides the numbers; the Inception Score's settings only where there is one. */
function protocolToText({ protocol, metrics }: EvaluationResult): string {
  const hash = protocol.extractorHash === null ? "" : ` (${protocol.extractorHash.slice(0, 8)})`;
  const keys = Object.keys(metrics);
  const hasDistance = keys.some((key) => key.startsWith("frechet"));
  const hasScore = keys.some((key) => key.includes("_score_"));
  const { compat } = protocol;
  return [
    ...(compat ? [`as ${compat.name}${compat.extractor ? ", whose extractor it is" : ""}`] : []),
    `${textToVisible(protocol.extractor)}${hash}`,
    `${countToText(protocol.dims)} features`,
    ...(protocol.crop === "none" ? ["no crop"] : []),
    `resize ${protocol.resize}`,
    ...(protocol.arithmetic?.includes("tf32") ? [protocol.arithmetic] : []),
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
