/** The address that begins a scene. */
import type { SceneName } from "../../scenes/scene-names.ts";
import { SCENES } from "../../scenes/scenes.ts";
import { lettersToLayers } from "./layers.ts";
import { wishToHash } from "./state/address.ts";
import { FIRST_WISH } from "./state/wish.ts";

export function sceneToAddress(name: SceneName): string {
  const { panes, layers } = SCENES[name];
  return wishToHash({ ...FIRST_WISH, panes, layers: lettersToLayers(layers)!, tour: name });
}
