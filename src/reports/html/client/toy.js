/** The film of both networks in the plane. */
import { nameToColour } from "../../charts/chart-runtime.js";
import { data, find, findAll, paletteOf } from "./context.js";
import { openSlider, roundToWords } from "./sliders.js";

const toBytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const toPlaces = (text) => new Uint16Array(toBytes(text).buffer);

export function openToy(section) {
  const { toy } = data;
  const canvas = find("canvas", section);
  const context = canvas.getContext("2d");
  const size = canvas.width;
  const frames = toy.frames.map((frame) => ({
    round: frame.round,
    ...(frame.range && { range: frame.range }),
    samples: toPlaces(frame.samples),
    ...(frame.heat && { heat: toBytes(frame.heat) }),
    ...(frame.manifold && { manifold: toPlaces(frame.manifold) }),
    ...(frame.arrows && { arrows: toPlaces(frame.arrows) }),
  }));
  const real = toPlaces(toy.real);
  const toPixel = (place) => (place / 65535) * size;
  const toHeight = (place) => size - toPixel(place);
  const layers = () =>
    Object.fromEntries(findAll("input[data-layer]", section).map((box) => [box.dataset.layer, box.checked]));

  function drawHeat({ heat }, palette) {
    const side = toy.heatSide;
    const cell = size / side;
    const levels = [...palette.heat.map((_, i) => nameToColour(`$heat${i}`, palette)), palette.ground].map(
      (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
    );
    for (let i = 0; i < heat.length; i++) {
      const towards = heat[i] / 255 - 0.5;
      const end = levels[towards < 0 ? 0 : 1];
      const weight = Math.min(1, 2 * Math.abs(towards));
      const mixed = levels[2].map((level, k) => Math.round(level + (end[k] - level) * weight));
      context.fillStyle = `rgb(${mixed.join(", ")})`;
      const row = Math.floor(i / side);
      context.fillRect((i % side) * cell, size - (row + 1) * cell, cell + 0.6, cell + 0.6);
    }
  }
  function drawManifold({ manifold }, palette) {
    const side = toy.manifoldSide;
    context.strokeStyle = nameToColour("$text/0.35", palette);
    context.lineWidth = 1;
    const line = (first, by) => {
      context.beginPath();
      for (let k = 0; k < side; k++) {
        const at = 2 * (first + k * by);
        context.lineTo(toPixel(manifold[at]), toHeight(manifold[at + 1]));
      }
      context.stroke();
    };
    for (let i = 0; i < side; i++) {
      line(i * side, 1);
      line(i, side);
    }
  }
  function drawPoints(points, colour, radius) {
    context.fillStyle = colour;
    for (let i = 0; i < points.length; i += 2) {
      context.beginPath();
      context.arc(toPixel(points[i]), toHeight(points[i + 1]), radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
  function drawArrows({ arrows }, palette) {
    context.strokeStyle = palette.accent;
    context.lineWidth = 1.5;
    for (let i = 0; i < arrows.length; i += 4) {
      const [x, y] = [toPixel(arrows[i]), toHeight(arrows[i + 1])];
      const [tipX, tipY] = [toPixel(arrows[i + 2]), toHeight(arrows[i + 3])];
      const angle = Math.atan2(tipY - y, tipX - x);
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(tipX, tipY);
      for (const turn of [2.6, -2.6]) {
        context.moveTo(tipX, tipY);
        context.lineTo(tipX + 5 * Math.cos(angle + turn), tipY + 5 * Math.sin(angle + turn));
      }
      context.stroke();
    }
  }
  const show = (place, input) => {
    const frame = frames[place];
    const palette = paletteOf();
    const shown = layers();
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, size, size);
    if (shown.heat && frame.heat) drawHeat(frame, palette);
    if (shown.manifold && frame.manifold) drawManifold(frame, palette);
    if (shown.real) drawPoints(real, nameToColour("$real/0.6", palette), 3);
    if (shown.generated) drawPoints(frame.samples, nameToColour("$generated/0.85", palette), 2.2);
    if (shown.arrows && frame.arrows) drawArrows(frame, palette);
    const words = roundToWords(frame.round);
    input.setAttribute("aria-valuetext", words);
    find("output", section).textContent = words;
  };
  for (const box of findAll("input[data-layer]", section))
    box.addEventListener("change", () =>
      show(Number(find("input[type=range]", section).value), find("input[type=range]", section)),
    );
  openSlider(section, show);
}
