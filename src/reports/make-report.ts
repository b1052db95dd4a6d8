/** `gan-eval report`: reads runs or results, and writes a page, PNG files and a summary. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { CompareOptions } from "../compare/entries-to-comparison.ts";
import { compareRuns } from "../compare/functions.ts";
import { listRunFolders } from "../compare/list-entries.ts";
import { readResults } from "../compare/read-results.ts";
import { resultsToComparison } from "../compare/results-to-comparison.ts";
import { recordToDiagnosis } from "../diagnosis/diagnose-run.ts";
import { GanEvalError, type Warning } from "../errors.ts";
import { cannotWrite, writeFileAtomically } from "../files/atomic-file.ts";
import type { Progress } from "../progress.ts";
import { readNotes } from "../run-folder/notes.ts";
import { runToConfig } from "../run-folder/read-config.ts";
import type { RunRecord } from "../run-folder/read-run.ts";
import { placesOf } from "../run-folder/run-config.ts";
import { openRunSamples } from "../runs/prepare-run.ts";
import { optionsToModel } from "../train/model.ts";
import { isOfPair } from "../train/players.ts";
import { chartToPng } from "./charts/chart-to-png.ts";
import { chartsToStills } from "./charts/chart-to-still.ts";
import { comparisonToReport } from "./content/comparison-to-report.ts";
import { runToNearestImages } from "./content/nearest-images.ts";
import { readPartialRun } from "./content/read-remains.ts";
import { dataToRealImages } from "./content/real-images.ts";
import type { Report } from "./content/report.ts";
import { type MarkdownImage, reportToMarkdown } from "./content/report-to-markdown.ts";
import { resultToReport } from "./content/result-to-report.ts";
import { filesToSamples, nearestToNeighbours, pixelsToGridImage } from "./content/run-images.ts";
import { type RunMaterial, runToReport } from "./content/run-to-report.ts";
import { runToToyView } from "./content/toy-view.ts";
import { readPageFiles } from "./html/page-files.ts";
import { reportToHtml } from "./html/report-to-html.ts";

export interface ReportRequest {
  /** Runs, a folder that runs lie in, or result files. */
  readonly locations: readonly string[];
  /** The page. */
  readonly out: string;
  /** Folder of PNG files, one a chart, and of the last samples (default: none are written). */
  readonly png?: string;
  /** The file of the summary (default: none is written). */
  readonly markdown?: string;
  /** How several are compared (default: each field's own). */
  readonly comparison?: CompareOptions;
  /** How the program was called, for the record (default: nothing). */
  readonly command?: readonly string[];
  /** Ends the work with an AbortError, before a file is written or between two of them (default: it runs to its end). */
  readonly signal?: AbortSignal;
  /** Called as the work goes on (default: nobody is). */
  readonly onProgress?: (progress: Progress) => void;
}

export interface MadeReport {
  readonly kind: Report["kind"];
  readonly title: string;
  readonly out: string;
  readonly bytes: number;
  readonly charts: number;
  readonly images: readonly string[];
  readonly markdown?: string;
  readonly warnings: readonly Warning[];
}

const NEIGHBOURS = 16;

/** The value, or a warning of why there is none: a part of a report is not worth the whole. */
async function orWarning<T>(
  what: string,
  warnings: Warning[],
  make: () => T | Promise<T>,
  signal?: AbortSignal,
): Promise<T | undefined> {
  signal?.throwIfAborted();
  try {
    return await make();
  } catch (error) {
    signal?.throwIfAborted();
    // What is no error of ours is one of the libraries': the page is still made.
    warnings.push({
      code: "left-out",
      message: `${what} missing from the report: ${(error as Error).message}`,
    });
    return undefined;
  }
}

async function recordToMaterial(
  run: RunRecord,
  command: readonly string[],
  signal?: AbortSignal,
): Promise<RunMaterial> {
  const warnings: Warning[] = [];
  const { description, folder } = run;
  const diagnosis = await orWarning("the diagnosis is", warnings, () => recordToDiagnosis(run, command));
  const areDrawings = description.data.shape.length === 1;
  const read = await filesToSamples(run.samples, areDrawings);
  const { unreadable } = read;
  const { scheme } = description;
  const samples = { ...read.samples, ...(scheme && { columns: scheme.columns }) };
  if (unreadable > 0)
    warnings.push({
      code: "unreadable-samples",
      message: `unreadable sample grids: ${unreadable}`,
    });
  const notes = await readNotes(folder);
  const material: RunMaterial = {
    ...{ run, samples, warnings },
    ...(diagnosis && { diagnosis }),
    ...(notes && { notes: notes.text }),
  };
  // Grids of several networks show real images beside what is made of them.
  if (description.config.data === undefined || !isOfPair(description)) return material;
  const config = await orWarning("real samples are", warnings, async () => runToConfig(description, folder));
  if (!config) return material;
  const data = await orWarning("real samples are", warnings, () => openRunSamples(config, placesOf(config)));
  if (!data) return material;
  const grid = await orWarning("real samples are", warnings, async () => {
    const { generator, latent } = await optionsToModel(config, description.data);
    const byClass = generator.network.classes !== undefined || (latent.categories?.length ?? 0) > 0;
    const real = dataToRealImages(data, byClass);
    return real && pixelsToGridImage(real.pixels, real.shape, real.columns);
  });
  const besides = { ...material, samples: { ...samples, ...(grid && { real: grid }) } };
  if (run.checkpoints.length === 0) return besides;
  const nearest = await orWarning(
    "nearest neighbours are",
    warnings,
    () => runToNearestImages(folder, data, NEIGHBOURS),
    signal,
  );
  const toy = await orWarning(
    "the animation of the plane is",
    warnings,
    () => runToToyView(run, data, signal),
    signal,
  );
  if (toy && toy.skipped > 0)
    warnings.push({
      code: "unreadable-checkpoints",
      message: `unreadable checkpoints: ${toy.skipped}`,
    });
  return {
    ...besides,
    ...(nearest && { neighbours: await nearestToNeighbours(nearest) }),
    ...(toy && { toy }),
  };
}

/** @throws GanEvalError `usage.report` for runs and results together, `input.*` for what is neither */
async function requestToReport({
  locations,
  comparison = {},
  command = [],
  signal,
  onProgress,
}: ReportRequest): Promise<Report> {
  const watch = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  const files = locations.filter((location) => /\.json$/i.test(location));
  if (files.length > 0 && files.length < locations.length)
    throw new GanEvalError("usage.report", "expected runs or result files, got both", {
      hint: "Make one report for the runs and another for the results.",
    });
  if (files.length > 0) {
    const results = (await Promise.all(files.map(readResults))).flat();
    return results.length === 1
      ? resultToReport(results[0].result)
      : comparisonToReport(resultsToComparison(results, comparison), command);
  }
  const folders = await listRunFolders(locations).catch((error) => {
    // One folder without a description may still have its tables.
    if (locations.length === 1) return [...locations];
    throw error;
  });
  if (folders.length === 1)
    return runToReport(await recordToMaterial(await readPartialRun(folders[0]), command, signal));
  return comparisonToReport(await compareRuns(locations, { ...comparison, ...watch }), command);
}

/** The image of a data URI. */
const sourceToBytes = (source: string): Buffer =>
  Buffer.from(source.slice(source.indexOf(",") + 1), "base64");

async function writeImages(report: Report, folder: string, signal?: AbortSignal): Promise<MarkdownImage[]> {
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw cannotWrite(folder, cause);
  });
  const written: MarkdownImage[] = [];
  const write = async (name: string, title: string, png: Uint8Array): Promise<void> => {
    signal?.throwIfAborted();
    const location = path.join(folder, `${name}.png`);
    await writeFileAtomically(location, [png]);
    written.push({ title, location });
  };
  for (const chart of report.charts)
    await write(
      chart.id,
      chart.title,
      await chartToPng(chart, chart.config.parallels ? { width: 1200 } : {}),
    );
  const last = report.samples?.frames.at(-1);
  const { default: sharp } = await import("sharp");
  if (last)
    await write(
      "samples",
      `Samples of round ${last.round}`,
      await sharp(sourceToBytes(last.source)).png().toBuffer(),
    );
  const real = report.samples?.real;
  if (real)
    await write("samples-real", "Real images", await sharp(sourceToBytes(real.source)).png().toBuffer());
  return written;
}

/**
 * Each file is written as a whole or not at all.
 * @throws GanEvalError `input.*`, `usage.*`, `unavailable.charts`
 */
export async function makeReport(request: ReportRequest): Promise<MadeReport> {
  const { out, png, markdown, signal } = request;
  const report = await requestToReport(request);
  signal?.throwIfAborted();
  const warnings = [...report.warnings];
  const stills = await chartsToStills(report.charts, warnings);
  const page = Buffer.from(reportToHtml(report, await readPageFiles(), stills));
  signal?.throwIfAborted();
  await writeFileAtomically(out, [page]);
  const images = png === undefined ? [] : await writeImages(report, png, signal);
  signal?.throwIfAborted();
  if (markdown !== undefined) {
    const from = path.dirname(markdown);
    const relative = images.map(({ title, location }) => ({
      title,
      location: path.relative(from, location).split(path.sep).join("/"),
    }));
    await writeFileAtomically(markdown, [Buffer.from(reportToMarkdown(report, relative))]);
  }
  return {
    ...{ kind: report.kind, title: report.title, out, bytes: page.length, charts: report.charts.length },
    images: images.map(({ location }) => location),
    ...(markdown !== undefined && { markdown }),
    warnings,
  };
}
