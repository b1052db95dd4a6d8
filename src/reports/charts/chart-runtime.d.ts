/** The types of chart-runtime.js, which configures charts in Node and in the page alike. */
import type { ChartConfiguration } from "chart.js";
import type { ChartConfig } from "./chart.ts";
import type { Palette } from "./palette.ts";

export interface DrawingOptions {
  /** Above the chart; a page has its own. */
  readonly title?: string;
  readonly fontFamily?: string;
  readonly fontSize?: number;
  /** Instead of the y axis's own. */
  readonly yType?: "linear" | "logarithmic";
  /** The part of the x axis that is shown. */
  readonly range?: readonly [low: number, high: number];
  readonly responsive?: boolean;
}

/** Whether a chart needs more height for its keys. */
export function hasManyKeys(chart: ChartConfig): boolean;
export function nameToColour(name: string, palette: Palette): string;
export function numberToText(value: number): string;
export function rangeToPowers(min: number, max: number): number[];
export function chartToConfiguration(
  chart: ChartConfig,
  palette: Palette,
  options?: DrawingOptions,
): ChartConfiguration;
