/** The page's own script and style, which are put into every page. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

export interface PageFiles {
  readonly style: string;
  /** chart.js, what makes its configurations, and the page's own, in this order. */
  readonly scripts: readonly string[];
}

const beside = (name: string): Promise<string> => readFile(path.join(import.meta.dirname, name), "utf8");

/** A module without imports as a script: its functions become names of the page. */
const moduleToScript = (text: string): string => text.replace(/^export /gm, "");

/** A script element ends at the first `</script`, wherever it stands. */
const textToScript = (text: string): string => text.replace(/<\/(script)/gi, "<\\/$1");

export async function readPageFiles(): Promise<PageFiles> {
  // The package exports no file but its entry; the browser's build lies beside that.
  const chart = path.join(
    path.dirname(createRequire(import.meta.url).resolve("chart.js")),
    "chart.umd.min.js",
  );
  const [style, library, runtime, own] = await Promise.all([
    beside("style.css"),
    readFile(chart, "utf8"),
    beside("../charts/chart-runtime.js"),
    beside("page-script.js"),
  ]);
  const withoutMap = library.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  const scripts = [withoutMap, `"use strict";\n(() => {\n${moduleToScript(runtime)}\n${own}\n})();`];
  return { style, scripts: scripts.map(textToScript) };
}
