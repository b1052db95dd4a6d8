/** The layers as boxes that are the legend too, with the numbers of their scales. */

import { type HeatScale, pushToLength } from "../../../../plane/drawing/plane-drawing.js";
import type { Palette } from "../../../../reports/charts/palette.ts";
import type { PaneFacts } from "../../../protocol/plane-messages.ts";
import { frameToScale } from "../canvas/heat-scale.ts";
import { LAYER_NAMES, LAYERS, type LayerName } from "../layers.ts";
import type { Wish } from "../state/wish.ts";
import { useDirector } from "../use-plane.ts";

const SWATCHES: Readonly<Record<LayerName, keyof Palette | "heat" | "mass" | "sheet">> = {
  real: "real",
  fake: "generated",
  heat: "heat",
  manifold: "sheet",
  arrows: "accent",
  density: "mass",
  optimum: "heat",
  difference: "heat",
};

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** The numbers at the ends of a colour scale. */
function scaleToEnds(
  name: LayerName,
  { isProbability, middle, reach }: HeatScale,
): readonly [string, string] | undefined {
  if (name === "heat" || name === "optimum")
    return isProbability ? ["0", "1"] : [short(middle - reach), short(middle + reach)];
  return name === "difference" ? (isProbability ? ["-1", "1"] : [short(-reach), short(reach)]) : undefined;
}

const SHOWN_PUSHES = [0.01, 0.1, 1, 10];

/** Arrows as long as they are in the plane. */
function ArrowScale({ size }: { readonly size: number }) {
  return (
    <span class="arrow-scale">
      {SHOWN_PUSHES.map((push) => {
        const length = Math.round(pushToLength(push) * size);
        return (
          <span key={push}>
            <svg width={length + 2} height="8" aria-hidden="true">
              <path
                d={`M0 4H${length}m-3 -3l3 3l-3 3`}
                fill="none"
                stroke="currentColor"
                stroke-width="1.3"
              />
            </svg>
            {push}
          </span>
        );
      })}
    </span>
  );
}

export interface LegendProps {
  readonly facts: PaneFacts;
  readonly wish: Wish;
  /** Pixels of the plane's side. */
  readonly size: number;
}

export function Legend({ facts, wish, size }: LegendProps) {
  const director = useDirector();
  const frames = director.frames.of(0);
  const scale = frames && frameToScale(frames.now, facts, wish.scale, frames.reach);
  return (
    <fieldset class="legend" data-part="layers">
      <legend>Layers</legend>
      {LAYER_NAMES.map((name, i) => {
        const { title, needsDensity } = LAYERS[name];
        const isMissing =
          (needsDensity && !facts.hasDensity) || (name === "manifold" && facts.manifoldSide === 0);
        const isOn = wish.layers.includes(name);
        const range = isOn && scale ? scaleToEnds(name, scale) : undefined;
        return (
          <div key={name} class="layer" data-part={`layer-${name}`}>
            <label>
              <input
                type="checkbox"
                checked={isOn}
                disabled={isMissing}
                onChange={() => director.layer(name)}
              />
              <span class={`swatch ${SWATCHES[name]}`} aria-hidden="true" />
              {title}
              <span class="key" aria-hidden="true">
                {i + 1}
              </span>
            </label>
            {range && (
              <span class="range">
                <span>{range[0]}</span>
                <span class="ramp" aria-hidden="true" />
                <span>{range[1]}</span>
              </span>
            )}
            {name === "arrows" && isOn && <ArrowScale size={size} />}
          </div>
        );
      })}
      {facts.isProbability && (
        <label class="scale" data-part="scale">
          Colours show
          <select value={wish.scale} onChange={() => director.scale()}>
            <option value="probability">probability</option>
            <option value="logit">logit</option>
          </select>
          <span class="key" aria-hidden="true">
            L
          </span>
        </label>
      )}
    </fieldset>
  );
}
