/** A canvas with a chart of chart.js, drawn while it is on the screen. */
import type { ChartConfiguration } from "chart.js";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ChartLibrary, type DrawnChart } from "./chart-library.ts";

/** A chart is drawn before it is scrolled to. */
const MARGIN = "300px";

function useIsOnScreen(place: { readonly current: HTMLElement | null }): boolean {
  const [isOn, setIsOn] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => setIsOn(entries[entries.length - 1].isIntersecting),
      { rootMargin: MARGIN },
    );
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  return isOn;
}

export interface DrawingProps {
  readonly configuration: ChartConfiguration;
  /** Changes where a chart of another kind is to be drawn. */
  readonly kind: string;
  /** Ids of its title and caption. */
  readonly titleId: string;
  readonly captionId: string;
  readonly hidden?: ReadonlySet<number>;
  /** The chart as it is drawn, for what is laid over it. */
  readonly chart?: { current: DrawnChart | undefined };
  /** Laid over the chart. */
  readonly children?: ComponentChildren;
}

export function Drawing({ configuration, kind, titleId, captionId, hidden, chart, children }: DrawingProps) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<DrawnChart | undefined>(undefined);
  const drawnKind = useRef("");
  const isOn = useIsOnScreen(place);

  // Before what is laid over the chart asks it for places.
  useLayoutEffect(() => {
    if (!isOn) return;
    const { data, options = {} } = configuration;
    const old = drawn.current;
    const isOther = old === undefined || drawnKind.current !== kind;
    if (isOther) {
      old?.destroy();
      drawn.current = new ChartLibrary(canvas.current!, configuration);
      drawnKind.current = kind;
    }
    const now = drawn.current!;
    if (!isOther) {
      now.data = data;
      now.options = options;
    }
    for (let i = 0; i < data.datasets.length; i++) now.setDatasetVisibility(i, !hidden?.has(i));
    if (!isOther || hidden?.size) now.update("none");
    if (chart) chart.current = now;
  }, [configuration, kind, isOn, hidden]);
  useEffect(() => () => drawn.current?.destroy(), []);
  return (
    <div class="drawing" ref={place}>
      <canvas ref={canvas} role="img" aria-labelledby={titleId} aria-describedby={captionId} />
      {children}
    </div>
  );
}
