/** What charts that are drawn by hand have in common: the library, the letters, the colours. */
import type { Canvas, SKRSContext2D } from "@napi-rs/canvas";
import { GanEvalError } from "../errors.ts";

/** Text of charts; without any of these families it vanishes in silence, which `gan-eval doctor` tells. */
export const FONT_FAMILIES = "'DejaVu Sans', 'Liberation Sans', Helvetica, Arial, sans-serif";

/** Light ground; what is real is muted, what was generated stands out, for eyes that do not tell red from green too. */
export const INK = {
  ground: "#ffffff",
  text: "#24292f",
  axis: "#8c959f",
  gridline: "#eaeef2",
  real: "#8b98a8",
  generated: "#d9480f",
} as const;

/** A canvas of `width` by `height` pixels on the ground's colour. */
export async function openCanvas(
  width: number,
  height: number,
): Promise<{ readonly canvas: Canvas; readonly context: SKRSContext2D }> {
  const { createCanvas } = await import("@napi-rs/canvas").catch((cause) => {
    throw new GanEvalError("unavailable.charts", `cannot draw charts: ${(cause as Error).message}`, {
      hint: "Install again with `npm ci`; @napi-rs/canvas brings its binary as an optional dependency.",
      cause,
    });
  });
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = INK.ground;
  context.fillRect(0, 0, width, height);
  return { canvas, context };
}
