/** Charts that grow: drawn once, then given new points. `Chart` is chart.js, which stands before in the page. */
import { chartToConfiguration } from "../../../reports/charts/chart-runtime.js";
import { PALETTES } from "../palettes.js";
import { arrange, make, setText } from "./elements.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const paletteOf = () => PALETTES[dark.matches ? "dark" : "light"];

function fillTable(table, { columns, rows }) {
  const line = (cells) => make("tr", {}, ...cells);
  table.replaceChildren(
    make("thead", {}, line(columns.map(({ title }) => make("th", { scope: "col" }, title)))),
    make(
      "tbody",
      {},
      ...rows.map((row) => line(columns.map(({ key }) => make("td", {}, String(row[key] ?? ""))))),
    ),
  );
}

function openChart(first) {
  let chart = first;
  let yType = chart.config.y.type ?? "linear";
  let drawing;
  const id = `chart-${chart.id}`;
  const canvas = make("canvas", { role: "img", "aria-labelledby": id, "aria-describedby": `${id}-caption` });
  const title = make("h3", { id });
  const caption = make("p", { class: "caption", id: `${id}-caption` });
  const scale = make(
    "button",
    { type: "button", "aria-pressed": String(yType === "logarithmic"), onclick: turnScale },
    "log",
  );
  const values = make("table");
  const details = make(
    "details",
    { ontoggle: () => details.open && fillTable(values, chart.table) },
    make("summary", {}, "Values"),
    make(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": `values of ${chart.title}` },
      values,
    ),
  );
  const element = make(
    "figure",
    { class: "chart", "data-chart": chart.id },
    make("header", {}, title, scale),
    make("div", { class: "drawing" }, canvas),
    caption,
    details,
  );

  const configure = () =>
    chartToConfiguration(chart.config, paletteOf(), {
      responsive: true,
      yType,
      fontFamily: getComputedStyle(document.body).fontFamily,
    });
  function draw() {
    drawing?.destroy();
    drawing = new Chart(canvas, configure());
  }
  function turnScale() {
    yType = yType === "linear" ? "logarithmic" : "linear";
    scale.setAttribute("aria-pressed", String(yType === "logarithmic"));
    draw();
  }
  /** The data sets stay the same objects, so that a line that was switched off stays off. */
  function update(next) {
    chart = next;
    setText(title, chart.title);
    setText(caption, chart.caption);
    scale.setAttribute("aria-label", `log scale of ${chart.title}`);
    if (details.open) fillTable(values, chart.table);
    const { data, options } = configure();
    const old = drawing?.data.datasets;
    if (old?.length !== data.datasets.length) return draw();
    for (const [i, dataset] of data.datasets.entries()) Object.assign(old[i], dataset);
    drawing.options = options;
    drawing.update("none");
  }
  return { element, update, draw, destroy: () => drawing?.destroy() };
}

export function openCharts() {
  const element = make("div", { class: "charts" });
  const open = new Map();
  const redraw = () => {
    for (const chart of open.values()) chart.draw();
  };
  dark.addEventListener("change", redraw);
  return {
    element,
    update(charts) {
      const ids = new Set(charts.map(({ id }) => id));
      for (const [id, chart] of open)
        if (!ids.has(id)) {
          chart.destroy();
          open.delete(id);
        }
      const isNew = charts.filter(({ id }) => !open.has(id));
      for (const chart of isNew) open.set(chart.id, openChart(chart));
      // A canvas has its size only where it stands in the page.
      arrange(
        element,
        charts.map(({ id }) => open.get(id).element),
      );
      for (const chart of charts) open.get(chart.id).update(chart);
    },
    close() {
      dark.removeEventListener("change", redraw);
      for (const chart of open.values()) chart.destroy();
    },
  };
}
