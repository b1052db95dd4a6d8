/** What metrics say of single fake pictures, as a CSV file. */
import { GanEvalError } from "../errors.ts";
import type { PerPicture } from "../evaluate/options.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { tableToCsv } from "./table.ts";

/** Columns of several extractors stand side by side, each named after its extractor. */
function perPictureToCsv(tables: readonly PerPicture[]): Promise<string> {
  const columns = tables.flatMap(({ extractor, columns: of }) =>
    Object.entries(of).map(([name, values]) => ({
      key: tables.length > 1 ? `${extractor}: ${name}` : name,
      values,
    })),
  );
  if (columns.length === 0)
    throw new GanEvalError(
      "usage.per-picture",
      "expected a metric that says something of single pictures, got none",
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

export async function writePerPicture(file: string, tables: readonly PerPicture[]): Promise<void> {
  const csv = await perPictureToCsv(tables);
  await writeFileAtomically(file, [new TextEncoder().encode(csv)]);
}
