/** A tour: what a step says, what it does, and the numbers that it is held to. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ToLab } from "../../protocol/plane-messages.ts";
import type { Scene } from "../../scenes/scene.ts";
import { SCENE_NAMES, type SceneName } from "../../scenes/scene-names.ts";
import { SCENES } from "../../scenes/scenes.ts";
import { sceneToAddress } from "./scene-address.ts";
import { ShiftStage } from "./shift/shift-stage.tsx";
import { shiftToValues } from "./shift/shift-values.ts";
import type { PlaneStore } from "./state/store.ts";
import { checkedToText, doActions, stepToChecked } from "./tour-state.ts";
import { currentValues, type ShownValues } from "./values.ts";

interface TourProps {
  readonly store: PlaneStore;
  readonly send: (message: ToLab) => void;
}

const isScene = (name: string | undefined): name is SceneName =>
  (SCENE_NAMES as readonly (string | undefined)[]).includes(name);

/** Every scene, as links that begin it. */
export function SceneList({ current }: { readonly current?: string }) {
  return (
    <ol class="scenes">
      {SCENE_NAMES.map((name) => (
        <li key={name}>
          <a href={sceneToAddress(name)} aria-current={name === current ? "page" : undefined}>
            {SCENES[name].title}
          </a>
          <span class="muted"> {SCENES[name].about}</span>
        </li>
      ))}
    </ol>
  );
}

/** Opens what is folded around an element, and marks it. */
function pointAt(element: HTMLElement): void {
  for (let at = element.closest("details"); at; at = at.parentElement?.closest("details") ?? null)
    at.open = true;
  element.dataset.pointed = "";
}

/** Marks the parts of the page that a step speaks of, also those that come later. */
function usePointing(parts: readonly string[]): void {
  const marked = useRef(new Set<HTMLElement>());
  const names = parts.join(" ");
  useEffect(() => {
    for (const name of parts)
      for (const element of document.querySelectorAll<HTMLElement>(`[data-part="${CSS.escape(name)}"]`)) {
        if (marked.current.has(element)) continue;
        marked.current.add(element);
        pointAt(element);
      }
  });
  useEffect(
    () => () => {
      for (const element of marked.current) delete element.dataset.pointed;
      marked.current.clear();
    },
    [names],
  );
}

const POLL_MS = 60;
/** Longer than any action of a tour: what is not done by then was changed by the reader. */
const MOST_MS = 120_000;

/** Does a step's actions one after the other; each step once. */
function useActions(
  scene: Scene,
  step: number,
  { store, send }: TourProps,
  move: (theta: number) => void,
): boolean {
  const done = useRef(-1);
  const [isBusy, setBusy] = useState(false);
  const session = store.current.lab.session;
  useEffect(() => {
    const { actions = [] } = scene.steps[step];
    if (session === 0 || step <= done.current) return;
    done.current = step;
    if (actions.length === 0) return;
    let isLeft = false;
    const until = performance.now() + MOST_MS;
    setBusy(true);
    doActions(actions, {
      values: () => currentValues(store.current),
      send,
      move,
      pause: () => new Promise((resolve) => setTimeout(resolve, POLL_MS)),
      isLeft: () => isLeft || performance.now() > until,
    }).then(() => isLeft || setBusy(false));
    return () => {
      isLeft = true;
    };
  }, [scene, step, session, store, send, move]);
  return isBusy;
}

function Claims({
  scene,
  step,
  values,
  isBusy,
}: {
  readonly scene: Scene;
  readonly step: number;
  readonly values: ShownValues;
  readonly isBusy: boolean;
}) {
  return (
    <ul class="claims">
      {stepToChecked(scene, step, values).map((checked) => (
        <li key={checked.claim.says} data-holds={String(checked.holds)}>
          <span class="sign" aria-hidden="true">
            {checked.holds ? "✓" : isBusy ? "…" : "–"}
          </span>{" "}
          {checked.claim.says} <output class="number">{checkedToText(checked)}</output>
          <span class="hidden">
            {checked.holds ? " (so it is)" : isBusy ? " (in progress)" : " (not now)"}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Steps({ name, ...props }: TourProps & { readonly name: SceneName }) {
  const scene: Scene = SCENES[name];
  const [step, setStep] = useState(0);
  const [, redraw] = useState(0);
  const [theta, setTheta] = useState(0);
  const { store } = props;
  useEffect(() => store.subscribe(() => redraw((count) => count + 1)), [store]);
  const isBusy = useActions(scene, step, props, setTheta);
  const { title, text, parts, commands = [] } = scene.steps[step];
  usePointing(parts);
  const shift = scene.stage === "shift" ? shiftToValues(theta) : undefined;
  const values = { ...currentValues(store.current), ...shift };
  const following = SCENE_NAMES[SCENE_NAMES.indexOf(name) + 1];
  const isLast = step === scene.steps.length - 1;
  return (
    <>
      <p class="muted">
        {scene.title}, step {step + 1} of {scene.steps.length}
      </p>
      <div aria-live="polite">
        <h3>{title}</h3>
        <p>{text}</p>
        {commands.map((command) => (
          <pre key={command}>
            <code>{command}</code>
          </pre>
        ))}
      </div>
      {shift && <ShiftStage values={shift} onMove={setTheta} />}
      <Claims scene={scene} step={step} values={values} isBusy={isBusy} />
      <p class="buttons">
        <button type="button" disabled={step === 0} onClick={() => setStep(step - 1)}>
          Previous
        </button>
        {isLast ? (
          following && <a href={sceneToAddress(following)}>Next scene: {SCENES[following].title}</a>
        ) : (
          // Not disabled while it is busy: it would lose the focus.
          <button
            type="button"
            class="strong"
            aria-disabled={isBusy}
            onClick={() => !isBusy && setStep(step + 1)}
          >
            Next
          </button>
        )}
      </p>
    </>
  );
}

/** The tour that the address names. */
export function Tour(props: TourProps) {
  const { tour } = props.store.current.wish;
  if (!isScene(tour)) return tour === undefined ? null : <p role="alert">There is no tour called {tour}.</p>;
  return (
    <section class="tour box" data-part="tour" aria-label="tour">
      <Steps key={tour} name={tour} {...props} />
      <details>
        <summary>All scenes</summary>
        <SceneList current={tour} />
      </details>
    </section>
  );
}
