/** The layers as boxes that are the legend too, with the numbers of their scales. */
import type { Palette } from "../../../../reports/charts/palette.ts";
import type { PaneFacts } from "../../../protocol/plane-messages.ts";
import { pushToPixels, SHOWN_PUSHES } from "../canvas/arrow-scale.ts";
import { LOGIT_RANGE } from "../canvas/draw-fill.ts";
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

const ends = (
  name: LayerName,
  { scale }: Wish,
  isProbability: boolean,
): readonly [string, string] | undefined => {
  const isLogit = scale === "logit" || !isProbability;
  const limit = isLogit ? String(LOGIT_RANGE) : "1";
  if (name === "heat" || name === "optimum") return isLogit ? [`-${limit}`, limit] : ["0", "1"];
  return name === "difference" ? [`-${limit}`, limit] : undefined;
};

/** Arrows of four lengths, as long as they are in the plane. */
function ArrowScale() {
  return (
    <span class="arrow-scale">
      {SHOWN_PUSHES.map((push) => (
        <span key={push}>
          <svg width={pushToPixels(push) + 2} height="8" aria-hidden="true">
            <path
              d={`M0 4H${pushToPixels(push)}m-4 -3l4 3l-4 3`}
              fill="none"
              stroke="currentColor"
              stroke-width="1.2"
            />
          </svg>
          {push}
        </span>
      ))}
    </span>
  );
}

export function Legend({ facts, wish }: { readonly facts: PaneFacts; readonly wish: Wish }) {
  const director = useDirector();
  return (
    <fieldset class="legend" data-part="layers">
      <legend>Layers</legend>
      {LAYER_NAMES.map((name, i) => {
        const { title, needsDensity } = LAYERS[name];
        const isMissing =
          (needsDensity && !facts.hasDensity) || (name === "manifold" && facts.manifoldSide === 0);
        const isOn = wish.layers.includes(name);
        const range = isOn ? ends(name, wish, facts.isProbability) : undefined;
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
            {name === "arrows" && isOn && <ArrowScale />}
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
