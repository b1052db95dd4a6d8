/** The JSON of a tensorflow.js graph model's nodes: protobuf's, with text in base 64 and 64-bit numbers as text. */
import type { ArrayData } from "../engine.ts";

export interface GraphModelNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

/** A Const node's array. */
export interface GraphModelArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32" | "bool";
  readonly data: ArrayData;
}

const TYPES: Readonly<Record<string, string>> = { float32: "DT_FLOAT", int32: "DT_INT32", bool: "DT_BOOL" };

const sizesToShape = (sizes: readonly number[]) => ({ dim: sizes.map((size) => ({ size: String(size) })) });

export const attribute = {
  text: (value: string) => ({ s: Buffer.from(value).toString("base64") }),
  integer: (value: number) => ({ i: String(value) }),
  integers: (values: readonly number[]) => ({ list: { i: values.map(String) } }),
  float: (value: number) => ({ f: value }),
  flag: (value: boolean) => ({ b: value }),
  type: (dtype: string) => ({ type: TYPES[dtype] }),
  shape: (sizes: readonly number[]) => ({ shape: sizesToShape(sizes) }),
} as const;

/** A port of the model's signature. */
export const tensorInfo = (name: string, dtype: string, shape: readonly number[]) => ({
  name: `${name}:0`,
  dtype: TYPES[dtype],
  tensorShape: sizesToShape(shape),
});

/** Collects nodes; the arrays of Const nodes go into another file. */
export class GraphModelNodes {
  readonly nodes: GraphModelNode[] = [];
  readonly arrays: GraphModelArray[] = [];
  private readonly lists = new Map<string, string>();

  add(name: string, op: string, input: readonly string[], attr: GraphModelNode["attr"]): string {
    this.nodes.push({ name, op, ...(input.length > 0 && { input }), attr });
    return name;
  }

  array(array: GraphModelArray): string {
    const { name, shape, dtype } = array;
    this.arrays.push(array);
    const tensor = { dtype: TYPES[dtype], tensorShape: sizesToShape(shape) };
    return this.add(name, "Const", [], { dtype: attribute.type(dtype), value: { tensor } });
  }

  /** Sizes, axes and the like, each list once. */
  integers(values: readonly number[]): string {
    return this.list(values, [values.length]);
  }

  integer(value: number): string {
    return this.list([value], []);
  }

  private list(values: readonly number[], shape: readonly number[]): string {
    const key = `${shape.length} ${values}`;
    let name = this.lists.get(key);
    if (name === undefined) {
      name = this.array({
        name: `sizes${this.lists.size}`,
        shape,
        dtype: "int32",
        data: Int32Array.from(values),
      });
      this.lists.set(key, name);
    }
    return name;
  }
}
