/** The charts, drawn again at most twice a second. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { LabState } from "../state/lab-state.ts";
import { useDirector } from "../use-plane.ts";
import { ChartBox } from "./chart-box.tsx";
import { type PlaneChart, panesToCharts } from "./plane-charts.ts";

const MOST_OFTEN_MS = 500;
const SEEK_MS = 80;
const APART_MS = 60;

/** What changes rows makes other charts; the state alone does not. */
const labToKey = ({ session, panes }: LabState): readonly unknown[] => [
  session,
  ...panes.flatMap(({ rows, readings, facts }) => [rows, readings, facts]),
];

function useCharts(lab: LabState): readonly PlaneChart[] {
  const [charts, setCharts] = useState<readonly PlaneChart[]>(() => panesToCharts(lab.panes));
  const newest = useRef(lab);
  const drawn = useRef<readonly unknown[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  newest.current = lab;
  useEffect(() => {
    const key = labToKey(lab);
    const isSame = key.length === drawn.current.length && key.every((part, i) => part === drawn.current[i]);
    if (isSame || timer.current !== undefined) return;
    const draw = () => {
      timer.current = undefined;
      if (document.hidden) return;
      drawn.current = labToKey(newest.current);
      setCharts(panesToCharts(newest.current.panes));
    };
    timer.current = setTimeout(draw, MOST_OFTEN_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return charts;
}

export function ChartsPanel({ lab }: { readonly lab: LabState }) {
  const director = useDirector();
  const charts = useCharts(lab);
  /** Where it stood when the pointer came. */
  const home = useRef<number | undefined>(undefined);
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const go = useRef((round: number): void => {
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => director.seek(round), SEEK_MS);
  });
  const look = useRef((round: number | undefined): void => {
    const { lab: now, isSlow } = director.store.current;
    const state = now.panes[0]?.state;
    if (now.isPlaying || isSlow || now.newest === 0 || state?.phase) return;
    if (round === undefined) {
      if (home.current !== undefined) go.current(home.current);
      home.current = undefined;
    } else {
      home.current ??= state?.round ?? 0;
      go.current(Math.min(round, now.newest));
    }
  });
  const seek = useRef((round: number): void => {
    const most = director.store.current.lab.newest;
    home.current = Math.min(round, most);
    go.current(home.current);
  });
  return (
    <section class="charts" aria-label="charts">
      {charts.map((chart, i) => (
        <ChartBox key={chart.id} chart={chart} delay={i * APART_MS} look={look.current} seek={seek.current} />
      ))}
    </section>
  );
}
