/** The page of one run. */

import { ask } from "../socket.js";
import { openCharts } from "./charts.js";
import { make, setText } from "./elements.js";
import { COLUMNS } from "./run-cells.js";
import { openSamples } from "./samples.js";

const COLUMNS_SHOWN = COLUMNS.filter(({ id }) => id !== "name" && id !== "verdict");

const factsToList = (facts) =>
  facts.flatMap(([name, text]) => [make("dt", {}, name), make("dd", {}, make("bdi", {}, text))]);

const verdictToBox = ({ title, severity, summary }) =>
  make(
    "article",
    { class: `box verdict ${severity}` },
    make("h3", {}, make("span", { class: "word" }, severity), ` ${title}`),
    make("p", {}, summary),
  );

/** Replaces children only where what they are made of has changed. */
function openPart(element, toChildren) {
  let before;
  return (value) => {
    const text = JSON.stringify(value);
    if (text === before) return;
    before = text;
    const children = toChildren(value);
    element.replaceChildren(...children);
    element.hidden = children.length === 0;
  };
}

/** @param table where the run's line is found */
export function openRunPage(table, id) {
  const heading = make("h2", { tabindex: "-1" }, "Run");
  const remark = make("p", { class: "muted", role: "status" }, "reading the run");
  const facts = make("dl");
  const stop = make("button", { type: "button", hidden: true, onclick: askToStop }, "stop");
  const answer = make("span", { class: "muted", role: "status" });
  const verdicts = make("div");
  const warnings = make("div");
  const events = make("div");
  const options = make("dl");
  const command = make("code");
  const charts = openCharts();
  const samples = openSamples(id);
  const rest = make(
    "div",
    { hidden: true },
    verdicts,
    samples.element,
    charts.element,
    events,
    warnings,
    make("h3", {}, "Command"),
    make("pre", {}, command),
    make("details", {}, make("summary", {}, "Options"), options),
  );

  const updateFacts = openPart(facts, factsToList);
  const updateVerdicts = openPart(verdicts, (found) => found.map(verdictToBox));
  const updateWarnings = openPart(warnings, (found) =>
    found.length === 0
      ? []
      : [make("h3", {}, "Warnings"), make("ul", {}, ...found.map((text) => make("li", {}, text)))],
  );
  const updateEvents = openPart(events, (found) =>
    found.length === 0
      ? []
      : [
          make("h3", {}, "Events"),
          make(
            "ul",
            { class: "events" },
            ...found.map(({ round, kind, message }) =>
              make("li", {}, make("b", {}, `round ${round.toLocaleString("en-US")}, ${kind}`), ` ${message}`),
            ),
          ),
        ],
  );
  const updateOptions = openPart(options, factsToList);

  async function askToStop() {
    if (!confirm("Stop this run? It saves, and `gan-eval train --resume` continues it.")) return;
    stop.disabled = true;
    const response = await ask(`/api/runs/${id}/stop`, { method: "POST" }).catch(() => undefined);
    setText(
      answer,
      response?.ok
        ? " asked to stop; it saves at the end of its round"
        : ` not asked: ${(await response?.text()) ?? "the server does not answer"}`,
    );
    stop.disabled = response?.ok ?? false;
  }

  function update() {
    const run = table.runs.get(id);
    stop.hidden = !(table.canStop && run?.status === "running");
    if (run?.status !== "running") {
      setText(answer, "");
      stop.disabled = false;
    }
    if (run === undefined) {
      if (table.isKnown) setText(remark, "The folder of this run is gone.");
      return;
    }
    setText(heading, run.name);
    updateFacts(
      [
        ["model", run.model],
        ["data", run.data],
        ...COLUMNS_SHOWN.map(({ title, toText }) => [title, toText(run)]),
        ["ended by", run.failure ?? ""],
      ].filter(([, text]) => text !== ""),
    );
  }

  const element = make(
    "section",
    {},
    make("p", {}, make("a", { href: "#" }, "all runs and sweeps")),
    heading,
    facts,
    make("p", {}, stop, answer),
    remark,
    rest,
  );
  update();
  return {
    element,
    heading,
    update,
    show(view) {
      rest.hidden = false;
      setText(remark, view.charts.length === 0 ? "Nothing is recorded yet." : "");
      updateVerdicts(view.verdicts);
      samples.update(view.samples);
      charts.update(view.charts);
      updateEvents(view.events);
      updateWarnings(view.warnings);
      setText(command, view.command);
      updateOptions(view.options);
    },
    say: (text) => setText(remark, text),
    close() {
      charts.close();
      samples.close();
    },
  };
}
