/** The palette of charts and pages. */

/** Colours of charts and pages, on light ground and on dark. */
export interface Palette {
  readonly ground: string;
  /** Behind boxes and code. */
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly gridline: string;
  readonly axis: string;
  readonly accent: string;
  /** What is real is muted, what was generated stands out. */
  readonly real: string;
  readonly generated: string;
  readonly failure: string;
  readonly warning: string;
  readonly ok: string;
  /** Of lines in one chart, beside different dashes. */
  readonly series: readonly string[];
  /** The ends and the middle of an ordered scale: layers from the input on, runs from the best on. */
  readonly ramp: readonly [string, string, string];
  /** What the discriminator takes for generated, and for real. */
  readonly heat: readonly [string, string];
}

export type Theme = "light" | "dark";

/**
 * Colours of text have a contrast of 4.5 to the ground and to the surface, lines of 3 to the ground (WCAG 2.1, 1.4.3 and
 * 1.4.11). Hues after Okabe and Ito, "Color Universal Design" (2008): blue, vermilion, green, purple and amber stay apart
 * for eyes that do not tell red from green.
 */
export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    ground: "#ffffff",
    surface: "#f4f6f8",
    text: "#1f2328",
    muted: "#57606a",
    gridline: "#e6eaee",
    axis: "#8c959f",
    accent: "#0b5cad",
    real: "#5b6b7e",
    generated: "#c9410c",
    failure: "#b42318",
    warning: "#855400",
    ok: "#1a6e3f",
    series: ["#0b67b8", "#c9410c", "#0a7d5a", "#9a3fb0", "#946200", "#5b6b7e"],
    ramp: ["#0b4f8a", "#1a8f85", "#b37a00"],
    heat: ["#d9a0e0", "#8fd0a8"],
  },
  dark: {
    ground: "#14181d",
    surface: "#1e242b",
    text: "#e6e9ed",
    muted: "#a6b0bb",
    gridline: "#2a3139",
    axis: "#6b7682",
    accent: "#74b5ff",
    real: "#9aaabc",
    generated: "#ff8a4c",
    failure: "#ff8f85",
    warning: "#e3b341",
    ok: "#5fcf8f",
    series: ["#62aef7", "#ff8a4c", "#3fc79a", "#d58bea", "#dcaa3c", "#9aaabc"],
    ramp: ["#7cb7ff", "#45c9b5", "#f0c04a"],
    heat: ["#6d3a78", "#2b6b45"],
  },
};
