/** The page's own files, by their exact names: what is not in this table is not there. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../../package-root.ts";
import { PALETTES } from "../../reports/charts/palette.ts";
import { palettesToStyle } from "../../reports/html/palettes-to-style.ts";
import { readBaseStyle, readChartLibrary, withoutSourceMap } from "../../reports/html/shared-files.ts";
import { IMPORT_MAP } from "./headers.ts";

export interface PageFile {
  readonly type: string;
  readonly body: string;
}

/** Folders of compiled modules that are the page's own. */
const OWN = ["lab/client", "lab/scenes"];

/** Compiled modules of other rooms that those import, by their place in the package. */
const SHARED = [
  "reports/charts/chart-runtime.js",
  "lab/protocol/frame-codec.js",
  "lab/protocol/runs-messages.js",
  "plane/exact/shift.js",
  "plane/drawing/plane-drawing.js",
  "drawing/thin-points.js",
];

/** Modules of packages, by the place that the map of imports gives them. */
const PACKAGES = {
  "/vendor/preact.js": "preact",
  "/vendor/preact-hooks.js": "preact/hooks",
  "/vendor/preact-jsx-runtime.js": "preact/jsx-runtime",
};

/** @param modules what the page imports: named at once, where imports of imports would be asked for one after the other */
const toShell = (modules: readonly string[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>gan-eval lab</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/lab.css">
<script type="importmap">${IMPORT_MAP}</script>
${modules.map((address) => `<link rel="modulepreload" href="${address}">`).join("\n")}
<script src="/chart.js"></script>
<script type="module" src="/lab/client/main.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<div id="page"><noscript>This page needs JavaScript.</noscript></div>
</body>
</html>
`;

const ADDRESS = "/lab/client";
/** Browsers run what the build has made of the page's modules, when the program itself runs from its sources, too. */
const BUILT = path.join(packageRoot, "dist");
const STYLES = path.join(import.meta.dirname, "../client");

const script = (body: string): PageFile => ({ type: "text/javascript; charset=utf-8", body });

/** Names of a folder's files, also in folders within it. */
const listFiles = async (folder: string, end: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith(end))
    .map((name) => name.split(path.sep).join("/"))
    .sort();

async function readStyle(): Promise<string> {
  const own = (await listFiles(STYLES, ".css")).map((name) => readFile(path.join(STYLES, name), "utf8"));
  return [palettesToStyle(), await readBaseStyle(), ...(await Promise.all(own))].join("\n");
}

async function readModules(): Promise<[string, PageFile][]> {
  const own = OWN.map(async (folder) =>
    (await listFiles(path.join(BUILT, folder), ".js")).map((name) => `${folder}/${name}`),
  );
  const places = [...(await Promise.all(own)).flat(), ...SHARED];
  return Promise.all(
    places.map(async (place) => [`/${place}`, script(await readFile(path.join(BUILT, place), "utf8"))]),
  );
}

const readPackages = (): Promise<[string, PageFile][]> =>
  Promise.all(
    Object.entries(PACKAGES).map(async ([address, name]) => {
      const text = await readFile(fileURLToPath(import.meta.resolve(name)), "utf8");
      return [address, script(withoutSourceMap(text))];
    }),
  );

export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const palettes = script(`export const PALETTES = ${JSON.stringify(PALETTES)};\n`);
  const modules: [string, PageFile][] = [
    ...(await readPackages()),
    ...(await readModules()),
    [`${ADDRESS}/palettes.js`, palettes],
  ];
  const shell = toShell(modules.map(([address]) => address));
  return new Map<string, PageFile>([
    ["/", { type: "text/html; charset=utf-8", body: shell }],
    ["/lab.css", { type: "text/css; charset=utf-8", body: await readStyle() }],
    ["/chart.js", script(await readChartLibrary())],
    ...modules,
  ]);
}
