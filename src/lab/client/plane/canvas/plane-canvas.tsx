/** The picture of one pane: drawn at each frame, with a cross that says what D gives there. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { boundsToView } from "../../../../plane/drawing/plane-drawing.js";
import type { PaneFacts } from "../../../protocol/plane-messages.ts";
import { useDirector } from "../use-plane.ts";
import { drawCurves } from "./draw-curves.ts";
import { drawPlane } from "./draw-plane.ts";
import { logitToProbability } from "./frame-facts.ts";
import { frameToScale } from "./heat-scale.ts";
import { canvasToContext, textToFloats } from "./pixels.ts";
import { currentPalette, onScheme } from "./theme.ts";
import { cellAt, fromPixels } from "./view.ts";

type Spot = readonly [number, number];

/** Of the plane's width, what an arrow key moves the cross by. */
const STEP = 1 / 40;

const ARROWS: Readonly<Record<string, Spot>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** @param place in pixels */
function drawCross(context: CanvasRenderingContext2D, [left, top]: Spot, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(left - 8, top);
  context.lineTo(left + 8, top);
  context.moveTo(left, top - 8);
  context.lineTo(left, top + 8);
  context.stroke();
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

const spotToText = ([x, y]: Spot, logit: number, { dimensions, isProbability }: PaneFacts): string => {
  const place = dimensions === 1 ? `x = ${short(x)}` : `(${short(x)}, ${short(y)})`;
  const output = `logit ${short(logit)}`;
  return `${place}: ${isProbability ? `D = ${logitToProbability(logit).toFixed(4)}, ` : ""}${output}`;
};

export function PlaneCanvas({ pane, facts }: { readonly pane: number; readonly facts: PaneFacts }) {
  const director = useDirector();
  const canvas = useRef<HTMLCanvasElement>(null);
  const spot = useRef<Spot | undefined>(undefined);
  const [, turn] = useState(0);
  const real = useMemo(() => textToFloats(facts.real), [facts.real]);
  const masses = useMemo(
    () => (facts.masses === undefined ? undefined : textToFloats(facts.masses)),
    [facts.masses],
  );
  const isLine = facts.dimensions === 1;
  useEffect(() => {
    const element = canvas.current!;
    const draw = () => {
      const context = canvasToContext(element);
      const frames = director.frames.of(pane);
      const palette = currentPalette();
      if (!frames) return;
      const { layers, scale } = director.store.current.wish;
      const { heatSide, manifoldSide, low, high } = facts;
      const { clientWidth: width, clientHeight: height } = element;
      const heatScale = frameToScale(frames.now, facts, scale, frames.reach);
      director.frames.keepReach(pane, heatScale.reach);
      const picture = {
        ...{ frames, real, heatSide, manifoldSide, layers, heatScale },
        ...(masses && { masses }),
      };
      director.painter.size = width;
      const view = boundsToView(facts, width);
      if (isLine) drawCurves({ context, palette, width, height }, picture, [low[0], high[0]]);
      else drawPlane({ context, view, palette }, picture);
      const cross = spot.current;
      if (cross) drawCross(context, [view.x(cross[0]), isLine ? height / 2 : view.y(cross[1])], palette.text);
    };
    const remove = director.painter.add(draw);
    const away = onScheme(() => director.painter.ask());
    const size = new ResizeObserver(() => director.painter.ask());
    size.observe(element);
    return () => {
      remove();
      away();
      size.disconnect();
    };
  }, [director, pane, facts, real]);

  const move = (next: Spot | undefined): void => {
    spot.current = next;
    director.painter.ask();
    turn((count) => count + 1);
  };
  const point = ({ offsetX, offsetY }: PointerEvent) =>
    move(fromPixels(facts, [canvas.current!.clientWidth, canvas.current!.clientHeight], offsetX, offsetY));
  const press = (event: KeyboardEvent) => {
    const by = Object.hasOwn(ARROWS, event.key) ? ARROWS[event.key] : undefined;
    if (!by) return;
    event.preventDefault();
    const { low, high } = facts;
    const from = spot.current ?? [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
    const along = (axis: 0 | 1): number =>
      Math.max(low[axis], Math.min(high[axis], from[axis] + by[axis] * STEP * (high[axis] - low[axis])));
    move([along(0), along(1)]);
  };
  const frames = director.frames.of(pane);
  const logit = spot.current && frames && cellAt(frames.now.heat, facts, facts.heatSide, spot.current);
  return (
    <div class={isLine ? "picture line" : "picture"} data-part="plane">
      <div
        class="canvas"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move a cross over the picture
        tabIndex={0}
        role="application"
        aria-roledescription="plane"
        aria-label={`${isLine ? "line" : "plane"} of pane ${pane + 1}: arrow keys move a cross that reads D`}
        onKeyDown={press}
      >
        <canvas
          ref={canvas}
          data-pane={pane}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={({ pointerType }: PointerEvent) => pointerType === "mouse" && move(undefined)}
        />
      </div>
      <output class="under-pointer" data-part="pointer">
        {spot.current && logit !== undefined
          ? spotToText(spot.current, logit, facts)
          : "Point at a place to read D there."}
      </output>
    </div>
  );
}
