/** chart.js, which stands before in the page, and the palette of the system's scheme. */
import type { Chart as ChartOfLibrary } from "chart.js";
import { useEffect, useState } from "preact/hooks";
import type { Palette } from "../../../../reports/charts/palette.ts";
import { PALETTES } from "../../palettes.js";

export const ChartLibrary = (globalThis as unknown as { Chart: typeof ChartOfLibrary }).Chart;
export type DrawnChart = ChartOfLibrary;

const dark = matchMedia("(prefers-color-scheme: dark)");
const toPalette = (): Palette => PALETTES[dark.matches ? "dark" : "light"];

/** Another one when the system turns dark or light. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(toPalette);
  useEffect(() => {
    const turn = (): void => setPalette(toPalette());
    dark.addEventListener("change", turn);
    return () => dark.removeEventListener("change", turn);
  }, []);
  return palette;
}
