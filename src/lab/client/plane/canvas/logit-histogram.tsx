/** What D gives real and generated samples, as two histograms of logits: the plane as D sees it. */
import { useEffect, useRef } from "preact/hooks";
import { nameToColour } from "../../../../reports/charts/chart-runtime.js";
import type { Palette } from "../../../../reports/charts/palette.ts";
import type { Frame } from "../../../protocol/frame-codec.ts";
import { useDirector } from "../use-plane.ts";
import { valuesToShares } from "./draw-curves.ts";
import { canvasToContext } from "./pixels.ts";
import { currentPalette, onScheme } from "./theme.ts";

const BINS = 40;
const RANGES = [5, 10, 20, 50, 100, 1000, 1e4];

/** The first range of logits that holds nearly all. */
function logitsToRange(...all: readonly Float32Array[]): number {
  const sizes = all.flatMap((logits) => [...logits].map(Math.abs)).sort((a, b) => a - b);
  const most = sizes[Math.floor(sizes.length * 0.98)] ?? 0;
  return RANGES.find((range) => most <= range) ?? RANGES[RANGES.length - 1];
}

function draw(
  canvas: HTMLCanvasElement,
  { realLogits, fakeLogits }: Frame,
  palette: Palette,
  range: number,
): void {
  const context = canvasToContext(canvas);
  const { clientWidth: width, clientHeight: height } = canvas;
  const base = height - 16;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, height);
  const clamped = (logits: Float32Array) =>
    logits.map((value) => Math.max(-range, Math.min(range * 0.9999, value)));
  const sides = [
    { shares: valuesToShares(clamped(realLogits), -range, range, BINS), colour: "$real" },
    { shares: valuesToShares(clamped(fakeLogits), -range, range, BINS), colour: "$generated" },
  ];
  const most = Math.max(...sides.flatMap(({ shares }) => [...shares]), 0.1);
  for (const { shares, colour } of sides) {
    context.fillStyle = nameToColour(`${colour}/0.35`, palette);
    context.strokeStyle = nameToColour(colour, palette);
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(0, base);
    for (const [bin, share] of shares.entries()) {
      const y = base - (share / most) * (base - 6);
      context.lineTo((bin / BINS) * width, y);
      context.lineTo(((bin + 1) / BINS) * width, y);
    }
    context.lineTo(width, base);
    context.fill();
    context.stroke();
  }
  context.strokeStyle = palette.text;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(width / 2, 0);
  context.lineTo(width / 2, base);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = palette.muted;
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "bottom";
  for (const [text, x, align] of [
    [`-${range}`, 1, "left"],
    ["0", width / 2, "center"],
    [`${range}`, width - 1, "right"],
  ] as const) {
    context.textAlign = align;
    context.fillText(text, x, height);
  }
}

export function LogitHistogram({ pane }: { readonly pane: number }) {
  const director = useDirector();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    /** Only wider: a scale that jumps cannot be read. */
    let range = RANGES[0];
    const remove = director.painter.add(() => {
      const frame = director.frames.of(pane)?.now;
      if (!frame) return;
      const fitting = logitsToRange(frame.realLogits, frame.fakeLogits);
      range = frame.round === 0 ? fitting : Math.max(range, fitting);
      draw(canvas.current!, frame, currentPalette(), range);
    });
    const away = onScheme(() => director.painter.ask());
    return () => {
      remove();
      away();
    };
  }, [director, pane]);
  const { drawn } = director.store.current;
  const facts = drawn[pane];
  return (
    <figure class="histogram" data-part="logits">
      <figcaption>
        Logits of <span class="real">real</span> and <span class="generated">generated</span>
      </figcaption>
      <canvas
        ref={canvas}
        role="img"
        aria-label={
          facts
            ? `median logit of real samples ${facts.real_logit.toFixed(2)}, of generated ${facts.fake_logit.toFixed(2)}`
            : "histograms of logits"
        }
      />
      <p class="ends">
        <span>← generated</span>
        <span>real →</span>
      </p>
    </figure>
  );
}
