// How often verdicts are right on real images: the runs of cases.js and the sets of sets.js against their labels.
//
//   node bench/real-runs/table.js MEASURED SETS [odd|even|all] [--wrong]
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { CASES } from "./cases.js";
import { runToLabel } from "./labels.js";
import { SETS } from "./sets.js";

const from = (name) => import(`../../dist/${name}.js`);
const [measured, sets, half = "odd", ...flags] = process.argv.slice(2);
const inHalf = ({ seed }) => half === "all" || (seed % 2 === 0) === (half === "even");

/** 95 % interval of a share (Wilson 1927). */
function wilson(k, n) {
  const z = 1.959964;
  const middle = (k + z ** 2 / 2) / (n + z ** 2);
  const reach = (z * Math.sqrt((k * (n - k)) / n + z ** 2 / 4)) / (n + z ** 2);
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}
const percent = (share) => `${(100 * share).toFixed(1)}`;
const toShare = (k, n) => {
  if (n === 0) return "-";
  const [low, high] = wilson(k, n);
  return `${percent(k / n)} % (${k} of ${n}; ${percent(low)} to ${percent(high)})`;
};

/** Every column up to a row. */
const cut = ({ rounds, columns }, end) => ({
  rounds: rounds.subarray(0, end),
  columns: new Map([...columns].map(([name, values]) => [name, values.subarray(0, end)])),
});

async function judgeRuns() {
  const { judgeLive, judgeRun } = await from("diagnosis/rules");
  const { tablesToSignals } = await from("diagnosis/run-signals");
  const { readRun } = await from("run-folder/read-run");
  const judged = [];
  for (const spec of CASES) {
    const folder = path.join(measured, spec.name);
    if (!inHalf(spec) || !existsSync(path.join(folder, "signals.csv"))) continue;
    const tables = await readRun(folder);
    const idsOf = (verdicts) => verdicts.map(({ id }) => id);
    const { verdicts } = judgeRun(tablesToSignals({ ...tables, status: "finished" }));
    const live = new Set();
    for (let end = 3; end <= tables.signals.rounds.length; end++) {
      const status = "running";
      const [signals, scores] = [cut(tables.signals, end), cut(tables.scores, end)];
      for (const id of idsOf(judgeLive(tablesToSignals({ ...tables, signals, scores, status }))))
        live.add(id);
    }
    judged.push({
      name: spec.name,
      kind: "run",
      label: runToLabel(spec),
      said: idsOf(verdicts),
      live: [...live],
    });
  }
  return judged;
}

async function judgeAllSets() {
  const { judgeSets } = await from("diagnosis/rules");
  const { VERDICTS } = await from("diagnosis/verdict");
  return SETS.filter((spec) => inHalf(spec) && existsSync(path.join(sets, `${spec.name}.json`))).map(
    (spec) => {
      const signals = JSON.parse(readFileSync(path.join(sets, `${spec.name}.json`), "utf8"));
      const { verdicts } = judgeSets({ ...signals, scores: new Map(signals.scores) });
      const never = Object.keys(VERDICTS).filter((id) => ![...spec.truth, ...spec.either].includes(id));
      const label = { state: Object.keys(spec.plant)[0] ?? "good", truth: spec.truth, never };
      return { name: spec.name, kind: "set", label, said: verdicts.map(({ id }) => id) };
    },
  );
}

const [runs, allSets] = [await judgeRuns(), await judgeAllSets()];
const states = (list) =>
  Object.entries(Object.groupBy?.(list, ({ label }) => label.state) ?? group(list))
    .map(([state, some]) => `${some.length} ${state}`)
    .join(", ");
function group(list) {
  const groups = {};
  for (const each of list) {
    groups[each.label.state] ??= [];
    groups[each.label.state].push(each);
  }
  return groups;
}
console.log(`half: ${half}; ${runs.length} runs (${states(runs)}), ${allSets.length} sets\n`);
console.log("| verdict | of | found | right where it must not be said |\n|---|---|---|---|");
for (const [kind, list] of [
  ["runs", runs],
  ["sets", allSets],
])
  for (const id of [
    "mode-collapse",
    "partial-collapse",
    "memorisation",
    "under-training",
    "divergence",
    "mode-hopping",
    "healthy",
  ]) {
    const must = list.filter(({ label }) => label.truth.includes(id));
    const never = list.filter(({ label }) => label.never.includes(id));
    if (must.length + never.length === 0) continue;
    const found = must.filter(({ said }) => said.includes(id)).length;
    const right = never.filter(({ said }) => !said.includes(id)).length;
    console.log(`| ${id} | ${kind} | ${toShare(found, must.length)} | ${toShare(right, never.length)} |`);
  }
const fine = runs.filter(({ label }) => ["unfinished", "good"].includes(label.state));
const called = (key) => fine.filter((each) => each[key].some((id) => /collapse|hopping/.test(id))).length;
console.log(`\ngood or unfinished runs called collapsed in the end: ${toShare(called("said"), fine.length)}`);
const full = fine.filter(({ live }) => live.includes("mode-collapse")).length;
console.log(`called mode-collapse at any evaluation on the way: ${toShare(full, fine.length)}`);
if (flags.includes("--wrong"))
  for (const { name, label, said, live } of [...runs, ...allSets]) {
    const missed = label.truth.filter((id) => !said.includes(id));
    const wrong = said.filter((id) => label.never.includes(id));
    const early = (live ?? []).filter(
      (id) => label.never.includes(id) && id === "mode-collapse" && !said.includes(id),
    );
    if (missed.length + wrong.length + early.length > 0)
      console.log(
        `  ${name} (${label.state}): said ${said}; missed ${missed}; wrong ${wrong}; on the way ${early}`,
      );
  }
