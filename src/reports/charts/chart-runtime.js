/**
 * From a chart as data to a configuration of chart.js, in Node for PNG and in the page alike: this file is a module here
 * and becomes a part of the page's script there. It uses nothing but its arguments.
 */

/** @param {string} name `$real`, `$series2/0.3`, or a colour as it is */
export function nameToColour(name, palette) {
  const found = /^\$([a-z]+)([\d.]+)?(?:\/([\d.]+))?$/.exec(name);
  if (!found) return name;
  const [, key, place, opacity] = found;
  const entry = palette[key];
  const colour = Array.isArray(entry)
    ? key === "ramp"
      ? rampToColour(entry, Number(place))
      : entry[Number(place ?? 0) % entry.length]
    : entry;
  return opacity === undefined ? colour : `rgba(${hexToLevels(colour).join(", ")}, ${opacity})`;
}

const hexToLevels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** Three colours at 0, 0.5 and 1, mixed between. */
function rampToColour(colours, place) {
  const at = Math.min(1, Math.max(0, place)) * (colours.length - 1);
  const from = Math.min(colours.length - 2, Math.floor(at));
  const [low, high] = [hexToLevels(colours[from]), hexToLevels(colours[from + 1])];
  const levels = low.map((level, i) => Math.round(level + (high[i] - level) * (at - from)));
  return `#${levels.map((level) => level.toString(16).padStart(2, "0")).join("")}`;
}

/** Every text that names a colour becomes that colour, in whatever it lies. */
function paint(value, palette) {
  if (typeof value === "string") return value.startsWith("$") ? nameToColour(value, palette) : value;
  if (Array.isArray(value))
    return typeof value[0] === "string" ? value.map((item) => paint(item, palette)) : value;
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, paint(item, palette)]));
  return value;
}

/** `1e-4`, from text: powers of ten below one are not exact. */
const power = (exponent, factor = 1) => Number(`${factor}e${exponent}`);

/** A number for reading, four digits: `1,234`, `0.25`, `1.2e-5`. */
export function numberToText(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e7) return Number(value.toPrecision(4)).toExponential().replace("e+", "e");
  if (Number.isInteger(value) || size >= 1e4) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(4)));
}

/**
 * Ticks of a logarithmic axis: powers of ten; twos and fives between them where there are few; every second or third
 * where there are many. chart.js's own skip some of those below 1e-4.
 */
export function rangeToPowers(min, max) {
  const first = Math.floor(Math.log10(min));
  const last = Math.ceil(Math.log10(max));
  const factors = max / min < 500 ? [1, 2, 5] : [1];
  const step = Math.max(1, Math.ceil((last - first) / 9));
  const values = [];
  for (let exponent = first; exponent <= last; exponent += step)
    for (const factor of factors) values.push(power(exponent, factor));
  return values.filter((value) => value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9));
}

const FORMATS = {
  count: (value) => (Number.isInteger(value) ? value.toLocaleString("en-US") : ""),
  number: numberToText,
  power: (value) => value.toExponential().replace("e+", "e"),
  category: (_value, index, labels) => labels?.[index] ?? "",
};

/** @param {"linear" | "logarithmic" | undefined} type instead of the axis's own */
function axisToScale(axis, type, labels, palette, font) {
  const kind =
    axis.format === "category" ? (labels ? "category" : "linear") : (type ?? axis.type ?? "linear");
  const isLog = kind === "logarithmic";
  const ends = {};
  for (const name of ["min", "max", "suggestedMin", "suggestedMax"])
    if (axis[name] !== undefined && !(isLog && axis[name] <= 0)) ends[name] = axis[name];
  const format = FORMATS[axis.format];
  return {
    type: kind,
    ...ends,
    title: { display: axis.title !== "", text: axis.title, color: palette.muted, font },
    border: { color: palette.axis },
    grid: { color: palette.gridline, tickColor: palette.axis },
    ticks: {
      color: palette.text,
      font,
      maxRotation: kind === "category" ? 40 : 0,
      ...(isLog ? { autoSkip: false } : { autoSkipPadding: 12, includeBounds: false }),
      ...(kind !== "category" && { callback: (value) => format(value) }),
    },
    ...(isLog && {
      afterBuildTicks: (scale) => {
        scale.ticks = rangeToPowers(scale.min, scale.max).map((value) => ({ value }));
      },
    }),
  };
}

/**
 * Places 0, 1, ... with their labels, for points: chart.js's own scale of categories puts a point by its place in the data,
 * whatever its x.
 */
const labelsToScale = (scale, labels) => ({
  ...scale,
  type: "linear",
  min: -0.5,
  max: labels.length - 0.5,
  grid: { ...scale.grid, display: false },
  ticks: {
    ...scale.ticks,
    stepSize: 1,
    callback: (value) => labels[value] ?? "",
  },
  afterBuildTicks: (axis) => {
    axis.ticks = labels.map((_, value) => ({ value }));
  },
});

/** The ground: a canvas is transparent. */
const groundPlugin = (palette) => ({
  id: "ground",
  beforeDraw: ({ ctx, width, height }) => {
    ctx.save();
    ctx.globalCompositeOperation = "destination-over";
    ctx.fillStyle = palette.ground;
    ctx.fillRect(0, 0, width, height);
    ctx.restore();
  },
});

/** Shaded parts of the x axis, with their names at the top. */
const bandsPlugin = (bands, palette, font) => ({
  id: "bands",
  beforeDatasetsDraw: ({ ctx, chartArea: { left, right, top, bottom }, scales: { x } }) => {
    ctx.save();
    for (const { from, to, label } of bands) {
      const [a, b] = [x.getPixelForValue(from), x.getPixelForValue(to)];
      const begin = Math.max(left, Math.min(a, b) - 6);
      const end = Math.min(right, Math.max(a, b) + 6);
      if (end <= begin) continue;
      ctx.fillStyle = nameToColour("$ok/0.13", palette);
      ctx.fillRect(begin, top, end - begin, bottom - top);
      ctx.fillStyle = palette.ok;
      ctx.font = `${font.size}px ${font.family}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "top";
      ctx.fillText(label, Math.min(right - 40, Math.max(left + 40, (begin + end) / 2)), top + 5);
    }
    ctx.restore();
  },
});

/** Room on the right of the last axis for its ticks' labels; digits are 0.64 of a font's size wide. */
const parallelsToRoom = (parallels, fontSize) =>
  12 + 0.64 * fontSize * Math.max(...parallels[parallels.length - 1].ticks.map(({ label }) => label.length));

/** Upright axes of parallel coordinates, each with ticks of its own. */
const parallelsPlugin = (parallels, palette, font) => ({
  id: "parallels",
  afterDatasetsDraw: ({ ctx, scales: { x, y } }) => {
    ctx.save();
    ctx.font = `${font.size}px ${font.family}`;
    ctx.textBaseline = "middle";
    for (const [i, { ticks }] of parallels.entries()) {
      const at = x.getPixelForValue(i);
      ctx.strokeStyle = palette.text;
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(at, y.top);
      ctx.lineTo(at, y.bottom);
      ctx.stroke();
      ctx.textAlign = "left";
      for (const { at: place, label } of ticks) {
        const height = y.getPixelForValue(place);
        const width = ctx.measureText(label).width;
        const from = at + 6;
        ctx.fillStyle = nameToColour("$ground/0.82", palette);
        ctx.fillRect(from - 2, height - font.size * 0.7, width + 4, font.size * 1.4);
        ctx.fillStyle = palette.text;
        ctx.fillText(label, from, height);
      }
    }
    ctx.restore();
  },
});

/** Keys that stand above a chart; edges of bands and upright axes have none. */
const countKeys = ({ datasets, parallels }) =>
  parallels ? 0 : datasets.filter(({ isEdge }) => !isEdge).length;

/** Whether a chart needs more height for its keys: see `tall` in style.css. */
export const hasManyKeys = (chart) => countKeys(chart) > 5;

/** A key as what it stands for looks: lines with their dashes, points with their shapes, no edges of bands. */
function chartToKeys(chart) {
  return chart.data.datasets.flatMap((dataset, datasetIndex) => {
    if (dataset.isEdge) return [];
    const isLine = chart.config.type === "line" && dataset.showLine !== false && !dataset.isBand;
    const style =
      dataset.isBand || chart.config.type === "bar" ? "rect" : isLine ? "line" : dataset.pointStyle;
    return [
      {
        text: dataset.label,
        datasetIndex,
        hidden: !chart.isDatasetVisible(datasetIndex),
        fontColor: chart.options.plugins.legend.labels.color,
        fillStyle: dataset.backgroundColor ?? dataset.borderColor,
        strokeStyle: dataset.borderColor,
        lineWidth: isLine ? 2.5 : (dataset.pointBorderWidth ?? 1),
        lineDash: isLine ? (dataset.borderDash ?? []) : [],
        pointStyle: style ?? "circle",
      },
    ];
  });
}

const toTitle = (chart, items) => {
  const [item] = items;
  if (!item) return "";
  const { labels, x, parallels } = chart;
  if (parallels) return parallels[item.dataIndex]?.title ?? "";
  if (labels) return labels[chart.type === "scatter" ? item.parsed.x : item.dataIndex] ?? "";
  return `${x.title} ${FORMATS[x.format](item.parsed.x) || item.parsed.x}`;
};

const toLabel = (chart, item) => {
  const name = item.dataset.names?.[item.dataIndex] ?? item.dataset.label;
  if (chart.parallels) return item.dataset.label;
  const low = item.chart.data.datasets[item.datasetIndex + 1];
  const high = item.chart.data.datasets[item.datasetIndex + 2];
  const at = (dataset) => dataset?.isEdge && dataset.data[item.dataIndex]?.[1];
  const interval =
    typeof at(low) === "number" && typeof at(high) === "number"
      ? ` [${numberToText(at(low))}, ${numberToText(at(high))}]`
      : "";
  const value = item.dataset.failed ? "no value" : numberToText(item.parsed.y);
  return `${name}: ${value}${interval}`;
};

/**
 * @param chart the chart as data, `ChartConfig`
 * @param palette the colours
 * @param options `title` above it; `font` family; `fontSize`; `yType` instead of the y axis's own; `range` of x
 */
export function chartToConfiguration(chart, palette, options = {}) {
  const { title, fontFamily = "sans-serif", fontSize = 12, yType, range, responsive = false } = options;
  const font = { family: fontFamily, size: fontSize };
  const isPoints = chart.type === "scatter";
  const ofLabels = axisToScale(chart.x, undefined, chart.labels, palette, font);
  const x = isPoints && chart.labels ? labelsToScale(ofLabels, chart.labels) : ofLabels;
  const y = axisToScale(chart.y, yType, undefined, palette, font);
  if (chart.parallels) {
    Object.assign(x, { offset: false, grid: { display: false } });
    Object.assign(y, { display: false });
    x.ticks.autoSkip = false;
  }
  return {
    type: chart.type,
    data: {
      ...(chart.labels && !isPoints && { labels: chart.labels }),
      datasets: chart.datasets.map((dataset) => ({
        borderWidth: chart.type === "bar" ? 0 : 1.75,
        pointRadius: isPoints ? 4 : 0,
        pointHoverRadius: isPoints ? 6 : 4,
        pointHitRadius: 8,
        ...(chart.type === "bar" ? { maxBarThickness: 46 } : { tension: 0 }),
        ...paint({ ...dataset, data: null }, palette),
        data: dataset.data,
      })),
    },
    options: {
      responsive,
      maintainAspectRatio: false,
      animation: false,
      layout: {
        padding: {
          top: chart.parallels ? 12 : 4,
          right: chart.parallels ? parallelsToRoom(chart.parallels, fontSize) : 14,
          bottom: 4,
          left: chart.parallels ? 16 : 4,
        },
      },
      interaction:
        chart.labels && !isPoints
          ? { mode: "index", intersect: false }
          : isPoints || chart.parallels
            ? { mode: "nearest", intersect: true }
            : { mode: "nearest", axis: "x", intersect: false },
      scales: { x: range ? { ...x, min: range[0], max: range[1] } : x, y },
      plugins: {
        title: title
          ? {
              display: true,
              text: title,
              color: palette.text,
              align: "start",
              font: { ...font, size: fontSize + 3, weight: "bold" },
            }
          : { display: false },
        legend: {
          display: countKeys(chart) > 1,
          align: "start",
          labels: {
            color: palette.text,
            font,
            usePointStyle: true,
            ...(isPoints ? { boxHeight: 8 } : { pointStyleWidth: 26, boxHeight: 7 }),
            // Many keys stand closer: chart.js leaves out those beyond half of the height.
            padding: hasManyKeys(chart) ? 7 : 14,
            generateLabels: chartToKeys,
          },
        },
        tooltip: {
          backgroundColor: palette.text,
          titleColor: palette.ground,
          bodyColor: palette.ground,
          displayColors: false,
          titleFont: font,
          bodyFont: font,
          filter: ({ dataset }) => !dataset.isEdge,
          callbacks: {
            title: (items) => toTitle(chart, items),
            label: (item) => toLabel(chart, item),
          },
        },
      },
    },
    plugins: [
      groundPlugin(palette),
      ...(chart.bands ? [bandsPlugin(chart.bands, palette, font)] : []),
      ...(chart.parallels ? [parallelsPlugin(chart.parallels, palette, font)] : []),
    ],
  };
}
