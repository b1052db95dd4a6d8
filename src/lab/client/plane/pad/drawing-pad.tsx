/** A pad to draw one's own data on, with a mouse, a pen or a finger. */
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { boundsToView, drawPoints } from "../../../../plane/drawing/plane-drawing.js";
import { saveFile } from "../../save-file.ts";
import { canvasToContext } from "../canvas/pixels.ts";
import { currentPalette, onScheme } from "../canvas/theme.ts";
import { fromPixels } from "../canvas/view.ts";
import { OwnPoints } from "./own-points.tsx";
import { changePad, EMPTY_PAD } from "./pad-state.ts";
import { type Place, pointsToCsv, strokesToPoints } from "./resample.ts";

const BOUNDS = { low: [-1.25, -1.25], high: [1.25, 1.25] } as const;
/** Points along a stroke of one unit. */
const PER_UNIT = 200;
const ERASER = 0.15;

export function DrawingPad() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pad, act] = useReducer(changePad, EMPTY_PAD);
  const [deviation, setDeviation] = useState(0.03);
  const [isErasing, setErasing] = useState(false);
  const points = strokesToPoints(pad.strokes, { spacing: 1 / PER_UNIT, deviation });
  const count = points.length / 2;

  useEffect(() => {
    const draw = () => {
      const element = canvas.current!;
      const context = canvasToContext(element);
      const palette = currentPalette();
      context.fillStyle = palette.ground;
      context.fillRect(0, 0, element.clientWidth, element.clientHeight);
      const view = boundsToView(BOUNDS, element.clientWidth);
      drawPoints(context, view, points, { colour: palette.real, radius: 1.6, opacity: 0.7 });
    };
    draw();
    return onScheme(draw);
  });

  const toPlace = ({ offsetX, offsetY }: PointerEvent): Place => {
    const { clientWidth, clientHeight } = canvas.current!;
    return fromPixels(BOUNDS, [clientWidth, clientHeight], offsetX, offsetY);
  };
  const move = (event: PointerEvent): void => {
    if (!pad.isDrawing) return;
    // A fast hand makes several events between two frames.
    const events = event.getCoalescedEvents?.() ?? [];
    const places = (events.length > 0 ? events : [event]).map(toPlace);
    act(isErasing ? { does: "erase", places, radius: ERASER } : { does: "draw", places });
  };
  const press = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    canvas.current!.setPointerCapture(event.pointerId);
    const place = toPlace(event);
    if (!isErasing) act({ does: "begin", place });
    else {
      act({ does: "press" });
      act({ does: "erase", places: [place], radius: ERASER });
    }
  };
  return (
    <section class="pad box" data-part="pad" aria-labelledby="pad-title">
      <h3 id="pad-title">Draw your own data</h3>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`drawing pad with ${count} points`}
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={() => act({ does: "end" })}
        onPointerCancel={() => act({ does: "end" })}
      />
      <div class="row">
        <button type="button" aria-pressed={isErasing} onClick={() => setErasing(!isErasing)}>
          Eraser
        </button>
        <button type="button" disabled={pad.past.length === 0} onClick={() => act({ does: "undo" })}>
          Undo a stroke
        </button>
        <button type="button" disabled={count === 0} onClick={() => act({ does: "clear" })}>
          Clear
        </button>
      </div>
      <label class="row">
        Width of the brush
        <input
          type="range"
          min="0.005"
          max="0.15"
          step="0.005"
          value={deviation}
          onInput={({ currentTarget }) => setDeviation(Number(currentTarget.value))}
        />
      </label>
      <OwnPoints toDrawn={count === 0 ? undefined : () => pointsToCsv(points)} />
      <div class="row">
        <button
          type="button"
          disabled={count === 0}
          onClick={() => saveFile("points.csv", new Blob([pointsToCsv(points)], { type: "text/csv" }))}
        >
          Save {count.toLocaleString("en-US")} points as CSV
        </button>
      </div>
    </section>
  );
}
