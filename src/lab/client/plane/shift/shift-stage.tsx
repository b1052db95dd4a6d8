/** Two round clouds, a handle that moves one of them, and what three divergences make of the distance. */
import { useEffect, useRef } from "preact/hooks";
import { shiftToDivergences } from "../../../../plane/exact/shift.ts";
import { nameToColour } from "../../../../reports/charts/chart-runtime.js";
import { PALETTES } from "../../palettes.js";
import { REAL, type ShiftValues, shiftFakes } from "./shift-values.ts";

const MOST_THETA = 10;
const POINTS = 200;
/** Deviations that are shown on either side of both clouds. */
const ROOM = 3.2;

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Drawn anew when the handle moves, and when its size or the scheme changes. */
function Clouds({ theta }: { readonly theta: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    const paint = () => {
      const { clientWidth: width, clientHeight: height } = element;
      const density = devicePixelRatio || 1;
      element.width = Math.round(width * density);
      element.height = Math.round(height * density);
      const context = element.getContext("2d")!;
      context.scale(density, density);
      drawClouds(theta, context, width, height, PALETTES[dark.matches ? "dark" : "light"] as never);
    };
    const sizes = new ResizeObserver(paint);
    sizes.observe(element);
    dark.addEventListener("change", paint);
    return () => {
      sizes.disconnect();
      dark.removeEventListener("change", paint);
    };
  }, [theta]);
  return (
    <canvas
      ref={canvas}
      class="clouds"
      role="img"
      aria-label={`two clouds of points, ${theta.toFixed(2)} deviations apart`}
    />
  );
}

function drawClouds(
  theta: number,
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  palette: never,
): void {
  const unit = width / (MOST_THETA + 2 * ROOM);
  const fakes = shiftFakes(theta);
  for (const [points, colour] of [
    [REAL, "$real/0.7"],
    [fakes, "$generated/0.7"],
  ] as const) {
    context.fillStyle = nameToColour(colour, palette);
    for (let i = 0; i < POINTS; i++) {
      context.beginPath();
      context.arc((points[2 * i] + ROOM) * unit, height / 2 - points[2 * i + 1] * unit, 2, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

interface Curve {
  readonly key: "js" | "kl" | "wasserstein";
  readonly title: string;
  readonly most: number;
  readonly trained?: "shift.trained_js" | "shift.trained_wasserstein";
}

const CURVES: readonly Curve[] = [
  { key: "js", title: "Jensen-Shannon divergence, nats", most: 0.8, trained: "shift.trained_js" },
  { key: "kl", title: "Kullback-Leibler divergence, nats", most: 50 },
  {
    key: "wasserstein",
    title: "Wasserstein distance, deviations",
    most: 10,
    trained: "shift.trained_wasserstein",
  },
];

function CurveOf({ curve, values }: { readonly curve: Curve; readonly values: ShiftValues }) {
  const { key, title, most, trained } = curve;
  const [width, height] = [200, 90];
  const x = (theta: number) => (width * theta) / MOST_THETA;
  const y = (value: number) => height - (height * Math.min(value, most)) / most;
  const places = Array.from({ length: 101 }, (_, i) => (MOST_THETA * i) / 100);
  const path = places.map((theta) => `${x(theta)},${y(shiftToDivergences(theta)[key])}`).join(" ");
  const here = values[`shift.${key}`];
  const theta = values["shift.theta"];
  const estimate = trained && values[trained];
  return (
    <figure>
      <svg
        viewBox={`-6 -6 ${width + 12} ${height + 12}`}
        role="img"
        aria-label={`${title}: ${here.toFixed(4)} at ${theta.toFixed(2)} deviations`}
      >
        <line x1="0" x2={width} y1={height} y2={height} class="axis" />
        <polyline points={path} class="curve" />
        <circle cx={x(theta)} cy={y(here)} r="4" class="here" />
        {estimate !== undefined && <circle cx={x(theta)} cy={y(estimate)} r="6" class="estimate" />}
      </svg>
      <figcaption>
        {title} <b>{here.toFixed(4)}</b>
        {estimate !== undefined && <span class="muted">, trained: {estimate.toFixed(3)}</span>}
      </figcaption>
    </figure>
  );
}

export function ShiftStage({
  values,
  onMove,
}: {
  readonly values: ShiftValues;
  readonly onMove: (theta: number) => void;
}) {
  const theta = values["shift.theta"];
  return (
    <div class="shift">
      <Clouds theta={theta} />
      <label data-part="shift-handle">
        theta, in deviations{" "}
        <input
          type="range"
          min="0"
          max={MOST_THETA}
          step="0.05"
          value={theta}
          onInput={({ currentTarget }) => onMove(Number(currentTarget.value))}
        />{" "}
        <output>{theta.toFixed(2)}</output>
      </label>
      <div class="curves" data-part="shift-curves">
        {CURVES.map((curve) => (
          <CurveOf key={curve.key} curve={curve} values={values} />
        ))}
      </div>
    </div>
  );
}
