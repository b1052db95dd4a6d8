/** Many small images on one: generated samples, row by row. */
import { GanEvalError } from "../errors.ts";
import { pixelsToPng } from "../images/sinks/encode-png.ts";
import { FONT_FAMILIES, INK, openCanvas } from "./chart-canvas.ts";

export interface SampleGrid {
  /** Row-major `[n, height, width, channels]`, one after the other from the top left. */
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  /** 1 grey, 3 RGB. */
  readonly channels: number;
  /** Images in a row (default: the square root of their number, rounded up). */
  readonly columns?: number;
  /** A caption to the left of each row. */
  readonly labelsOfRows?: readonly string[];
  /** Each pixel becomes so many by so many (default: the grid is about 600 wide). */
  readonly scale?: number;
}

const GUTTER = 2;
const USUAL_WIDTH = 600;
/** More would be no image to look at. */
const MAX_PIXELS = 2 ** 26;

const CAPTION = { size: 14, margin: 8 } as const;
const WHITE = 255;

interface Layout {
  readonly n: number;
  readonly columns: number;
  readonly rows: number;
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

const badGrid = (expected: string, got: string): GanEvalError =>
  new GanEvalError("usage.sample-grid", `expected ${expected}, got ${got}`);

function gridToLayout(grid: SampleGrid): Layout {
  const { pixels, height, width, channels, labelsOfRows } = grid;
  const n = pixels.length / (height * width * channels);
  if (!Number.isInteger(n) || n === 0 || (channels !== 1 && channels !== 3))
    throw badGrid(
      "images of 1 or 3 channels",
      `${pixels.length} bytes for [${height}, ${width}, ${channels}]`,
    );
  const columns = grid.columns ?? Math.ceil(Math.sqrt(n));
  const room = USUAL_WIDTH - GUTTER * (columns + 1);
  const scale = grid.scale ?? Math.max(1, Math.round(room / (columns * width)));
  if (![columns, scale].every((value) => Number.isSafeInteger(value) && value > 0))
    throw badGrid("integer columns and scale of at least 1", `${columns} and ${scale}`);
  const rows = Math.ceil(n / columns);
  if (labelsOfRows && labelsOfRows.length !== rows)
    throw badGrid(`${rows} captions, one per row`, `${labelsOfRows.length}`);
  const side = (count: number, size: number) => count * (size * scale + GUTTER) + GUTTER;
  const layout = { n, columns, rows, scale, width: side(columns, width), height: side(rows, height) };
  if (layout.width * layout.height > MAX_PIXELS)
    throw badGrid(`a grid of at most ${MAX_PIXELS} pixels`, `${layout.width}x${layout.height}`);
  return layout;
}

/** Captions on a strip of the grid's height, as RGB. */
async function captionsToStrip(captions: readonly string[], layout: Layout) {
  const { height, rows } = layout;
  const pitch = (height - GUTTER) / rows;
  const font = `${Math.min(CAPTION.size, Math.max(6, pitch - GUTTER))}px ${FONT_FAMILIES}`;
  const { context: measure } = await openCanvas(1, 1);
  measure.font = font;
  const widest = Math.max(...captions.map((caption) => measure.measureText(caption).width));
  const width = Math.ceil(widest) + 2 * CAPTION.margin;
  const { context } = await openCanvas(width, height);
  context.font = font;
  context.fillStyle = INK.text;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const [row, caption] of captions.entries())
    context.fillText(caption, width - CAPTION.margin, GUTTER + (row + 0.5) * pitch - GUTTER / 2);
  const rgba = context.getImageData(0, 0, width, height).data;
  return {
    width,
    rgb: Uint8Array.from({ length: width * height * 3 }, (_, i) => rgba[Math.floor(i / 3) * 4 + (i % 3)]),
  };
}

/**
 * The images as a PNG file: on white, two pixels apart, pixels enlarged to squares. The same images give the same
 * bytes; with captions, on machines with the same fonts.
 *
 * @throws GanEvalError `usage.sample-grid` where sizes do not fit together or the grid would be huge
 */
export async function samplesToGrid(grid: SampleGrid): Promise<Buffer> {
  const layout = gridToLayout(grid);
  const { pixels, height, width, channels, labelsOfRows } = grid;
  const strip = labelsOfRows && (await captionsToStrip(labelsOfRows, layout));
  const depth = strip ? 3 : channels;
  const left = strip?.width ?? 0;
  const rowBytes = (left + layout.width) * depth;
  const out = new Uint8Array(rowBytes * layout.height).fill(WHITE);
  if (strip)
    for (let y = 0; y < layout.height; y++)
      out.set(strip.rgb.subarray(y * left * 3, (y + 1) * left * 3), y * rowBytes);
  for (let i = 0; i < layout.n; i++) {
    const x0 = left + GUTTER + (i % layout.columns) * (width * layout.scale + GUTTER);
    const y0 = GUTTER + Math.floor(i / layout.columns) * (height * layout.scale + GUTTER);
    for (let y = 0; y < height; y++) {
      const first = (y0 + y * layout.scale) * rowBytes + x0 * depth;
      for (let x = 0; x < width * layout.scale; x++) {
        const from = ((i * height + y) * width + Math.floor(x / layout.scale)) * channels;
        for (let c = 0; c < depth; c++) out[first + x * depth + c] = pixels[from + (channels === 1 ? 0 : c)];
      }
      const length = width * layout.scale * depth;
      for (let k = 1; k < layout.scale; k++) out.copyWithin(first + k * rowBytes, first, first + length);
    }
  }
  return pixelsToPng(out, { width: left + layout.width, height: layout.height, channels: depth });
}
