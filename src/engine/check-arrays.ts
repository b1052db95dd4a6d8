/** Checks of the arrays that callers hand to programs, the same for every engine. */
import { GanEvalError } from "../errors.ts";
import type { ArrayData, InputSpec, InputType } from "./engine.ts";

const ARRAY_OF = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
  uint8: Uint8Array,
} as const satisfies Record<InputType, unknown>;

export type ArrayRole = "input" | "output" | "state";

const list = (names: readonly string[]): string => names.join(", ") || "none";

function checkArray(
  role: ArrayRole,
  name: string,
  { shape, dtype = "float32" }: InputSpec,
  data: unknown,
): void {
  const array = ARRAY_OF[dtype];
  const got = data?.constructor?.name ?? String(data);
  // By name as well: an array of another realm (a worker's, a test runner's) is as good.
  if (!(data instanceof array) && got !== array.name && !(got === "Buffer" && array === Uint8Array))
    throw new GanEvalError(
      `usage.${role}-type`,
      `expected ${role} ${name} to be a ${array.name} (${dtype}), got ${got}`,
    );
  const size = shape.reduce((product, dim) => product * dim, 1);
  const { length } = data as ArrayData;
  if (length !== size)
    throw new GanEvalError(
      `usage.${role}-size`,
      `expected ${role} ${name} to have ${size} elements, shape [${shape.join(", ")}], got ${length}`,
    );
}

/**
 * @param partial whether arrays may be left out
 * @throws GanEvalError `usage.input-*` or `usage.state-*`: unknown or missing names, a wrong type or length
 */
export function checkArrays(
  role: ArrayRole,
  expected: ReadonlyMap<string, InputSpec>,
  given: Readonly<Record<string, unknown>>,
  partial = false,
): void {
  for (const name of Object.keys(given)) {
    const spec = expected.get(name);
    if (spec === undefined)
      throw new GanEvalError(
        `usage.${role}-unknown`,
        `expected ${role} names ${list([...expected.keys()])}, got ${name}`,
      );
    checkArray(role, name, spec, given[name]);
  }
  if (partial) return;
  const missing = [...expected.keys()].filter((name) => !Object.hasOwn(given, name));
  if (missing.length > 0)
    throw new GanEvalError(
      `usage.${role}-missing`,
      `expected an array for each ${role} (${list([...expected.keys()])}), got none for ${list(missing)}`,
    );
}
