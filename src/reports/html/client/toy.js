/** The film of both networks in the plane. */
import {
  boundsToView,
  drawArrowKey,
  drawArrows,
  drawContour,
  drawHeat,
  drawManifold,
  drawOutside,
  drawPoints,
} from "../../../plane/drawing/plane-drawing.js";
import { data, find, findAll, paletteOf } from "./context.js";
import { openSlider, roundToWords } from "./sliders.js";

const toBuffer = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;

export function openToy(section) {
  const { toy } = data;
  const canvas = find("canvas", section);
  const context = canvas.getContext("2d");
  let view;
  /** As many pixels as the screen has; lengths below are the page's. */
  const toScreen = () => {
    const size = canvas.clientWidth || 600;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = canvas.height = Math.round(size * ratio);
    context.setTransform(canvas.width / size, 0, 0, canvas.width / size, 0, 0);
    view = boundsToView(toy, size);
  };
  const { isProbability, reach, heatSide: side } = toy;
  /** Places go over three times the plane. */
  const toPoints = (text) =>
    Float32Array.from(new Uint16Array(toBuffer(text)), (place, i) => {
      const [low, high] = [toy.low[i % 2], toy.high[i % 2]];
      return low + (high - low) * ((3 * place) / 65535 - 1);
    });
  const frames = toy.frames.map(({ round, middle, samples, heat, manifold, pushes }) => ({
    round,
    middle,
    samples: toPoints(samples),
    logits: Float32Array.from(new Int16Array(toBuffer(heat)), (step) => step * toy.heatStep),
    manifold: manifold && toPoints(manifold),
    pushes: new Float32Array(toBuffer(pushes)),
  }));
  const real = toPoints(toy.real);
  const layers = () =>
    Object.fromEntries(findAll("input[data-layer]", section).map((box) => [box.dataset.layer, box.checked]));

  const show = (place, input) => {
    toScreen();
    const { round, middle, samples, logits, manifold, pushes } = frames[place];
    const palette = paletteOf();
    const shown = layers();
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, view.size, view.size);
    if (shown.heat) drawHeat(context, view, { logits, side, isProbability, middle, reach }, palette);
    if (shown.manifold && manifold)
      drawManifold(context, view, { manifold, side: toy.manifoldSide }, palette);
    if (shown.heat) drawContour(context, view, { values: logits, side, level: middle }, palette.text);
    if (shown.real) drawPoints(context, view, real, { colour: palette.real, radius: 3, opacity: 0.6 });
    let outside = 0;
    if (shown.generated) {
      drawPoints(context, view, samples, { colour: palette.generated, radius: 2.2, opacity: 0.85 });
      outside = drawOutside(context, view, samples, palette.generated);
    }
    if (shown.arrows) {
      drawArrows(context, view, { samples, pushes }, palette.accent);
      drawArrowKey(context, view, palette, palette.accent);
    }
    const words = `${roundToWords(round)}${outside > 0 ? `, ${outside} of ${samples.length / 2} samples outside` : ""}`;
    input.setAttribute("aria-valuetext", words);
    find("output", section).textContent = words;
  };
  const slider = find("input[type=range]", section);
  const showAgain = () => show(Number(slider.value), slider);
  for (const box of findAll("input[data-layer]", section)) box.addEventListener("change", showAgain);
  window.addEventListener("resize", showAgain);
  openSlider(section, show);
}
