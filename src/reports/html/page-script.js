/**
 * What a page does beyond being read: charts, sliders, the toy's animation, sorting, copying, downloads, colours. Charts
 * come from chart.js (`Chart`) and charts/chart-runtime.js, which stand before it in the page. Text goes into the page as
 * text alone.
 */
const data = JSON.parse(document.getElementById("report-data").textContent);
const root = document.documentElement;
const query = window.matchMedia("(prefers-color-scheme: dark)");
const find = (selector, within = document) => within.querySelector(selector);
const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

const isDark = () => (root.dataset.theme ?? (query.matches ? "dark" : "light")) === "dark";
const paletteOf = (dark = isDark()) => data.palettes[dark ? "dark" : "light"];
/** Drawn again when the colours change. */
const redraws = [];

// ---- Charts

function openChart(figure) {
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

// ---- Downloads

function download(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** RFC 4180; spreadsheets run text that starts like a formula: an apostrophe keeps it text. */
function cellToCsv(cell) {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
const rowsToCsv = (rows) => rows.map((row) => `${row.map(cellToCsv).join(",")}\r\n`).join("");

/** One row a point: the series, the point's name where it has one, x and y. */
const chartToRows = ({ id, config }) =>
  config.datasets.flatMap(({ label, data: points, names }) =>
    points.map((point, i) => {
      const [x, y] = Array.isArray(point) ? point : [config.labels?.[i] ?? i, point];
      return [id, label, names?.[i] ?? "", x, y];
    }),
  );
const CSV_HEADING = ["chart", "series", "name", "x", "y"];
const chartToCsv = (chart) => rowsToCsv([CSV_HEADING, ...chartToRows(chart)]);

// ---- Sliders

/** Hands each place of a range input to `show`; play goes round. */
function openSlider(section, show) {
  const input = find("input[type=range]", section);
  const play = find("[data-do=play]", section);
  let timer;
  const showPlace = () => show(Number(input.value), input);
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "play";
    play.setAttribute("aria-pressed", "false");
  };
  input.addEventListener("input", () => {
    stop();
    showPlace();
  });
  play.addEventListener("click", () => {
    if (timer) return stop();
    play.textContent = "pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => {
      input.value = String(Number(input.value) >= Number(input.max) ? 0 : Number(input.value) + 1);
      showPlace();
    }, 350);
  });
  redraws.push(() => showPlace());
  showPlace();
}

const roundToWords = (round) => `round ${round.toLocaleString("en-US")}`;

function openSamples(section) {
  const frames = findAll(".frames figure", section);
  openSlider(section, (place, input) => {
    for (const [i, frame] of frames.entries()) frame.hidden = i !== place;
    const words = roundToWords(Number(frames[place].dataset.round));
    input.setAttribute("aria-valuetext", words);
    find("output", section).textContent = words;
  });
}

// ---- The toy's view

const toBytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const toPlaces = (text) => new Uint16Array(toBytes(text).buffer);

function openToy(section) {
  const { toy } = data;
  const canvas = find("canvas", section);
  const context = canvas.getContext("2d");
  const size = canvas.width;
  const frames = toy.frames.map((frame) => ({
    round: frame.round,
    ...(frame.range && { range: frame.range }),
    samples: toPlaces(frame.samples),
    ...(frame.heat && { heat: toBytes(frame.heat) }),
    ...(frame.manifold && { manifold: toPlaces(frame.manifold) }),
    ...(frame.arrows && { arrows: toPlaces(frame.arrows) }),
  }));
  const real = toPlaces(toy.real);
  const toPixel = (place) => (place / 65535) * size;
  const toHeight = (place) => size - toPixel(place);
  const layers = () =>
    Object.fromEntries(findAll("input[data-layer]", section).map((box) => [box.dataset.layer, box.checked]));

  function drawHeat({ heat }, palette) {
    const side = toy.heatSide;
    const cell = size / side;
    const levels = [...palette.heat.map((_, i) => nameToColour(`$heat${i}`, palette)), palette.ground].map(
      (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
    );
    for (let i = 0; i < heat.length; i++) {
      const towards = heat[i] / 255 - 0.5;
      const end = levels[towards < 0 ? 0 : 1];
      const weight = Math.min(1, 2 * Math.abs(towards));
      const mixed = levels[2].map((level, k) => Math.round(level + (end[k] - level) * weight));
      context.fillStyle = `rgb(${mixed.join(", ")})`;
      const row = Math.floor(i / side);
      context.fillRect((i % side) * cell, size - (row + 1) * cell, cell + 0.6, cell + 0.6);
    }
  }
  function drawManifold({ manifold }, palette) {
    const side = toy.manifoldSide;
    context.strokeStyle = nameToColour("$text/0.35", palette);
    context.lineWidth = 1;
    const line = (first, by) => {
      context.beginPath();
      for (let k = 0; k < side; k++) {
        const at = 2 * (first + k * by);
        context.lineTo(toPixel(manifold[at]), toHeight(manifold[at + 1]));
      }
      context.stroke();
    };
    for (let i = 0; i < side; i++) {
      line(i * side, 1);
      line(i, side);
    }
  }
  function drawPoints(points, colour, radius) {
    context.fillStyle = colour;
    for (let i = 0; i < points.length; i += 2) {
      context.beginPath();
      context.arc(toPixel(points[i]), toHeight(points[i + 1]), radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
  function drawArrows({ arrows }, palette) {
    context.strokeStyle = palette.accent;
    context.lineWidth = 1.5;
    for (let i = 0; i < arrows.length; i += 4) {
      const [x, y] = [toPixel(arrows[i]), toHeight(arrows[i + 1])];
      const [tipX, tipY] = [toPixel(arrows[i + 2]), toHeight(arrows[i + 3])];
      const angle = Math.atan2(tipY - y, tipX - x);
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(tipX, tipY);
      for (const turn of [2.6, -2.6]) {
        context.moveTo(tipX, tipY);
        context.lineTo(tipX + 5 * Math.cos(angle + turn), tipY + 5 * Math.sin(angle + turn));
      }
      context.stroke();
    }
  }
  const show = (place, input) => {
    const frame = frames[place];
    const palette = paletteOf();
    const shown = layers();
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, size, size);
    if (shown.heat && frame.heat) drawHeat(frame, palette);
    if (shown.manifold && frame.manifold) drawManifold(frame, palette);
    if (shown.real) drawPoints(real, nameToColour("$real/0.6", palette), 3);
    if (shown.generated) drawPoints(frame.samples, nameToColour("$generated/0.85", palette), 2.2);
    if (shown.arrows && frame.arrows) drawArrows(frame, palette);
    const words = roundToWords(frame.round);
    input.setAttribute("aria-valuetext", words);
    find("output", section).textContent = words;
  };
  for (const box of findAll("input[data-layer]", section))
    box.addEventListener("change", () =>
      show(Number(find("input[type=range]", section).value), find("input[type=range]", section)),
    );
  openSlider(section, show);
}

// ---- Tables

/** Sorts by the column of a heading: numbers as such, nothing last; the other way round when it is sorted so already. */
function openSorting(table) {
  const headings = findAll("thead th", table);
  for (const [column, heading] of headings.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const isUp = heading.getAttribute("aria-sort") === "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", isUp ? "descending" : "ascending");
      const toKey = (row) => row.cells[column].textContent.trim();
      const toNumber = (text) => Number.parseFloat(text.replaceAll(",", ""));
      const compare = (a, b) => {
        const [x, y] = [toKey(a), toKey(b)];
        if ((x === "") !== (y === "")) return x === "" ? 1 : -1;
        const [m, n] = [toNumber(x), toNumber(y)];
        const order = Number.isNaN(m) || Number.isNaN(n) ? x.localeCompare(y) : m - n;
        return isUp ? -order : order;
      };
      const body = table.tBodies[0];
      body.append(...[...body.rows].sort(compare));
    });
  }
}

// ---- All of it

root.classList.add("scripted");
const redraw = () => {
  for (const draw of redraws) draw();
};
const toggle = document.getElementById("theme");
const nameToggle = () => {
  toggle.textContent = isDark() ? "light" : "dark";
  toggle.setAttribute("aria-label", `Switch to ${isDark() ? "light" : "dark"} colours`);
};
toggle.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  nameToggle();
  redraw();
});
query.addEventListener("change", () => {
  nameToggle();
  redraw();
});
nameToggle();

for (const figure of findAll("figure[data-chart]")) openChart(figure);
for (const section of findAll("[data-samples]")) openSamples(section);
for (const section of findAll("[data-toy]")) openToy(section);
for (const table of findAll("table[data-sortable]")) openSorting(table);
for (const button of findAll("[data-do=copy]"))
  button.addEventListener("click", async () => {
    const text = find("code", button.closest("div")).textContent;
    await navigator.clipboard?.writeText(text).catch(() => {});
    button.textContent = "copied";
    setTimeout(() => {
      button.textContent = "copy";
    }, 1500);
  });
find("[data-do=all-json]")?.addEventListener("click", () => {
  const { palettes: _palettes, toy: _toy, ...rest } = data;
  download("report.json", JSON.stringify(rest, null, 1), "application/json");
});
find("[data-do=all-csv]")?.addEventListener("click", () =>
  download("report.csv", rowsToCsv([CSV_HEADING, ...data.charts.flatMap(chartToRows)]), "text/csv"),
);

let wasDark;
window.addEventListener("beforeprint", () => {
  wasDark = root.dataset.theme;
  root.dataset.theme = "light";
  redraw();
  for (const details of findAll("details")) details.open = true;
});
window.addEventListener("afterprint", () => {
  if (wasDark === undefined) delete root.dataset.theme;
  else root.dataset.theme = wasDark;
  redraw();
});
