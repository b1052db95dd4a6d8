/** A page without a screen: it hears the lab, draws nothing, and says what a page says. */
import { afterEach } from "vitest";
import { frameToFacts } from "../../../src/lab/client/plane/canvas/frame-facts.ts";
import { layersToAsked, lettersToLayers } from "../../../src/lab/client/plane/layers.ts";
import { wishedToOptions } from "../../../src/lab/client/plane/state/options.ts";
import { PlaneStore } from "../../../src/lab/client/plane/state/store.ts";
import { doActions } from "../../../src/lab/client/plane/tour-state.ts";
import { currentValues, type ShownValues } from "../../../src/lab/client/plane/values.ts";
import { bytesToFrame } from "../../../src/lab/protocol/frame-codec.ts";
import type { ToLab } from "../../../src/lab/protocol/plane-messages.ts";
import type { Action, Scene } from "../../../src/lab/scenes/scene.ts";
import { openPlaneSession, type PlaneSession } from "../../../src/lab/session/open-plane-session.ts";
import { parseToLab } from "../../../src/lab/session/parse-to-lab.ts";

const open: PlaneSession[] = [];
afterEach(async () => {
  for (const session of open.splice(0)) await session.close();
});

export const pause = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Longer than a step takes on a machine that does other things as well. */
const MOST_MS = 90_000;

export interface BlindPage {
  readonly store: PlaneStore;
  readonly values: () => ShownValues;
  readonly send: (message: ToLab) => void;
  /** @returns whether they came to their end */
  readonly act: (actions: readonly Action[]) => Promise<boolean>;
}

/**
 * @param more numbers that are on the screen beside those of the plane
 * @param move what moves the handle of the stage of two distributions
 */
export async function openBlindPage(
  { panes, layers }: Pick<Scene, "panes" | "layers">,
  {
    folder = ".",
    more = () => ({}),
    move = () => {},
  }: {
    readonly folder?: string;
    readonly more?: () => ShownValues;
    readonly move?: (theta: number) => void;
  } = {},
): Promise<BlindPage> {
  const store = new PlaneStore();
  const errors: string[] = [];
  const session = openPlaneSession(
    {
      message: (message) => {
        if (message.kind === "error") errors.push(JSON.stringify(message));
        store.hear(message);
      },
      frame: (bytes) => {
        const frame = bytesToFrame(bytes.slice().buffer);
        const drawn = [...store.current.drawn];
        drawn[frame.pane] = frameToFacts(frame, store.current.lab.panes[frame.pane].facts);
        store.put({ drawn });
        if (frame.pane === panes.length - 1) send({ kind: "drawn", sequence: frame.sequence });
      },
    },
    { folder, isReadOnly: folder === "." },
  );
  open.push(session);
  const send = (message: ToLab) => session.receive(parseToLab(JSON.parse(JSON.stringify(message)), "."));
  const values = (): ShownValues => ({ ...currentValues(store.current), ...more() });
  const [first, second] = panes.map((pane) => wishedToOptions(pane));
  send({ kind: "open", panes: second ? [first, { ...first, ...second }] : [first] });
  send({ kind: "speed", roundsPerSecond: 0 });
  send({ kind: "layers", asked: layersToAsked(lettersToLayers(layers)!) });
  const check = () => {
    if (errors.length > 0) throw new Error(errors.join("\n"));
  };
  while (store.current.lab.session === 0) {
    check();
    await pause();
  }
  return {
    store,
    values,
    send,
    async act(actions) {
      const until = performance.now() + MOST_MS;
      const isLeft = () => performance.now() > until;
      await doActions(actions, { values, send, move, pause, isLeft });
      check();
      return !isLeft();
    },
  };
}
