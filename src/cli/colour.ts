/** Whether output may be coloured. */

/**
 * Whether text may be coloured. `--color` and `--no-color` decide; then FORCE_COLOR (0 or false means no), NO_COLOR
 * (any value, no-color.org), TERM=dumb; then whether it goes to a terminal.
 */
export function colourAllowed(
  flag: boolean | undefined,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (flag !== undefined) return flag;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.TERM === "dumb") return false;
  return isTerminal;
}
