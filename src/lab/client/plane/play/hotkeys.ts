/** Keys of the page and what they do. */

export type Hotkey =
  | { readonly does: "play" | "undo" | "reset" | "scale" | "phase" | "help" }
  | { readonly does: "player"; readonly player: "discriminator" | "generator" }
  | { readonly does: "step" | "back"; readonly rounds: number }
  /** From 0. */
  | { readonly does: "layer"; readonly place: number };

/** As the help lists them. */
export const KEYS: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: "Space", does: "play or pause" },
  { keys: "→", does: "next round; with Shift ten" },
  { keys: "←", does: "back a round; with Shift ten" },
  { keys: "P", does: "next phase" },
  { keys: "D", does: "train D once" },
  { keys: "G", does: "train G once" },
  { keys: "1 to 8", does: "layers" },
  { keys: "L", does: "probability or logit" },
  { keys: "R", does: "reset: round 0 of the same seed" },
  { keys: "U", does: "undo the last change" },
  { keys: "?", does: "what is this?" },
];

const PLAIN: Readonly<Record<string, Hotkey>> = {
  " ": { does: "play" },
  p: { does: "phase" },
  d: { does: "player", player: "discriminator" },
  g: { does: "player", player: "generator" },
  l: { does: "scale" },
  r: { does: "reset" },
  u: { does: "undo" },
  "?": { does: "help" },
};

export interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** What has the focus and uses the key itself. */
export type Focus = "none" | "text" | "choice" | "button" | "plane";

const ARROWS: Readonly<Record<string, "step" | "back">> = { ArrowRight: "step", ArrowLeft: "back" };

/** Undefined for keys of the browser and of what has the focus. */
export function keyToHotkey(
  { key, shiftKey, ctrlKey, altKey, metaKey }: Pressed,
  focus: Focus,
): Hotkey | undefined {
  if (ctrlKey || altKey || metaKey || focus === "text") return undefined;
  if (Object.hasOwn(ARROWS, key))
    return focus === "none" || focus === "button"
      ? { does: ARROWS[key], rounds: shiftKey ? 10 : 1 }
      : undefined;
  if (key === " " && focus !== "none" && focus !== "plane") return undefined;
  if (/^[1-8]$/.test(key) && focus !== "choice") return { does: "layer", place: Number(key) - 1 };
  const name = key.toLowerCase();
  return focus !== "choice" && Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
}

/** Of the element that has the focus. */
export function elementToFocus(element: Element | null): Focus {
  if (!element) return "none";
  if (element.matches("[role=application]")) return "plane";
  if (element.matches("select, input[type=range], input[type=radio]")) return "choice";
  if (element.matches("input:not([type=checkbox]), textarea, [contenteditable]")) return "text";
  return element.matches("button, a, summary, input") ? "button" : "none";
}
