/** Charts as images in a page, for where its scripts do not run: Jenkins' archive, mail, a strict policy. */
import { GanEvalError, type Warning } from "../../errors.ts";
import type { Image } from "../content/report.ts";
import type { Chart } from "./chart.ts";
import { hasManyKeys } from "./chart-runtime.js";
import { chartToPng } from "./chart-to-png.ts";

/** By the chart's id. */
export type Stills = ReadonlyMap<string, Image>;

/** Of all stills of a page together; charts behind those have their tables alone. */
const MOST_BYTES = 1_000_000;
/** Lines, letters and their edges in few colours make a third of the bytes. */
const COLOURS = 24;
/** Narrow, so that letters can be read on a telephone too. */
const [WIDTH, WIDE, HEIGHT, TALL] = [560, 1000, 320, 440];

async function chartToStill(chart: Chart): Promise<{ readonly image: Image; readonly bytes: number }> {
  const { config } = chart;
  const width = config.parallels ? WIDE : WIDTH;
  const height = hasManyKeys(config) ? TALL : HEIGHT;
  const { default: sharp } = await import("sharp");
  const png = await sharp(await chartToPng(chart, { width, height, hasTitle: false, ratio: 1 }))
    .png({ palette: true, colours: COLOURS, dither: 0, effort: 7 })
    .toBuffer();
  const image = { source: `data:image/png;base64,${png.toString("base64")}`, width, height };
  return { image, bytes: png.length };
}

/** As many as the page has room for; none, with a warning, where the libraries that draw them do not load. */
export async function chartsToStills(charts: readonly Chart[], warnings: Warning[]): Promise<Stills> {
  const stills = new Map<string, Image>();
  let left = MOST_BYTES;
  try {
    for (const chart of charts) {
      const { image, bytes } = await chartToStill(chart);
      if (bytes > left) break;
      left -= bytes;
      stills.set(chart.id, image);
    }
  } catch (error) {
    if (!(error instanceof GanEvalError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    warnings.push({
      code: "no-stills",
      message: `without JavaScript, the page shows values instead of charts: ${error.message}`,
      ...hint,
    });
  }
  return stills;
}
