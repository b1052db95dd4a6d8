/** The colours of the scheme that the system asks for. */
import type { Palette, Theme } from "../../../../reports/charts/palette.ts";
import { PALETTES } from "../../palettes.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

export const currentPalette = (): Palette =>
  (PALETTES as Readonly<Record<Theme, Palette>>)[dark.matches ? "dark" : "light"];

/** @returns how to stop listening */
export function onScheme(listener: () => void): () => void {
  dark.addEventListener("change", listener);
  return () => dark.removeEventListener("change", listener);
}
