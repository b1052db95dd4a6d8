/** Checks that charts can be drawn on this machine. */

import { FONT_FAMILIES, loadCanvas } from "../drawing/chart-canvas.ts";
import { GanEvalError } from "../errors.ts";

export interface ChartCheck {
  /** Font families that charts can use, the package's own among them. */
  readonly fonts: number;
  /** Whether a letter leaves any ink: without fonts, text vanishes in silence. */
  readonly drawsText: boolean;
  readonly pngBytes: number;
}

const SIZE = 96;
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47];

/**
 * Draws a small chart with chart.js on @napi-rs/canvas, as reports do, and looks at what came out.
 * @throws GanEvalError `unavailable.charts` where a library does not load or the image is empty
 */
export async function checkCharts(): Promise<ChartCheck> {
  try {
    const [{ createCanvas, GlobalFonts }, { Chart, registerables }] = await Promise.all([
      loadCanvas(),
      import("chart.js"),
    ]);
    Chart.register(...registerables);
    const canvas = createCanvas(SIZE, SIZE);
    const chart = new Chart(canvas as never, {
      type: "line",
      data: { labels: ["1", "2"], datasets: [{ data: [0, 1], borderColor: "#000" }] },
      options: { responsive: false, animation: false, plugins: { legend: { display: false } } },
    });
    const png = canvas.toBuffer("image/png");
    const hasChart = countInk(canvas.getContext("2d").getImageData(0, 0, SIZE, SIZE).data) > 0;
    chart.destroy();
    if (!hasChart || PNG_SIGNATURE.some((byte, index) => png[index] !== byte))
      throw new Error("the chart is empty");

    const letter = createCanvas(32, 32);
    const context = letter.getContext("2d");
    context.font = `24px ${FONT_FAMILIES}`;
    context.fillText("M", 4, 26);
    return {
      fonts: GlobalFonts.families.length,
      drawsText: countInk(context.getImageData(0, 0, 32, 32).data) > 0,
      pngBytes: png.length,
    };
  } catch (cause) {
    throw new GanEvalError("unavailable.charts", `cannot draw charts: ${(cause as Error).message}`, {
      hint: "Install again with `npm ci`; the binary of @napi-rs/canvas is an optional dependency.",
      cause,
    });
  }
}

/** RGBA pixels that are not transparent. */
function countInk(pixels: Uint8ClampedArray): number {
  let ink = 0;
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] !== 0) ink++;
  return ink;
}
