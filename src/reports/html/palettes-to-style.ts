/** The palettes as variables of a style sheet. */
import { PALETTES, type Palette } from "../charts/palette.ts";

const paletteToVariables = ({ series: _series, ramp: _ramp, heat, ...colours }: Palette): string =>
  [
    ...Object.entries(colours).map(([name, colour]) => `--${name}: ${colour};`),
    `--heat-generated: ${heat[0]};`,
    `--heat-real: ${heat[1]};`,
  ].join(" ");

/** The system's scheme, unless the page's own button chose another. */
export function palettesToStyle(): string {
  const { light, dark } = PALETTES;
  return [
    `:root, :root[data-theme="light"] { ${paletteToVariables(light)} }`,
    `:root[data-theme="light"] { color-scheme: light; }`,
    `@media (prefers-color-scheme: dark) { :root:not([data-theme]) { ${paletteToVariables(dark)} } }`,
    `:root[data-theme="dark"] { color-scheme: dark; ${paletteToVariables(dark)} }`,
  ].join("\n");
}
