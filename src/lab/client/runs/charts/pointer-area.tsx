/** What is laid over a chart: the pointer's line, the stretch that is being zoomed to, and the keys that move both. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { DrawnChart } from "./chart-library.ts";

type Window = readonly [from: number, to: number];

export interface PointerAreaProps {
  readonly chart: { current: DrawnChart | undefined };
  /** Where the pointer is, on the x axis. */
  readonly at: number | undefined;
  readonly window: Window;
  readonly extent: Window;
  readonly label: string;
  /** What is under the pointer, in words. */
  readonly text: string;
  readonly onPoint: (x: number) => void;
  /** Somebody chose a place: a click, a tap, Enter. */
  readonly onChoose: (x: number) => void;
  /** Undefined: all of the axis. `isMoving`: it goes on. */
  readonly onZoom: (window: Window | undefined, isMoving: boolean) => void;
}

/** A shorter drag is a click. */
const LEAST_DRAG = 6;
const WHEEL_STEP = 1.25;

/** A window of another size about a place, within the whole. */
function zoomAbout([from, to]: Window, [low, high]: Window, at: number, factor: number): Window | undefined {
  const left = Math.max(low, at - (at - from) * factor);
  const right = Math.min(high, at + (to - at) * factor);
  if (left <= low && right >= high) return undefined;
  return right > left ? [left, right] : [from, to];
}

export function PointerArea(props: PointerAreaProps) {
  const { chart, at, window, extent, label, text, onPoint, onChoose, onZoom } = props;
  const area = useRef<HTMLDivElement>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const stretch = useRef<HTMLDivElement>(null);
  const [begun, setBegun] = useState<number>();
  const latest = useRef(props);
  latest.current = props;

  const toValue = (pixel: number): number => {
    const { chartArea, scales } = chart.current!;
    return scales.x.getValueForPixel(Math.max(chartArea.left, Math.min(chartArea.right, pixel)))!;
  };
  const toPixel = (event: PointerEvent | WheelEvent): number =>
    event.clientX - area.current!.getBoundingClientRect().left;

  // After the chart has been drawn: it knows where its axis lies.
  useEffect(() => {
    const line = cursor.current!;
    const drawn = chart.current;
    if (drawn === undefined || at === undefined || at < window[0] || at > window[1]) {
      line.hidden = true;
      return;
    }
    line.hidden = false;
    line.style.left = `${drawn.scales.x.getPixelForValue(at)}px`;
    line.style.top = `${drawn.chartArea.top}px`;
    line.style.height = `${drawn.chartArea.bottom - drawn.chartArea.top}px`;
  });
  const showStretch = (from: number, to: number): void => {
    const { chartArea } = chart.current!;
    const { style } = stretch.current!;
    style.left = `${Math.min(from, to)}px`;
    style.width = `${Math.abs(to - from)}px`;
    style.top = `${chartArea.top}px`;
    style.height = `${chartArea.bottom - chartArea.top}px`;
    stretch.current!.hidden = Math.abs(to - from) < LEAST_DRAG;
  };
  useEffect(() => {
    // A page that is scrolled past a chart is scrolled: only with Ctrl or Shift, as a pinch is told, a wheel zooms.
    const turn = (event: WheelEvent): void => {
      if (!(event.ctrlKey || event.shiftKey) || chart.current === undefined) return;
      event.preventDefault();
      const { window, extent, onZoom } = latest.current;
      const isIn = event.deltaY + event.deltaX < 0;
      onZoom(zoomAbout(window, extent, toValue(toPixel(event)), isIn ? 1 / WHEEL_STEP : WHEEL_STEP), true);
    };
    const element = area.current!;
    element.addEventListener("wheel", turn, { passive: false });
    return () => element.removeEventListener("wheel", turn);
  }, []);

  const move = (event: PointerEvent): void => {
    if (chart.current === undefined) return;
    const pixel = toPixel(event);
    onPoint(toValue(pixel));
    if (begun !== undefined) showStretch(begun, pixel);
  };
  const down = (event: PointerEvent): void => {
    if (chart.current === undefined || event.button !== 0) return;
    onPoint(toValue(toPixel(event)));
    if (event.pointerType !== "mouse") return;
    area.current!.setPointerCapture(event.pointerId);
    setBegun(toPixel(event));
  };
  const up = (event: PointerEvent): void => {
    if (chart.current === undefined) return;
    const pixel = toPixel(event);
    stretch.current!.hidden = true;
    const isDrag = begun !== undefined && Math.abs(pixel - begun) >= LEAST_DRAG;
    if (isDrag) {
      const [from, to] = [toValue(begun), toValue(pixel)];
      onZoom(from < to ? [from, to] : [to, from], false);
    } else onChoose(toValue(pixel));
    setBegun(undefined);
  };
  const press = (event: KeyboardEvent): void => {
    const [from, to] = window;
    const step = ((to - from) / 100) * (event.shiftKey ? 10 : 1);
    const here = at === undefined || at < from || at > to ? (from + to) / 2 : at;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => onPoint(Math.max(from, here - step)),
      ArrowRight: () => onPoint(Math.min(to, here + step)),
      Home: () => onPoint(from),
      End: () => onPoint(to),
      Enter: () => onChoose(here),
      "+": () => onZoom(zoomAbout(window, extent, here, 0.5), false),
      "=": () => onZoom(zoomAbout(window, extent, here, 0.5), false),
      "-": () => onZoom(zoomAbout(window, extent, here, 2), false),
      "0": () => onZoom(undefined, false),
      Escape: () => onZoom(undefined, false),
    };
    if (!Object.hasOwn(actions, event.key) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    actions[event.key]();
  };

  return (
    <div
      ref={area}
      class="pointer"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={window[0]}
      aria-valuemax={window[1]}
      aria-valuenow={Math.min(window[1], Math.max(window[0], at ?? window[0]))}
      aria-valuetext={text}
      title="drag to zoom; Ctrl and the wheel, or + and -, too; 0 shows all"
      onPointerMove={move}
      onPointerDown={down}
      onPointerUp={up}
      onPointerCancel={() => {
        stretch.current!.hidden = true;
        setBegun(undefined);
      }}
      onKeyDown={press}
    >
      <div ref={cursor} class="cursor" hidden />
      <div ref={stretch} class="stretch" hidden />
    </div>
  );
}
