/** The page's own files, by their exact names: what is not in this table is not there. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { PALETTES } from "../../reports/charts/palette.ts";
import { palettesToStyle } from "../../reports/html/palettes-to-style.ts";
import { readBaseStyle, readChartLibrary } from "../../reports/html/shared-files.ts";

export interface PageFile {
  readonly type: string;
  readonly body: string;
}

const MODULES = [
  "main",
  "connection",
  "elements",
  "runs-table",
  "run-cells",
  "run-page",
  "charts",
  "samples",
];

const SHELL = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>gan-eval lab</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/lab.css">
<script src="/chart.js"></script>
<script type="module" src="/lab/client/main.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><h1><a href="#">gan-eval lab</a></h1><p id="connection" role="status" class="muted">connecting</p></header>
<main id="main" tabindex="-1"><noscript>This page needs JavaScript.</noscript></main>
</body>
</html>
`;

const beside = (name: string): Promise<string> => readFile(path.join(import.meta.dirname, name), "utf8");

export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const styles = [await readBaseStyle(), await beside("../client/lab.css")];
  const script = (body: string): PageFile => ({ type: "text/javascript; charset=utf-8", body });
  const modules = MODULES.map(
    async (name) => [`/lab/client/${name}.js`, script(await beside(`../client/${name}.js`))] as const,
  );
  return new Map<string, PageFile>([
    ["/", { type: "text/html; charset=utf-8", body: SHELL }],
    ["/lab.css", { type: "text/css; charset=utf-8", body: [palettesToStyle(), ...styles].join("\n") }],
    ["/chart.js", script(await readChartLibrary())],
    ["/reports/charts/chart-runtime.js", script(await beside("../../reports/charts/chart-runtime.js"))],
    ["/lab/client/palettes.js", script(`export const PALETTES = ${JSON.stringify(PALETTES)};\n`)],
    ...(await Promise.all(modules)),
  ]);
}
