/** The keys of the page, wherever the focus is. */
import { useEffect } from "preact/hooks";
import { LAYER_NAMES } from "./layers.ts";
import { elementToFocus, type Hotkey, keyToHotkey } from "./play/hotkeys.ts";
import type { Director } from "./state/director.ts";

type Act = {
  readonly [K in Hotkey["does"]]: (key: Extract<Hotkey, { does: K }>, director: Director) => void;
};

const ACT: Omit<Act, "help"> = {
  play: (_, director) => director.turn(),
  undo: (_, director) => director.undo(),
  reset: (_, director) => director.reset(),
  scale: (_, director) => director.scale(),
  phase: (_, director) => director.phase(),
  player: ({ player }, director) => director.player(player),
  step: ({ rounds }, director) => director.rounds(rounds),
  back: ({ rounds }, director) => director.back(rounds),
  layer: ({ place }, director) => director.layer(LAYER_NAMES[place]),
};

export function useHotkeys(director: Director, help: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const hotkey = keyToHotkey(event, elementToFocus(document.activeElement));
      if (!hotkey) return;
      event.preventDefault();
      if (hotkey.does === "help") help();
      else (ACT[hotkey.does] as (key: Hotkey, director: Director) => void)(hotkey, director);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [director, help]);
}
