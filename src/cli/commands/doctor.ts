/** The command `gan-eval doctor`. */
import type { Page } from "../../reports/page.ts";
import { type Table, tableToText } from "../../reports/table.ts";
import type { CommandContext, Outcome } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";
import { CHECKS, type Finding } from "./doctor/doctor-checks.ts";

/** `gan-eval doctor`: exit 0 even where things are absent; each absence says what to do. */
export async function run({ cacheDir }: OptionValues<"cacheDir">, context: CommandContext): Promise<Outcome> {
  const findings: (Finding & { topic: string })[] = [];
  for (const [topic, check] of Object.entries(CHECKS)) {
    context.signal.throwIfAborted();
    findings.push(...(await findSafely(check, context, cacheDir)).map((finding) => ({ topic, ...finding })));
  }
  const table: Table = {
    columns: [
      { key: "topic", title: "topic" },
      { key: "name", title: "name" },
      { key: "state", title: "state" },
      { key: "detail", title: "detail" },
    ],
    rows: findings.map(({ advice, ...finding }) => ({
      ...finding,
      detail: advice === undefined ? finding.detail : `${finding.detail}. ${advice}`,
    })),
  };
  return tableToOutcome({ schema: "gan-eval/doctor/1", findings }, table, (page) =>
    findingsToText(findings, table, page),
  );
}

/** A check that fails is a finding too: the doctor must not fall ill. */
async function findSafely(
  check: (typeof CHECKS)[string],
  context: CommandContext,
  cacheDir: string | undefined,
): Promise<readonly Finding[]> {
  try {
    return await check(context, cacheDir);
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    return [
      { name: "check", state: "problem", detail: message, ...(hint === undefined ? {} : { advice: hint }) },
    ];
  }
}

function findingsToText(findings: readonly Finding[], table: Table, page: Page): string {
  const { style } = page;
  const paints: Readonly<Record<string, (text: string) => string>> = {
    ok: style.green,
    absent: style.yellow,
    problem: style.red,
  };
  let topic = "";
  const rows = table.rows.map((row) => {
    const isNew = row.topic !== topic;
    topic = String(row.topic);
    return isNew ? row : { ...row, topic: "" };
  });
  const text = tableToText({ ...table, rows }, page, (cell, column) =>
    column.key === "state"
      ? (paints[cell.trim()]?.(cell) ?? cell)
      : column.key === "topic"
        ? style.bold(cell)
        : cell,
  );
  const problems = findings.filter(({ state }) => state === "problem").length;
  const verdict =
    problems === 0
      ? "No problems. Whatever is absent is optional."
      : `${problems} ${problems === 1 ? "problem" : "problems"}: see above.`;
  return `${text}\n${verdict}\n`;
}
