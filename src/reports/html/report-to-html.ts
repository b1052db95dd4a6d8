/** A report as one HTML file that asks nothing of any network. */
import { createHash } from "node:crypto";
import { packageVersion } from "../../package-root.ts";
import type { Stills } from "../charts/chart-to-still.ts";
import { PALETTES } from "../charts/palette.ts";
import type { Report } from "../content/report.ts";
import { html, trustedHtml, valueToScriptJson } from "./html.ts";
import type { PageFiles } from "./page-files.ts";
import { palettesToStyle } from "./palettes-to-style.ts";
import {
  chartsToSection,
  dataToSection,
  neighboursToSection,
  protocolToSection,
  reportToSummary,
  type Section,
  samplesToSection,
  tablesToSection,
  toyToSection,
  translationsToSection,
} from "./sections.ts";

const textToSource = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

function reportToSections(report: Report, stills: Stills): Section[] {
  const { charts, samples, translations, neighbours, toy, tables } = report;
  return [
    reportToSummary(report),
    ...(charts.length > 0 ? [chartsToSection(charts, stills)] : []),
    ...(samples && samples.frames.length > 0 ? [samplesToSection(samples)] : []),
    ...(translations && translations.rows.length > 0 ? [translationsToSection(translations)] : []),
    ...(toy && toy.frames.length > 0 ? [toyToSection(toy)] : []),
    ...(neighbours && neighbours.pairs.length > 0 ? [neighboursToSection(neighbours)] : []),
    ...(tables.length > 0 ? [tablesToSection(tables)] : []),
    protocolToSection(report),
    dataToSection(),
  ];
}

/** What scripts read, and the JSON download: images stand in the page alone. */
function reportToData(report: Report): unknown {
  const { samples, neighbours, translations, ...rest } = report;
  return {
    ...rest,
    ...(samples && { samples: samples.frames.map(({ round }) => round) }),
    ...(translations && { translations: translations.rows.map(({ name }) => name) }),
    ...(neighbours && { neighbours: neighbours.pairs.map(({ distance }) => distance) }),
    palettes: PALETTES,
  };
}

/**
 * Names and paths are escaped wherever they stand. The page's own policy lets nothing be fetched and no script run but
 * those that it was written with, whatever a name might smuggle in.
 * @param stills images of charts, for where scripts do not run
 */
export function reportToHtml(
  report: Report,
  { style, scripts }: PageFiles,
  stills: Stills = new Map(),
): string {
  const sections = reportToSections(report, stills);
  const css = `${palettesToStyle()}\n${style}`;
  const policy = [
    "default-src 'none'",
    "img-src data:",
    `style-src ${textToSource(css)}`,
    `script-src ${scripts.map(textToSource).join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trustedHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${report.title} - gan-eval</title>
<link rel="icon" href="data:,">
<style>${trustedHtml(css)}</style>
</head>
<body>
<a class="skip" href="#summary">Skip to the summary</a>
<header class="top"><div><h1><bdi>${report.title}</bdi></h1>${report.facts.length > 0 && html`<p class="muted">${report.facts.map(([name, text], i) => html`${i > 0 && " · "}${name}: <bdi>${text}</bdi>`)}</p>`}</div><button type="button" id="theme" class="no-script-hidden">dark</button></header>
<nav aria-label="Parts of the report"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>${sections.map(
    ({
      id,
      title,
      body,
    }) => html`<section id="${id}" aria-labelledby="heading-${id}"><h2 id="heading-${id}">${title}</h2>
${body}</section>
`,
  )}</main>
<footer>Made by gan-eval ${packageVersion()}.</footer>
<script type="application/json" id="report-data">${valueToScriptJson(reportToData(report))}</script>
${scripts.map(
  (script) => html`<script>${trustedHtml(script)}</script>
`,
)}</body>
</html>
`;
  return page.text;
}
