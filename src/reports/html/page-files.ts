/** The page's own script and style, which are put into every page. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { readBaseStyle, readChartLibrary } from "./shared-files.ts";

export interface PageFiles {
  readonly style: string;
  /** chart.js, what makes its configurations, and the page's own, in this order. */
  readonly scripts: readonly string[];
}

const beside = (name: string): Promise<string> => readFile(path.join(import.meta.dirname, name), "utf8");

/** Modules of the page, each behind those that it imports. */
const MODULES = [
  "../charts/chart-runtime.js",
  "../../plane/drawing/plane-drawing.js",
  ...["context", "downloads", "charts", "sliders", "toy", "tables", "main"].map(
    (name) => `client/${name}.js`,
  ),
];

/** Modules as one script: what they export are its names, and imports have no business any more. */
const modulesToScript = (texts: readonly string[]): string => {
  const bodies = texts.map((text) => text.replace(/^import [^;]*;\n/gm, "").replace(/^export /gm, ""));
  return `"use strict";\n(() => {\n${bodies.join("\n")}\n})();`;
};

/** A script element ends at the first `</script`, wherever it stands. */
const textToScript = (text: string): string => text.replace(/<\/(script)/gi, "<\\/$1");

export async function readPageFiles(): Promise<PageFiles> {
  const [base, own, library, ...modules] = await Promise.all([
    readBaseStyle(),
    beside("style.css"),
    readChartLibrary(),
    ...MODULES.map(beside),
  ]);
  const scripts = [library, modulesToScript(modules)];
  return { style: base + own, scripts: scripts.map(textToScript) };
}
