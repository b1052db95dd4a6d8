/** The summary of a report as Markdown, with its images where they were written. */
import { evidenceToText } from "../diagnosis-to-text.ts";
import { textToVisible } from "../page.ts";
import { tableToMarkdown } from "../table.ts";
import type { Report } from "./report.ts";

/** Keeps names from being read as Markdown or HTML. */
const escapeText = (text: string): string =>
  textToVisible(text)
    .replaceAll("\n", " ")
    .replace(/[\\`*_[\]|~#]/g, (character) => `\\${character}`)
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");

/** A code block whose fence is longer than any in it. */
function textToCode(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sh\n${textToVisible(text)}\n${fence}\n`;
}

export interface MarkdownImage {
  readonly title: string;
  /** From the Markdown file. */
  readonly location: string;
}

const locationToUrl = (location: string): string =>
  location
    .split("/")
    .map(encodeURIComponent)
    .join("/")
    .replace(/[()]/g, (c) => (c === "(" ? "%28" : "%29"));

export function reportToMarkdown(report: Report, images: readonly MarkdownImage[] = []): string {
  const { title, facts, verdicts, headlines, warnings, command } = report;
  const scores = tableToMarkdown({
    columns: [
      { key: "name", title: "Figure" },
      { key: "value", title: "Value", align: "right" },
      { key: "interval", title: "95 % interval" },
      { key: "floor", title: "Real vs real" },
      { key: "better", title: "Better" },
      { key: "note", title: "" },
    ].filter(
      ({ key }) =>
        key === "name" ||
        key === "value" ||
        headlines.some((line) => line[key === "better" ? "direction" : (key as "note")]),
    ) as never,
    rows: headlines.map(({ name, value, interval, floor, direction, note }) => ({
      name,
      value,
      interval: interval ?? null,
      floor: floor ?? null,
      better: direction ?? null,
      note: note ?? null,
    })),
  });
  const parts = [
    `# ${escapeText(title)}\n`,
    ...(facts.length > 0
      ? [`${facts.map(([name, text]) => `${name}: ${escapeText(text)}`).join(" · ")}\n`]
      : []),
    ...verdicts.map(
      (verdict) =>
        `**${verdict.severity}: ${escapeText(verdict.title)}.** ${escapeText(verdict.summary)}\n${verdict.evidence.map((each) => `\n- ${escapeText(evidenceToText(each))}`).join("")}\n`,
    ),
    ...(headlines.length > 0 ? [scores] : []),
    ...(warnings.length > 0
      ? [`${warnings.map(({ message }) => `- **Warning:** ${escapeText(message)}`).join("\n")}\n`]
      : []),
    ...images.map(({ title: text, location }) => `![${escapeText(text)}](${locationToUrl(location)})\n`),
    ...(command === "" ? [] : [textToCode(command)]),
  ];
  return parts.join("\n");
}
