/** What charts that are drawn by hand have in common: the library, the letters, the colours. */
import path from "node:path";
import type { Canvas, GlobalFonts, SKRSContext2D } from "@napi-rs/canvas";
import { GanEvalError } from "../errors.ts";

/**
 * Text of charts: the letters that come with the package, so that images are the same on every machine; others, of
 * names in other scripts, from whatever fonts there are.
 */
export const FONT_FAMILIES = "'Report Sans', 'DejaVu Sans', 'Liberation Sans', Helvetica, Arial, sans-serif";

const FONT_FILES = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"] as const;
let areRegistered = false;

function registerFonts(fonts: typeof GlobalFonts): void {
  if (areRegistered) return;
  for (const file of FONT_FILES)
    fonts.registerFromPath(path.join(import.meta.dirname, "fonts", file), "Report Sans");
  areRegistered = true;
}

/** Light ground; what is real is muted, what was generated stands out, for eyes that do not tell red from green too. */
export const INK = {
  ground: "#ffffff",
  text: "#24292f",
  axis: "#8c959f",
  gridline: "#eaeef2",
  real: "#8b98a8",
  generated: "#d9480f",
} as const;

/** The canvas library, with the package's own letters. @throws GanEvalError `unavailable.charts` */
export async function loadCanvas(): Promise<typeof import("@napi-rs/canvas")> {
  const library = await import("@napi-rs/canvas").catch((cause) => {
    throw new GanEvalError("unavailable.charts", `cannot draw charts: ${(cause as Error).message}`, {
      hint: "Install again with `npm ci`; the binary of @napi-rs/canvas is an optional dependency.",
      cause,
    });
  });
  registerFonts(library.GlobalFonts);
  return library;
}

/** A canvas of `width` by `height` pixels on the ground's colour. */
export async function openCanvas(
  width: number,
  height: number,
): Promise<{ readonly canvas: Canvas; readonly context: SKRSContext2D }> {
  const { createCanvas } = await loadCanvas();
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = INK.ground;
  context.fillRect(0, 0, width, height);
  return { canvas, context };
}
