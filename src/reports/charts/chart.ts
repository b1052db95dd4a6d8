/** A chart as plain data: the page and the PNG draw the same one. */
import type { Point } from "../../drawing/thin-points.ts";
import type { Table } from "../table.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Null breaks the line. */

/**
 * A data set of chart.js. Colours are names of a palette, `$generated`, `$series0` or `$ramp0.5`, perhaps with an
 * opacity: `$real/0.3`; `chart-runtime.js` puts in the palette's.
 */
export interface Dataset {
  readonly label: string;
  readonly data: readonly Point[] | readonly (number | null)[];
  /** Names of the single points, for the tooltip. */
  readonly names?: readonly string[];
  /** Left out of the legend and the tooltip: the edge of a band. */
  readonly isEdge?: boolean;
  readonly [option: string]: Json | undefined;
}

/** How an axis writes its values: `1,200`; `0.25` or `1e-5`; powers of ten only; those of a list. */
export type AxisFormat = "count" | "number" | "power" | "category";

export interface Axis {
  readonly title: string;
  readonly format: AxisFormat;
  readonly type?: "linear" | "logarithmic";
  readonly min?: number;
  readonly max?: number;
  /** Included, but no limit. */
  readonly suggestedMin?: number;
  readonly suggestedMax?: number;
}

export interface ChartConfig {
  readonly type: "line" | "scatter" | "bar";
  readonly labels?: readonly string[];
  readonly datasets: readonly Dataset[];
  readonly x: Axis;
  readonly y: Axis;
  /** Shaded parts of the x axis. */
  readonly bands?: readonly { readonly from: number; readonly to: number; readonly label: string }[];
  /** Axes of parallel coordinates, from the left: values at places between 0 and 1. */
  readonly parallels?: readonly {
    readonly title: string;
    readonly ticks: readonly { readonly at: number; readonly label: string }[];
  }[];
}

export interface Chart {
  /** Of its anchor and file: letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen, in a sentence or two. */
  readonly caption: string;
  readonly config: ChartConfig;
  /** For those who do not see it: the values, or some of them. */
  readonly table: Table;
}

/** Text as an anchor: `gradient norms of G` to `gradient-norms-of-g`. */
export const textToId = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "") || "chart";
