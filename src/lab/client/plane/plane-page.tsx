/** The page of the plane: two networks at work on points, live. */
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { ToPage } from "../../protocol/plane-messages.ts";
import type { Connection } from "../socket.ts";
import { LogitHistogram } from "./canvas/logit-histogram.tsx";
import { ChartsPanel } from "./charts/charts-panel.tsx";
import { SettingsPanel } from "./controls/settings-panel.tsx";
import { DrawingPad } from "./pad/drawing-pad.tsx";
import { AloneButtons } from "./panels/alone-buttons.tsx";
import { CommandPanel, CopyButton } from "./panels/command-panel.tsx";
import { Legend } from "./panels/legend.tsx";
import { LiveSummary } from "./panels/live-summary.tsx";
import { NumbersBar } from "./panels/numbers-bar.tsx";
import { PairsBar } from "./panels/pairs-bar.tsx";
import { PanesView } from "./panels/panes-view.tsx";
import { ReadingsPanel } from "./panels/readings-panel.tsx";
import { VerdictsPanel } from "./panels/verdicts-panel.tsx";
import { WhatIsThis } from "./panels/what-is-this.tsx";
import { AlgorithmPanel } from "./play/algorithm-panel.tsx";
import { Branches } from "./play/branches.tsx";
import { PlayBar } from "./play/play-bar.tsx";
import { RoundBar } from "./play/round-bar.tsx";
import { Director } from "./state/director.ts";
import { SceneList, Tour } from "./tour.tsx";
import { useHotkeys } from "./use-hotkeys.ts";
import { DirectorContext, usePlaneState } from "./use-plane.ts";

const NARROW = matchMedia("(max-width: 900px)");

function useNarrow(): boolean {
  const [isNarrow, set] = useState(NARROW.matches);
  useEffect(() => {
    const turn = () => set(NARROW.matches);
    NARROW.addEventListener("change", turn);
    return () => NARROW.removeEventListener("change", turn);
  }, []);
  return isNarrow;
}

/** On a phone the controls are folded. */
function Fold({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const open = <>{children}</>;
  return useNarrow() ? (
    <details class="fold">
      <summary>{title}</summary>
      {children}
    </details>
  ) : (
    open
  );
}

function useDirectorOf(connection: Connection): Director {
  const director = useMemo(() => new Director(connection), [connection]);
  useEffect(() => {
    connection.listen({
      opened: () => director.opened(),
      message: (message) => director.hear(message as ToPage),
      frame: (bytes) => director.take(bytes),
    });
    const see = () => director.hidden(document.hidden);
    document.addEventListener("visibilitychange", see);
    return () => {
      document.removeEventListener("visibilitychange", see);
      director.close();
      connection.listen(undefined);
    };
  }, [connection, director]);
  return director;
}

export function PlanePage({ connection }: { readonly connection: Connection }) {
  const director = useDirectorOf(connection);
  const { lab, wish, complaints, asked, isSlow, goal } = usePlaneState(director);
  const [asks, setAsks] = useState(false);
  const isNarrow = useNarrow();
  const close = useCallback(() => setAsks(false), []);
  const turnHelp = useCallback(() => setAsks((before) => !before), []);
  useHotkeys(director, turnHelp);
  const [pane] = lab.panes;
  const tour = wish.tour !== undefined && <Tour store={director.store} send={director.tell} />;
  const verdicts = !wish.hide.includes("readings") && <VerdictsPanel panes={lab.panes} />;
  const beside = pane && (
    <div class={lab.panes.length > 1 ? "beside pair" : "beside"}>
      <Legend facts={pane.facts} wish={wish} size={director.painter.size} />
      {lab.panes.length === 1 && <LogitHistogram pane={0} />}
      {lab.panes.length === 1 && verdicts}
    </div>
  );
  const hides = (name: string): boolean => wish.hide.includes(name);
  const isBeside =
    asked !== undefined && (asked === "export" || pane?.facts.settings.some(({ name }) => name === asked));
  return (
    <DirectorContext.Provider value={director}>
      <div class="plane-page">
        <div class="heading">
          <h2 tabIndex={-1}>Plane</h2>
          {!hides("pairs") && pane && <PairsBar lab={lab} wish={wish} />}
          <span class="tools">
            <span data-part="address">
              <CopyButton text={() => location.href} label="Copy the address" />
            </span>
            <button
              type="button"
              data-part="keys"
              aria-pressed={asks}
              aria-keyshortcuts="?"
              onClick={turnHelp}
            >
              What is this?
            </button>
          </span>
        </div>
        {complaints.length > 0 && (
          <div class="complaints" role="alert">
            <p>Not all of the address was understood. The rest applies.</p>
            <ul>
              {complaints.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          </div>
        )}
        {lab.error && !isBeside && (
          <p class="said" role="alert">
            {lab.error.message} {lab.error.hint}
          </p>
        )}
        {pane ? (
          <div class="columns">
            <div class="stage">
              <div class={lab.panes.length > 1 ? "scene pair" : "scene"}>
                <PanesView lab={lab} drawn={director.store.current.drawn} />
                {!isNarrow && beside}
              </div>
              <RoundBar lab={lab} goal={goal} />
              <NumbersBar panes={lab.panes} />
              <PlayBar lab={lab} wish={wish} isSlow={isSlow} />
              {isNarrow && tour}
              {isNarrow && beside}
              {!hides("readings") && (
                <div class="two">
                  {lab.panes.length > 1 && verdicts}
                  <ReadingsPanel panes={lab.panes} />
                </div>
              )}
              {!hides("charts") && <ChartsPanel lab={lab} scale={wish.scale} />}
            </div>
            <aside class="desk" aria-label="controls">
              {isNarrow ? undefined : tour}
              {wish.tour === undefined && (
                <details class="scenes-list" data-part="scenes">
                  <summary>Scenes: short tours</summary>
                  <SceneList />
                </details>
              )}
              {!hides("algorithm") && (
                <Fold title="The algorithm">
                  <AlgorithmPanel facts={pane.facts} state={pane.state} />
                </Fold>
              )}
              {!hides("branches") && <Branches lab={lab} />}
              <Fold title="Settings">
                <SettingsPanel panes={lab.panes} hide={wish.hide} asked={asked} error={lab.error} />
                <AloneButtons />
              </Fold>
              {!hides("command") && (
                <Fold title="Command and export">
                  <CommandPanel lab={lab} asked={asked} />
                </Fold>
              )}
              {!hides("pad") && (
                <Fold title="Draw your own data">
                  <DrawingPad />
                </Fold>
              )}
            </aside>
          </div>
        ) : (
          <p class="muted">{lab.error ? "Nothing is open." : "Opening the plane."}</p>
        )}
        <LiveSummary lab={lab} />
        {asks && <WhatIsThis settings={pane?.facts.settings ?? []} close={close} />}
      </div>
    </DirectorContext.Provider>
  );
}
