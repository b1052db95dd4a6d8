/** The charts, drawn again at most twice a second. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Director } from "../state/director.ts";
import type { LabState } from "../state/lab-state.ts";
import type { Scale } from "../state/wish.ts";
import { useDirector } from "../use-plane.ts";
import { ChartBox, type ChartBoxProps } from "./chart-box.tsx";
import { type PlaneChart, panesToCharts } from "./plane-charts.ts";

const MOST_OFTEN_MS = 500;
const SEEK_MS = 80;
const APART_MS = 60;

/** What changes rows makes other charts; the state alone does not. */
const labToKey = ({ session, panes }: LabState): readonly unknown[] => [
  session,
  ...panes.flatMap(({ rows, readings, facts }) => [rows, readings, facts]),
];

function useCharts(lab: LabState, scale: Scale): readonly PlaneChart[] {
  const [charts, setCharts] = useState<readonly PlaneChart[]>(() => panesToCharts(lab.panes, scale));
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
      setCharts(panesToCharts(newest.current.panes, scale));
    };
    timer.current = setTimeout(draw, MOST_OFTEN_MS);
  });
  useEffect(() => {
    setCharts(panesToCharts(newest.current.panes, scale));
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [scale]);
  return charts;
}

/** Pointing at a round shows it for as long as the pointer stays; pressing goes there. */
function useLooking(director: Director): Pick<ChartBoxProps, "look" | "seek"> {
  return useMemo(() => {
    /** Where it stood when the pointer came. */
    let home: number | undefined;
    /** The director's moves after the last look: with more, the reader has gone elsewhere. */
    let moves = -1;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const go = (round: number): void => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        director.seek(round);
        moves = director.moves;
      }, SEEK_MS);
    };
    return {
      look(round) {
        const { lab, isSlow } = director.store.current;
        const state = lab.panes[0]?.state;
        if (round === undefined) {
          clearTimeout(waiting);
          if (home !== undefined && moves === director.moves) go(home);
          home = undefined;
          return;
        }
        if (lab.isPlaying || isSlow || lab.newest === 0 || state?.phase) return;
        if (moves !== director.moves) home = undefined;
        if (home === undefined) moves = director.moves;
        home ??= state?.round ?? 0;
        go(Math.min(round, lab.newest));
      },
      seek(round) {
        home = Math.min(round, director.store.current.lab.newest);
        go(home);
      },
    };
  }, [director]);
}

export function ChartsPanel({ lab, scale }: { readonly lab: LabState; readonly scale: Scale }) {
  const director = useDirector();
  const charts = useCharts(lab, scale);
  const { look, seek } = useLooking(director);
  return (
    <section class="charts" aria-label="charts">
      {charts.map((chart, i) => (
        <ChartBox key={chart.id} chart={chart} delay={i * APART_MS} look={look} seek={seek} />
      ))}
    </section>
  );
}
