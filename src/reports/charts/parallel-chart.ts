/** Many options at once: each run is a line across an axis an option, the metric last. */
import type { Comparison, OptionValue } from "../../compare/comparison.ts";
import { textToVisible } from "../page.ts";
import type { Chart, ChartConfig } from "./chart.ts";
import { numberToText } from "./chart-runtime.js";
import { keyToName } from "./metric-name.ts";

type Parallel = NonNullable<ChartConfig["parallels"]>[number];

/** Fewer options that vary are seen better in other charts. */
const LEAST_OPTIONS = 3;
/** More lines are a blur: the best, and all others left out are counted. */
const MOST_RUNS = 200;
const MOST_TICKS = 8;

interface Axis extends Parallel {
  readonly place: (value: OptionValue) => number;
}

const isPositive = (value: number): boolean => value > 0;

/** Numbers at their size, logarithmic over more than a decade; whatever else in order of appearance. */
function valuesToAxis(title: string, values: readonly OptionValue[], isDownBetter = false): Axis {
  const distinct = [...new Set(values)];
  const numbers = distinct.filter((value): value is number => typeof value === "number");
  if (numbers.length < distinct.length || numbers.length === 1) {
    const texts = distinct.map((value) => String(value ?? "unset")).sort();
    const at = (value: OptionValue): number =>
      texts.length === 1 ? 0.5 : texts.indexOf(String(value ?? "unset")) / (texts.length - 1);
    const step = Math.ceil(texts.length / MOST_TICKS);
    const ticks = texts
      .filter((_, i) => i % step === 0)
      .map((text) => ({ at: at(text), label: textToVisible(text) }));
    return { title, ticks, place: at };
  }
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const isLog = numbers.every(isPositive) && high / low > 10;
  const scale = isLog ? Math.log : (value: number): number => value;
  const place = (value: OptionValue): number => {
    const at = (scale(value as number) - scale(low)) / (scale(high) - scale(low));
    return isDownBetter ? 1 - at : at;
  };
  const shown =
    numbers.length <= MOST_TICKS
      ? numbers
      : [0, 0.25, 0.5, 0.75, 1].map((part) =>
          isLog ? low * (high / low) ** part : low + (high - low) * part,
        );
  return { title, ticks: shown.map((value) => ({ at: place(value), label: numberToText(value) })), place };
}

/** Undefined where fewer than three options vary. The metric's axis has its better end on top, whichever that is. */
export function comparisonToParallels({ rows, varying, metric, best }: Comparison): Chart | undefined {
  if (varying.length < LEAST_OPTIONS) return undefined;
  const valued = rows.filter(({ value }) => value !== null);
  if (valued.length < 2) return undefined;
  const shown = valued.slice(0, MOST_RUNS);
  const axes = varying.map((name) =>
    valuesToAxis(
      textToVisible(name),
      shown.map(({ options }) => options[name]),
    ),
  );
  const last = valuesToAxis(
    keyToName(metric.key),
    shown.map(({ value }) => value),
    metric.direction === "lower",
  );
  const behind = valued.length - shown.length;
  const without = rows.length - valued.length;
  const leftOut = [
    ...(without > 0 ? [`${without} without a value`] : []),
    ...(behind > 0 ? [`${behind} further behind`] : []),
  ];
  return {
    id: "parallels",
    title: "All varying options",
    caption: `Each line is a run, colored from blue to amber, with the best run thick and on top; ${keyToName(metric.key)} is the last axis, with better values at the top.${leftOut.length > 0 ? ` Not drawn: ${leftOut.join(", ")}.` : ""}`,
    config: {
      type: "line",
      labels: [...axes, last].map(({ title }) => title),
      // Best first: chart.js draws the first data set over the others.
      datasets: shown.map((row, i) => {
        const isBest = best !== null && row === rows[best];
        const colour = `$ramp${(i / Math.max(1, shown.length - 1)).toFixed(3)}`;
        return {
          label: `${textToVisible(row.name)}: ${numberToText(row.value!)}`,
          data: [...axes.map(({ place }, k) => place(row.options[varying[k]])), last.place(row.value)],
          borderColor: isBest ? "$generated" : `${colour}/0.6`,
          borderWidth: isBest ? 3 : 1.25,
        };
      }),
      parallels: [...axes, last].map(({ title, ticks }) => ({ title, ticks })),
      x: { title: "", format: "category" },
      y: { title: "", format: "number", min: 0, max: 1 },
    },
    table: {
      columns: [
        { key: "name", title: "run" },
        ...varying.map((name, i) => ({ key: `option${i}`, title: name })),
        { key: "value", title: keyToName(metric.key), align: "right" },
      ],
      rows: shown.slice(0, 20).map((row) => ({
        name: row.name,
        ...Object.fromEntries(varying.map((name, i) => [`option${i}`, row.options[name] ?? null])),
        value: numberToText(row.value!),
      })),
    },
  };
}
