// The position paper's 15 sanity checks over the metrics of fidelity and diversity, without images:
//
//   npm run build && npm run sanity      # or: node bench/sanity.js [--repeats 2] [--places 9] [--most 5000]
//     [--checks mean,torus] [--save FILE]   goes on from what is in FILE
//     [--read FILE]   the tables of what was saved, without measuring
//     [--print]       the tables on stdout, instead of docs/sanity.md
//
// The paper has 10 repetitions, 51 places of an x axis and up to 10,000 samples: `--repeats 10 --places 51 --most 10000` takes
// hours. Where the x axis is the number of samples, at most 5 places are taken of fewer than 20.
// bench/sanity/checks.js has the checks and their rules, bench/sanity/paper.js what the authors found. Each check is saved as it
// is done.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { openContext } from "../dist/evaluate/scores/score-context.js";
import { createRandomState } from "../dist/math/random/random-state.js";
import { idToMetric } from "../dist/metrics/table.js";
import { CHECKS } from "./sanity/checks.js";
import { checkToCurves, curvesToVerdicts, JUDGED, openMeasure } from "./sanity/measure.js";
import { PAPER_VALUES } from "./sanity/paper.js";
import { writeTables } from "./sanity/tables.js";

const { values } = parseArgs({
  options: {
    repeats: { type: "string", default: "2" },
    places: { type: "string", default: "9" },
    most: { type: "string", default: "5000" },
    checks: { type: "string", default: CHECKS.map(({ id }) => id).join(",") },
    save: { type: "string" },
    read: { type: "string" },
    print: { type: "boolean", default: false },
  },
});

const ids = values.checks.split(",");
const judged = [...JUDGED, ...PAPER_VALUES];
const repeats = Number(values.repeats);
const places = Number(values.places);
const most = Number(values.most);
/** Of an x axis of numbers of samples, up to 10,000: the largest take most of the time. */
const sizes = places < 20 ? Math.min(places, 5) : places;
const saved = values.read ?? values.save;
const found = saved && existsSync(saved) ? JSON.parse(readFileSync(saved, "utf8")) : {};

for (const check of CHECKS) {
  if (!ids.includes(check.id) || found[check.id] || values.read) continue;
  const started = performance.now();
  // A context for each check: what is kept of real sides goes with it.
  const context = openContext("sanity", { ...{ family: "", seed: 0, threads: 1 }, warn: () => {} });
  const curves = await checkToCurves(check, {
    ...{
      repeats,
      judged,
      places: check.ofSizes ? sizes : places,
      most,
      openSource: createRandomState,
      measure: openMeasure(idToMetric, context),
    },
    progress: (text) => process.stderr.write(`\r${text.padEnd(90)}`),
  });
  const seconds = (performance.now() - started) / 1000;
  found[check.id] = {
    ...{ repeats, places: check.ofSizes ? sizes : places, most: check.ofSizes ? most : undefined },
    seconds,
    curves,
    verdicts: curvesToVerdicts(check, curves, judged),
  };
  process.stderr.write(`\r${check.id}: ${seconds.toFixed(0)} s`.padEnd(92));
  process.stderr.write("\n");
  if (values.save) writeFileSync(values.save, JSON.stringify(found));
}
// The rules may have changed since it was saved.
for (const check of CHECKS)
  if (found[check.id]) found[check.id].verdicts = curvesToVerdicts(check, found[check.id].curves, judged);

writeTables(
  CHECKS.filter(({ id }) => found[id]),
  found,
  values.print ? undefined : path.join(import.meta.dirname, "../docs/sanity.md"),
);
