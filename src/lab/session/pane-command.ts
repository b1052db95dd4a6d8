/** The shell command whose run a pane is. */
import type { OptionKind } from "../../options/kinds.ts";
import { TOY_ROUNDS } from "../../run-folder/length-options.ts";
import { wordToShell } from "../../shell-word.ts";
import type { PlaneOptions } from "../protocol/plane-messages.ts";
import { PANE_OPTIONS } from "./option-table.ts";
import { EVAL_EVERY, nameToFlag, optionsToData } from "./pane-options.ts";

function optionToWords(name: string, value: unknown): string[] {
  const flag = nameToFlag(name);
  const { kind } = PANE_OPTIONS[name].row as { readonly kind: OptionKind<unknown> };
  if (kind.isSwitch) return [value ? flag : flag.replace("--", "--no-")];
  return [flag, kind.toText ? kind.toText(value) : String(value)];
}

/** Words of the command: options that were given, the data in any case, and how many rounds. */
export function optionsToWords(options: PlaneOptions, rounds: number): string[] {
  const { rounds: asked, instanceNoise } = options;
  // Noise falls over the whole run: how long it is belongs to it.
  const whole = instanceNoise ? TOY_ROUNDS : Math.max(1, rounds);
  const given = { ...options, data: optionsToData(options), rounds: asked ?? whole };
  const order = Object.keys(PANE_OPTIONS).filter((name) => Object.hasOwn(given, name));
  const words = order.flatMap((name) => optionToWords(name, given[name as keyof typeof given]));
  return ["train", ...words, "--eval-every", String(EVAL_EVERY), "--threads", "1"];
}

/** To be pasted into a shell. Its folder is the next free one. */
export const optionsToCommand = (options: PlaneOptions, rounds: number): string =>
  ["gan-eval", ...optionsToWords(options, rounds)].map(wordToShell).join(" ");
