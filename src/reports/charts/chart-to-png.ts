/** A chart as a PNG file. */

import { FONT_FAMILIES, openCanvas } from "../../drawing/chart-canvas.ts";
import { GanEvalError } from "../../errors.ts";
import type { Chart } from "./chart.ts";
import { chartToConfiguration } from "./chart-runtime.js";
import { PALETTES, type Theme } from "./palette.ts";

export interface PngOptions {
  /** In pixels before `ratio`. */
  readonly width?: number;
  readonly height?: number;
  readonly theme?: Theme;
  /** Whether the title stands in the image (default true). */
  readonly hasTitle?: boolean;
  /** Pixels of the file to one of the chart. */
  readonly ratio?: number;
}

/**
 * Draws what the page draws, with the letters that come with the package: the same chart gives the same bytes.
 * @throws GanEvalError `unavailable.charts` where a library does not load
 */
export async function chartToPng(chart: Chart, options: PngOptions = {}): Promise<Buffer> {
  const { width = 900, height = 480, theme = "light", hasTitle = true, ratio = 2 } = options;
  const { canvas } = await openCanvas(width, height);
  const { Chart: Drawing, registerables } = await import("chart.js").catch((cause) => {
    throw new GanEvalError("unavailable.charts", `cannot draw charts: ${(cause as Error).message}`, {
      hint: "Install again with `npm ci`.",
      cause,
    });
  });
  Drawing.register(...registerables);
  const configuration = chartToConfiguration(chart.config, PALETTES[theme], {
    ...(hasTitle && { title: chart.title }),
    fontFamily: FONT_FAMILIES,
    fontSize: 13,
  });
  const drawing = new Drawing(canvas as never, {
    ...configuration,
    options: { ...configuration.options, devicePixelRatio: ratio },
  });
  try {
    return canvas.toBuffer("image/png");
  } finally {
    drawing.destroy();
  }
}
