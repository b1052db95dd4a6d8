/** Rows of held-out samples and what a scheme's makers make of them, again and again while it learns. */
import { samplesToGrid } from "../drawing/sample-grid.ts";
import type { Engine } from "../engine/engine.ts";
import { samplesToPixels } from "../images/decode/samples-to-pixels.ts";
import type { SchemeData } from "../train/data/domains/open-domains.ts";
import { type OpenMaker, openMaker } from "../train/maker.ts";
import { isImage, type Shape, sizeOf } from "../train/networks/shapes.ts";
import type { PreviewColumn, Scheme } from "../train/scheme/scheme.ts";
import type { Trainer } from "../train/trainer.ts";
import { Disposables } from "./disposables.ts";
import { makerToInputs } from "./maker-inputs.ts";
import type { Preview } from "./preview.ts";

/** Rows of a preview, at most. */
const ROWS = 5;
/** Of the image of a preview, about, in pixels. */
const LONGER_SIDE = 600;
/** Columns of a model whose one input has several right outputs. */
const VARIANTS = 6;

/**
 * The columns of a scheme; of one that names none, the images of the data and what each maker makes of them.
 * @param fields shapes by field of the data
 */
export function schemeToColumns(
  { preview, makers }: Scheme,
  fields: Readonly<Record<string, Shape>>,
): readonly PreviewColumn[] {
  if (preview !== undefined) return preview;
  const images = Object.keys(fields).filter((name) => isImage(fields[name]));
  return [
    ...images.map((field) => ({ label: field, field })),
    ...makers.flatMap(({ name, label, isVaried }) =>
      Array.from({ length: isVaried ? VARIANTS : 1 }, (_, variant) => ({
        label,
        maker: name,
        ...(isVaried && { variant }),
      })),
    ),
  ];
}

interface Column {
  readonly samples: Float32Array;
  readonly shape: readonly number[];
}

/** Nearest pixels: what is smaller than its neighbours in a row is shown at their size. */
function enlarge({ samples, shape: [h, w, c] }: Column, height: number, width: number, channels: number) {
  const n = samples.length / (h * w * c);
  const out = new Float32Array(n * height * width * channels);
  let at = 0;
  for (let i = 0; i < n; i++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const from = ((i * h + Math.floor((y * h) / height)) * w + Math.floor((x * w) / width)) * c;
        for (let k = 0; k < channels; k++) out[at++] = samples[from + Math.min(k, c - 1)];
      }
  return out;
}

/** Columns to rows of images, one after the other. */
function columnsToRows(columns: readonly Column[], rows: number) {
  const height = Math.max(...columns.map(({ shape }) => shape[0]));
  const width = Math.max(...columns.map(({ shape }) => shape[1]));
  const channels = Math.max(...columns.map(({ shape }) => shape[2]));
  const size = height * width * channels;
  const all = new Float32Array(rows * columns.length * size);
  columns.forEach((column, j) => {
    const shown = enlarge(column, height, width, channels);
    for (let i = 0; i < rows; i++)
      all.set(shown.subarray(i * size, (i + 1) * size), (i * columns.length + j) * size);
  });
  return { samples: all, height, width, channels };
}

/** @throws GanEvalError `usage.scheme` for a maker that reads what it does not name */
export async function openSchemePreview(
  engine: Engine,
  trainer: Trainer,
  data: SchemeData,
  seed: number,
): Promise<Preview> {
  const { scheme } = trainer;
  const rows = Math.min(ROWS, Math.max(1, data.heldOut.count));
  const fields = await previewedFields(data, rows);
  const opened = new Disposables();
  const makers = new Map<string, OpenMaker>();
  const arraysOf = (network: string) => trainer.arraysOf(network);

  /** What draws a column: the same samples each time, or what a maker makes of the same inputs. */
  const openColumn = async (column: PreviewColumn): Promise<() => Promise<Column>> => {
    if ("field" in column) {
      const shown = { samples: fields[column.field], shape: data.fields[column.field] };
      return async () => shown;
    }
    const maker = scheme.makers.find(({ name }) => name === column.maker)!;
    const open =
      makers.get(maker.name) ?? opened.keep(await openMaker(engine, scheme, maker, arraysOf, rows));
    makers.set(maker.name, open);
    const inputs = makerToInputs(scheme, maker, fields, rows, seed, column.variant);
    return async () => ({ samples: await open.make(inputs), shape: open.shape });
  };

  try {
    const columns: (() => Promise<Column>)[] = [];
    for (const column of schemeToColumns(scheme, data.fields)) columns.push(await openColumn(column));
    return {
      async draw() {
        const drawn: Column[] = [];
        for (const column of columns) drawn.push(await column());
        const shown = drawn.filter(({ shape, samples }) => isImage(shape) && samples.length >= sizeOf(shape));
        const { samples, height, width, channels } = columnsToRows(shown, rows);
        return samplesToGrid({
          pixels: samplesToPixels(samples),
          ...{ height, width, channels, columns: shown.length },
          scale: Math.max(1, Math.floor(LONGER_SIDE / Math.max(height * rows, width * shown.length))),
        });
      },
      dispose: () => opened.dispose(),
    };
  } catch (error) {
    await opened.dispose();
    throw error;
  }
}

/** Held-out rows; where none are held out those that training begins with, which it gets all the same. */
async function previewedFields(data: SchemeData, rows: number) {
  if (data.heldOut.count > 0) return data.heldOut.fields(0, rows);
  const before = data.position;
  const fields = await data.next(rows);
  data.jump(before);
  return fields;
}
