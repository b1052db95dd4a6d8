/** What the pages of reports and of the lab have in common: the base of their style, and chart.js. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

/** Rules of plain elements; a page's own rules stand behind them. */
export const readBaseStyle = (): Promise<string> =>
  readFile(path.join(import.meta.dirname, "base.css"), "utf8");

/** A page has no file behind the address that a library's script ends with. */
export const withoutSourceMap = (text: string): string =>
  text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");

/** chart.js as one script that declares `Chart`, without the address of its source map. */
export async function readChartLibrary(): Promise<string> {
  // The package exports no file but its entry; the browser's build lies beside that.
  const entry = createRequire(import.meta.url).resolve("chart.js");
  return withoutSourceMap(await readFile(path.join(path.dirname(entry), "chart.umd.min.js"), "utf8"));
}
