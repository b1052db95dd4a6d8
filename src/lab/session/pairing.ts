/** Whether two panes see the same data and latents, draw by draw. */
import type { Drawn } from "./pane-messages.ts";

/** Why not, in words; undefined where they do. */
export function drawnToReason([one, other]: readonly Drawn[]): string | undefined {
  if (other === undefined) return undefined;
  const different = Object.keys(one.amounts).filter((name) => one.amounts[name] !== other.amounts[name]);
  if (different.length > 0)
    return `the panes draw different amounts: ${different
      .map((name) => `${name} ${one.amounts[name]} and ${other.amounts[name]}`)
      .join(", ")}`;
  if (one.latents !== other.latents || one.data !== other.data)
    return "the panes drew different amounts before: reset to pair them again";
  return undefined;
}
