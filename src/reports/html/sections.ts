/** The parts of a page. */
import type { Verdict } from "../../diagnosis/verdict.ts";
import type { Chart } from "../charts/chart.ts";
import { hasManyKeys } from "../charts/chart-runtime.js";
import type { Stills } from "../charts/chart-to-still.ts";
import type {
  Fact,
  Headline,
  Image,
  Neighbours,
  Report,
  ReportTable,
  Samples,
  Translations,
} from "../content/report.ts";
import { evidenceToText } from "../diagnosis-to-text.ts";
import { countToText, countToWords } from "../quantities.ts";
import type { Table } from "../table.ts";
import { type Html, type HtmlValue, html } from "./html.ts";

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

const cellToText = (cell: string | number | boolean | null | undefined): string =>
  cell === null || cell === undefined ? "" : String(cell);

/** `1.2e-4` is not torn apart at its hyphen, by style rather than by another hyphen: it is sorted and copied as it is. */
const NUMBER = /^[-+]?[\d.,]+(e[-+]?\d+)?$/;

const cellToClass = (text: string, align: "left" | "right" | undefined): Html | false => {
  const classes = [...(align === "right" ? ["right"] : []), ...(NUMBER.test(text) ? ["number"] : [])];
  return classes.length > 0 && html` class="${classes.join(" ")}"`;
};

/** Longer names of runs are broken behind an underscore before they are broken anywhere. */
const LONG_NAME = 24;

const toBreakable = (text: string): HtmlValue =>
  text.split(/\s/).every((word) => word.length <= LONG_NAME)
    ? text
    : text.split(/(?<=_)/).map((part, i) => (i === 0 ? part : html`<wbr>${part}`));

/** `isSortable`: by its headings, once scripts run. */
export function tableToHtml({ columns, rows }: Table, label: string, isSortable = false): Html {
  const side = (align: "left" | "right" | undefined): Html | false =>
    align === "right" && html` class="right"`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="long"${isSortable && html` data-sortable`}><thead><tr>${columns.map(
    ({ title, align }) => html`<th scope="col"${side(align)}>${title}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr>${columns.map(({ key, align }) => {
        const text = cellToText(row[key]);
        return html`<td${cellToClass(text, align)}>${toBreakable(text)}</td>`;
      })}</tr>`,
  )}</tbody></table></div>`;
}

const factsToHtml = (facts: readonly Fact[]): Html =>
  html`<dl>${facts.map(([name, text]) => html`<dt>${name}</dt><dd><bdi>${text}</bdi></dd>`)}</dl>`;

/** More lines of evidence than these are folded: the page begins with what they come to. */
const MOST_LINES = 4;

function evidenceToHtml(evidence: Verdict["evidence"]): Html {
  const list = (lines: Verdict["evidence"]): Html =>
    html`<ul>${lines.map((each) => html`<li>${evidenceToText(each)}</li>`)}</ul>`;
  if (evidence.length <= MOST_LINES) return list(evidence);
  return html`<details><summary>Evidence (${evidence.length} figures)</summary>${list(evidence)}</details>`;
}

const verdictToHtml = ({ severity, title, summary, evidence, advice }: Verdict): Html =>
  html`<article class="box verdict ${severity}"><h3><span class="word">${severity}</span> ${title}</h3><p>${summary}</p>
${evidence.length > 0 && evidenceToHtml(evidence)}
${advice.length > 0 && html`<details><summary>What usually helps</summary><ul>${advice.map(({ text, source }) => html`<li>${text} <span class="muted">(${source})</span></li>`)}</ul></details>`}</article>`;

const DIRECTIONS = { lower: "lower is better", higher: "higher is better" } as const;

/** Powers of ten are not torn apart at their hyphens. */
function headlineToHtml({ name, value, interval, floor, direction, note }: Headline): Html {
  const more = [
    ...(interval ? [`95 % interval ${interval}`] : []),
    ...(floor ? [`real vs real ${floor}`] : []),
    ...(note ? [note] : []),
    ...(direction ? [DIRECTIONS[direction]] : []),
  ];
  return html`<li class="box"><div class="name">${name}</div><div class="value">${value.replace(/e-(?=\d)/g, "e\u2011")}</div>${more.map((line) => html`<div class="more">${toBreakable(line)}</div>`)}</li>`;
}

export function reportToSummary({ verdicts, notJudged, headlines, warnings }: Report): Section {
  return {
    id: "summary",
    title: "Summary",
    body: html`${verdicts.map(verdictToHtml)}
${headlines.length > 0 && html`<ul class="headlines">${headlines.map(headlineToHtml)}</ul>`}
${warnings.length > 0 && html`<div class="box verdict warning"><h3><span class="word">${countToWords(warnings.length, "warning")}</span></h3><ul>${warnings.map(({ message, hint }) => html`<li>${message}${hint && html`. <span class="muted">${hint}</span>`}</li>`)}</ul></div>`}
${notJudged.length > 0 && html`<details><summary>${countToWords(notJudged.length, "verdict")} could not be judged</summary><ul>${notJudged.map(({ id, why }) => html`<li>${id}: ${why}</li>`)}</ul></details>`}`,
  };
}

const tool = (action: string, text: string, extra: Html | false = false): Html =>
  html`<button type="button" class="no-script-hidden" data-do="${action}"${extra}>${text}</button>`;

/** What is shown until scripts run; they hide it. No `noscript`: where a policy forbids scripts that stays hidden too. */
const stillToHtml = (still: Image | undefined, title: string): Html =>
  still
    ? html`<img class="still" data-scriptless src="${still.source}" width="${still.width}" height="${still.height}" alt="${title}: see the table below for its values">`
    : html`<p class="caption" data-scriptless>The chart needs JavaScript; its values are in the table below.</p>`;

function chartToHtml(
  { id, title, caption, config, table }: Chart,
  isWide: boolean,
  still: Image | undefined,
): Html {
  const hasScale = config.y.format !== "category" && !config.parallels && config.type !== "bar";
  const isLog = config.y.type === "logarithmic";
  return html`<figure class="chart${isWide && " wide"}${hasManyKeys(config) && " tall"}" id="chart-${id}" data-chart="${id}"><header><h3 id="title-${id}">${title}</h3><div class="tools">${tool("reset", "full range", html` hidden`)}${hasScale && tool("scale", "log", html` aria-pressed="${isLog ? "true" : "false"}" aria-label="log scale of ${title}"`)}${tool("csv", "CSV", html` aria-label="CSV of ${title}"`)}</div></header>
<div class="drawing" hidden><canvas tabindex="0" role="img" aria-labelledby="title-${id}" aria-describedby="caption-${id}"></canvas></div>${stillToHtml(still, title)}
<figcaption id="caption-${id}">${caption}</figcaption><div class="readout muted" aria-live="polite"></div>
<details><summary>Values</summary>${tableToHtml(table, `Values of ${title}`)}</details></figure>`;
}

/** Charts stand in pairs; one whose place beside it would stay empty takes the whole width, as parallel axes always do. */
export function chartsToWidths(charts: readonly Chart[]): boolean[] {
  const areWide = charts.map(({ config }) => config.parallels !== undefined);
  let before = 0;
  for (const [i, isWide] of areWide.entries()) {
    before = isWide ? 0 : before + 1;
    if (before % 2 === 1 && (areWide[i + 1] ?? true)) areWide[i] = true;
  }
  return areWide;
}

export function chartsToSection(charts: readonly Chart[], stills: Stills): Section {
  const areWide = chartsToWidths(charts);
  return {
    id: "charts",
    title: "Charts",
    body: html`<p class="caption no-script-hidden">Drag across a chart to zoom in, double-click to reset. Keyboard: left and right step through the values, + and - zoom, 0 resets.</p><div class="charts">${charts.map((chart, i) => chartToHtml(chart, areWide[i], stills.get(chart.id)))}</div>`,
  };
}

const imageToHtml = ({ source, width, height }: Image, text: string, isSmooth = false): Html =>
  html`<img src="${source}" width="${width}" height="${height}" alt="${text}"${isSmooth && html` class="smooth"`}>`;

const sliderToHtml = (id: string, last: number, from: number): Html =>
  html`<div class="slider no-script-hidden"><button type="button" data-do="play" aria-pressed="false">play</button><label for="${id}">Round</label><input type="range" id="${id}" min="0" max="${last}" step="1" value="${from}"><output for="${id}"></output></div>`;

/** Captions above the columns of a grid, of one width each. */
const columnsToHtml = (columns: readonly string[]): Html =>
  html`<div class="columns" aria-hidden="true">${columns.map((label) => html`<span>${label}</span>`)}</div>`;

export function samplesToSection({ frames, real, areDrawings, leftOut, columns }: Samples): Section {
  const last = frames.length - 1;
  return {
    id: "samples",
    title: "Samples",
    body: html`<div data-samples>${sliderToHtml("samples-slider", last, last)}<div class="samples"><div class="frames">${frames.map(
      (frame) =>
        html`<figure data-round="${frame.round}"${columns && html` class="captioned"`}>${columns && columnsToHtml(columns)}${imageToHtml(frame, `Samples of round ${countToText(frame.round)}`, areDrawings)}<figcaption>${columns ? "held-out samples and what is made of them" : "generated"}, round ${countToText(frame.round)}</figcaption></figure>`,
    )}</div>${real && html`<figure>${imageToHtml(real, "Real images")}<figcaption>real, held-out images where there are any</figcaption></figure>`}</div>${leftOut > 0 && html`<p class="caption">${countToWords(leftOut, "other grid")} of the run were left out for the page's size.</p>`}</div>`,
  };
}

export const neighboursToSection = ({ pairs, caption }: Neighbours): Section => ({
  id: "neighbours",
  title: "Nearest neighbours",
  body: html`<p class="caption">${caption}</p><ol class="pairs">${pairs.map(
    ({ generated, real, distance }, i) =>
      html`<li><div class="two">${imageToHtml(generated, `Generated image ${i + 1}`)}${imageToHtml(real, `Its nearest training image`)}</div><div class="caption">distance ${distance.toFixed(1)}</div></li>`,
  )}</ol>`,
});

/** Images with more pixels a side are shown smooth: single pixels say nothing of a photo. */
const LARGEST_PIXELATED = 128;

const isSmooth = ({ width, height }: Image): boolean => Math.max(width, height) > LARGEST_PIXELATED;

export const translationsToSection = ({ rows, caption, leftOut }: Translations): Section => ({
  id: "translations",
  title: "Translations",
  body: html`<p class="caption">${caption}</p><ol class="translations">${rows.map(
    ({ name, input, outputs }) =>
      html`<li><div class="name"><bdi>${toBreakable(name)}</bdi></div><div class="row"><figure>${imageToHtml(input, `${name} as the networks were given it`, isSmooth(input))}<figcaption>given</figcaption></figure>${outputs.map(
        (output) =>
          html`<figure>${imageToHtml(output, `What was made of ${name}`, isSmooth(output))}<figcaption><bdi>${toBreakable(output.file)}</bdi></figcaption></figure>`,
      )}</div></li>`,
  )}</ol>${leftOut > 0 && html`<p class="caption">${countToWords(leftOut, "other image")} were left out for the page's size.</p>`}`,
});

const LAYERS = [
  { id: "heat", text: "discriminator output", marks: ["square heat-generated", "square heat-real"] },
  { id: "real", text: "real samples", marks: ["real"] },
  { id: "generated", text: "generated samples", marks: ["generated"] },
  { id: "manifold", text: "the generator's manifold", marks: ["manifold"] },
  { id: "arrows", text: "push on samples", marks: ["arrow"] },
] as const;

/** What the colours and the line of the film stand for. */
function heatToWords({ isProbability, reach }: NonNullable<Report["toy"]>): string {
  const line = isProbability
    ? "the line is where D = 1/2"
    : `the line is where it prefers neither, and full colour is ${reach} away from that, in all frames`;
  return `The background is green where the discriminator judges points real and violet where generated; ${line}.`;
}

export function toyToSection(toy: NonNullable<Report["toy"]>): Section {
  const { frames } = toy;
  const last = frames.length - 1;
  const hasManifold = frames.some(({ manifold }) => manifold !== undefined);
  const layers = LAYERS.filter(({ id }) => id !== "manifold" || hasManifold);
  return {
    id: "toy",
    title: "How the two networks learn",
    body: html`<div class="toy" data-toy><p class="caption" data-scriptless>The animation needs JavaScript; the samples above do not.</p>${sliderToHtml("toy-slider", last, last)}<div class="slider no-script-hidden">${layers.map(
      ({ id, text, marks }) =>
        html`<label><input type="checkbox" data-layer="${id}" checked>${marks.map((mark) => html`<span class="swatch ${mark}"></span>`)}${text}</label>`,
    )}</div><canvas hidden width="720" height="720" role="img" aria-label="Samples, the discriminator's output and the generator's manifold in the plane"></canvas><p class="caption">${countToWords(frames.length, "checkpoint")} of the run. ${heatToWords(toy)} Arrows are minus the gradient of the generator's loss by each sample: where it would move if it could move alone. Their lengths are logarithmic and on one scale for all frames; the key shows the gradient's size. Ticks at the edge are samples outside.${hasManifold && " The grid is the image of a square of latents, the same share of them in each cell (other coordinates are 0): the stronger its colour, the denser samples lie; hatched cells are turned over."}${frames.length < 5 && " For more, train with --keep-checkpoints 30 and a smaller --checkpoint-interval."}</p></div>`,
  };
}

export const tablesToSection = (tables: readonly ReportTable[]): Section => ({
  id: "tables",
  title: "Tables",
  body: html`${tables.map(
    ({ id, title, caption, table }) =>
      html`<div id="table-${id}"><h3>${title}</h3>${caption && html`<p class="caption">${caption}</p>`}${tableToHtml(table, title, true)}</div>`,
  )}`,
});

export const protocolToSection = ({ protocol, command }: Report): Section => ({
  id: "protocol",
  title: "Protocol",
  body: html`${command !== "" && html`<div><p class="caption">Command</p><pre><code>${command}</code></pre>${tool("copy", "copy")}</div>`}
<details open><summary>Everything that decides the numbers</summary>${factsToHtml(protocol)}</details>`,
});

export const dataToSection = (): Section => ({
  id: "data",
  title: "Data",
  body: html`<p class="caption">This page contains all the data it shows. Long series are thinned: each interval keeps its minimum and maximum.</p><div class="downloads">${tool("all-csv", "all charts as CSV")}${tool("all-json", "everything as JSON")}</div><p class="caption" data-scriptless>Downloads need JavaScript; the element with the id report-data contains all data as JSON.</p>`,
});
