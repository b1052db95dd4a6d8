/** Every tour, from its first step to its last, against networks that really train: what it claims is so. */
import { describe, expect, it } from "vitest";
import { shiftToValues } from "../../../src/lab/client/plane/shift/shift-values.ts";
import { checkedToText, stepToChecked } from "../../../src/lab/client/plane/tour-state.ts";
import { SCENE_NAMES } from "../../../src/lab/scenes/scene-names.ts";
import { SCENES } from "../../../src/lab/scenes/scenes.ts";
import { openBlindPage, pause } from "./blind-page.ts";

/** Readings and frames come a little after the rounds that they are of. */
const PATIENCE_MS = 6000;

describe("the tour of", () => {
  it.each(SCENE_NAMES)("%s keeps what it claims", async (name) => {
    const scene = SCENES[name];
    let theta = 0;
    const page = await openBlindPage(scene, {
      ...(scene.stage === "shift" && { more: () => ({ ...shiftToValues(theta) }) }),
      move: (to) => {
        theta = to;
      },
    });
    for (const [step, { title, actions = [] }] of scene.steps.entries()) {
      expect(await page.act(actions), `${title}: its actions end`).toBe(true);
      const until = performance.now() + PATIENCE_MS;
      const failing = () =>
        stepToChecked(scene, step, page.values())
          .filter(({ holds }) => !holds)
          .map((checked) => `${checked.claim.says} ${checkedToText(checked)}`);
      while (failing().length > 0 && performance.now() < until) await pause(20);
      expect(failing(), title).toEqual([]);
    }
  });
});
