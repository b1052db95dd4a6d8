/** Charts: drawing, scales, a closer look, values by keyboard. `Chart` is chart.js, which stands before in the page. */
import { chartToConfiguration, nameToColour } from "../../charts/chart-runtime.js";
import { data, find, paletteOf, redraws } from "./context.js";
import { chartToCsv, download } from "./downloads.js";

export function openChart(figure) {
  const chart = data.charts.find(({ id }) => id === figure.dataset.chart);
  const canvas = find("canvas", figure);
  const readout = find(".readout", figure);
  const reset = find("[data-do=reset]", figure);
  const scale = find("[data-do=scale]", figure);
  const full = [chart.config.x.min, chart.config.x.max];
  const zooms = chart.config.type === "line" && !chart.config.parallels && full.every(Number.isFinite);
  let range;
  let yType = chart.config.y.type ?? "linear";
  let place = -1;
  let drawing;
  let drag;

  const draw = (palette = paletteOf()) => {
    drawing?.destroy();
    drawing = new Chart(
      canvas,
      chartToConfiguration(chart.config, palette, {
        responsive: true,
        yType,
        range,
        fontFamily: getComputedStyle(document.body).fontFamily,
        fontSize: canvas.clientWidth < 420 ? 11 : 12,
      }),
    );
    place = -1;
  };
  redraws.push(draw);
  draw();

  const zoomTo = (low, high) => {
    range = low <= full[0] && high >= full[1] ? undefined : [Math.max(full[0], low), Math.min(full[1], high)];
    reset.hidden = range === undefined;
    draw();
  };

  scale?.addEventListener("click", () => {
    yType = yType === "linear" ? "logarithmic" : "linear";
    scale.setAttribute("aria-pressed", String(yType === "logarithmic"));
    draw();
  });
  reset?.addEventListener("click", () => zoomTo(...full));
  find("[data-do=csv]", figure)?.addEventListener("click", () =>
    download(`${chart.id}.csv`, chartToCsv(chart), "text/csv"),
  );

  /** Steps through the longest data set as the mouse would. */
  const step = (by) => {
    const sets = drawing.data.datasets
      .map((dataset, index) => ({ dataset, index }))
      .filter(({ dataset }) => !dataset.isEdge);
    const { dataset, index } = sets.reduce((best, one) =>
      one.dataset.data.length > best.dataset.data.length ? one : best,
    );
    place = Math.min(
      dataset.data.length - 1,
      Math.max(0, place < 0 && by < 0 ? dataset.data.length - 1 : place + by),
    );
    const { x, y } = drawing.getDatasetMeta(index).data[place];
    const active = chart.config.labels
      ? sets.map(({ index: datasetIndex }) => ({ datasetIndex, index: place }))
      : [{ datasetIndex: index, index: place }];
    drawing.setActiveElements(active);
    drawing.tooltip.setActiveElements(active, { x, y });
    drawing.update("none");
    const { title = [], body = [] } = drawing.tooltip;
    readout.textContent = [...title, ...body.flatMap(({ lines }) => lines)].join(", ");
  };
  const keys = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    PageDown: () => step(20),
    PageUp: () => step(-20),
    ...(zooms && {
      "+": () => zoomBy(0.5),
      "-": () => zoomBy(2),
      0: () => zoomTo(...full),
    }),
  };
  const zoomBy = (factor) => {
    const [low, high] = range ?? full;
    const point = drawing.tooltip?.dataPoints?.[0]?.parsed.x ?? (low + high) / 2;
    zoomTo(point - (point - low) * factor, point + (high - point) * factor);
  };
  canvas.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });

  if (!zooms) return;
  const toValue = (event) => drawing.scales.x.getValueForPixel(event.offsetX);
  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0)
      drag = { from: toValue(event), at: event.offsetX };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drag) return;
    drawing.draw();
    const { top, bottom } = drawing.chartArea;
    drawing.ctx.fillStyle = nameToColour("$accent/0.18", paletteOf());
    drawing.ctx.fillRect(drag.at, top, event.offsetX - drag.at, bottom - top);
  });
  window.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { from, at } = drag;
    drag = undefined;
    if (event.target !== canvas || Math.abs(event.offsetX - at) < 6) return drawing.draw();
    const to = toValue(event);
    zoomTo(Math.min(from, to), Math.max(from, to));
  });
  canvas.addEventListener("dblclick", () => zoomTo(...full));
}
