// The tables of docs/sanity.md, written between its markers.
import { readFileSync, writeFileSync } from "node:fs";
import { JUDGED } from "./measure.js";
import { PAPER, PAPER_VALUES } from "./paper.js";

const WORDS = new Map([
  [true, "yes"],
  [false, "**no**"],
  ["low", "yes (low)"],
  ["high", "yes (high)"],
]);
const LETTERS = new Map([
  [true, "T"],
  [false, "F"],
  ["low", "L"],
  ["high", "H"],
]);

const row = (cells) => `| ${cells.join(" | ")} |`;

/** A line a part of a check, a column a value. */
function verdictsToTable(checks, found, kind) {
  const columns = JUDGED.flatMap((judged, at) => (judged.kind === kind ? [{ ...judged, at }] : []));
  const lines = checks.flatMap(({ id, title }) =>
    Object.entries(found[id].verdicts).map(([part, verdicts]) =>
      row([title, part, ...columns.map(({ at }) => WORDS.get(verdicts[at]))]),
    ),
  );
  const passed = columns.map(({ at }) => {
    const all = checks.flatMap(({ id }) => Object.values(found[id].verdicts).map((of) => of[at]));
    return `${all.filter((verdict) => verdict !== false).length} of ${all.length}`;
  });
  return [
    row(["check", "part", ...columns.map(({ name }) => `\`${name}\``)]),
    row(["---", "---", ...columns.map(() => "---")]),
    ...lines,
    row(["passed", "", ...passed]),
  ].join("\n");
}

/** Parts by the paper against the same here, a line a value. */
function verdictsToAgreement(checks, found) {
  let [sameOfAll, ofAll] = [0, 0];
  const lines = PAPER_VALUES.map(({ name }, i) => {
    let [same, all] = [0, 0];
    const differ = [];
    for (const { id, title, paper } of checks)
      for (const [part, verdicts] of Object.entries(found[id].verdicts)) {
        all++;
        const [here, there] = [LETTERS.get(verdicts[JUDGED.length + i]), PAPER[paper][part][i]];
        if (here === there) same++;
        else differ.push(`${title}, ${part}: ${there} there, ${here} here`);
      }
    sameOfAll += same;
    ofAll += all;
    return row([`\`${name}\``, `${same} of ${all}`, differ.join("; ")]);
  });
  lines.push(row(["all", `${sameOfAll} of ${ofAll}`, ""]));
  return [
    row(["value, by its name in the paper's code", "agrees", "differs"]),
    row(["---", "---", "---"]),
    ...lines,
  ].join("\n");
}

/** `3 repetitions, at most 9 places of an x axis`, and which checks were measured otherwise. */
function takenToText(checks, found) {
  const seconds = checks.reduce((sum, { id }) => sum + found[id].seconds, 0);
  const ways = new Map();
  for (const { id, title } of checks) {
    const { repeats, places, most } = found[id];
    const way = `${repeats} repetition${repeats === 1 ? "" : "s"}, at most ${places} places of an x axis${most === undefined ? "" : `, ${most.toLocaleString("en-US")} samples at the most`}`;
    ways.set(way, [...(ways.get(way) ?? []), title]);
  }
  const [[first], ...others] = [...ways].sort(([, a], [, b]) => b.length - a.length);
  const rest = others.map(([way, titles]) => `${way}: ${titles.join("; ")}`);
  return `Measured with ${[first, ...rest].join("; ")}. ${Math.ceil(seconds / 60)} minutes, on one core of a machine that did other work too.`;
}

/** @param file undefined for stdout */
export function writeTables(checks, found, file) {
  const parts = {
    taken: takenToText(checks, found),
    fidelity: verdictsToTable(checks, found, "fidelity"),
    diversity: verdictsToTable(checks, found, "diversity"),
    agreement: verdictsToAgreement(checks, found),
  };
  if (file === undefined) {
    for (const [name, text] of Object.entries(parts)) console.log(`${name}\n\n${text}\n`);
    return;
  }
  let text = readFileSync(file, "utf8");
  for (const [name, table] of Object.entries(parts)) {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(open), text.indexOf(close)];
    if (from < 0 || to < from) throw new Error(`expected ${open} and ${close} in ${file}`);
    text = `${text.slice(0, from + open.length)}\n${table}\n${text.slice(to)}`;
  }
  writeFileSync(file, text);
}
