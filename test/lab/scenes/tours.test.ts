/** Every tour, from its first step to its last, against networks that really train: what it claims is so. */
import { afterEach, describe, expect, it } from "vitest";
import { frameToFacts } from "../../../src/lab/client/plane/canvas/frame-facts.ts";
import { layersToAsked, lettersToLayers } from "../../../src/lab/client/plane/layers.ts";
import { shiftToValues } from "../../../src/lab/client/plane/shift/shift-values.ts";
import { wishedToOptions } from "../../../src/lab/client/plane/state/options.ts";
import { PlaneStore } from "../../../src/lab/client/plane/state/store.ts";
import { checkedToText, doActions, stepToChecked } from "../../../src/lab/client/plane/tour-state.ts";
import { currentValues, type ShownValues } from "../../../src/lab/client/plane/values.ts";
import { bytesToFrame } from "../../../src/lab/protocol/frame-codec.ts";
import type { ToLab } from "../../../src/lab/protocol/plane-messages.ts";
import { SCENE_NAMES, type SceneName } from "../../../src/lab/scenes/scene-names.ts";
import { SCENES } from "../../../src/lab/scenes/scenes.ts";
import { openPlaneSession, type PlaneSession } from "../../../src/lab/session/open-plane-session.ts";
import { parseToLab } from "../../../src/lab/session/parse-to-lab.ts";

const open: PlaneSession[] = [];
afterEach(async () => {
  for (const session of open.splice(0)) await session.close();
});

const pause = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

/** A page without a screen: it hears, draws nothing, and says what a page says. */
function openPage(name: SceneName) {
  const scene = SCENES[name];
  const store = new PlaneStore();
  let theta = 0;
  const session = openPlaneSession(
    {
      message: (message) => {
        if (message.kind === "error") throw new Error(JSON.stringify(message));
        store.hear(message);
      },
      frame: (bytes) => {
        const frame = bytesToFrame(bytes.slice().buffer);
        const drawn = [...store.current.drawn];
        drawn[frame.pane] = frameToFacts(frame, store.current.lab.panes[frame.pane].facts);
        store.put({ drawn });
        if (frame.pane === scene.panes.length - 1) send({ kind: "drawn", sequence: frame.sequence });
      },
    },
    { folder: ".", isReadOnly: true },
  );
  open.push(session);
  const send = (message: ToLab) => session.receive(parseToLab(JSON.parse(JSON.stringify(message)), "."));
  const values = (): ShownValues => ({
    ...currentValues(store.current),
    ...(scene.stage === "shift" && shiftToValues(theta)),
  });
  const [first, second] = scene.panes.map((pane) => wishedToOptions(pane));
  send({ kind: "open", panes: second ? [first, { ...first, ...second }] : [first] });
  send({ kind: "speed", roundsPerSecond: 0 });
  send({ kind: "layers", asked: layersToAsked(lettersToLayers(scene.layers)!) });
  return {
    store,
    values,
    /** Until every claim holds, or a few seconds have passed. */
    async take(step: number) {
      const { actions = [], title } = scene.steps[step];
      const until = performance.now() + 60_000;
      const isLeft = () => performance.now() > until;
      await doActions(actions, { values, send, move: (to) => (theta = to), pause, isLeft });
      expect(isLeft(), `${title}: its actions end`).toBe(false);
      const patience = performance.now() + 4000;
      const check = () => stepToChecked(scene, step, values());
      while (check().some(({ holds }) => !holds) && performance.now() < patience) await pause(20);
      return check().map((checked) => ({
        says: checked.claim.says,
        is: checkedToText(checked),
        holds: checked.holds,
      }));
    },
  };
}

describe("the tour of", () => {
  it.each(SCENE_NAMES)("%s keeps what it claims", async (name) => {
    const page = openPage(name);
    while (page.store.current.lab.session === 0) await pause();
    for (const [step, { title }] of SCENES[name].steps.entries()) {
      const claims = await page.take(step);
      if (process.env.SHOW_CLAIMS) console.log(name, step, title, JSON.stringify(claims));
      else
        expect(
          claims.filter(({ holds }) => !holds),
          title,
        ).toEqual([]);
    }
  });
});
