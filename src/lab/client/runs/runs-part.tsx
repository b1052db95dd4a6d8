/** Runs and sweeps: the table, or the page of one, as the address says. */
import { useEffect, useMemo, useReducer, useState } from "preact/hooks";
import type { Connection } from "../socket.ts";
import {
  type ChartSettings,
  hashToPart,
  hashToSettings,
  type Part,
  settingsToHash,
  settingsToView,
} from "./address.ts";
import { ComparePage } from "./compare/compare-page.tsx";
import { GatePage } from "./gate/gate-page.tsx";
import { LiveStore } from "./live-store.ts";
import { RunPage } from "./run/run-page.tsx";
import { SweepPage } from "./sweep/sweep-page.tsx";
import { RunsTable } from "./table/runs-table.tsx";

/** How a change of the settings stands in the history: `replaced` while something is dragged. */
export type SetSettings = (change: Partial<ChartSettings>, how?: "replaced" | "added") => void;

const partToKey = (hash: string): string => JSON.stringify(hashToPart(hash));

const partToWish = (part: Part) =>
  part.kind === "run" ? { run: part.id } : part.kind === "compare" ? { compare: part.ids } : {};

function Shown({
  store,
  part,
  settings,
  set,
}: {
  readonly store: LiveStore;
  readonly part: Part;
  readonly settings: ChartSettings;
  readonly set: SetSettings;
}) {
  if (part.kind === "run") return <RunPage store={store} id={part.id} settings={settings} set={set} />;
  if (part.kind === "compare")
    return <ComparePage store={store} ids={part.ids} settings={settings} set={set} />;
  if (part.kind === "sweep") return <SweepPage store={store} id={part.id} />;
  if (part.kind === "gate") return <GatePage store={store} id={part.id} />;
  return <RunsTable store={store} />;
}

function OpenPart({ store, hash }: { readonly store: LiveStore; readonly hash: string }) {
  const key = partToKey(hash);
  const part = useMemo(() => hashToPart(hash), [key]);
  const [settings, setSettings] = useState(() => hashToSettings(hash));
  useEffect(() => store.show(partToWish(part), settingsToView(settings)), [store]);
  const take = (next: ChartSettings): void => {
    setSettings(next);
    store.setView(settingsToView(next));
  };
  // Back and forward, and addresses that somebody types: what is no other part is other settings.
  useEffect(() => {
    const turn = (): void => {
      if (partToKey(location.hash) === key) take(hashToSettings(location.hash));
    };
    addEventListener("popstate", turn);
    return () => removeEventListener("popstate", turn);
  }, [key, store]);
  const set: SetSettings = (change, how = "replaced") => {
    const next = { ...settings, ...change };
    take(next);
    const address = settingsToHash(location.hash, next);
    if (address === location.hash) return;
    if (how === "added") history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  };
  return <Shown store={store} part={part} settings={settings} set={set} />;
}

export function RunsPart({ connection, hash }: { readonly connection: Connection; readonly hash: string }) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const store = useMemo(() => new LiveStore(connection, () => redraw(undefined)), [connection]);
  useEffect(() => store.open(), [store]);
  // Another part of the page begins anew; other settings of its charts do not.
  return <OpenPart key={partToKey(hash)} store={store} hash={hash} />;
}
