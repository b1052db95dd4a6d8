/** The heavy functions that commands call, each loaded when it is first called. */
import { resumeMonitored, trainMonitored } from "../library/monitored-training.ts";

/** What loads each function. */
const LOADERS = {
  train: async () => trainMonitored,
  resume: async () => resumeMonitored,
  planTraining: async () => (await import("../runs/train.ts")).planTraining,
  listRuns: async () => (await import("../lab/index/list-runs.ts")).listRuns,
  openLab: async () => (await import("../lab/open-lab.ts")).openLab,
  /** Hands back what forgets the address again. */
  openInBrowser: async () => (await import("../lab/open-in-browser.ts")).openInBrowser,
  stopRun: async () => (await import("../run-folder/stop-run.ts")).requestStop,
  generate: async () => (await import("../samples/generate.ts")).generate,
  interpolate: async () => (await import("../samples/interpolate.ts")).interpolate,
  exportGenerator: async () => (await import("../samples/export-generator.ts")).exportGenerator,
  translate: async () => (await import("../reports/translate-with-page.ts")).translateWithPage,
  diagnoseRun: async () => (await import("../diagnosis/diagnose-run.ts")).diagnoseRun,
  diagnoseSets: async () => (await import("../diagnosis/diagnose-sets.ts")).diagnoseSets,
  evaluate: async () => (await import("../evaluate/evaluate.ts")).evaluate,
  evaluateEach: async () => (await import("../evaluate/evaluate.ts")).evaluateEach,
  writePerImage: async () => (await import("../reports/per-image-to-csv.ts")).writePerImage,
  makeStatistics: async () => (await import("../evaluate/statistics/make-statistics.ts")).makeStatistics,
  makeStatisticsPart: async () =>
    (await import("../evaluate/statistics/shared-statistics.ts")).makeStatisticsPart,
  collectStatistics: async () =>
    (await import("../evaluate/statistics/shared-statistics.ts")).collectStatistics,
  mergeStatistics: async () => (await import("../evaluate/statistics/merge-statistics.ts")).mergeStatistics,
  importInception: async () => (await import("../inception/import.ts")).importInception,
  downloadInception: async () => (await import("../inception/download.ts")).downloadInception,
  /** Every file of it is held to its checksum. */
  installedInception: async () => {
    const { installedInception } = await import("../inception/installed.ts");
    return ({ cacheDir }: { readonly cacheDir?: string }) => installedInception({ verify: true, cacheDir });
  },
  /** Every network that has a name, and what is installed of it. */
  listNetworks: async () => (await import("../extractors/networks/list-networks.ts")).listNetworks,
  showNetwork: async () => (await import("../extractors/networks/work-on-network.ts")).showNetwork,
  downloadNetwork: async () => (await import("../extractors/networks/work-on-network.ts")).downloadNetwork,
  importNetwork: async () => (await import("../extractors/networks/work-on-network.ts")).importNetwork,
  removeNetwork: async () => (await import("../extractors/networks/work-on-network.ts")).removeNetwork,
  verifyNetworks: async () => (await import("../extractors/networks/verify-networks.ts")).verifyNetworks,
  /** The digits network's weights, built in. */
  digitsWeights: async () => {
    const [{ DIGITS_WEIGHTS_FILE, readDigitsWeights }, { stat }] = await Promise.all([
      import("../extractors/digits/digits-weights.ts"),
      import("node:fs/promises"),
    ]);
    return async () => {
      const { hash } = await readDigitsWeights();
      return { file: DIGITS_WEIGHTS_FILE, hash, bytes: (await stat(DIGITS_WEIGHTS_FILE)).size };
    };
  },
  cacheFolder: async () => (await import("../networks/cache-folder.ts")).cacheFolder,
  /** Of the cache folder. */
  listFeatureCache: async () => (await import("../evaluate/feature-cache/list-entries.ts")).listEntries,
  /** Of the cache folder. */
  clearFeatureCache: async () => (await import("../evaluate/feature-cache/clear-entries.ts")).clearEntries,
  listEngines: async () => (await import("../engine/index.ts")).listEngines,
  sweep: async () => (await import("../sweep/sweep.ts")).sweep,
  collectSweep: async () => (await import("../sweep/collect.ts")).collectSweep,
  extractSidesOverQueue: async () => (await import("../queue/extract-over-queue.ts")).extractSidesOverQueue,
  extractStatisticsOverQueue: async () =>
    (await import("../queue/extract-over-queue.ts")).extractStatisticsOverQueue,
  sweepOverQueue: async () => (await import("../queue/sweep-over-queue.ts")).sweepOverQueue,
  addSweep: async () => (await import("../queue/sweep-over-queue.ts")).addSweep,
  workOnQueue: async () => (await import("../queue/worker.ts")).workOnQueue,
  readQueueStatus: async () => (await import("../queue/status.ts")).readQueueStatus,
  retryJobs: async () => (await import("../queue/control.ts")).retryJobs,
  cancelJobs: async () => (await import("../queue/control.ts")).cancelJobs,
  drainQueue: async () => (await import("../queue/control.ts")).drainQueue,
  migrateQueue: async () => (await import("../queue/control.ts")).migrateQueue,
  /** Folders, folders of folders, patterns. */
  compareRuns: async () => (await import("../compare/functions.ts")).compareRuns,
  /** Just these folders, whether a run is in them or not. */
  compareRunFolders: async () => (await import("../compare/runs-to-comparison.ts")).runsToComparison,
  compareResults: async () => (await import("../compare/functions.ts")).compareResults,
  makeReport: async () => (await import("../reports/make-report.ts")).makeReport,
  checkCharts: async () => (await import("../reports/chart-check.ts")).checkCharts,
} as const;

type Loaders = typeof LOADERS;
type Called<Loaded> = Loaded extends (...given: infer Given) => infer Result
  ? (...given: Given) => Promise<Awaited<Result>>
  : never;

/** The heavy functions that commands call; tests pass their own. */
export type Library = { readonly [Name in keyof Loaders]: Called<Awaited<ReturnType<Loaders[Name]>>> };

const called =
  (load: () => Promise<unknown>) =>
  async (...given: unknown[]): Promise<unknown> =>
    ((await load()) as (...given: unknown[]) => unknown)(...given);

/** Each function is imported when it is first called. */
export const library = Object.fromEntries(
  Object.entries(LOADERS).map(([name, load]) => [name, called(load)]),
) as unknown as Library;
