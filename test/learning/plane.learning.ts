/** The plane raises no alarm over a game that goes well: five seeds, 3,000 rounds each. */
import { expect, it } from "vitest";
import { openBlindPage, pause } from "../lab/scenes/blind-page.ts";

it.each(["1", "2", "3", "4", "5"])(
  "a sound game of two blobs has no verdict at any time, seed %s",
  async (seed) => {
    const page = await openBlindPage({
      panes: [{ data: "two-gaussians", model: "gan", packing: "2", seed }],
      layers: "rf",
    });
    for (let round = 500; round <= 3000; round += 500) {
      expect(await page.act([{ kind: "play-to", round }])).toBe(true);
      const judged = () => page.store.current.lab.panes[0].judged;
      while (judged()?.round !== round) await pause(20);
      const bad = judged()!.verdicts.filter(
        ({ severity }) => severity === "failure" || severity === "warning",
      );
      expect(bad, `round ${round}`).toEqual([]);
    }
  },
);
