/** What metrics say of single fake images, as a CSV file. */
import { GanEvalError } from "../errors.ts";
import type { PerImage } from "../evaluate/options.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { tableToCsv } from "./table.ts";

/** Columns of several extractors stand side by side, each named after its extractor. */
function perImageToCsv(tables: readonly PerImage[]): Promise<string> {
  const columns = tables.flatMap(({ extractor, columns: of }) =>
    Object.entries(of).map(([name, values]) => ({
      key: tables.length > 1 ? `${extractor}: ${name}` : name,
      values,
    })),
  );
  if (columns.length === 0)
    throw new GanEvalError(
      "usage.per-picture",
      "expected a metric that says something of single images, got none",
      { hint: "--metrics realism,authpct,pr do" },
    );
  const titles = ["picture", ...columns.map(({ key }) => key)];
  return tableToCsv({
    columns: titles.map((key) => ({ key, title: key })),
    rows: (tables[0]?.names ?? []).map((name, i) => ({
      picture: name,
      ...Object.fromEntries(columns.map(({ key, values }) => [key, values[i]])),
    })),
  });
}

export async function writePerImage(file: string, tables: readonly PerImage[]): Promise<void> {
  const csv = await perImageToCsv(tables);
  await writeFileAtomically(file, [new TextEncoder().encode(csv)]);
}
