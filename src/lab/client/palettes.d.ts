/** The palettes as the lab serves them to its page. */
import type { Palette, Theme } from "../../reports/charts/palette.ts";

export declare const PALETTES: Readonly<Record<Theme, Palette>>;
