/** Products of feature rows in float32, by ONNX Runtime. */
import { availableParallelism } from "node:os";
import { GraphBuilder } from "../../engine/graph-builder.ts";
import { graphToOnnx } from "../../engine/onnx-encode.ts";
import { openSession, type Session } from "../../engine/session.ts";
import { GanEvalError } from "../../errors.ts";
import type { Features } from "./statistics.ts";

/** Rows on each side of a tile that runs at the machine's rate: 4 MB of products. */
export const FLOAT_TILE = 1024;

export interface FloatProducts {
  /**
   * Scalar products of rows i.. of `a` with rows j.. of `b`: [rows, columns], row-major. The rows are read where they
   * are. Written into `out` where given, else into an array that the next call of the same shape overwrites.
   */
  product(
    a: Features,
    i: number,
    rows: number,
    b: Features,
    j: number,
    columns: number,
    out?: Float32Array,
  ): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface FloatProductOptions {
  /** Values in a row. */
  readonly width: number;
  /** As many as the machine runs at once by default. */
  readonly threads?: number;
}

interface Shaped {
  readonly session: Session;
  readonly output: string;
  /** Made when a caller first brings none. */
  own?: Float32Array;
}

const type = (rows: number, columns: number) => ({ dtype: "float32" as const, shape: [rows, columns] });

async function openShape(rows: number, columns: number, width: number, threads: number): Promise<Shaped> {
  const graph = new GraphBuilder();
  const a = graph.input("a", type(rows, width));
  const b = graph.input("b", type(columns, width));
  const value = graph.op("Gemm", [a, b], { transB: 1 });
  const model = graphToOnnx(graph.finish("products", [{ name: "products", value }]));
  return { session: await openSession(model, { device: "cpu", threads }), output: model.outputs[0]! };
}

/**
 * Tiles of AB' in float32 at the rate of the machine's matrix product (ONNX Runtime's Gemm). One session a tile shape,
 * opened when it is first asked for: tile rows in equal steps, and a side has two shapes. The sums run in an order that
 * the library chooses, so an entry is within d 2^-24 |a| |b| of the true product (times 1 + d 2^-24), and equal rows
 * need not have equal products to the bit. One call at a time; it blocks the thread.
 */
export async function openFloatProducts({ width, threads }: FloatProductOptions): Promise<FloatProducts> {
  const shapes = new Map<string, Promise<Shaped>>();
  const shapeOf = (rows: number, columns: number): Promise<Shaped> => {
    const key = `${rows} ${columns}`;
    let shape = shapes.get(key);
    if (shape === undefined) {
      shape = openShape(rows, columns, width, threads ?? availableParallelism());
      shapes.set(key, shape);
    }
    return shape;
  };
  const rowsOf = ({ data, width: own }: Features, from: number, rows: number): Float32Array => {
    if (own !== width || from + rows > data.length / width)
      throw new GanEvalError(
        "internal.float-products",
        `internal: rows ${from} to ${from + rows} of width ${width} from ${data.length} values of width ${own}`,
      );
    return data.subarray(from * width, (from + rows) * width);
  };
  return {
    product: async (a, i, rows, b, j, columns, out) => {
      const left = rowsOf(a, i, rows);
      const right = rowsOf(b, j, columns);
      const shape = await shapeOf(rows, columns);
      const { session, output } = shape;
      if (out === undefined) shape.own ??= new Float32Array(rows * columns);
      const to = out ?? shape.own!;
      await session.run(
        { a: session.tensor(type(rows, width), left), b: session.tensor(type(columns, width), right) },
        { [output]: session.tensor(type(rows, columns), to) },
      );
      return to;
    },
    close: async () => {
      const open = await Promise.all(shapes.values());
      shapes.clear();
      await Promise.all(open.map(({ session }) => session.dispose()));
    },
  };
}
